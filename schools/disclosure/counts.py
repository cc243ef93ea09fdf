"""Which numbers of students are hidden: small groups, and the partners without which subtraction would tell them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from schools.disclosure.cells import Cube, Entry, Equation, Floors, Reason


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a set of students is hidden, and for which other set's sake."""

    reason: Reason
    partner: str = ""


@dataclass
class CountTable:
    """The sets of students of a cube, the sums among them, and what is hidden so far."""

    sizes: dict[str, int]
    floors: dict[str, int]
    sums: list[Equation]
    public: frozenset[str] = frozenset()
    hidden: dict[str, Cause] = field(default_factory=dict)
    at: dict[str, list[int]] = field(default_factory=dict)

    def hide(self, students: str, reason: Reason, partner: str = "") -> None:
        """Hide one set of students."""
        self.hidden[students] = Cause(reason, partner)

    def complete(self, touched: Iterable[int] | None = None) -> None:
        """Hide partners, sum by sum in their order, until every sum hides nothing or enough."""
        dirty = set(range(len(self.sums)) if touched is None else touched)
        while dirty:
            for number in range(len(self.sums)):
                if number in dirty:
                    dirty.discard(number)
                    for students in self._complete_one(self.sums[number]):
                        dirty.update(self.at[students])

    def _complete_one(self, equation: Equation) -> list[str]:
        """Rule P2 on one sum; the sets that were hidden for it."""
        added: list[str] = []
        while True:
            hidden = [part for part in equation.parts if part in self.hidden]
            if equation.total in self.hidden:
                enough = bool(hidden)
            else:
                rest = sum(self.sizes[part] for part in hidden)
                enough = not hidden or (len(hidden) >= 2 and rest >= max(self.floors[part] for part in hidden))
            choice = None if enough else self.partner_among([equation])
            if choice is None:
                return added
            self.hide(choice, "complement", hidden[0] if hidden else equation.total)
            added.append(choice)

    def partner_among(self, equations: list[Equation]) -> str | None:
        """The shown, non-zero part with the fewest students (then by name); a total only when no part is left.

        What an earlier release has already told is no protection, and comes last.
        """
        for choices in ([part for e in equations for part in e.parts], [e.total for e in equations]):
            shown = [students for students in choices if students not in self.hidden and self.sizes[students]]
            if shown:
                return min(shown, key=lambda students: (students in self.public, self.sizes[students], students))
        return None

    def protect(self, students: str) -> bool:
        """After a finding of the audit: hide one more in the sums of a set, or in the sums linked to those.

        False where nothing is left to hide.
        """
        reached, seen = [students], {students}
        numbers: set[int] = set()
        while reached:
            numbers |= {number for name in reached for number in self.at.get(name, ())}
            choice = self.partner_among([self.sums[number] for number in sorted(numbers)])
            if choice is not None:
                self.hide(choice, "audit", students)
                self.complete(self.at[choice])
                return True
            linked = {key for number in numbers for key in self.sums[number].keys}
            reached = sorted(linked - seen)
            seen |= linked
        return False


def count_table(cube: Cube, floors: Floors, kept: Iterable[str] = (), public: Iterable[str] = ()) -> CountTable:
    """The table of a cube with its small groups hidden, and those that an earlier release hid (kept)."""
    cells = cube.cells
    set_floors: dict[str, int] = {}
    for cell in cells.values():
        set_floors[cell.set] = max(set_floors.get(cell.set, 0), floors.of(cell.floor))
    sums: dict[Equation, None] = {}
    for equation in cube.equations:
        total, parts = cells[equation.total].set, [cells[part].set for part in equation.parts]
        if total not in parts:
            sums[Equation(total, tuple(dict.fromkeys(parts)))] = None
    table = CountTable(dict(cube.sizes), set_floors, list(sums), frozenset(public))
    for number, equation in enumerate(table.sums):
        for students in equation.keys:
            table.at.setdefault(students, []).append(number)
    for students, n in table.sizes.items():
        if 1 <= n < set_floors[students]:
            table.hide(students, "small group")
    for students in kept:
        if table.sizes.get(students) and students not in table.hidden:
            table.hide(students, "hidden earlier")
    return table


def hide_counts(cube: Cube, floors: Floors) -> dict[str, Cause]:
    """Small groups and their partners, without the audit; by set of students."""
    table = count_table(cube, floors)
    table.complete()
    return table.hidden


def ledger_of(cube: Cube, hidden: dict[str, Cause]) -> list[Entry]:
    """One line for each cell whose set of students is hidden."""
    return [
        Entry(key, hidden[cell.set].reason, hidden[cell.set].partner)
        for key, cell in cube.cells.items()
        if cell.set in hidden
    ]
