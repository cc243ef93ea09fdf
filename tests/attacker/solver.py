"""The arithmetic of a reader: unknown numbers of every class, tied by all that was told, and a solver for their ends.

Written from the rules alone; nothing of the portal is used. A class has a number of students n, of them k at
benchmark, and for each subject with means a sum of scores S. What is told of a group ties the classes in it.
"""

from collections.abc import Iterable

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from tests.attacker.truth import Class
from tests.disclosure.attacker import text_of

MOST = 1000.0
VALUES_OF_A_RATE = 3


class Knowledge:
    """All that one reader knows of one window of one test."""

    def __init__(self, classes: Iterable[Class]):
        self.classes = sorted(classes, key=lambda one: (one.school, one.grade, one.section))
        self.low: list[float] = []
        self.high: list[float] = []
        self.whole: list[int] = []
        self.place: dict[tuple, int] = {}
        self.rows: list[tuple[dict[int, float], float, float]] = []
        for one in self.classes:
            n, k = self._unknown(("n", one), 1, MOST), self._unknown(("k", one), 0, MOST)
            self.rows.append(({n: 1.0, k: -1.0}, 0, np.inf))

    def _unknown(self, name: tuple, low: float, high: float, whole: bool = True) -> int:
        if name not in self.place:
            self.place[name] = len(self.low)
            self.low.append(low)
            self.high.append(high)
            self.whole.append(int(whole))
        return self.place[name]

    # --- what is told ---

    def counted(self, group: Iterable[Class], n: int) -> None:
        """The group has n students."""
        self._tie("n", group, n, n)

    def rated(self, group: Iterable[Class], n: int, rate: str) -> None:
        """Of n students this share is at benchmark: the numbers that would be written so."""
        fitting = [k for k in range(n + 1) if text_of(n, k) == rate]
        self._tie("k", group, fitting[0], fitting[-1])

    def averaged(self, group: Iterable[Class], n: int, mean: int, at_least: float, at_most: float) -> None:
        """The mean of n students is this whole number; no score lies outside `at_least` and `at_most`."""
        group = list(group)
        for one in group:
            self._scored(one, at_least, at_most)
        self._tie("S", group, (mean - 0.5) * n, (mean + 0.5) * n)

    def _scored(self, one: Class, at_least: float, at_most: float) -> None:
        """A class's scores add up to something between n times the ends of the scale."""
        name = ("S", one)
        if name not in self.place:
            s, n = self._unknown(name, -np.inf, np.inf, whole=False), self.place["n", one]
            self.rows.append(({s: 1.0, n: -at_least}, 0, np.inf))
            self.rows.append(({s: 1.0, n: -at_most}, -np.inf, 0))

    def knows(self, one: Class, n: int, k: int, score: float) -> None:
        """The reader may see every student of the class."""
        for name, value in [("n", n), ("k", k), ("S", score)]:
            if (name, one) in self.place:
                at = self.place[name, one]
                self.low[at] = self.high[at] = value

    def between(self, group: Iterable[Class], least: int, most: float) -> None:
        """The group has `least` to `most` students, says somebody who has read why it is not shown."""
        self._tie("n", group, least, most)

    def _tie(self, letter, group, least: float, most: float) -> None:
        self.rows.append(({self.place[letter, one]: 1.0 for one in group}, least, most))

    # --- what follows ---

    def ends(self, weights: dict[tuple, float]) -> tuple[float, float]:
        """The least and the greatest that a weighted sum of unknowns can be."""
        aim = np.zeros(len(self.low))
        for name, weight in weights.items():
            aim[self.place[name]] += weight
        low, high = self._best(aim), self._best(-aim)
        return low, -high

    def _best(self, aim: np.ndarray) -> float:
        shape = (len(self.rows), len(self.low))
        entries = [(row, column, x) for row, (factors, _, _) in enumerate(self.rows) for column, x in factors.items()]
        rows, columns, values = zip(*entries, strict=True)
        tied = LinearConstraint(
            csr_array((values, (rows, columns)), shape=shape), [low for _, low, _ in self.rows],
            [high for _, _, high in self.rows],
        )  # fmt: skip
        found = milp(
            aim, integrality=np.array(self.whole), bounds=Bounds(self.low, self.high), constraints=tied,
            options={"mip_rel_gap": 0},
        )  # fmt: skip
        if found.status == 3:
            return -np.inf
        assert found.status == 0, f"what is published contradicts itself: {found.message}"
        return float(found.fun)

    def possible(self, group: list[Class], *, letter: str = "n") -> tuple[int, int]:
        """The least and greatest number of students of a group, or of those at benchmark, or ("m") of those not."""
        if letter == "m":
            weights = {("n", one): 1.0 for one in group} | {("k", one): -1.0 for one in group}
        else:
            weights = {(letter, one): 1.0 for one in group}
        low, high = self.ends(weights)
        return round(low), round(min(high, MOST * len(self.classes)))

    def mean_width(self, group: list[Class], n: int) -> float:
        """How widely the mean of a group of n students is open: to the attacker's good, n is given away."""
        low, high = self.ends({("S", one): 1.0 for one in group})
        return (high - low) / n
