"""The turning of a year in a district.

acts        what was done, and the way back
unfinished  what is still open in a year; rooms above add their own
closing     a year is over: what stood open gets its last day, and its classes change hands no more
carrying    next year's classes from this year's, where the roster does not bring them
reviewing   which roles and agreements go on, and until when
"""
