"""The enrollments of a roster: who sits in which class, and who stands before it."""

import numpy as np
import pandas as pd

from schools.oneroster.layout import CLASSES, ENROLLMENTS, USERS
from schools.oneroster.package import Package
from schools.oneroster.part import IGNORED, Part
from schools.oneroster.people import People
from schools.oneroster.places import Places, days, leave_out_deleted_and_doubled, unusable
from schools.oneroster.records import NO_DAY, Protected

YES = ("true", "1", "yes")


def read_seats(package: Package, places: Places, people: People) -> tuple[pd.DataFrame, pd.DataFrame, Protected]:
    """Seats and staff (frames as in `records.Roster`), and what must not be ended, since its rows are in error."""
    part = package[ENROLLMENTS]
    leave_out_deleted_and_doubled(part, ids_needed=False)
    section = sections_of(part, package[CLASSES], places)
    row_of_user = rows_of_users(part, package[USERS])
    student = np.where(row_of_user >= 0, people.student_of_user[row_of_user], -1)
    person = np.where(row_of_user >= 0, people.person_of_user[row_of_user], -1)
    is_student, is_teacher = (part.among("role", (role,), folded=True) for role in ("student", "teacher"))
    part.ignore(~is_student & ~is_teacher)
    # A teacher who was left out (no address, switched off) leaves the classes without an error.
    ignored = np.zeros(len(part), bool)
    known = row_of_user >= 0
    ignored[known] = package[USERS].verdicts[row_of_user[known]] == IGNORED
    part.ignore(ignored)
    wrong_role = (is_student & (student < 0) & (person >= 0)) | (is_teacher & (person < 0) & (student >= 0))
    part.reject("ROLE_MISMATCH", wrong_role, column="role")
    part.reject("UNKNOWN_REFERENCE", (student < 0) & (person < 0), column="userSourcedId")
    unknown = ~part.among("schoolSourcedId", places.school_of_org.keys() | {""})
    part.reject("UNKNOWN_REFERENCE", unknown, column="schoolSourcedId")
    frame = dated(part, section, places)
    loaded = part.loaded()
    seats = frame[loaded & is_student].assign(student=student[loaded & is_student]).reset_index(drop=True)
    staff = frame[loaded & is_teacher].assign(person=person[loaded & is_teacher]).reset_index(drop=True)
    return seats, with_staff_roles(staff, part.among("primary", YES, folded=True)), protected(package, part)


def sections_of(part: Part, classes: Part, places: Places) -> np.ndarray:
    """Each enrollment's section, -1 where its class was left out (so is the row) or is unknown (an error)."""
    known = pd.Index([section.sourced_id for section in places.sections], dtype=object)
    section = known.get_indexer(part.column("classSourcedId")).astype(np.int64)
    left_out = unusable(classes, IGNORED)
    if left_out:
        part.ignore((section < 0) & part.among("classSourcedId", left_out))
    part.reject("UNKNOWN_REFERENCE", section < 0, column="classSourcedId")
    return section


def rows_of_users(part: Part, users: Part) -> np.ndarray:
    """Each enrollment's row of users.csv, -1 where there is none. Of doubled ids any row will do: all are errors."""
    ids = pd.Series(users.column("sourcedId"), dtype=object)
    last = np.flatnonzero(~ids.duplicated(keep="last").to_numpy())
    found = pd.Index(ids.iloc[last]).get_indexer(part.column("userSourcedId"))
    return np.where(found >= 0, last[found], -1).astype(np.int64)


def dated(part: Part, section: np.ndarray, places: Places) -> pd.DataFrame:
    """Row, section and days of every enrollment: its own inside those of its section, else the section's."""
    begins, ends = days(part, "beginDate"), days(part, "endDate")
    first = np.array([one.starts for one in places.sections], np.int64)[section]
    last = np.array([one.ends for one in places.sections], np.int64)[section]
    turned = (begins != NO_DAY) & (ends != NO_DAY) & (ends < begins)
    part.reject("DATE_OUT_OF_RANGE", turned, column="endDate")
    part.reject("DATE_OUT_OF_RANGE", (begins != NO_DAY) & (begins > last), column="beginDate")
    part.ignore((ends != NO_DAY) & (ends < first))  # over before the class began
    starts_known = (begins != NO_DAY) & (begins > first)
    ends_known = (ends != NO_DAY) & (ends < last)
    return pd.DataFrame(
        {
            "row": np.arange(len(part)),
            "section": section,
            "starts": np.where(starts_known, begins, first),
            "ends": np.where(ends_known, ends, last),
            "starts_known": starts_known,
            "ends_known": ends_known,
        }
    )


def with_staff_roles(staff: pd.DataFrame, primary: np.ndarray) -> pd.DataFrame:
    """Who is marked primary teaches the class; where nobody is, the first in the file. The others are co-teachers."""
    marked = primary[staff["row"].to_numpy()]
    has_marked = staff["section"].isin(staff["section"][marked]).to_numpy()
    leads = np.where(has_marked, marked, ~staff["section"].duplicated().to_numpy())
    staff["role"] = np.where(leads, "teacher", "co_teacher").astype(object)
    return staff


def protected(package: Package, part: Part) -> Protected:
    """The ids of users and classes that a row in error names: nothing of theirs is ended."""
    in_error = part.verdicts > IGNORED
    users = set(part.column("userSourcedId")[in_error]) | unusable(package[USERS])
    return Protected(users=users - {""}, classes=unusable(package[CLASSES]))
