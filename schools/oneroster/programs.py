"""Programs of students (English learner, IEP, economic status), from columns of demographics that a district named.

A blank says nothing, and what the portal has stands. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schools.oneroster.layout import DEMOGRAPHICS, TRUTH, USERS
from schools.oneroster.package import Package
from schools.oneroster.part import Part
from schools.oneroster.places import leave_out_deleted_and_doubled
from schools.oneroster.plan_times import StayChanges
from schools.oneroster.present import Present
from schools.oneroster.records import Roster

PROGRAMS = ("english_learner", "iep", "economically_disadvantaged")
YES, NO = ("true", "1", "yes", "y"), ("false", "0", "no", "n")
WORDS = TRUTH | {"y", "n", ""}


def read_programs(package: Package, student_of_user: np.ndarray) -> pd.DataFrame:
    """row, student (position) and each program as 1, 0 or -1 (not said); a verdict on every row of demographics."""
    if DEMOGRAPHICS not in package:
        return pd.DataFrame(columns=["row", "student", *PROGRAMS], dtype=np.int64)
    part = package[DEMOGRAPHICS]
    leave_out_deleted_and_doubled(part)
    users = package[USERS].column("sourcedId")
    row_of = dict(zip(users, range(len(users)), strict=True))
    user = np.array([row_of.get(one, -1) for one in part.column("sourcedId")], np.int64)
    part.reject("UNKNOWN_REFERENCE", user < 0, column="sourcedId")
    for column in package.marks.values():
        unknown = np.array([text.casefold() not in WORDS for text in part.column(column)], bool)
        part.reject("UNKNOWN_WORD", unknown, column=column)
    student = np.where(user >= 0, student_of_user[user], -1)
    part.ignore(student < 0)
    rows = np.flatnonzero(part.loaded())
    said = {name: marks_of(part, package.marks.get(name))[rows] for name in PROGRAMS}
    return pd.DataFrame({"row": rows, "student": student[rows], **said})


def marks_of(part: Part, column: str | None) -> np.ndarray:
    """1 for yes, 0 for no, -1 where nothing is said."""
    if column is None:
        return np.full(len(part), -1, np.int8)
    folded = (text.casefold() for text in part.column(column))
    return np.array([1 if text in YES else 0 if text in NO else -1 for text in folded], np.int8)


@dataclass(slots=True)
class ProgramChanges:
    """changed: (id of the enrollment, each program as it shall be). said: by student (id) 1, 0 or -1 a program."""

    changed: list[tuple] = field(default_factory=list)
    said: dict[int, tuple] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)

    def of_new(self, students: Sequence[int]) -> dict[str, list]:
        """The programs of new enrollments, as columns."""
        if not self.said:
            return {}
        rows = [self.said.get(student, (-1, -1, -1)) for student in students]
        return {name: [truth(row[place]) for row in rows] for place, name in enumerate(PROGRAMS)}


def truth(mark: int) -> bool | None:
    return None if mark < 0 else bool(mark)


def plan_programs(
    roster: Roster, present: Present, students: np.ndarray, stays: StayChanges, day: int
) -> ProgramChanges:
    """What changes in enrollments that stand on `day` or later."""
    changes = ProgramChanges(said=programs_of_movers(present, stays))
    said = roster.programs
    if not len(said):
        return changes
    marks = said[list(PROGRAMS)].itertuples(index=False, name=None)
    for student, words in zip(students[said["student"].to_numpy(np.int64)].tolist(), marks, strict=True):
        before = changes.said.get(student, (-1, -1, -1))
        changes.said[student] = tuple(old if mark < 0 else mark for mark, old in zip(words, before, strict=True))
    now = present.stays
    current = now[(now["ends"] >= day) & now["student_id"].isin(list(changes.said))]
    ended = set(stays.ended["id"].tolist())
    for pk, student, *flags in current[["id", "student_id", *PROGRAMS]].itertuples(index=False, name=None):
        wanted = tuple(
            flag if mark < 0 else truth(mark) for mark, flag in zip(changes.said[student], flags, strict=True)
        )
        if wanted != tuple(flags) and pk not in ended:
            changes.changed.append((pk, *wanted))
            changes.touched.add(student)
    return changes


def programs_of_movers(present: Present, stays: StayChanges) -> dict[int, tuple]:
    """The programs of students who get another enrollment, as their last one has them: they move with the student."""
    movers = set(stays.new["student_id"][stays.new["student_id"] >= 0])
    rows = present.stays[present.stays["student_id"].isin(movers)].sort_values("ends")
    return {
        student: tuple(-1 if flag is None else int(flag) for flag in flags)
        for student, *flags in rows[["student_id", *PROGRAMS]].itertuples(index=False, name=None)
        if any(flag is not None for flag in flags)
    }
