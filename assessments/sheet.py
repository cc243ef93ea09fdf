"""The response sheet: what the sums are fed with, as arrays. Knows no Django."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assessments.responses import UNITS_PER_POINT, earned

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The results of one administration, one row per student, in any order.

    points     uint8, students x items: quarter points or a code of `responses`
    worth      items: the most quarter points an item can earn
    standards  bool, standards x items: which items ask which standard (an item may ask several)
    tested     bool, students
    scores     float, students: the scale score, NaN where there is none
    levels     int, students: 1 is the lowest level, 0 where there is none
    level_count  how many levels the test has
    choices    uint8, students x items, or None where the file had no choices
    totals     float, students: points of the whole test, for tests without items; NaN where there are none
    strands    float, students x strands: what adaptive tests report in place of items; NaN for none

    Raises ValueError where the arrays are not of one size.
    """

    points: NDArray[np.uint8]
    worth: Ints
    standards: Bools
    tested: Bools
    scores: Floats
    levels: Ints
    level_count: int = 0
    choices: NDArray[np.uint8] | None = None
    totals: Floats | None = None
    strands: Floats | None = None

    def __post_init__(self) -> None:
        if self.points.ndim != 2:
            raise ValueError("the points of a sheet are a matrix, students x items")
        students, items = self.points.shape
        per_student = [self.tested, self.scores, self.levels]
        per_student += [column for column in (self.totals, self.strands) if column is not None]
        if any(len(column) != students for column in per_student):
            raise ValueError(f"every column of a sheet has one entry for each of its {students} students")
        if self.worth.shape != (items,) or self.standards.ndim != 2 or self.standards.shape[1] != items:
            raise ValueError(f"worth and standards must name the {items} items of the sheet")
        if self.choices is not None and self.choices.shape != self.points.shape:
            raise ValueError("choices and points of a sheet are of one shape")
        if students and int(self.levels.max()) > self.level_count:
            raise ValueError(f"a level is {int(self.levels.max())}, but the test has {self.level_count}")

    def total_points(self) -> NDArray[np.float64]:
        """Points of the whole test for each student; NaN where the test has neither items nor totals."""
        if self.totals is not None:
            return self.totals.astype(np.float64)
        if not self.points.shape[1]:
            return np.full(len(self.points), np.nan)
        units: NDArray[np.float64] = earned(self.points).sum(axis=1, dtype=np.float64)
        return units / UNITS_PER_POINT
