"""What a roster says, as the portal understands it. No Django, no file: plain columns, ids as the package has them.

Days are whole numbers, days since January 1, 1970, so that columns of them compare and subtract fast; NO_DAY is a
blank. Records of people and places are numbered by their place in the roster ("position", from 0); what belongs
to them (seats, staff, stays, posts) names positions.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

OWN_ID = "portal-"  # begins the ids by which our own export names what no roster has named
EPOCH = date(1970, 1, 1)
NO_DAY = int(np.datetime64("NaT", "D").astype(np.int64))
FOREVER = (date.max - EPOCH).days


def day_of(day: date | None, blank: int = NO_DAY) -> int:
    """A date as a day number."""
    return blank if day is None else (day - EPOCH).days


def date_of(day: int) -> date | None:
    """A day number as a date; None for a blank and for an open end."""
    return None if day in (NO_DAY, FOREVER) else EPOCH + timedelta(days=int(day))


@dataclass(frozen=True, slots=True)
class DistrictOrg:
    """A district the package names."""

    sourced_id: str
    identifier: str
    name: str

    @property
    def code(self) -> str:
        return self.identifier or self.sourced_id


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    row: int
    sourced_id: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class YearRecord:
    """A school year, from the sessions that name it; `rows` are those sessions' places in the file."""

    code: str
    starts: int
    ends: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SectionRecord:
    """A class. `school` and `year` are positions; `course_row` is -1 where it has none, `session_rows` its terms."""

    row: int
    sourced_id: str
    school: int
    year: int
    class_code: str
    title: str
    subject: str
    grade: str
    starts: int
    ends: int
    course_row: int
    session_rows: tuple[int, ...]


@dataclass(slots=True)
class Protected:
    """Records whose rows are in error: what the portal has of them stays as it is."""

    users: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Roster:
    """A whole bulk roster of one district.

    students: row, sourced_id, number, family_name, given_name, grade, home (a school's position, -1 unknown).
    people (teachers): row, sourced_id, email, family_name, given_name.
    seats: row, section, student, starts, ends, starts_known, ends_known (whether the roster itself says the day,
    rather than the term). staff: row, section, person, role, starts, ends, starts_known, ends_known.
    posts: person, school: who teaches where.
    programs: row, student, and each program as 1, 0 or -1 (`programs`).
    `person_of_user` and `student_of_user` give the position for each row of users.csv, -1 for none.
    """

    schools: list[SchoolRecord]
    years: list[YearRecord]
    sections: list[SectionRecord]
    students: pd.DataFrame
    people: pd.DataFrame
    seats: pd.DataFrame
    staff: pd.DataFrame
    posts: pd.DataFrame
    student_of_user: np.ndarray
    person_of_user: np.ndarray
    user_of_role: np.ndarray
    protected: Protected
    programs: pd.DataFrame
