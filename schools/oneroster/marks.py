"""Which rows of a package's files are behind a change, so that it can be said how many were so already."""

import numpy as np
import pandas as pd

from schools.oneroster.layout import CLASSES, COURSES, DEMOGRAPHICS, ENROLLMENTS, ORGS, ROLES, SESSIONS, USERS
from schools.oneroster.package import Package
from schools.oneroster.records import Roster


def mark_places(package: Package, roster: Roster, schools: np.ndarray, years: np.ndarray, sections: np.ndarray) -> None:
    """Mark the rows of orgs, sessions, courses and classes; the masks say which positions of the roster change.

    A session or a course is not stored by itself: it counts as changed with a year or section made from it.
    """
    package[ORGS].changed[[school.row for school, new in zip(roster.schools, schools, strict=True) if new]] = True
    for year, new in zip(roster.years, years, strict=True):
        package[SESSIONS].changed[list(year.rows)] |= new
    for section, new in zip(roster.sections, sections, strict=True):
        if not new:
            continue
        package[CLASSES].changed[section.row] = True
        package[SESSIONS].changed[list(section.session_rows)] = True
        if section.course_row >= 0:
            package[COURSES].changed[section.course_row] = True


def mark_people(package: Package, roster: Roster, students: np.ndarray, people: np.ndarray) -> None:
    """Mark the rows of users and roles; a role counts as changed with its user."""
    users = package[USERS]
    for mask, position in ((students, roster.student_of_user), (people, roster.person_of_user)):
        known = position >= 0
        users.changed[known] |= mask[position[known]]
    if ROLES in package:
        known = roster.user_of_role >= 0
        package[ROLES].changed[known] = users.changed[roster.user_of_role[known]]


def mark_enrollments(package: Package, rows: np.ndarray, keys: np.ndarray, touched: np.ndarray) -> None:
    """Mark the rows of enrollments whose key is among those that change."""
    package[ENROLLMENTS].changed[rows[pd.Series(keys).isin(touched).to_numpy()]] = True


def mark_programs(package: Package, roster: Roster, students: np.ndarray, touched: set[int]) -> None:
    """Mark the rows of demographics whose student gets another enrollment, or other programs."""
    if DEMOGRAPHICS in package and len(roster.programs):
        rows, of = (roster.programs[name].to_numpy(np.int64) for name in ("row", "student"))
        package[DEMOGRAPHICS].changed[rows[np.isin(students[of], list(touched))]] = True
