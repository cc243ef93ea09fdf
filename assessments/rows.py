"""Result rows as columns: what is read from a file, what lies in the database, and how the two are compared."""

from dataclasses import dataclass, fields

import numpy as np

NO_ID = -1
NO_LEVEL = 0
NO_DATE = np.datetime64("NaT", "D")


@dataclass(slots=True)
class ResultRows:
    """One entry per student, all of one administration. NaN, NaT, -1 and level 0 mean "none".

    students, schools, sections  int64 ids; grades object ("05", "" unknown); tested bool; dates datetime64[D];
    points, scale_scores float32; levels int8; points_vectors and choices_vectors uint8 (n, items) or None;
    strands float32 (n, strands) or None.
    """

    students: np.ndarray
    schools: np.ndarray
    sections: np.ndarray
    grades: np.ndarray
    tested: np.ndarray
    dates: np.ndarray
    points: np.ndarray
    scale_scores: np.ndarray
    levels: np.ndarray
    points_vectors: np.ndarray | None = None
    choices_vectors: np.ndarray | None = None
    strands: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.students)

    def take(self, indices: np.ndarray) -> "ResultRows":
        """The rows at `indices` (integers or a mask), in that order."""
        parts = (getattr(self, field.name) for field in fields(self))
        return ResultRows(*(None if part is None else part[indices] for part in parts))

    def columns(self) -> list[np.ndarray]:
        """Every column there is, in the order of the fields."""
        parts = (getattr(self, field.name) for field in fields(self))
        return [part for part in parts if part is not None]

    @staticmethod
    def none(items: int | None = None) -> "ResultRows":
        """No rows, of a test with `items` questions (None: without vectors)."""
        vectors = None if items is None else np.empty((0, items), np.uint8)
        return ResultRows(
            students=np.empty(0, np.int64), schools=np.empty(0, np.int64), sections=np.empty(0, np.int64),
            grades=np.empty(0, object), tested=np.empty(0, bool), dates=np.empty(0, "datetime64[D]"),
            points=np.empty(0, np.float32), scale_scores=np.empty(0, np.float32), levels=np.empty(0, np.int8),
            points_vectors=vectors, choices_vectors=vectors,
        )  # fmt: skip


def same_content(ours: ResultRows, theirs: ResultRows) -> np.ndarray:
    """For two equally long sets of rows of the same students: a mask of the rows that say the same.

    A date that the newer file leaves out is no difference: a correction need not repeat it.
    """
    same = (ours.tested == theirs.tested) & (ours.schools == theirs.schools)
    same &= (ours.sections == theirs.sections) & (ours.grades == theirs.grades) & (ours.levels == theirs.levels)
    same &= (ours.dates == theirs.dates) | np.isnat(ours.dates)
    for mine, yours in ((ours.points, theirs.points), (ours.scale_scores, theirs.scale_scores)):
        same &= (mine == yours) | (np.isnan(mine) & np.isnan(yours))
    for mine, yours in (
        (ours.points_vectors, theirs.points_vectors), (ours.choices_vectors, theirs.choices_vectors)
    ):  # fmt: skip
        same &= _same_matrix(mine, yours, len(ours))
    return same & _same_matrix(ours.strands, theirs.strands, len(ours))


def _same_matrix(mine: np.ndarray | None, yours: np.ndarray | None, rows: int) -> np.ndarray:
    if mine is None and yours is None:
        return np.ones(rows, bool)
    if mine is None or yours is None or mine.shape != yours.shape:
        return np.zeros(rows, bool)
    equal = mine == yours
    if mine.dtype.kind == "f":
        equal |= np.isnan(mine) & np.isnan(yours)
    return equal.all(axis=1)
