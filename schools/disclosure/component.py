"""One connected piece of the attacker's arithmetic, small enough to be solved exactly."""

import random
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from schools.disclosure.cells import BadTableError
from schools.disclosure.moves import Walker

Name = tuple[str, str]
"""What is unknown, and of which set of students, cell or sum."""

Range = tuple[int, int | None]
Factors = dict[Name, int]

SECONDS_PER_QUESTION = 20
OPTIMAL, INFEASIBLE = 0, 2
MORE_CORNERS = 4
SEED = 7
MOST_PROBED = 4  # times the needed number of values


class UnsettledError(RuntimeError):
    """The solver gave up on a question in its time; what it could not settle counts as not safe."""


@dataclass
class Component:
    """Free variables with their bounds, the rows that link them, and the names that are asked about."""

    bounds: Mapping[Name, Range]
    rows: list[tuple[Factors, int | None, int | None]]
    asked: list[Name]
    seen: dict[Name, set[int]] = field(default_factory=lambda: defaultdict(set))

    @property
    def signature(self) -> Hashable:
        """What the answers depend on."""
        rows = (
            (*sorted((str(name), factor) for name, factor in factors.items()), low, high)
            for factors, low, high in self.rows
        )
        return (frozenset((str(n), *reach) for n, reach in self.bounds.items()), frozenset(rows))

    def narrow(self, needed: Mapping[Name, int], witness: Mapping[Name, int] | None) -> dict[Name, Range]:
        """Those of the asked that can take fewer than the needed number of values, with their range."""
        try:
            self._walk(needed, {name: witness[name] for name in self.bounds} if witness else self._solve({}))
            chance = random.Random(SEED)  # noqa: S311 - which corners are looked into, nothing secret
            for _ in range(MORE_CORNERS):
                waiting = [name for name in self.asked if not self._is_free(name, needed[name])]
                if len(waiting) > 2:
                    self._walk(needed, self._solve({name: chance.choice((-1, 1)) for name in waiting}))
        except UnsettledError:
            return {name: self.bounds[name] for name in self.asked}
        found: dict[Name, Range] = {}
        for name in self.asked:
            if self._is_free(name, needed[name]):
                continue
            try:
                low, high = self.exact_range(name)
                few = high is not None and high - low + 1 < needed[name]
                if few or not (self._has_no_gaps or self._finds_values(name, needed[name], low, high)):
                    found[name] = (low, high)
            except UnsettledError:
                found[name] = self.bounds[name]
        return found

    def exact_range(self, name: Name) -> Range:
        """The least and the greatest value of one variable; None where it has no end."""
        low = self._solve({name: 1})[name]
        high = self._solve({name: -1})[name]
        return low, None if self.bounds[name][1] is None and high > self._far // 2 else high

    def _walk(self, needed: Mapping[Name, int], solution: Mapping[Name, int]) -> None:
        """Look around one solution for other values of the asked."""
        names = list(self.bounds)
        rows = [({self._position[n]: f for n, f in factors.items()}, low, high) for factors, low, high in self.rows]
        self._see(solution)
        walker = Walker([self.bounds[name] for name in names], rows, [solution[name] for name in names])
        for name in self.asked:
            if not self._is_free(name, needed[name]):
                for moved in walker.values_of(self._position[name], needed[name]):
                    self._see({names[place]: value for place, value in moved.items()})

    def _is_free(self, name: Name, needed: int) -> bool:
        """Whether solutions already seen show that many values."""
        values = self.seen[name]
        if len(values) >= needed:
            return True
        return self._has_no_gaps and bool(values) and max(values) - min(values) + 1 >= needed

    def _finds_values(self, name: Name, needed: int, low: int, high: int | None) -> bool:
        """Count single values where some between the ends might be impossible."""
        last = low + MOST_PROBED * needed
        for value in range(low, last + 1 if high is None else min(last, high) + 1):
            if len(self.seen[name]) >= needed:
                return True
            if value not in self.seen[name]:
                self._solve({}, pinned=(name, value))
        return len(self.seen[name]) >= needed

    def _see(self, solution: Mapping[Name, int]) -> None:
        for name, value in solution.items():
            self.seen[name].add(value)

    def _solve(self, aim: Mapping[Name, int], pinned: tuple[Name, int] | None = None) -> dict[Name, int]:
        """A solution with the least weighted sum, remembered; nothing ({}) where a pinned value is impossible."""
        from scipy.optimize import Bounds, milp  # takes a second to load, and most processes never ask

        costs = np.zeros(len(self.bounds))
        for name, weight in aim.items():
            costs[self._position[name]] = weight
        low, high = self._box
        if pinned is not None:
            low, high = low.copy(), high.copy()
            low[self._position[pinned[0]]] = high[self._position[pinned[0]]] = pinned[1]
        result = milp(
            costs,
            integrality=np.ones(len(costs)),
            bounds=Bounds(low, high),
            constraints=self._constraint,
            options={"mip_rel_gap": 0.0, "time_limit": SECONDS_PER_QUESTION},
        )
        if result.status == INFEASIBLE and pinned is not None:
            return {}
        if result.status == INFEASIBLE:
            raise contradiction()
        if result.status != OPTIMAL or result.x is None:
            raise UnsettledError(result.message)
        exact = np.rint(result.x)
        matrix, least, most = self._constraint
        reached = matrix @ exact
        if (reached < least).any() or (reached > most).any():
            raise UnsettledError("The solver's answer is not a whole-number solution.")
        solution = {name: int(exact[place]) for name, place in self._position.items()}
        self._see(solution)
        return solution

    @cached_property
    def _position(self) -> dict[Name, int]:
        return {name: place for place, name in enumerate(self.bounds)}

    @cached_property
    def _far(self) -> int:
        """A bound for the boundless: farther than anything that the rows tie down."""
        known = sum(abs(low or 0) + abs(high or 0) for _, low, high in self.rows)
        known += sum(abs(low) + abs(high or 0) for low, high in self.bounds.values())
        return 4 * known + 1000

    @cached_property
    def _box(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        low = np.array([low for low, _ in self.bounds.values()], dtype=float)
        high = np.array([self._far if high is None else high for _, high in self.bounds.values()], dtype=float)
        return low, high

    @cached_property
    def _constraint(self) -> tuple[csr_array, NDArray[np.float64], NDArray[np.float64]]:
        """The rows as a matrix over the variables, with the least and the most that each may come to."""
        places = [(r, self._position[n], f) for r, (factors, _, _) in enumerate(self.rows) for n, f in factors.items()]
        at_row, at_column, factor = np.array(places, dtype=np.int64).reshape(-1, 3).T
        matrix = csr_array((factor.astype(float), (at_row, at_column)), shape=(len(self.rows), len(self.bounds)))
        low = np.array([-np.inf if low is None else low for _, low, _ in self.rows], dtype=float)
        high = np.array([np.inf if high is None else high for _, _, high in self.rows], dtype=float)
        return matrix, low, high

    @cached_property
    def _has_no_gaps(self) -> bool:
        """Whether every whole number between two possible values is possible too.

        So it is when the rows fall into two classes such that a variable stands in at most one row of each with the
        same sign (Heller and Tompkins 1956): the matrix is then totally unimodular, as in a table of two hierarchies.
        """
        at: dict[Name, list[tuple[int, int]]] = {name: [] for name in self.bounds}
        for number, (factors, _, _) in enumerate(self.rows):
            for name, factor in factors.items():
                if abs(factor) != 1:
                    return False
                at[name].append((number, factor))
        ties: list[list[tuple[int, bool]]] = [[] for _ in self.rows]
        for places in at.values():
            if len(places) > 2:
                return False
            if len(places) == 2:
                (one, sign), (two, other) = places
                ties[one].append((two, sign == other))
                ties[two].append((one, sign == other))
        side: dict[int, bool] = {}
        for start in range(len(self.rows)):
            waiting = [] if start in side else [start]
            side.setdefault(start, True)
            while waiting:
                number = waiting.pop()
                for to, differs in ties[number]:
                    if to not in side:
                        waiting.append(to)
                    if side.setdefault(to, side[number] != differs) != (side[number] != differs):
                        return False
        return True


def contradiction() -> BadTableError:
    """The error for published numbers that no table of students can have."""
    return BadTableError("The numbers contradict each other: no table of students adds up like this. Check the sums.")
