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
        self._made: tuple[tuple[int, int], LinearConstraint] | None = None
        for one in self.classes:
            self.sized(one, 1)

    def _unknown(self, name: tuple, low: float, high: float, whole: bool = True) -> int:
        if name not in self.place:
            self.place[name] = len(self.low)
            self.low.append(low)
            self.high.append(high)
            self.whole.append(int(whole))
        return self.place[name]

    def sized(self, one: Class, least: int) -> None:
        """A class, or another group, of `least` students or more; no more of them are at benchmark."""
        n, k = self._unknown(("n", one), least, MOST), self._unknown(("k", one), 0, MOST)
        self.rows.append(({n: 1.0, k: -1.0}, 0, np.inf))

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

    def levelled(self, one: Class, cut: float, at_least: float, at_most: float) -> None:
        """Whoever is at benchmark scored `cut` or more, everybody else less: scores and levels tie each other."""
        if ("S", one) in self.place:
            s, n, k = (self.place[letter, one] for letter in "Snk")
            self.rows.append(({s: 1.0, n: -at_least, k: at_least - cut}, 0, np.inf))
            self.rows.append(({s: 1.0, n: -cut, k: cut - at_most}, -np.inf, 0))

    def late(self, before: Class | None, after: Class, at_least: float, at_most: float) -> None:
        """A class before and after students took the test late: nobody else's result changed."""
        ties = [{("n", after): 1.0, ("n", before): -1.0}]  # so many came
        ties.append({("k", after): 1.0, ("k", before): -1.0})  # ... of them at benchmark
        ties.append({("n", after): 1.0, ("n", before): -1.0, ("k", after): -1.0, ("k", before): 1.0})  # ... and not
        if ("S", after) in self.place and (before is None or ("S", before) in self.place):
            scores = {("S", after): 1.0, ("S", before): -1.0}
            ties.append(scores | {("n", after): -at_least, ("n", before): at_least})
            ties.append({key: -x for key, x in scores.items()} | {("n", after): at_most, ("n", before): -at_most})
        for tie in ties:
            known = {self.place[key]: x for key, x in tie.items() if key[1] is not None}
            self.rows.append((known, 0, np.inf))

    def matched(self, before: Class | None, after: Class | None, name: Class, widest: float) -> None:
        """Students with a score in both windows, `m`, and what their scores changed by together, `D`."""
        m, change = self._unknown(("m", name), 0, MOST), self._unknown(("D", name), -np.inf, np.inf, whole=False)
        self.rows += [({change: 1.0, m: widest}, 0, np.inf), ({change: 1.0, m: -widest}, -np.inf, 0)]
        for one in (before, after):
            if one is not None:
                self.rows.append(({self.place["n", one]: 1.0, m: -1.0}, 0, np.inf))

    def scored_both(self, before: Class, after: Class, name: Class, at_least: float, at_most: float) -> None:
        """The sums of a class in both windows differ by the changes of who is in both, and by who left and joined."""
        if ("S", before) in self.place and ("S", after) in self.place:
            apart = {("S", after): 1.0, ("S", before): -1.0, ("D", name): -1.0}
            for end, other, sign in ((at_most, at_least, -1.0), (at_least, at_most, 1.0)):
                # sign * apart >= sign * (end (n2 - m) - other (n1 - m))
                tie = apart | {("n", after): -end, ("n", before): other, ("m", name): end - other}
                self.rows.append(({self.place[key]: sign * x for key, x in tie.items()}, 0, np.inf))

    def grown(self, names: Iterable[Class], mean: int, least: int, most: float) -> None:
        """The matched students of a group are `least` to `most`, and changed by this whole number on average."""
        names = list(names)
        self._tie("m", names, least, most)
        for edge, low, high in ((mean - 0.5, 0, np.inf), (mean + 0.5, -np.inf, 0)):
            tie = {self.place["D", one]: 1.0 for one in names} | {self.place["m", one]: -edge for one in names}
            self.rows.append((tie, low, high))

    def knows_growth(self, name: Class, m: int, change: float) -> None:
        """The reader may see every student of the class in both windows."""
        for letter, value in (("m", m), ("D", change)):
            at = self.place[letter, name]
            self.low[at] = self.high[at] = value

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
        found = milp(
            aim, integrality=np.array(self.whole), bounds=Bounds(self.low, self.high), constraints=self._tied(),
            options={"mip_rel_gap": 0},
        )  # fmt: skip
        if found.status == 3:
            return -np.inf
        assert found.status == 0, f"what is published contradicts itself: {found.message}"
        return float(found.fun)

    def _tied(self) -> LinearConstraint:
        """All ties as one matrix, made once for as many as there are."""
        size = (len(self.rows), len(self.low))
        if self._made is None or self._made[0] != size:
            entries = [(row, place, x) for row, (factors, _, _) in enumerate(self.rows) for place, x in factors.items()]
            rows, columns, values = zip(*entries, strict=True)
            matrix = csr_array((values, (rows, columns)), shape=size)
            least, most = [low for _, low, _ in self.rows], [high for _, _, high in self.rows]
            self._made = (size, LinearConstraint(matrix, least, most))
        return self._made[1]

    def possible(self, group: list[Class], *, letter: str = "n") -> tuple[int, int]:
        """The least and greatest number of students of a group, or of those at benchmark, or the rest of them."""
        if letter == "rest":
            weights = {("n", one): 1.0 for one in group} | {("k", one): -1.0 for one in group}
        else:
            weights = {(letter, one): 1.0 for one in group}
        low, high = self.ends(weights)
        return round(low), round(min(high, MOST * len(self.classes)))

    def mean_width(self, group: list[Class], n: int) -> float:
        """How widely the mean of a group of n students is open: to the attacker's good, n is given away."""
        low, high = self.ends({("S", one): 1.0 for one in group})
        return (high - low) / n
