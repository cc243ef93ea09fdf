"""From scale scores to performance levels, by dated cut scores. Knows no Django.

A set of cut scores belongs to one grade and begins on one day; the set in force on a day is the newest one
that had begun. A set is replaced as a whole, so a change of scale can't leave an old cut among new ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessments.sheet import Floats

NO_LEVEL = 0
FOR_ALL = ""  # the grade of a cut score that is for every grade


@dataclass(frozen=True, slots=True)
class Cut:
    """The lowest score of one level in one grade, from a day on. Level 1 is the lowest."""

    grade: str
    level: int
    name: str
    minimum: float
    valid_from: date


@dataclass(frozen=True, slots=True)
class AtBenchmark:
    """Students at the benchmark level or above, of those who have a level."""

    students: int
    of: int

    @property
    def share(self) -> float | None:
        """The share, 0 to 1; None where nobody has a level."""
        return self.students / self.of if self.of else None


def cuts_in_force(cuts: Iterable[Cut], grade: str, day: date) -> list[Cut]:
    """The grade's cut scores on that day, lowest level first; empty where none had begun.

    Raises ValueError where the set has a gap, a level twice, or a level that begins no higher than the last.
    """
    begun = [cut for cut in cuts if cut.grade == grade and cut.valid_from <= day]
    if not begun:
        return []
    newest = max(cut.valid_from for cut in begun)
    in_force = sorted((cut for cut in begun if cut.valid_from == newest), key=lambda cut: cut.level)
    if [cut.level for cut in in_force] != list(range(1, len(in_force) + 1)):
        levels = ", ".join(str(cut.level) for cut in in_force)
        raise ValueError(
            f"the cut scores of grade {grade} from {newest} are for levels {levels}: give every level from 1 up once"
        )
    for lower, upper in pairwise(in_force):
        if upper.minimum <= lower.minimum:
            raise ValueError(
                f"the cut scores of grade {grade} from {newest} do not rise: level {upper.level} begins at "
                f"{upper.minimum:g}, level {lower.level} at {lower.minimum:g}"
            )
    return in_force


def levels_of(scores: Floats, grades: NDArray[np.object_], cuts: Sequence[Cut], day: date) -> NDArray[np.int8]:
    """The level of each score in its grade on that day. A cut without a grade is for every grade that has none of
    its own.

    0 where there is no score (NaN) or the grade has no cut scores yet. A score under the minimum of level 1
    is level 1: the lowest level has no floor. Raises ValueError as `cuts_in_force` does.
    """
    levels = np.full(len(scores), NO_LEVEL, dtype=np.int8)
    graded = {cut.grade for cut in cuts if cut.grade}
    scored = ~np.isnan(scores)
    places, found = pd.factorize(grades)  # a look at each name, not a sort of them all
    for place, grade in enumerate(found):
        in_force = cuts_in_force(cuts, grade if grade in graded else FOR_ALL, day)
        if in_force:
            mine = (places == place) & scored
            minimums = [cut.minimum for cut in in_force[1:]]
            levels[mine] = np.searchsorted(minimums, scores[mine], side="right") + 1
    return levels


def level_label(level: int, name: str) -> str:
    """A level as pages print it: "2 Basic"."""
    return f"{level} {name}"


def default_benchmark(names: Mapping[int, str]) -> int:
    """The benchmark level of a test whose owner named none.

    The lowest level called Proficient; else the one just above the middle (2 of 3, 3 of 4, 3 of 5).
    Raises ValueError where the test has no levels.
    """
    if not names:
        raise ValueError("a test without levels has no benchmark")
    called = [level for level, name in names.items() if name.strip().casefold() == "proficient"]
    return min(called) if called else len(names) // 2 + 1


def at_benchmark(level_counts: Sequence[int], benchmark_level: int) -> AtBenchmark:
    """Count the students at benchmark, given the students of level 1, 2, ... in order.

    Raises ValueError where the test has no such level.
    """
    if not 1 <= benchmark_level <= len(level_counts):
        raise ValueError(f"the benchmark is level {benchmark_level}, the test has {len(level_counts)} levels")
    return AtBenchmark(students=sum(level_counts[benchmark_level - 1 :]), of=sum(level_counts))
