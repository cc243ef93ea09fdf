"""The summaries of one school as a book: series, windows, forms; chosen from and added up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from assessments.charts import LevelShare, level_bar
from assessments.exports import Table
from assessments.levels import Cut, at_benchmark, cuts_in_force, default_benchmark
from assessments.models import Administration, Assessment, CutScore, GroupSummary, Window
from schools.models import School

FEWEST_LEVELS, MOST_LEVELS = 2, 5


@dataclass(frozen=True)
class Sum:
    """Students of several summaries together; at_benchmark is None where no test has levels."""

    tested: int
    not_tested: int
    at_benchmark: int | None
    with_level: int


@dataclass(frozen=True)
class FormRow:
    """One test in the window: its summary of the whole school, and those of its grades."""

    administration: Administration
    summary: GroupSummary
    by_grade: dict[str, GroupSummary]
    levels: dict[int, str]

    @property
    def assessment(self) -> Assessment:
        return self.administration.assessment

    @property
    def grades_tested(self) -> set[str]:
        return set(self.assessment.grades) or set(self.by_grade)

    @property
    def only_grade(self) -> str:
        """The grade of a form that is for one; "" for one of several."""
        grades = self.assessment.grades or list(self.by_grade)
        return grades[0] if len(grades) == 1 else ""

    def reached(self, summary: GroupSummary) -> tuple[int | None, int]:
        """Students of `summary` at benchmark, and those with a level."""
        counts = padded(summary.level_counts, self.levels)
        if not self.levels or not sum(counts):
            return None, 0
        found = at_benchmark(counts, self.assessment.benchmark_level or default_benchmark(self.levels))
        return found.students, found.of


@dataclass(frozen=True)
class LevelGroup:
    """Windows whose levels have the same names: one legend, one stacked bar a window."""

    levels: list[dict]
    bars: list[dict]


@dataclass(eq=False)
class WindowForms:
    """A series in one window: its forms, and the windows of the same year before it."""

    series: str
    window: Window
    forms: list[FormRow]
    earlier: list["WindowForms"]
    school: School

    @property
    def name(self) -> str:
        """The one test, or what the names of the forms begin with ("Quarterly Math")."""
        names = sorted({form.assessment.name for form in self.forms})
        return names[0] if len(names) == 1 else common_words(names) or self.series

    @property
    def published_on(self) -> date | None:
        """The day the newest of the files was published, in the district's zone."""
        days = [form.administration.published_at for form in self.forms if form.administration.published_at]
        return max(days).astimezone(ZoneInfo(self.school.district.timezone)).date() if days else None

    @cached_property
    def grades_tested(self) -> frozenset[str]:
        return frozenset(grade for form in self.forms for grade in form.grades_tested)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The subjects of the forms in small letters; "" is of any."""
        return frozenset(form.assessment.subject.casefold() for form in self.forms)

    def up_to_here(self) -> list["WindowForms"]:
        return [*self.earlier, self]

    @cached_property
    def sum(self) -> Sum:
        return added((form, form.summary) for form in self.forms)

    @cached_property
    def by_grade(self) -> dict[str, Sum]:
        rows = defaultdict(list)
        for form in self.forms:
            for grade, summary in form.by_grade.items():
                rows[grade].append((form, summary))
        return {grade: added(found) for grade, found in rows.items()}

    @cached_property
    def level_groups(self) -> list[LevelGroup]:
        """Levels by window up to this one; tests whose levels have other names stand apart."""
        found: dict[tuple, list] = {}
        for one in self.up_to_here():
            counts: dict[tuple, list[int]] = {}
            for form in one.forms:
                names = tuple(sorted(form.levels.items()))
                if FEWEST_LEVELS <= len(names) <= MOST_LEVELS:
                    own = padded(form.summary.level_counts, form.levels)
                    counts[names] = [a + b for a, b in zip(counts.get(names, [0] * len(own)), own, strict=True)]
            for names, students in counts.items():
                if sum(students):
                    found.setdefault(names, []).append((one.window.name, students))
        return [_level_group(names, rows) for names, rows in found.items()]

    def levels_table(self) -> Table:
        rows = tuple(
            (bar["name"], level["name"], students)
            for group in self.level_groups
            for bar in group.bars
            for level, students in zip(group.levels, bar["counts"], strict=True)
        )
        return Table("Levels", ("Window", "Level", "Students"), rows)


@dataclass(frozen=True)
class Book:
    """Everything published of a school, by series and window."""

    pages: dict[tuple[str, str], WindowForms]

    def chosen(self, series: str, window: str) -> WindowForms | None:
        """The newest window, of the series and by the full code where they are given; of several the most sat.

        None where the school has no results at all. Raises KeyError for what it has none of.
        """
        if not self.pages and not (series or window):
            return None
        found = [
            one
            for (name, code), one in self.pages.items()
            if (not series or name == series) and (not window or code == window)
        ]
        if not found:
            raise KeyError(series, window)
        return max(found, key=lambda one: (one.window.opens, one.sum.tested, one.series))

    def of_series(self, series: str) -> list[WindowForms]:
        """Its windows, newest first."""
        found = [one for (name, _), one in self.pages.items() if name == series]
        return sorted(found, key=lambda one: one.window.opens, reverse=True)

    @property
    def series(self) -> list[WindowForms]:
        """The newest window of each series, by name."""
        names = {name for name, _ in self.pages}
        return sorted((self.of_series(name)[0] for name in names), key=lambda one: one.name)


def book_of(user, school: School, *, whole: bool) -> Book:
    """The school's summaries. Whoever lacks sight of the whole school asks the page what of it may be shown."""
    cuts = CutScore.objects.filter(  # unscoped: cut scores are open to all
        assessment=OuterRef("administration__assessment")
    ).values(json=JSONObject(grade="grade", level="level", name="name", minimum="minimum", valid_from="valid_from"))
    rows = GroupSummary.objects.visible_to(user) if whole else _for_teachers()
    rows = rows.filter(school=school).select_related("administration__assessment", "administration__window__year")
    by_page: dict[tuple[str, str], dict[int, list]] = defaultdict(lambda: defaultdict(list))
    for row in rows.annotate(cuts=ArraySubquery(cuts)).order_by("administration__window__opens", "pk"):
        one = row.administration
        by_page[one.assessment.series, one.window.full_code][one.pk].append(row)
    pages: dict[tuple[str, str], WindowForms] = {}
    for (series, code), tests in by_page.items():
        forms = sorted((_form(found) for found in tests.values()), key=lambda form: form.assessment.name)
        window = forms[0].administration.window
        earlier = [one for (name, _), one in pages.items() if name == series and one.window.year_id == window.year_id]
        pages[series, code] = WindowForms(series, window, forms, earlier, school)
    return Book(pages)


def _for_teachers():
    return GroupSummary.objects.all()  # unscoped: of the own school; the page shows them only with MIN_TEACHERS


def _form(rows: list) -> FormRow:
    whole = next(row for row in rows if not row.grade)
    return FormRow(
        whole.administration,
        whole,
        {row.grade: row for row in rows if row.grade},
        _level_names(whole.cuts, whole.administration.window.opens),
    )


def _level_names(rows: list[dict], day: date) -> dict[int, str]:
    """Names of the levels by number, by the cut scores in force on `day`."""
    cuts = [
        Cut(row["grade"], row["level"], row["name"], float(row["minimum"]), date.fromisoformat(row["valid_from"]))
        for row in rows
    ]
    names: dict[int, str] = {}
    for grade in sorted({cut.grade for cut in cuts}):
        for cut in cuts_in_force(cuts, grade, day):
            names.setdefault(cut.level, cut.name)
    return dict(sorted(names.items()))


def padded(counts: list[int], levels: dict[int, str]) -> list[int]:
    """Students at each of the test's levels, also those nobody reached."""
    return [*counts, *[0] * (len(levels) - len(counts))]


def added(rows: Iterable[tuple[FormRow, GroupSummary]]) -> Sum:
    """Several summaries as one."""
    found = list(rows)
    reached = [form.reached(summary) for form, summary in found]
    known = [students for students, _ in reached if students is not None]
    return Sum(
        sum(summary.tested for _, summary in found),
        sum(summary.not_tested for _, summary in found),
        sum(known) if known else None,
        sum(of for _, of in reached),
    )


def _level_group(names: tuple, rows: list[tuple[str, list[int]]]) -> LevelGroup:
    levels = [{"number": number, "name": name} for number, name in names]
    bars = []
    for window, students in rows:
        shares = [LevelShare(number, name, n) for (number, name), n in zip(names, students, strict=True)]
        bars.append(level_bar(window, shares) | {"counts": students})
    return LevelGroup(levels, bars)


def common_words(names: list[str]) -> str:
    """The words that all names begin with: "Quarterly Math" of "Quarterly Math 5" and "Quarterly Math 6"."""
    words = [name.split() for name in names]
    shared = []
    for group in zip(*words, strict=False):
        if len(set(group)) > 1:
            break
        shared.append(group[0])
    return " ".join(shared)
