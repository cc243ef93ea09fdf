"""Whose results these are: a block's rows against the roster."""

from assessments.matching.match import match
from assessments.matching.result import UNKNOWN, Matched, Newcomer, NewSchool
from assessments.matching.roster import Enrollments, Roster, Schools, SectionPlaces, Students

__all__ = [
    "UNKNOWN",
    "Enrollments",
    "Matched",
    "NewSchool",
    "Newcomer",
    "Roster",
    "Schools",
    "SectionPlaces",
    "Students",
    "match",
]
