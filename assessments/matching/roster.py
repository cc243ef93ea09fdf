"""What matching needs to know of a district: its students, where they were enrolled and when, and its schools."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(slots=True)
class Students:
    """The district's students; `numbers` are the district's own, as text, and differ.

    A student who was merged into another stands behind all others, with the id of that one.
    """

    ids: np.ndarray  # int64
    numbers: np.ndarray  # object
    last_names: np.ndarray  # object
    first_names: np.ndarray  # object

    def positions(self, ids: np.ndarray) -> np.ndarray:
        """Where these student ids stand in the arrays (int64; -1 = not a student of this district)."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.int64)
        order = np.argsort(self.ids, kind="stable")
        at = np.minimum(np.searchsorted(self.ids[order], ids), len(order) - 1)
        found = order[at]
        return np.where(self.ids[found] == ids, found, -1)


@dataclass(slots=True)
class Enrollments:
    """Who was enrolled where and when; both ends count, `ends` NaT = still there."""

    student_ids: np.ndarray  # int64
    school_ids: np.ndarray  # int64
    grades: np.ndarray  # object, "05"
    starts: np.ndarray  # datetime64[D]
    ends: np.ndarray  # datetime64[D]


@dataclass(slots=True)
class SectionPlaces:
    """Who sat in which section and when, only sections of the test's subject; `ends` NaT = still there."""

    student_ids: np.ndarray
    section_ids: np.ndarray
    school_ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


@dataclass(slots=True)
class Schools:
    """The words by which a file may call a school, folded, and the school each means."""

    ids: dict[str, int]

    @classmethod
    def of(cls, codes: Iterable[tuple[int, str]], names: Iterable[tuple[int, str]]) -> "Schools":
        """From pairs (school id, word): `codes` of any kind, and `names` with the exact aliases of vendors' files.

        A code wins over a name. A word that two schools share means neither.
        """
        return cls({**_meanings(names), **_meanings(codes)})

    def find(self, word: str) -> int | None:
        """The school a file means by that word, None where it is no school's, or more than one's."""
        return self.ids.get(fold_school(word)) or self.ids.get(fold_school(word.removesuffix(".0")))


@dataclass(slots=True)
class Roster:
    """The district as matching sees it."""

    students: Students
    enrollments: Enrollments
    sections: SectionPlaces
    schools: Schools


def fold_school(word: str) -> str:
    """A school's code or name without regard to case and spacing."""
    return " ".join(word.split()).casefold()


def _meanings(words: Iterable[tuple[int, str]]) -> dict[str, int]:
    meanings: dict[str, int] = {}
    shared = set()
    for school_id, word in words:
        key = fold_school(word)
        if meanings.setdefault(key, school_id) != school_id:
            shared.add(key)
    return {key: school_id for key, school_id in meanings.items() if key and key not in shared}
