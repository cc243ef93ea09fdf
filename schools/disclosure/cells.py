"""The nouns of disclosure: what is to be shown (a cube of cells), and what was decided (figures and a ledger)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

LOWEST_FLOOR = 10
"""A floor may be raised but never lowered below this."""

NOT = "not "
"""The key of an implied complement is this word and the key of the cell it completes."""

FloorName = Literal["group", "subgroup"]


class BadTableError(ValueError):
    """The table cannot be worked on as it stands; the message says what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Floors:
    """The smallest number of students a shown figure may stand for, by kind of cell."""

    group: int = 11
    subgroup: int = 20

    def __post_init__(self) -> None:
        for name, value in (("group", self.group), ("subgroup", self.subgroup)):
            if value < LOWEST_FLOOR:
                raise BadTableError(f"The {name} floor is {value}: set it to {LOWEST_FLOOR} or more.")

    def of(self, name: FloorName) -> int:
        """The floor of one kind of cell, in students."""
        return self.group if name == "group" else self.subgroup


@dataclass(frozen=True, slots=True)
class Mean:
    """A whole-number mean, and what a reader knows about the scale it stands on.

    lowest and highest are the ends of the scale. cut is the score from which a student counts as at benchmark, where
    that is the same scale. items lists (key, points) where the score is the sum of those items' points, so that the
    mean times the count tells the sum of their right answers.
    """

    value: int
    lowest: int = 0
    highest: int = 100
    cut: int | None = None
    items: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as it truly is: n students tested, k of them at benchmark, their mean.

    students names the set of children counted: cells with the same set have the same n and are hidden together
    (the standards of a test that all its takers were asked). measure names what k counts: only cells of one measure
    can be subtracted in k. within is the key of the group that a yes/no subgroup is part of; the rest of that group
    is protected as though it were shown.
    """

    key: str
    n: int
    k: int | None = None
    mean: Mean | None = None
    floor: FloorName = "group"
    students: str = ""
    measure: str = ""
    within: str = ""
    implied: bool = False

    @property
    def set(self) -> str:
        """The name of the set of students, the key itself where none is given."""
        return self.students or self.key


@dataclass(frozen=True, slots=True)
class Equation:
    """The students of the total are those of the parts, each once: n (and k, within one measure) add up."""

    total: str
    parts: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Cube:
    """All cells that may be shown together, and all sums that hold among them.

    Raises BadTableError for doubled or unknown keys, negative or impossible numbers, and sums that do not add up.
    """

    cells: Mapping[str, Cell]
    equations: tuple[Equation, ...] = ()

    @classmethod
    def of(cls, cells: Iterable[Cell], equations: Iterable[Equation] = ()) -> "Cube":
        """A checked cube, with the implied complement of every cell that names the group it is within."""
        by_key: dict[str, Cell] = {}
        for cell in cells:
            if cell.key in by_key:
                raise BadTableError(f'The cell "{cell.key}" stands twice in the table: keep one.')
            by_key[cell.key] = cell
        sums = list(dict.fromkeys(equations))
        for cell in list(by_key.values()):
            if cell.within and not any(cell.key in e.parts and e.total == cell.within for e in sums):
                rest = _complement(cell, by_key)
                by_key[rest.key] = rest
                sums.append(Equation(cell.within, (cell.key, rest.key)))
        _check(by_key, sums)
        return cls(by_key, tuple(sums))

    @cached_property
    def sizes(self) -> dict[str, int]:
        """The number of students in each set."""
        return {cell.set: cell.n for cell in self.cells.values()}


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell as readers get it: None is "not shown", for whatever cause. rated: the cell has a rate at all."""

    key: str
    n: int | None
    rate: str | None = None
    mean: Mean | None = None
    rated: bool = False
    floor: FloorName = "group"
    students: str = ""
    measure: str = ""
    implied: bool = False

    @property
    def set(self) -> str:
        return self.students or self.key


@dataclass(frozen=True)
class Published:
    """Everything a reader can know: the cells as shown, the sums that hold among them, the floors.

    Implied complements are among the cells, because anyone can subtract; pages leave them out (`readable`).
    """

    cells: Mapping[str, Shown]
    equations: tuple[Equation, ...] = ()
    floors: Floors = field(default_factory=Floors)

    @property
    def readable(self) -> dict[str, Shown]:
        """The cells that stand on a page."""
        return {key: cell for key, cell in self.cells.items() if not cell.implied}

    @cached_property
    def set_floor(self) -> dict[str, int]:
        """The floor of each set of students; the highest where its cells differ."""
        floors: dict[str, int] = {}
        for cell in self.cells.values():
            floors[cell.set] = max(floors.get(cell.set, 0), self.floors.of(cell.floor))
        return floors


Reason = Literal[
    "small group", "complement", "audit", "hidden earlier", "rate withheld", "rate masked", "mean withheld"
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the auditor's ledger: what is not shown, why, and for whose sake. Never for readers."""

    cell: str
    reason: Reason
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a reader could work out: about which cell, and the range that is left (None: without end)."""

    cell: str
    what: str
    lowest: int | None = None
    highest: int | None = None
    others: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The finding for the person who holds a key to the release."""
        reach = f" ({self.lowest} to {self.highest})" if self.lowest is not None else ""
        return f"{self.cell}: {self.what}{reach}."


@dataclass(frozen=True, slots=True)
class Verdict:
    """The audit's answer. A release opens only when it is clean."""

    findings: tuple[Finding, ...] = ()

    @property
    def clean(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What may be shown, and the ledger of what is not."""

    published: Published
    ledger: tuple[Entry, ...]

    @property
    def shown(self) -> dict[str, Shown]:
        """The cells that stand on a page, by key."""
        return self.published.readable

    @property
    def hidden(self) -> tuple[str, ...]:
        """Keys of the readable cells of which nothing is shown."""
        return tuple(sorted(key for key, cell in self.published.readable.items() if cell.n is None))


def _complement(cell: Cell, by_key: Mapping[str, Cell]) -> Cell:
    whole = by_key.get(cell.within)
    if whole is None:
        raise BadTableError(f'The cell "{cell.key}" is within "{cell.within}", which is not in the table: add it.')
    if cell.n > whole.n:
        raise BadTableError(f'The cell "{cell.key}" has {cell.n} students, more than the {whole.n} of "{whole.key}".')
    rest_k = None
    if cell.k is not None and whole.k is not None and cell.measure == whole.measure:
        rest_k = whole.k - cell.k
    return Cell(
        key=NOT + cell.key,
        n=whole.n - cell.n,
        k=rest_k,
        floor=cell.floor,
        students=f"{whole.set} without {cell.set}",
        measure=cell.measure,
        implied=True,
    )


def _check(cells: Mapping[str, Cell], equations: Iterable[Equation]) -> None:
    sizes: dict[str, int] = {}
    for cell in cells.values():
        if cell.n < 0:
            raise BadTableError(f'The cell "{cell.key}" has n = {cell.n}: a number of students is 0 or more.')
        if cell.k is not None and not 0 <= cell.k <= cell.n:
            raise BadTableError(f'The cell "{cell.key}" has k = {cell.k}: it must lie between 0 and n = {cell.n}.')
        if sizes.setdefault(cell.set, cell.n) != cell.n:
            raise BadTableError(f'The students "{cell.set}" are counted as {sizes[cell.set]} and as {cell.n}.')
    check_keys(cells, equations)
    for equation in equations:
        total, parts = cells[equation.total], [cells[key] for key in equation.parts]
        if total.n != sum(part.n for part in parts):
            raise BadTableError(
                f'The parts of "{total.key}" have {sum(part.n for part in parts)} students, the total {total.n}: '
                "every student must be in exactly one part."
            )
        same_measure = all(part.measure == total.measure for part in parts)
        ks = [part.k for part in parts if part.k is not None]
        if same_measure and total.k is not None and len(ks) == len(parts) and total.k != sum(ks):
            raise BadTableError(f'The parts of "{total.key}" have k = {sum(ks)} together, the total {total.k}.')


def check_keys(cells: Mapping[str, object], equations: Iterable[Equation]) -> None:
    """Raise BadTableError where a sum names a cell that is not there, or one cell twice, or has no parts."""
    for equation in equations:
        for key in equation.keys:
            if key not in cells:
                raise BadTableError(f'A constraint names the cell "{key}", which is not in the table: add it.')
        if not equation.parts or len(set(equation.keys)) < len(equation.keys):
            raise BadTableError(f'The constraint of "{equation.total}" needs parts, and each cell only once.')
