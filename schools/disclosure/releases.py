"""Two releases of one table: what the later one tells beside the earlier, and when late results may be shown."""

from collections.abc import Mapping

from schools.disclosure.cells import Cell, Cube, Finding, Floors, Published
from schools.disclosure.counts import hide_counts
from schools.disclosure.masks import VALUES_OF_A_RATE, band, possible_k


def between(new: Published, old: Published) -> list[Finding]:
    """What a reader of both releases learns: small changes of a cell or of a rest, and what one hides but both tell.

    A later release may hide another partner than the earlier one did. Where all hidden parts but one stand in the
    other release, a reader takes them as unchanged and has the last.
    """
    findings = []
    floors = new.set_floor
    for key in new.cells.keys() & old.cells.keys():
        before, after = old.cells[key], new.cells[key]
        if before.n is None or after.n is None:
            continue
        change = abs(after.n - before.n)
        if 1 <= change < floors[after.set]:
            findings.append(
                Finding(key, "the change since the earlier release is a group below the floor", change, change)
            )
    findings += _changed_rests(new, old)
    findings += _late_rates(new, old)
    findings += _told_by_the_other(new, old, "with the earlier release a group below the floor can be worked out")
    findings += _told_by_the_other(old, new, "it would show a small group that the earlier release hid")
    return sorted(set(findings), key=lambda finding: (finding.cell, finding.what))


def frozen(changed: Mapping[str, int], cube: Cube, floors: Floors) -> dict[str, str]:
    """Which cells must keep their released figures, and for whose sake (itself, where its own change is small).

    changed counts, for each cell of the cube, the students whose result was added, taken away or corrected since the
    release. The changes are a table of their own and are suppressed like one: a group of 1 to floor - 1 late students
    must not be told by subtraction, nor by the changes of the others. A snapshot is replaced as a whole, when nothing
    is frozen.
    """
    late: dict[str, int] = {}
    for key, cell in cube.cells.items():
        late[cell.set] = max(late.get(cell.set, 0), changed.get(key, 0))
    changes = {key: Cell(key, late[cell.set], floor=cell.floor, students=cell.set) for key, cell in cube.cells.items()}
    hidden = hide_counts(Cube(changes, cube.equations), floors)
    return {key: hidden[cell.set].partner or key for key, cell in changes.items() if cell.set in hidden}


def _late_rates(new: Published, old: Published) -> list[Finding]:
    """Cells that grew by a group of whom it is known that nearly all, or nearly none, are at benchmark."""
    findings = []
    for key in new.cells.keys() & old.cells.keys():
        before, after = old.cells[key], new.cells[key]
        if not before.n or not after.n or after.n <= before.n or before.rate is None or after.rate is None:
            continue
        late = after.n - before.n
        had, has = possible_k(before.n, before.rate), possible_k(after.n, after.rate)
        low, high = max(has[0] - had[1], 0), min(has[1] - had[0], late)
        at_an_end = 100 * high <= band(late) * late or 100 * (late - low) <= band(late) * late
        if at_an_end and high - low < VALUES_OF_A_RATE:
            what = (
                "the students added since the earlier release are known to be nearly all, or nearly none, at benchmark"
            )
            findings.append(Finding(key, what, low, high))
    return findings


def _changed_rests(new: Published, old: Published) -> list[Finding]:
    """Equations of both releases whose parts not shown in both changed together by a small group."""
    findings = []
    for equation in set(new.equations) & set(old.equations):
        change = _change(equation.total, new, old)
        parts = {part: _change(part, new, old) for part in equation.parts}
        unknown = tuple(part for part, size in parts.items() if size is None)
        if change is None or not unknown:
            continue
        rest = abs(change - sum(size for size in parts.values() if size is not None))
        floor = max(new.set_floor[new.cells[part].set] for part in unknown)
        if 1 <= rest < floor:
            what = "the change of the hidden parts together is a group below the floor"
            findings.append(Finding(equation.total, what, rest, rest, others=unknown))
    return findings


def _change(key: str, new: Published, old: Published) -> int | None:
    before, after = old.cells[key].n, new.cells[key].n
    return None if before is None or after is None else after - before


def _told_by_the_other(one: Published, other: Published, what: str) -> list[Finding]:
    findings = []
    for equation in one.equations:
        total = one.cells[equation.total].n
        hidden = [part for part in equation.parts if one.cells[part].n is None]
        if total is None or not hidden:
            continue
        rest = total - sum(one.cells[part].n or 0 for part in equation.parts)
        elsewhere = {part: other.cells[part].n for part in hidden if part in other.cells}
        for part in hidden:
            others = [elsewhere.get(key) for key in hidden if key != part]
            if all(n is not None for n in others):
                left = rest - sum(n or 0 for n in others)
                if 1 <= left < one.set_floor[one.cells[part].set]:
                    findings.append(Finding(part, what, left, left))
    return findings
