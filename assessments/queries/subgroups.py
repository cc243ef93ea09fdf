"""Subgroups of one school in one window: English learners, students with an IEP, economic status.

Who reads it
- Those who lead the school, and the district's office. Coaches have no right to students' flags (`student_flags` of
  the permission matrix) and teachers one to those of their own class alone: for both there is no such page.
- Economic status is for the principal and the district's office, and as counts of the school: no mean, no growth.

What is shown
- A figure stands where at least 10 students are in the group and 10 outside it (or none): beside the figure of all,
  one part gives away the other. Both parts are told or neither; each measure asks for its own students.
- Flags are those of the enrollment in this school while the window was open. Students without an entry count with
  the others, so that the two parts make up all.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assessments.exports import Table
from assessments.growth import GroupGrowth, Kind, WindowScores, growth_by_group, match
from assessments.levels import default_benchmark
from assessments.models import Result
from assessments.queries.school import SchoolResults
from assessments.sentences import count_of, percent, range_words, rounded
from assessments.sentences.figures import share_of_students
from assessments.sentences.subgroups import SubgroupPicture, may_be_shown, subgroups_sentence
from schools import dates
from schools.models import Enrollment, School

NOT_SHOWN, COUNTS_ONLY, NO_STUDENTS = "not shown", "counts only", "no students"


@dataclass(frozen=True, slots=True)
class Flag:
    """A field of the enrollment; `counts_only` says that no figure but counts is told of it."""

    field: str
    name: str
    others: str
    counts_only: bool = False


EVERYBODY = (
    Flag("english_learner", "English learners", "All but English learners"),
    Flag("iep", "Students with an IEP", "All but students with an IEP"),
)
ECONOMIC = Flag(
    "economically_disadvantaged",
    "Economically disadvantaged students",
    "All but economically disadvantaged students",
    counts_only=True,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, in words; `share` is `at_benchmark` in short, "" where there is no figure."""

    name: str
    tested: str
    at_benchmark: str
    mean: str
    growth: str
    compared: str
    share: str = ""

    @property
    def shown(self) -> bool:
        return self.tested != NOT_SHOWN

    @property
    def words(self) -> tuple[str, ...]:
        return self.tested, self.at_benchmark, self.mean, self.growth, self.compared


@dataclass(frozen=True, slots=True)
class Sat:
    """One result: `reached` is None where the student has no level."""

    student: int
    reached: bool | None
    score: float | None


def sees_subgroups(user, school: School) -> bool:
    """Whether the page of the school's subgroups is open to `user`."""
    held = user.standing
    return school.pk in held.led_school_ids or school.district_id in held.admin_district_ids


def flags_for(user, school: School) -> tuple[Flag, ...]:
    """The groups `user` may read of."""
    held = user.standing
    whole = school.pk in held.principal_school_ids or school.district_id in held.admin_district_ids
    return (*EVERYBODY, ECONOMIC) if whole else EVERYBODY


class Subgroups:
    """The table, its sentence and its file; `page` is the school in the chosen window."""

    def __init__(self, page: SchoolResults):
        self.page = page
        self.flags = flags_for(page.user, page.school)

    # --- read once ---

    @cached_property
    def _first(self):
        """The first window of the year, where the chosen one is a later one."""
        earlier = self.page.chosen.earlier
        return earlier[0] if earlier else None

    @cached_property
    def _sat(self) -> dict[int, list[Sat]]:
        """The results of the school in the chosen and the first window of the year, by window."""
        windows = [one for one in (self._first, self.page.chosen) if one]
        forms = {form.administration.pk: (one.window.pk, form) for one in windows for form in one.forms}
        rows = Result.objects.visible_to(self.page.user).filter(
            school=self.page.school, administration__in=list(forms), status=Result.TESTED
        )
        found: dict[int, list[Sat]] = defaultdict(list)
        columns = rows.order_by("student_id", "administration_id")
        for test, student, level, score in columns.values_list("administration", "student", "level", "scale_score"):
            window, form = forms[test]
            benchmark = form.assessment.benchmark_level or (default_benchmark(form.levels) if form.levels else 0)
            found[window].append(Sat(student, level >= benchmark if level and benchmark else None, score))
        return found

    @cached_property
    def _entries(self) -> dict[int, dict[str, bool | None]]:
        """The flags of each student while the window was open; of two enrollments the later."""
        window = self.page.chosen.window
        rows = Enrollment.objects.visible_to(self.page.user).filter(
            dates.overlapping(window.opens, window.closes), school=self.page.school
        )
        fields = [flag.field for flag in self.flags]
        return {row["student"]: row for row in rows.order_by("starts").values("student", *fields)}

    @property
    def _now(self) -> list[Sat]:
        return self._sat[self.page.chosen.window.pk]

    def _entry(self, student: int, flag: Flag) -> bool | None:
        return self._entries.get(student, {}).get(flag.field)

    # --- what is told of which scale ---

    @cached_property
    def on_scale(self) -> bool:
        """Whether all tests of the window report on one scale: only then is there a mean."""
        return self._one_scale(self.page.chosen.forms)

    @cached_property
    def with_growth(self) -> bool:
        return self._first is not None and self._one_scale([*self._first.forms, *self.page.chosen.forms])

    @staticmethod
    def _one_scale(forms) -> bool:
        scales = {form.assessment.scale for form in forms}
        return len(scales) == 1 and scales != {""}

    @property
    def since(self) -> str:
        return self._first.window.name if self.with_growth else ""

    # --- rows ---

    @cached_property
    def on_file(self) -> list[Flag]:
        """Groups of which the roster has an entry for at least one tested student."""
        return [flag for flag in self.flags if any(self._entry(one.student, flag) is not None for one in self._now)]

    @property
    def not_on_file(self) -> list[str]:
        return [flag.name for flag in self.flags if flag not in self.on_file]

    @cached_property
    def everybody(self) -> Row:
        everyone = {one.student for one in self._now}
        return self._row("All students", self._now, self._growth(everyone)[1], counts_only=False)

    @cached_property
    def groups(self) -> list[tuple[Row, Row]]:
        """Each group on file beside all others."""
        return [self._pair(flag) for flag in self.on_file]

    @property
    def rows(self) -> list[Row]:
        return [self.everybody, *(row for pair in self.groups for row in pair)]

    @property
    def hides(self) -> bool:
        """Whether anything is not shown."""
        return any(NOT_SHOWN in row.words for row in self.rows)

    def _pair(self, flag: Flag) -> tuple[Row, Row]:
        members = {one.student for one in self._now if self._entry(one.student, flag)}
        group = [one for one in self._now if one.student in members]
        others = [one for one in self._now if one.student not in members]
        if not may_be_shown(len(group), len(others)):
            return _hidden(flag.name), _hidden(flag.others)
        outside, inside = self._growth(members)
        return (
            self._row(flag.name, group, inside, flag.counts_only, beside=(others, outside)),
            self._row(flag.others, others, outside, flag.counts_only, beside=(group, inside)),
        )

    def _row(self, name: str, sat: list[Sat], growth: GroupGrowth | None, counts_only: bool, beside=([], None)) -> Row:
        others, growth_of_others = beside
        at_benchmark, share = _reached(sat, others, counts_only)
        if counts_only:
            return Row(name, f"{len(sat):,}", at_benchmark, COUNTS_ONLY, COUNTS_ONLY, COUNTS_ONLY, share)
        return Row(name, f"{len(sat):,}", at_benchmark, _mean(sat, others), *_grown(growth, growth_of_others), share)

    def _growth(self, members: set[int]) -> tuple[GroupGrowth | None, GroupGrowth | None]:
        """Growth of those outside and inside `members`, of students whom the school had in both windows."""
        if not self.with_growth:
            return None, None
        before, after = (self._scores(one.window.pk, members) for one in (self._first, self.page.chosen))
        found = {one.group: one for one in growth_by_group(match(before, after, Kind.SCALE), "member")}
        return found.get(0), found.get(1)

    def _scores(self, window: int, members: set[int]) -> WindowScores:
        """A student in two forms counts once, with the first."""
        first: dict[int, float] = {}
        for one in self._sat[window]:
            if one.score is not None:
                first.setdefault(one.student, one.score)
        students = np.array(list(first), np.int64)
        return WindowScores(
            students=students,
            scores=np.array(list(first.values()), np.float64),
            grades=np.zeros(len(first), np.int64),
            groups={"member": np.array([student in members for student in first], np.int64)},
        )

    # --- words and files ---

    @property
    def sentence(self) -> str:
        return subgroups_sentence([_picture(*pair) for pair in self.groups], self.since)

    @property
    def columns(self) -> list[str]:
        """Heads of the table; a mean and growth only on one scale."""
        heads = ["Group", "tested", "at benchmark"]
        heads += ["mean scale score"] if self.on_scale else []
        return heads + ([f"scale points since {self.since}", "students compared"] if self.with_growth else [])

    def cells(self, row: Row) -> list[str]:
        """The line's texts under `columns`."""
        found = [row.name, row.tested, row.at_benchmark]
        found += [row.mean] if self.on_scale else []
        return found + ([row.growth, row.compared] if self.with_growth else [])

    def tables(self) -> list[Table]:
        """The file holds what is on screen."""
        return [Table("Subgroups", tuple(self.columns), tuple(tuple(self.cells(row)) for row in self.rows))]


def _hidden(name: str) -> Row:
    return Row(name, *[NOT_SHOWN] * 5)


def _reached(sat: list[Sat], others: list[Sat], counts_only: bool) -> tuple[str, str]:
    """ "39 % (12 of 31 students)" and in short "39 %"; of economic status the counts alone."""
    known = [one.reached for one in sat if one.reached is not None]
    if not may_be_shown(len(known), sum(one.reached is not None for one in others)):
        return NOT_SHOWN, ""
    if not known:
        return NO_STUDENTS if not sat else "no levels", ""
    counted = count_of(sum(known), len(known))
    if counts_only:
        return f"{counted} students", counted
    return share_of_students(sum(known), len(known)), f"{percent(sum(known), len(known))} %"


def _mean(sat: list[Sat], others: list[Sat]) -> str:
    scores = [one.score for one in sat if one.score is not None]
    if not may_be_shown(len(scores), sum(one.score is not None for one in others)):
        return NOT_SHOWN
    return f"{rounded(sum(scores) / len(scores)):,}" if scores else NO_STUDENTS


def _grown(own: GroupGrowth | None, others: GroupGrowth | None) -> tuple[str, str]:
    """ "6 (4 to 8)" and how many students are compared."""
    matched = own.matched if own else 0
    if not may_be_shown(matched, others.matched if others else 0):
        return NOT_SHOWN, NOT_SHOWN
    if own is None or own.mean is None:
        return NO_STUDENTS, "0"
    known = own.low is not None and own.high is not None
    return range_words(own.mean, own.low, own.high) if known else str(rounded(own.mean)), f"{matched:,}"


def _picture(group: Row, others: Row) -> SubgroupPicture:
    """The pair as its sentence needs it: figures, where there are any."""

    def figure(words: str) -> str:
        return "" if words in (NOT_SHOWN, COUNTS_ONLY, NO_STUDENTS) else words

    return SubgroupPicture(
        group.name, group.shown, figure(group.growth), figure(others.growth), group.share, others.share
    )
