"""Suppression of one cube: hide, audit, hide more, until a reader can work out nothing that is hidden."""

from schools.disclosure.audit import Memory, count_findings, rate_findings
from schools.disclosure.cells import Cell, Cube, Entry, Finding, Floors, Published, Shown, Suppressed
from schools.disclosure.counts import CountTable, count_table, ledger_of
from schools.disclosure.knowledge import rate_equations, truth_of
from schools.disclosure.masks import is_exact, written_rate


def suppress(cube: Cube, floors: Floors | None = None, previous: Published | None = None) -> Suppressed:
    """What of the cube may be shown, as rules P1 to P5 of `docs/disclosure.md` say, and the ledger of the rest.

    What an earlier release hid stays hidden, and what it showed is no partner. Whether the new release may stand
    beside the earlier one at all is for `audit(published, previous)` to say, and for `frozen`.
    """
    floors = floors or Floors()
    memory: Memory = {}
    earlier = previous.cells.values() if previous is not None else ()
    table = count_table(
        cube,
        floors,
        kept=[cell.set for cell in earlier if cell.n is None],
        public=[cell.set for cell in earlier if cell.n is not None],
    )
    _settle_counts(cube, floors, table, memory)
    withheld: dict[str, str] = {}
    _settle_rates(cube, floors, table, withheld, memory)
    published = _published(cube, floors, table, withheld)
    return Suppressed(published, tuple(ledger_of(cube, table.hidden) + _rate_ledger(cube, published, withheld)))


def _settle_counts(cube: Cube, floors: Floors, table: CountTable, memory: Memory) -> None:
    table.complete()
    while True:
        published = _published(cube, floors, table, {})
        findings = count_findings(published, truth_of(cube, published), memory)
        touched: set[int] = set()
        for finding in findings:
            students = cube.cells[finding.cell].set
            if touched.isdisjoint(table.at.get(students, ())):  # one step in each corner, then look again
                before = set(table.hidden)
                table.protect(students)
                touched.update(number for name in table.hidden.keys() - before for number in table.at[name])
        if not touched:
            return


def _settle_rates(cube: Cube, floors: Floors, table: CountTable, withheld: dict[str, str], memory: Memory) -> None:
    while True:
        published = _published(cube, floors, table, withheld)
        findings = rate_findings(published, truth_of(cube, published), memory)
        links = _Links(published)
        touched: set[int] = set()
        for finding in findings:
            if touched.isdisjoint(links.concerned(finding)):
                choice = links.rate_to_withhold(finding, withheld)
                if choice is not None:
                    withheld[choice] = finding.cell
                    touched |= links.at[choice]
        if not touched:
            return


class _Links:
    """Which sums (of rates, or of points of items) a cell stands in, and whose rate goes first."""

    def __init__(self, published: Published) -> None:
        self.cells = published.cells
        self.sums = [(equation.total, equation.parts) for equation in rate_equations(published)]
        for key, cell in self.cells.items():
            if cell.mean is not None and cell.mean.items:
                self.sums.append((key, tuple(item for item, _ in cell.mean.items)))
        self.at: dict[str, set[int]] = {}
        for number, (total, parts) in enumerate(self.sums):
            for key in (total, *parts):
                self.at.setdefault(key, set()).add(number)

    def concerned(self, finding: Finding) -> set[int]:
        """The sums that a finding speaks of: those of its cell, or the one sum whose hidden rest is known."""
        if not finding.others:
            return self.at.get(finding.cell, set())
        return {
            n for n in self.at[finding.cell] if self.sums[n][0] == finding.cell and finding.others[0] in self.sums[n][1]
        }

    def rate_to_withhold(self, finding: Finding, withheld: dict[str, str]) -> str | None:
        """The exact rate of the smallest part, then of the total, in the sums concerned, then in those linked to
        them; masked rates only when no exact one is left. None where all are withheld."""
        for exact in (True, False):
            numbers: set[int] = set()
            wider = self.concerned(finding)
            while wider - numbers:
                numbers |= wider
                for keys in ([p for n in numbers for p in self.sums[n][1]], [self.sums[n][0] for n in numbers]):
                    choices = [key for key in keys if key not in withheld and self._can_go(key, exact, finding)]
                    if choices:
                        return min(choices, key=lambda key: (self.cells[key].n or 0, key))
                wider = {m for n in numbers for key in (self.sums[n][0], *self.sums[n][1]) for m in self.at[key]}
        return None

    def _can_go(self, key: str, exact: bool, finding: Finding) -> bool:
        cell = self.cells[key]
        if not cell.n or cell.rate is None:
            return False
        return is_exact(cell.rate) if exact else True


def _published(cube: Cube, floors: Floors, table: CountTable, withheld: dict[str, str]) -> Published:
    """The cells as they would stand in front of readers now."""
    shown = {key: _shown(cell, cell.set in table.hidden, key in withheld) for key, cell in cube.cells.items()}
    return Published(shown, cube.equations, floors)


def _shown(cell: Cell, hidden: bool, withheld: bool) -> Shown:
    rate = None
    if cell.k is not None and cell.n and not hidden and not withheld:
        rate = written_rate(cell.n, cell.k)
    mean = None if hidden or not cell.n else cell.mean
    if mean is not None:
        at_an_end = mean.value <= mean.lowest or mean.value >= mean.highest
        # a mean beside a masked or withheld rate would tell the rate
        mean = None if at_an_end or (cell.k is not None and not is_exact(rate)) else mean
    return Shown(
        key=cell.key,
        n=None if hidden else cell.n,
        rate=rate,
        mean=mean,
        rated=cell.k is not None,
        floor=cell.floor,
        students=cell.students,
        measure=cell.measure,
        implied=cell.implied,
    )


def _rate_ledger(cube: Cube, published: Published, withheld: dict[str, str]) -> list[Entry]:
    entries = []
    for key, shown in published.cells.items():
        if not shown.n:
            continue
        if key in withheld:
            entries.append(Entry(key, "rate withheld", withheld[key]))
        elif shown.rate is not None and not is_exact(shown.rate):
            entries.append(Entry(key, "rate masked"))
        if cube.cells[key].mean is not None and shown.mean is None:
            entries.append(Entry(key, "mean withheld"))
    return entries
