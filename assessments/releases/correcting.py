"""A release beside an earlier one of the same window: cells in which too few results changed keep their figures.

The changes since are a table of their own, of students whose result changed, and are suppressed like one: a group of
fewer than the floor must not be told by subtracting the two releases, nor by the changes of the others.
"""

from dataclasses import dataclass, replace

from assessments.models import Release, ReleasedCell
from assessments.releases.changes import Changes, unpacked
from assessments.releases.figures import Group, LiveCube, Subject
from assessments.releases.suppressing import WORDS, Before, Hidden, Line, Ready, closed_for_teachers, cube_of, floors
from schools.disclosure import Finding, Published, frozen, restored
from schools.disclosure.releases import between


class TooFewChanged(Exception):
    """Fewer students' results changed since the earlier release than the floor: the correction waits."""


@dataclass(frozen=True)
class Earlier:
    """An earlier release as it was shown, and the table that was audited then."""

    release: Release
    cells: dict[str, ReleasedCell]
    published: Published
    changes: Changes

    @classmethod
    def of(cls, release: Release, live: LiveCube) -> "Earlier":
        """The earlier release beside the figures of today. Raises TooFewChanged."""
        made_from = release.made_from
        changes = Changes(unpacked(made_from.students), live.prints)
        if changes.students < floors().group:
            raise TooFewChanged
        cells = {key_of(cell): cell for cell in release.cells.all()}  # unscoped: no person asks
        return cls(release, cells, restored(made_from.published), changes)

    def before(self) -> Before:
        """The sets of students it hid and showed."""
        cells = self.published.cells.values()
        hidden = {cell.set for cell in cells if cell.n is None}
        return Before(hidden, {cell.set for cell in cells} - hidden)


def key_of(cell: ReleasedCell) -> str:
    """The key of a released cell among the figures of a release."""
    group = Group(cell.place, cell.school_id, cell.grade, cell.subgroup)
    return group.key + Subject(cell.standard_id, cell.strand, cell.item_id).key


def correct(live: LiveCube, fresh: Hidden, earlier: Earlier) -> tuple[Hidden, list[Finding]]:
    """The fresh cells with those of the earlier release where they must stand, and what a reader of both learns."""
    kept = _kept(live, earlier)
    while True:
        findings = between(_beside(fresh.published, set(kept)), earlier.published)
        more = {finding.cell for finding in findings if finding.cell in live.figures} - set(kept)
        if not more:
            break
        kept |= dict.fromkeys(more, "frozen_together")
    cells = {
        key: _kept_cell(cell, earlier.cells[key], kept[key]) if key in kept and key in earlier.cells
        else _hidden_before(cell, earlier.cells.get(key))
        for key, cell in fresh.cells.items()
    }  # fmt: skip
    return Hidden(cells, fresh.published), findings


def _kept(live: LiveCube, earlier: Earlier) -> dict[str, str]:
    """The keys of the cells that keep their figures, each with the rule."""
    table = cube_of(live, frozenset(closed_for_teachers(live)))
    counts: dict[str, int] = {}
    for key, cell in table.cells.items():
        if cell.set not in counts:
            counts[cell.set] = earlier.changes.of_set(cell.set, live.figures.get(key), live.tests)
    keys = frozen({key: counts[cell.set] for key, cell in table.cells.items()}, table, floors())
    kept = {key: "frozen" if partner == key else "frozen_together" for key, partner in keys.items()}
    for program in {figure.group.subgroup.split(":")[0] for figure in live.figures.values()} - {""}:
        theirs = [key for key, figure in live.figures.items() if figure.group.subgroup.split(":")[0] == program]
        if any(key in kept for key in theirs):
            kept |= {key: kept.get(key, "frozen_together") for key in theirs}
    return kept


def _beside(published: Published, kept: set[str]) -> Published:
    """The fresh table as it will be beside the earlier one: what stands on no page, or is kept, tells nothing new."""
    sets = {published.cells[key].set for key in kept if key in published.cells}
    cells = {
        key: replace(cell, n=None) if cell.implied or cell.set in sets else cell
        for key, cell in published.cells.items()
    }
    return Published(cells, published.equations, published.floors)


@dataclass(frozen=True)
class Kept(Ready):
    """A cell with the figures of the earlier release, as they were shown."""

    old: ReleasedCell | None = None

    def released(self, growth_kind: str) -> dict:
        """The fields of the earlier release's cell."""
        shown = ("tested", "rate", "mean", "growth", "growth_low", "growth_high", "matched_band", "verdict")
        return super().released(growth_kind) | {name: getattr(self.old, name) for name in shown}


def _kept_cell(cell: Ready, old: ReleasedCell, rule: str) -> Kept:
    return Kept(cell.figure, old.tested, old.rate, old.mean, lines=(Line("tested", rule, WORDS[rule]),), old=old)


def _hidden_before(cell: Ready, old: ReleasedCell | None) -> Ready:
    """What the earlier release did not show of a cell is not shown now either."""
    if old is None or cell.tested is None:
        return cell
    if old.tested is None:
        return Ready(cell.figure, None, lines=(*cell.lines, Line("tested", "earlier", WORDS["earlier"])))
    if cell.rate and not old.rate:
        cell = cell.without("rate", "earlier")
    if cell.mean is not None and old.mean is None:
        cell = cell.without("mean", "earlier")
    if cell.growth is not None and old.growth is None:
        cell = cell.without("growth", "earlier")
    return cell
