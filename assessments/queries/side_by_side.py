"""A reader's schools side by side: each standard as standing against the network, school by school, by name.

For whoever works in several schools, above all their coach. Own figures are live where all students of the school are
in the reader's sight; elsewhere the released ones stand in, or "not shown". Nothing here sorts schools by a result.
"""

from dataclasses import dataclass
from functools import cached_property

from assessments.classroom import FEWEST_QUESTIONS
from assessments.exports import Table
from assessments.models import Assessment, GroupSummary, ReleasedCell
from assessments.models.releases import is_open
from assessments.queries.forms import AskedStandard, Form, forms_of
from assessments.queries.school_forms import common_words
from assessments.sentences.figures import FEWEST_FOR_PERCENT, percent
from assessments.sentences.side_by_side import SideBySidePicture, side_by_side_sentence
from assessments.verdicts import Standing, standing_of_percent
from schools.models import School

NOT_SHOWN, NOT_TESTED = "not shown", "not tested"
TOO_FEW = "under 10 students"
P = ReleasedCell.Place


@dataclass(frozen=True, slots=True)
class Mark:
    """One standard in one school: a share of the points with its verdict, or why there is none."""

    percent: int | None
    network: int | None
    why_not: str = ""

    @property
    def verdict(self) -> Standing | None:
        if self.percent is None or self.network is None:
            return None
        return standing_of_percent(self.percent, self.network)

    @property
    def by(self) -> int:
        """Whole points apart."""
        return abs(self.percent - self.network) if self.verdict else 0

    @property
    def words(self) -> str:
        """What a file says: "41 %, below the network by 17"."""
        if self.percent is None:
            return self.why_not
        if self.verdict is None:
            return f"{self.percent} %"
        apart = "" if self.verdict is Standing.CLOSE else f" by {self.by}"
        return f"{self.percent} %, {self.verdict}{apart}"


@dataclass(frozen=True)
class Line:
    """A standard with a mark for each school, in the order of the schools."""

    standard: AskedStandard
    questions: int
    network: int | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Block:
    """The standards of one test, in teaching order, and the schools that have its grade."""

    name: str
    schools: tuple[School, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Sitting:
    """A series in one window, as the page offers it."""

    series: str
    window: object
    rows: tuple[GroupSummary, ...]

    @property
    def name(self) -> str:
        names = sorted({row.administration.assessment.name for row in self.rows})
        return names[0] if len(names) == 1 else common_words(names) or self.series


class SideBySide:
    """The reader's schools. Raises LookupError with fewer than two, KeyError for what has no results."""

    def __init__(self, user, series: str = "", window: str = ""):
        self.user = user
        held = user.standing
        mine = {m.school_id: m.school for m in held.active if m.school_id}
        self.schools = sorted((mine[pk] for pk in mine if self._is_mine(held, pk)), key=lambda one: one.name)
        if len(self.schools) < 2:
            raise LookupError("There is nothing to lay side by side with one school.")
        self.chosen = self._chosen(series, window)

    @staticmethod
    def _is_mine(held, pk: int) -> bool:
        return pk in held.coached_school_ids or pk in held.led_school_ids

    @cached_property
    def sittings(self) -> list[Sitting]:
        """Tests with questions that one of the schools has sat, newest window first."""
        rows = GroupSummary.objects.visible_to(self.user).filter(
            school__in=[school.pk for school in self.schools],
            grade="",
            administration__assessment__kind=Assessment.Kind.FORM,
        )
        related = rows.select_related("administration__assessment", "administration__window__year")
        found: dict[tuple, list[GroupSummary]] = {}
        for row in related.order_by("-administration__window__opens", "administration__assessment__name"):
            key = (row.administration.assessment.series, row.administration.window)
            found.setdefault(key, []).append(row)
        return [Sitting(series, window, tuple(own)) for (series, window), own in found.items()]

    def _chosen(self, series: str, window: str) -> Sitting | None:
        if not self.sittings:
            if series or window:
                raise KeyError(series or window)
            return None
        fit = [one for one in self.sittings if series in ("", one.series) and window in ("", one.window.full_code)]
        if not fit:
            raise KeyError(series or window)
        return fit[0]

    @cached_property
    def released(self) -> dict[tuple, int]:
        """Whole per cents of the points of the newest open release by (grade or school id, standard)."""
        rows = ReleasedCell.objects.visible_to(self.user).filter(
            is_open("release__"),
            release__series=self.chosen.series,
            release__window=self.chosen.window,
            standard__isnull=False,
            mean__isnull=False,
            place__in=(P.GRADE, P.SCHOOL),
        )
        ordered = rows.order_by("release__number").values_list("place", "grade", "school", "standard", "mean")
        return {
            (grade if place == P.GRADE else school, standard): mean for place, grade, school, standard, mean in ordered
        }

    @cached_property
    def blocks(self) -> list[Block]:
        """One for each test of the window, by name."""
        if self.chosen is None:
            return []
        by_test: dict = {}
        for row in self.chosen.rows:
            by_test.setdefault(row.administration.assessment, {})[row.school_id] = row
        forms = forms_of(self.user, [test.pk for test in by_test])
        return [self._block(test, rows, forms[test.pk]) for test, rows in by_test.items() if test.pk in forms]

    def _block(self, test: Assessment, rows: dict[int, GroupSummary], form: Form) -> Block:
        grade = test.grades[0] if len(test.grades) == 1 else ""
        there = tuple(s for s in self.schools if s.pk in rows or (s.pk, form.standards[0].pk) in self.released)
        asked = zip(form.standards, form.asks().sum(axis=1).tolist(), strict=True)
        lines = []
        for place, (standard, questions) in enumerate(asked):
            if questions >= FEWEST_QUESTIONS:
                network = self.released.get((grade, standard.pk))
                size = len(form.standards)
                marks = (self._mark(rows.get(one.pk), place, size, one, standard, network) for one in there)
                lines.append(Line(standard, questions, network, tuple(marks)))
        return Block(test.name, there, tuple(lines))

    def _mark(self, row, place: int, standards: int, school: School, standard: AskedStandard, network) -> Mark:
        """The live figure where the reader has the whole school in sight, else the released one."""
        if row is None:
            return Mark(self.released.get((school.pk, standard.pk)), network, NOT_SHOWN)
        if row.tested < FEWEST_FOR_PERCENT:
            return Mark(None, network, TOO_FEW)
        if len(row.standard_possible) != standards or not row.standard_possible[place]:
            return Mark(None, network, NOT_TESTED)
        return Mark(percent(row.standard_earned[place], row.standard_possible[place]), network)

    @property
    def is_released(self) -> bool:
        return bool(self.chosen and self.released)

    @cached_property
    def sentence(self) -> str:
        """How many standards stand below the network, in which school; nothing is added up across them."""
        if self.chosen is None:
            return side_by_side_sentence(None)
        below = tuple(self._below.items()) if self.is_released else ()
        return side_by_side_sentence(SideBySidePicture(self.chosen.window.name, self.is_released, below))

    @property
    def _below(self) -> dict[str, int]:
        """For each school by name, how many standards stand below the network."""
        found = {school.name: 0 for school in self.schools}
        for block in self.blocks:
            for line in block.lines:
                for school, mark in zip(block.schools, line.marks, strict=True):
                    found[school.name] += mark.verdict is Standing.BELOW
        return found

    def tables(self) -> list[Table]:
        """What the files hold: the marks of the page."""
        found = []
        for block in self.blocks:
            head = ("Standard", "Code", "Questions", "Network", *(school.name for school in block.schools))
            rows = tuple(
                (line.standard.name, line.standard.code, line.questions, self._network_words(line),
                 *(mark.words for mark in line.marks))
                for line in block.lines
            )  # fmt: skip
            found.append(Table(block.name, head, rows))
        return found

    def _network_words(self, line: Line) -> str:
        if line.network is not None:
            return f"{line.network} %"
        return NOT_SHOWN if self.is_released else "opens when results are released"
