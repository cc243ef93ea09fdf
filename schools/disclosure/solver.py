"""The attacker's arithmetic: whole numbers within bounds and linear rows, and how far each of them can still reach.

Cheap reasoning comes first. Bounds are carried from row to row until they settle; what is then fixed falls out, and the
rest falls apart into components. Only for these, and only for numbers that no known solution already shows to be
free, `scipy.optimize.milp` (HiGHS) is asked for the exact least and greatest value.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from schools.disclosure.component import Component, Name, Range, contradiction

MOST_PASSES = 60


@dataclass(slots=True)
class Row:
    """lowest <= sum of factor * variable <= highest; None is without end."""

    factors: dict[Name, int]
    lowest: int | None
    highest: int | None


@dataclass
class System:
    """Variables with whole-number bounds, and rows among them. `narrow` is the question it answers."""

    lowest: dict[Name, int] = field(default_factory=dict)
    highest: dict[Name, int | None] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def variable(self, name: Name, lowest: int, highest: int | None = None) -> None:
        """Add a whole number from lowest to highest, both included."""
        self.lowest[name], self.highest[name] = lowest, highest

    def row(self, factors: Mapping[Name, int], lowest: int | None, highest: int | None) -> None:
        """Add a row that the variables obey."""
        self.rows.append(Row(dict(factors), lowest, highest))

    def narrow(
        self,
        needed: Mapping[Name, int],
        witness: Mapping[Name, int] | None = None,
        memory: dict[Hashable, dict[Name, Range]] | None = None,
    ) -> dict[Name, Range]:
        """Those of the variables asked about that have fewer than the needed number of possible values.

        witness is one solution, where the asker knows one; memory keeps answers of components between questions.
        Raises BadTableError where the rows contradict each other.
        """
        self._settle()
        answer: dict[Name, Range] = {}
        open_names: dict[Name, int] = {}
        for name, least in needed.items():
            high = self.highest[name]
            if high is not None and high - self.lowest[name] + 1 < least:
                answer[name] = (self.lowest[name], high)
            else:
                open_names[name] = least
        for component in self._components(open_names):
            signature = (component.signature, tuple(sorted((str(n), open_names[n]) for n in component.asked)))
            if memory is not None and signature in memory:
                answer.update(memory[signature])
                continue
            found = component.narrow({name: open_names[name] for name in component.asked}, witness)
            if memory is not None:
                memory[signature] = found
            answer.update(found)
        return answer

    def ranges(self, names: list[Name]) -> dict[Name, Range]:
        """The exact least and greatest value of each named variable; None is without end."""
        self._settle()
        answer: dict[Name, Range] = {}
        asked = dict.fromkeys(names, 1)
        for name in names:
            if self.lowest[name] == self.highest[name]:
                answer[name] = (self.lowest[name], self.highest[name])
        for component in self._components(asked):
            for name in component.asked:
                answer[name] = component.exact_range(name)
        for name in names:  # in no row at all: its own bounds are the answer
            answer.setdefault(name, (self.lowest[name], self.highest[name]))
        return answer

    def _settle(self) -> None:
        """Carry bounds along the rows until nothing moves (or long enough: the bounds are right at any time)."""
        waiting = self.rows
        for _ in range(MOST_PASSES):
            moved: set[Name] = set()
            for row in waiting:
                moved |= self._tighten(row)
            if not moved:
                return
            waiting = [row for row in self.rows if not moved.isdisjoint(row.factors)]

    def _tighten(self, row: Row) -> set[Name]:
        least, open_below = self._reach(row, lower=True)
        most, open_above = self._reach(row, lower=False)
        if not open_below and row.highest is not None and least > row.highest:
            raise contradiction()
        if not open_above and row.lowest is not None and most < row.lowest:
            raise contradiction()
        moved: set[Name] = set()
        for name, factor in row.factors.items():
            if row.highest is not None:
                rest = self._without(name, factor, least, open_below, lower=True)
                if rest is not None and self._bound(name, factor, row.highest - rest, upper=True):
                    moved.add(name)
            if row.lowest is not None:
                rest = self._without(name, factor, most, open_above, lower=False)
                if rest is not None and self._bound(name, factor, row.lowest - rest, upper=False):
                    moved.add(name)
        return moved  # the reaches of the start of this pass are wider than now, so what they gave is right

    def _reach(self, row: Row, lower: bool) -> tuple[int, int]:
        """The least (or greatest) sum of a row's bounded terms, and how many of its terms have no bound there."""
        total = endless = 0
        for name, factor in row.factors.items():
            end = self.lowest[name] if (factor > 0) == lower else self.highest[name]
            if end is None:
                endless += 1
            else:
                total += factor * end
        return total, endless

    def _without(self, name: Name, factor: int, reach: int, endless: int, lower: bool) -> int | None:
        end = self.lowest[name] if (factor > 0) == lower else self.highest[name]
        if end is None:
            return reach if endless == 1 else None
        return None if endless else reach - factor * end

    def _bound(self, name: Name, factor: int, room: int, upper: bool) -> bool:
        """factor * variable <= room (upper) or >= room: tighten, and say whether anything moved."""
        if upper == (factor > 0):
            most = room // factor
            high = self.highest[name]
            if high is not None and most >= high:
                return False
            self.highest[name] = most
        else:
            least = -(-room // factor)
            if least <= self.lowest[name]:
                return False
            self.lowest[name] = least
        high = self.highest[name]
        if high is not None and high < self.lowest[name]:
            raise contradiction()
        return True

    def _components(self, asked: Mapping[Name, int]) -> list[Component]:
        """The parts of the system that hold a variable asked about; fixed variables are numbers, not links."""
        parent: dict[Name, Name] = {}

        def root(name: Name) -> Name:
            while parent.setdefault(name, name) != name:
                parent[name] = parent[parent[name]]
                name = parent[name]
            return name

        live: list[Row] = []
        for row in self.rows:
            free, fixed = {}, 0
            for name, factor in row.factors.items():
                if self.lowest[name] == self.highest[name]:
                    fixed += factor * self.lowest[name]
                else:
                    free[name] = factor
            if not free:
                continue
            low = None if row.lowest is None else row.lowest - fixed
            high = None if row.highest is None else row.highest - fixed
            live.append(Row(free, low, high))
            first = next(iter(free))
            for name in free:
                parent[root(name)] = root(first)
        members: dict[Name, list[Name]] = {}
        for name in list(parent):
            members.setdefault(root(name), []).append(name)
        rows: dict[Name, list[tuple[dict[Name, int], int | None, int | None]]] = {}
        for row in live:
            rows.setdefault(root(next(iter(row.factors))), []).append((row.factors, row.lowest, row.highest))
        components = []
        for key, names in members.items():
            wanted = [name for name in names if name in asked]
            if wanted:
                bounds = {name: (self.lowest[name], self.highest[name]) for name in names}
                components.append(Component(bounds, rows.get(key, []), wanted))
        return components
