"""The advisory locks of the whole portal, in one list: two kinds of work never take each other's number."""

from enum import IntEnum


class Lock(IntEnum):
    """The number that a kind of work asks PostgreSQL for; a lock on one row of it takes the row's key beside it."""

    FIRST_LOAD = 7_301_001  # results go into a bare table
    UPLOAD = 7_301_002  # a worker is at one upload
    DEMO = 7_301_003  # the demo network is being loaded
    ROSTER = 7_301_004  # a roster is checked or applied in one district
    RELEASE = 7_301_005  # a worker is at one release
    ROSTER_WORK = 7_301_006  # a worker is at one roster
    RETENTION = 7_301_007  # what is over its time is destroyed in one district
