"""From the true figures to what readers see, with a line for all that is not shown.

Counts and rates go through `schools.disclosure`, all groups and all sums of a release together: network, grades,
schools, the grades inside schools that nobody sees but that anyone could subtract, programs, standards, questions.
What that service does not know is done here, always towards hiding more:

- Means. A hidden group's mean is hidden with its count, and so is a mean beside a masked or withheld rate. What can be
  subtracted from the others' means times their counts is the mean of all hidden groups of a sum together: at least
  two groups, together at least the floor. No single hidden group's mean follows.
- Insiders. A principal knows the own hidden figures and can take them away too, a coach those of several schools. So
  the hidden schools of a sum must reach the floor without those that one person knows; see `insiders.py`.
- Teachers. Of a standard, strand or question nothing is shown where fewer than MIN_TEACHERS teachers stand behind it,
  nor where the closed ones of a sum have fewer together: one of them could subtract the own class.
- Grades inside schools. They stand on no page, but readers know which grades a school has: see `inside.py`.
- Growth. Hidden where fewer than the floor were matched; the hidden ones of the schools, and of the grades, must reach
  the floor in matched students without those that one person knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.conf import settings

from assessments.releases.figures import Figure, Growth, LiveCube, Place
from assessments.releases.inside import told_inside
from assessments.releases.insiders import Insiders, completed
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
    "few_teachers": "Too few teachers stand behind it: a colleague's class could be worked out from one's own.",
    "grades": "It would tell the size of a small grade of a school, whose other grades or schools can be subtracted.",
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
    closed = closed_for_teachers(live)
    table = cube_of(live, frozenset(closed))
    asked = {"insider": set[str](), "grades": set[str]()}
    asked["insider"].update(_insiders(live, {key for key, cell in table.cells.items() if _is_small(cell)}))
    while True:
        more = asked["insider"] | asked["grades"]
        found = suppress(table, floors(), _as_published(before, more | set(closed)))
        asked["insider"].update(_insiders(live, set(found.hidden)))
        asked["grades"].update(told_inside(live, found.published))
        if asked["insider"] | asked["grades"] == more:
            break
    cells = _ready(live, found, asked, closed)
    return Hidden(_growth(live, cells), found.published)


def _is_small(cell: Cell) -> bool:
    return 0 < cell.n < floors().of(cell.floor)


def cube_of(live: LiveCube, closed: frozenset[str] = frozenset()) -> Cube:
    """The figures as the disclosure service wants them; `closed` are those of which nothing is shown.

    The grades inside a school are part of it where figures of one of them are to be shown.
    """
    cells = [_cell(live, figure, closed) for figure in live.figures.values()]
    open_sets = {cell.set for cell in cells}
    seen = [(total, parts) for total, parts in live.inside if total.startswith("school:") and open_sets & set(parts)]
    keys = {part for _, parts in seen for part in parts}
    summed = {part for _, parts in live.sums for part in parts}
    cells += [
        Cell(rest.key, rest.tested, floor="subgroup" if rest.subgroup else "group", implied=True)
        for rest in live.rests.values()
        if rest.key in keys | summed
    ]
    return Cube.of(cells, [Equation(total, parts) for total, parts in (*live.sums, *seen)])


def _cell(live: LiveCube, figure: Figure, closed: frozenset[str]) -> Cell:
    nothing = figure.key in closed
    return Cell(
        key=figure.key,
        n=figure.tested,
        k=None if nothing else figure.reached,
        mean=None if nothing else _mean(live, figure, closed),
        floor="subgroup" if figure.group.place == Place.SUBGROUP else "group",
        students=figure.key if nothing else figure.students,
        measure=figure.subject.key,
    )


def _mean(live: LiveCube, figure: Figure, closed: frozenset[str]) -> Mean | None:
    """The whole mean, with the questions it adds up where a reader could weigh them against it."""
    if figure.whole_mean is None or (figure.subject.item is not None and figure.reached is not None):
        return None  # the rate of right answers to a question is its share of the points
    if figure.subject.strand or (figure.subject.whole and live.mean_unit == "scale"):
        return Mean(figure.whole_mean, *SCALE_ENDS)
    asked = live.asked.get(figure.key, ())
    same = closed.isdisjoint(asked) and all(
        live.figures[key].tested == figure.tested and live.figures[key].reached is not None for key in asked
    )
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
    """Sets of students to hide so that nobody works out the hidden schools of a sum that they do not know."""
    for _, parts in live.sums:
        schools = [live.figures[key] for key in parts if key in live.figures]
        if not schools or any(figure.group.place != Place.SCHOOL for figure in schools):
            continue
        weights = {one.key: one.tested for one in schools}
        more = completed({key for key in weights if key in hidden}, weights, _people(live, weights), floors().group)
        yield from (live.figures[key].students for key in more)


def _people(live: LiveCube, keys: Iterable[str]) -> Insiders:
    """Who knows these figures already."""
    schools = {key: live.figures[key].group.school for key in keys}
    return Insiders({key: school for key, school in schools.items() if school is not None}, live.circles)


def _ready(live: LiveCube, found: Suppressed, asked: dict[str, set[str]], closed: dict[str, str]) -> dict[str, Ready]:
    """The cells as the disclosure service shows them."""
    reasons: dict[str, list[Line]] = {}
    for entry in found.ledger:
        figure = live.figures.get(entry.cell)
        if figure is None or entry.cell in closed:
            continue
        rule = RULES.get(entry.reason) or next((r for r, sets in asked.items() if figure.students in sets), "earlier")
        about = {"rate": "rate", "masked": "rate", "mean": "mean"}.get(rule, "tested")
        if about == "rate" and figure.subject.item is not None:
            about = "mean"  # of a question the share of right answers stands as its mean
        reasons.setdefault(entry.cell, []).append(Line(about, rule, WORDS[rule]))
    cells = {}
    for key, figure in live.figures.items():
        if key in closed:
            lines = () if figure.tested == 0 else (Line("tested", closed[key], WORDS[closed[key]]),)
            cells[key] = Ready(figure, None, lines=lines)
            continue
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


def closed_for_teachers(live: LiveCube) -> dict[str, str]:
    """Standards, strands and questions of which nothing is shown, each with the rule: too few teachers, or beside them.

    In each sum the closed ones must be two or more and have MIN_TEACHERS together, or more are closed; the total where
    none is left.
    """
    least = settings.MIN_TEACHERS
    parts = {key: one for key, one in live.figures.items() if not one.subject.whole and one.tested}
    closed = {key: "few_teachers" for key, one in parts.items() if one.teachers < least}
    while True:
        before = len(closed)
        for total, theirs in live.sums:
            if total in parts and total not in closed:
                closed |= dict.fromkeys(
                    _beside(closed, total, [parts[key] for key in theirs], least), "teachers_together"
                )
        if len(closed) == before:
            return closed


def _beside(closed: dict[str, str], total: str, figures: list[Figure], least: int) -> list[str]:
    """What to close beside those of `figures` that are closed."""
    hidden = [one for one in figures if one.key in closed]
    left = sorted(
        (one for one in figures if one.key not in closed), key=lambda one: (one.teachers, one.tested, one.key)
    )
    more: list[str] = []
    while hidden and (len(hidden) < 2 or sum(one.teachers for one in hidden) < least):
        if not left:
            return [*more, total]
        hidden.append(left.pop(0))
        more.append(hidden[-1].key)
    return more


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
        for key in completed(hidden, matched, _people(live, matched), floors().group):
            found[key] = found[key].without("growth", "growth_together")
    return found
