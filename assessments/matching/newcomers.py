"""Students, enrollments and schools that an import may make because the sender asked for it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from assessments.matching.result import UNKNOWN, Newcomer, NewSchool
from assessments.matching.rows import Placed, Rows
from assessments.matching.schools import FileSchools


@dataclass(slots=True)
class Additions:
    """For each row the newcomer behind it (an index into `people`, UNKNOWN = none), and that one's school."""

    newcomers: np.ndarray  # int64
    schools: np.ndarray  # int64, UNKNOWN = has to be made too
    people: tuple[Newcomer, ...] = ()
    new_schools: tuple[NewSchool, ...] = ()

    @classmethod
    def none(cls, n: int) -> "Additions":
        return cls(np.full(n, UNKNOWN, np.int64), np.full(n, UNKNOWN, np.int64))

    def used_by(self, keep: np.ndarray) -> "Used":
        """Only the newcomers of the rows that count, with only their schools, both numbered afresh."""
        places, renumbered = np.unique(self.newcomers[keep], return_inverse=True)
        nobody = int(len(places) > 0 and places[0] == UNKNOWN)
        people = [self.people[place] for place in places[nobody:]]
        schools = sorted({person.new_school for person in people} - {UNKNOWN})
        fresh = {UNKNOWN: UNKNOWN} | {school: nth for nth, school in enumerate(schools)}
        return Used(
            newcomers=renumbered - nobody,
            people=tuple(replace(person, new_school=fresh[person.new_school]) for person in people),
            new_schools=tuple(self.new_schools[school] for school in schools),
        )


@dataclass(slots=True)
class Used:
    """What has to be made for the rows that count; `newcomers` runs along them and indexes `people`."""

    newcomers: np.ndarray  # int64
    people: tuple[Newcomer, ...]
    new_schools: tuple[NewSchool, ...]


def add_newcomers(rows: Rows, students: np.ndarray, placed: Placed, file_schools: FileSchools) -> Additions:
    """Those who are unknown, or known but enrolled nowhere in the window, in the school their first row names.

    A newcomer without any school is an error: a result counts for a school.
    """
    block = rows.block
    added = Additions.none(len(block))
    added.new_schools = file_schools.new_schools
    wanted = rows.active & (placed.schools == UNKNOWN)
    homeless = wanted & ~file_schools.named
    rows.reject(np.flatnonzero(homeless), "UNKNOWN_SCHOOL")
    at = np.flatnonzero(wanted & ~homeless)
    if not len(at):
        return added
    codes, numbers = pd.factorize(block.numbers[at])
    first = at[np.unique(codes, return_index=True)[1]]
    added.newcomers[at] = codes
    added.schools[at] = file_schools.ids[first][codes]
    ids = rows.roster.students.ids
    added.people = tuple(
        Newcomer(
            number=str(number),
            last_name=_text(block.last_names, row),
            first_name=_text(block.first_names, row),
            grade=str(placed.grades[row]),
            school_id=int(file_schools.ids[row]),
            new_school=int(file_schools.new[row]),
            student_id=int(ids[students[row]]) if students[row] >= 0 else UNKNOWN,
        )
        for number, row in zip(numbers, first, strict=True)
    )
    return added


def _text(values: np.ndarray | None, row: int) -> str:
    return "" if values is None else str(values[row])
