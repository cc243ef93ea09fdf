"""From the true figures to what readers see, with a line for all that is not shown.

Counts and rates go through `schools.disclosure`, all groups and all sums of a release together: network, grades,
schools, the grades inside schools that nobody sees but that anyone could subtract, programs, standards, questions.
What that service does not know is done here, always towards hiding more:

- Means. A hidden group's mean is hidden with its count, and so is a mean beside a masked or withheld rate. What can be
  subtracted from the others' means times their counts is the mean of all hidden groups of a sum together: at least
  two groups, together at least the floor. No single hidden group's mean follows.
- Insiders. A principal knows the own hidden figures and can take them away too. So the hidden schools of a sum must
  reach the floor without the largest of them, or one more is hidden.
- Teachers. A standard, strand or question shows no mean where fewer than MIN_TEACHERS teachers stand behind it, nor
  where the hidden ones of a sum have fewer together: one of them could subtract the own class.
- Growth. Hidden where fewer than the floor were matched; the hidden ones of the schools, and of the grades, must reach
  the floor without the largest of them, in matched students, as with insiders.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.conf import settings

from assessments.releases.figures import Figure, Growth, LiveCube, Place
from assessments.sentences import rounded
from schools.disclosure import Cell, Cube, Equation, Floors, Mean, Published, Shown, Suppressed, suppress

SCALE_ENDS = (-32_000, 32_000)  # no scale ends there: a mean of scale points says nothing of its ends


@dataclass(frozen=True)
class Line:
    """One line of the ledger: which figure of a cell is not shown, by which rule, in words without numbers of it."""

    figure: str
    rule: str
    words: str


@dataclass(frozen=True)
class Ready:
    """One cell as readers get it; None and "" are "not shown"."""

    figure: Figure
    tested: int | None
    rate: str = ""
    mean: int | None = None
    growth: Growth | None = None
    lines: tuple[Line, ...] = ()

    def released(self, growth_kind: str) -> dict:
        """The fields of the released cell: whole numbers, the matched students as a band."""
        figure, growth = self.figure, self.growth
        unit = 100 if growth_kind == "standing" else 1  # hundredths of a standard deviation
        whole = {"growth": None, "growth_low": None, "growth_high": None}
        if growth is not None:
            figures = (growth.mean, growth.low, growth.high)
            whole = dict(zip(whole, (None if x is None else rounded(x * unit) for x in figures), strict=True))
        return {
            "place": figure.group.place, "school_id": figure.group.school, "grade": figure.group.grade,
            "subgroup": figure.group.subgroup, "standard_id": figure.subject.standard,
            "strand": figure.subject.strand, "item_id": figure.subject.item, "tested": self.tested,
            "rate": self.rate, "mean": self.mean, **whole,
            "matched_band": "" if growth is None else matched_band(growth.matched),
            "verdict": "" if growth is None else growth.verdict,
        }  # fmt: skip

    def without(self, figure: str, rule: str) -> "Ready":
        """The same without one of its figures."""
        change = {"rate": "", "mean": None, "growth": None}[figure]
        return replace(self, **{figure: change}, lines=(*self.lines, Line(figure, rule, WORDS[rule])))


@dataclass(frozen=True)
class Hidden:
    """A whole release made ready: its cells by key, and the table that was audited."""

    cells: dict[str, Ready]
    published: Published


@dataclass
class Before:
    """What an earlier release of the window makes necessary: sets of students it hid, and sets it showed."""

    hidden: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)


BANDS = (20, 50, 100, 200, 500, 1000)  # each band of matched students begins here


def matched_band(matched: int) -> str:
    """How many students were matched, as readers get it: "20 to 49 students"."""
    begins = max((band for band in BANDS if band <= matched), default=floors().group)
    beyond = min((band for band in BANDS if band > matched), default=None)
    return f"{begins:,} or more students" if beyond is None else f"{begins} to {beyond - 1} students"


WORDS = {
    "primary": "The group is smaller than the floor.",
    "complementary": "Shown beside the others, a group smaller than the floor could be worked out.",
    "audit": "With all other figures together, a small group could be worked out.",
    "insider": "Whoever knows one hidden school's figures could work out another's.",
    "earlier": "An earlier release of this window did not show it.",
    "rate": "With all other rates together, how many of a small group are at benchmark could be worked out.",
    "masked": "Nearly all or nearly none are at benchmark: a band is shown in place of the rate.",
    "mean": "The mean would tell what the rate does not, or that all students had the same result.",
    "few_teachers": "Fewer teachers stand behind it than MIN_TEACHERS asks for.",
    "teachers_together": "Shown beside the others, a figure with too few teachers could be worked out.",
    "few_matched": "Fewer students than the floor were tested in both windows.",
    "growth_together": "Shown beside the others, the growth of a small group could be worked out.",
    "frozen": "Too few of its results changed since the earlier release, whose figures stand.",
    "frozen_together": "Changed beside the others, a change of too few results could be worked out.",
}
RULES = {
    "small group": "primary",
    "complement": "complementary",
    "audit": "audit",
    "rate withheld": "rate",
    "rate masked": "masked",
    "mean withheld": "mean",
}


def floors() -> Floors:
    """The floors of this portal."""
    return Floors(group=settings.PUBLIC_MIN_N, subgroup=settings.SUBGROUP_MIN_N)


def hide(live: LiveCube, before: Before | None = None) -> Hidden:
    """Everything a release may show of the cube, beside what an earlier release of the window showed."""
    before = before or Before()
    table = cube_of(live)
    insiders = set(_insiders(live, {key for key, cell in table.cells.items() if 0 < cell.n < floors().of(cell.floor)}))
    while True:
        found = suppress(table, floors(), _as_published(before, insiders))
        more = set(_insiders(live, set(found.hidden))) - insiders
        if not more:
            break
        insiders |= more
    cells = _ready(live, found, insiders)
    cells = _few_teachers(live, cells)
    return Hidden(_growth(live, cells), found.published)


def cube_of(live: LiveCube) -> Cube:
    """The figures as the disclosure service wants them."""
    cells = [_cell(live, figure) for figure in live.figures.values()]
    cells += [
        Cell(rest.key, rest.tested, floor="subgroup" if rest.subgroup else "group", implied=True)
        for rest in live.rests.values()
    ]
    return Cube.of(cells, [Equation(total, parts) for total, parts in live.sums])


def _cell(live: LiveCube, figure: Figure) -> Cell:
    return Cell(
        key=figure.key,
        n=figure.tested,
        k=figure.reached,
        mean=_mean(live, figure),
        floor="subgroup" if figure.group.place == Place.SUBGROUP else "group",
        students=figure.students,
        measure=figure.subject.key,
    )


def _mean(live: LiveCube, figure: Figure) -> Mean | None:
    """The whole mean, with the questions it adds up where a reader could weigh them against it."""
    if figure.whole_mean is None or (figure.subject.item is not None and figure.reached is not None):
        return None  # the rate of right answers to a question is its share of the points
    if figure.subject.strand or (figure.subject.whole and live.mean_unit == "scale"):
        return Mean(figure.whole_mean, *SCALE_ENDS)
    asked = live.asked.get(figure.key, ())
    same = all(live.figures[key].tested == figure.tested and live.figures[key].reached is not None for key in asked)
    points = [live.worth[key] for key in asked]
    whole = all(worth == int(worth) for worth in points)
    items = tuple(zip(asked, map(int, points), strict=True)) if same and whole else ()
    return Mean(figure.whole_mean, items=items)


def _as_published(before: Before, insiders: set[str]) -> Published | None:
    """What must stay hidden, and what was told already, as an earlier release would say it."""
    if not (before.hidden or before.shown or insiders):
        return None
    hidden = before.hidden | insiders
    cells = {name: Shown(name, None, students=name) for name in hidden}
    cells |= {name: Shown(name, 1, students=name) for name in before.shown - hidden}
    return Published(cells, (), floors())


def _insiders(live: LiveCube, hidden: set[str]) -> Iterable[str]:
    """Sets of students to hide so that the hidden schools of each sum reach the floor without the largest."""
    for _, parts in live.sums:
        schools = [live.figures[key] for key in parts if key in live.figures]
        if not schools or any(figure.group.place != Place.SCHOOL for figure in schools):
            continue
        weights = {one.key: one.tested for one in schools}
        more = _completed({key for key in weights if key in hidden}, weights)
        yield from (live.figures[key].students for key in more)


def _completed(hidden: set[str], weights: dict[str, int]) -> list[str]:
    """The keys to hide beside `hidden`, lightest first, so that without the heaviest they weigh the floor together."""
    more: list[str] = []
    known = [weights[key] for key in hidden if weights[key]]
    waiting = sorted((weight, key) for key, weight in weights.items() if weight and key not in hidden)
    while known and waiting and sum(known) - max(known) < floors().group:
        weight, key = waiting.pop(0)
        known.append(weight)
        more.append(key)
    return more


def _ready(live: LiveCube, found: Suppressed, insiders: set[str]) -> dict[str, Ready]:
    """The cells as the disclosure service shows them."""
    reasons: dict[str, list[Line]] = {}
    for entry in found.ledger:
        figure = live.figures.get(entry.cell)
        if figure is None:
            continue
        rule = RULES.get(entry.reason) or ("insider" if figure.students in insiders else "earlier")
        about = {"rate": "rate", "masked": "rate", "mean": "mean"}.get(rule, "tested")
        if about == "rate" and figure.subject.item is not None:
            about = "mean"  # of a question the share of right answers stands as its mean
        reasons.setdefault(entry.cell, []).append(Line(about, rule, WORDS[rule]))
    cells = {}
    for key, figure in live.figures.items():
        shown = found.shown[key]
        whole = figure.subject.whole
        cells[key] = Ready(
            figure,
            shown.n,
            rate=(shown.rate or "") if whole else "",
            mean=_shown_mean(figure, shown),
            growth=figure.growth if shown.n else None,
            lines=tuple(reasons.get(key, ())),
        )
    return cells


def _shown_mean(figure: Figure, shown: Shown) -> int | None:
    if figure.subject.item is not None and figure.reached is not None:
        exact = shown.rate is not None and shown.rate[0] not in "<>"
        return figure.whole_mean if exact else None
    return shown.mean.value if shown.mean is not None else None


# --- teachers --------------------------------------------------------------------------------------------


def _few_teachers(live: LiveCube, cells: dict[str, Ready]) -> dict[str, Ready]:
    """Standards, strands and questions with too few teachers lose their means, and so do those that would tell them."""
    least = settings.MIN_TEACHERS
    found = dict(cells)
    parts = {key: cell for key, cell in cells.items() if not cell.figure.subject.whole and cell.figure.tested}
    few = {key for key, cell in parts.items() if cell.figure.teachers < least}
    for key in few:
        if found[key].mean is not None:
            found[key] = found[key].without("mean", "few_teachers")
    for total, theirs in live.sums:
        if total not in parts or total in few:
            continue
        hidden = [parts[key] for key in theirs if key in few]
        figures = [parts[key] for key in theirs]
        while hidden and (len(hidden) < 2 or sum(one.figure.teachers for one in hidden) < least):
            left = [one for one in figures if one not in hidden]
            if not left:
                if found[total].mean is not None:
                    found[total] = found[total].without("mean", "teachers_together")
                break
            hidden.append(min(left, key=lambda one: (one.figure.teachers, one.figure.tested, one.figure.key)))
        for one in hidden:
            if found[one.figure.key].mean is not None:
                found[one.figure.key] = found[one.figure.key].without("mean", "teachers_together")
    return found


# --- growth ----------------------------------------------------------------------------------------------


def _growth(live: LiveCube, cells: dict[str, Ready]) -> dict[str, Ready]:
    """Growth of too few matched students is hidden, and as much beside it as is needed."""
    found = dict(cells)
    measured = {key: cell for key, cell in cells.items() if cell.figure.growth is not None}
    for key, cell in measured.items():
        if cell.growth is not None and cell.growth.matched < floors().group:
            found[key] = found[key].without("growth", "few_matched")
    for place in (Place.SCHOOL, Place.GRADE):
        matched = {
            key: cell.figure.growth.matched for key, cell in measured.items() if cell.figure.group.place == place
        }
        hidden = {key for key in matched if found[key].growth is None}
        for key in _completed(hidden, matched):
            found[key] = found[key].without("growth", "growth_together")
    return found
