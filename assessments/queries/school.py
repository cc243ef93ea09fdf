"""A school in one window of one series: what was tested, levels, growth, standards, beside what is released.

The forms of a series (one a grade) are added up; each keeps its own levels, benchmark and standards.
"""

from functools import cached_property

from django.conf import settings
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from assessments.classroom import FEWEST_QUESTIONS
from assessments.exports import Table
from assessments.models import GrowthSummary, Result
from assessments.queries.beside import Beside, beside_school, released_school
from assessments.queries.forms import forms_of
from assessments.queries.participation import (
    ClassUntested,
    ParticipationRow,
    Untested,
    by_class,
    participation,
    untested_students,
)
from assessments.queries.reach import opens_school, schools_with_results, sees_whole_school
from assessments.queries.school_forms import Book, FormRow, Sum, WindowForms, book_of
from assessments.queries.school_rows import GradeRow, GrowthRow, SectionLine, StandardLine, StandingRow
from assessments.queries.school_tables import school_tables
from assessments.queries.teachers import Teachers, teachers_of
from assessments.sentences import (
    BasisPicture,
    GrowthPicture,
    SchoolPicture,
    basis_line,
    count_of,
    percent,
    range_words,
    school_sentence,
)
from assessments.sentences.figures import FEWEST_FOR_PERCENT
from assessments.sentences.participation import (
    ParticipationPicture,
    make_up_sentence,
    missing_words,
    tested_so_far,
)
from assessments.sentences.releases import own_school_sentence, rate_words
from assessments.verdicts import Standing, standing
from schools.access import AccessEnded, ended_right
from schools.models import School, Section

NAMED_STANDARDS = 3


def school_in_reach(user, pk: int) -> School:
    """The school whose results `user` may open. Raises Http404, or AccessEnded where the right has ended."""
    own = {school.pk: school for school in user.standing.own_schools if opens_school(user, school)}
    school = own.get(pk) or schools_with_results(user).select_related("district").filter(pk=pk).first()
    if school is not None:
        return school
    hidden = School.objects.filter(pk=pk).first()  # unscoped: to say when a right ended
    sentence = ended_right(user, hidden) if hidden is not None else None
    raise AccessEnded(sentence) if sentence else Http404


class SchoolResults:
    """The page of a school. Raises KeyError for a series or window the school has no results of."""

    def __init__(self, user, school: School, series: str = "", window: str = ""):
        self.user, self.school = user, school
        self.whole = sees_whole_school(user, school)
        self.book: Book = book_of(user, school, whole=self.whole)
        self.chosen: WindowForms | None = self.book.chosen(series, window)

    # --- what it rests on ---

    @cached_property
    def behind(self) -> int | None:
        """The test whose source the reader may open: a teacher has results in sight in the own grades alone."""
        tests = [form.administration.pk for form in self.chosen.forms]
        if self.whole:
            return tests[0]
        rows = Result.objects.visible_to(self.user).filter(administration__in=tests, school=self.school)
        in_sight = set(rows.order_by().values_list("administration", flat=True).distinct())
        return next((pk for pk in tests if pk in in_sight), None)

    @property
    def few_teachers(self) -> bool:
        """Too few teachers for somebody who could subtract the own class: nothing of the whole is shown."""
        return not self.whole and not self._teachers.enough_for_all

    @property
    def shows_parts(self) -> bool:
        """Whether figures by grade and standard are shown."""
        return self.whole or (self._teachers.enough_for_all and self._teachers.enough_for_each)

    @cached_property
    def _teachers(self) -> Teachers:
        own = self.user.standing.section_ids
        return teachers_of(self.school, self.chosen.up_to_here(), settings.MIN_TEACHERS, own)

    @cached_property
    def tested(self) -> int:
        return self.chosen.sum.tested

    @cached_property
    def _all_untested(self) -> dict[int, list[Untested]]:
        return untested_students(self.user, self.school, self.windows)

    @property
    def _untested(self) -> list[Untested]:
        return self._all_untested[self.chosen.window.pk] if self.whole else []

    @property
    def untested(self) -> list[str]:
        """Names of students enrolled in the tested grades who have no result in this window."""
        return [one.name for one in self._untested]

    @property
    def untested_by_class(self) -> list[ClassUntested]:
        return by_class(self._untested)

    @cached_property
    def participation(self) -> list[ParticipationRow]:
        """Tested of enrolled over the windows of the year; none where that is the one figure told above."""
        if not self.whole:
            return []
        rows = participation(self.windows, self._all_untested)
        return rows if len(rows) > 1 or len(self.windows) > 1 else []

    @property
    def _turnout(self) -> ParticipationPicture:
        return ParticipationPicture(self.tested, self.enrolled, self.chosen.window.closes, self.user.standing.today)

    @property
    def tested_words(self) -> str:
        """ "44 of 47"; "27 of 31 so far" while the window is open."""
        return tested_so_far(self._turnout)

    @property
    def enrolled_words(self) -> str:
        return missing_words(self._turnout)

    @property
    def make_up(self) -> str:
        """Until when the untested can take the test."""
        return make_up_sentence(self._turnout)

    @cached_property
    def enrolled(self) -> int:
        not_tested = len(self._untested) if self.whole else self.chosen.sum.not_tested
        return self.tested + not_tested

    @cached_property
    def basis(self) -> list[str]:
        if self.chosen is None:
            return []
        one = self.chosen
        line = basis_line(BasisPicture(one.name, one.window.name, one.published_on, self.tested, self.enrolled))
        return line.split(" · ")

    @cached_property
    def sentence(self) -> str:
        if self.chosen is None:
            return "No results yet. This page fills itself when a file of them is published."
        if self.few_teachers:
            return f"{count_of(self.tested, self.enrolled)} students tested. {self._released_words}"
        reached = self.chosen.sum
        return school_sentence(
            SchoolPicture(
                test=self.chosen.name,
                window=self.chosen.window.name,
                tested=self.tested,
                enrolled=self.enrolled,
                growth=self._growth_picture,
                at_benchmark=reached.at_benchmark,
                with_level=reached.with_level,
                network_percent=self.beside.percent if self.beside else None,
            )
        )

    @property
    def _growth_picture(self) -> GrowthPicture | None:
        """Growth of the school as its sentence tells it, on a scale or by standing."""
        row, stand = self._growth_of(""), self.standing_row
        if row is not None:
            figures = (row.mean, row.low, row.high, row.verdict, row.against)
            return GrowthPicture(self.since, row.matched, *figures, apart=row.apart)
        if stand is None or not self.by_standing:
            return None
        none = (None, None, None, None)
        return GrowthPicture(self.since, stand.matched, *none, stand.verdict, on_scale=False, apart=stand.apart)

    @property
    def benchmark_figure(self) -> str:
        """ "39 %"; under ten "5 of 8"; "" where no test has levels."""
        found = self.chosen.sum
        if found.at_benchmark is None:
            return ""
        if found.with_level < FEWEST_FOR_PERCENT:
            return count_of(found.at_benchmark, found.with_level)
        return f"{percent(found.at_benchmark, found.with_level)}\u00a0%"

    @property
    def benchmark_words(self) -> str:
        """ "17 of 44 students"."""
        found = self.chosen.sum
        few = found.with_level < FEWEST_FOR_PERCENT
        return "students" if few else f"{count_of(found.at_benchmark, found.with_level)} students"

    # --- the network ---

    @property
    def _released_words(self) -> str:
        """With too few teachers the whole school is read as everyone in the network reads it, once it is released.

        The live figures are exact: less the own class they would be a colleague's.
        """
        cell = released_school(self.user, self.school, self.chosen.series, self.chosen.window.pk)
        if cell is None:
            return own_school_sentence("", "", "")
        on_scale = cell.growth is not None and cell.release.growth_kind == "scale"
        grown = range_words(cell.growth, cell.growth_low, cell.growth_high) if on_scale else ""
        return own_school_sentence(cell.rate, grown, cell.release.since.name if grown else "")

    @cached_property
    def beside(self) -> Beside | None:
        """The network's released figures of this window; None before the release."""
        return beside_school(self.user, self.school, self.chosen.series, self.chosen.window.pk)

    @property
    def network_figure(self) -> str:
        """The network's share at benchmark as it is released, "" where there is none to compare with."""
        if self.beside is None or not self.benchmark_figure:
            return ""
        return rate_words(self.beside.rate) if self.beside.rate else "not shown"

    @property
    def network_growth(self) -> str:
        """ "5 (4 to 6) scale points" since the same window, "" before the release."""
        known = self.beside is not None and self.beside.growth is not None and self.beside.since == self.since
        return f"{range_words(*self.beside.growth)} scale points" if known else ""

    # --- levels ---

    @cached_property
    def windows(self) -> list[WindowForms]:
        """The windows of the year up to the one chosen."""
        return self.chosen.up_to_here()

    @cached_property
    def grades(self) -> list[GradeRow]:
        """One row a grade; none where the school has one grade alone, or parts are not shown."""
        if not self.shows_parts or len(self.chosen.by_grade) < 2:
            return []
        return [self._grade_row(grade, found) for grade, found in sorted(self.chosen.by_grade.items())]

    @staticmethod
    def _grade_row(grade: str, found: Sum) -> GradeRow:
        return GradeRow(grade, found.tested, found.at_benchmark, found.with_level)

    # --- growth ---

    @cached_property
    def _growth(self) -> list[GrowthSummary]:
        """Growth from the first window of the year to the chosen one."""
        rows = GrowthSummary.objects.visible_to(self.user) if self.whole else self._growth_for_teachers()
        window = self.chosen.window
        found = list(
            rows.filter(school=self.school, series=self.chosen.series, last=window.pk, first__year=window.year_id)
            .select_related("first")
            .order_by("first__opens", "grade")
        )
        return [row for row in found if row.first_id == found[0].first_id]

    @staticmethod
    def _growth_for_teachers():
        return GrowthSummary.objects.all()  # unscoped: of the own school, and only with MIN_TEACHERS

    @property
    def since(self) -> str:
        return self._growth[0].first.name if self._growth else ""

    @property
    def by_standing(self) -> bool:
        """Growth without a common scale compares schools, and opens with the release."""
        return bool(self._growth) and self._growth[0].kind == GrowthSummary.Kind.STANDING

    @cached_property
    def growth(self) -> list[GrowthRow]:
        """The school, then its grades."""
        if self.few_teachers or self.by_standing:
            return []
        rows = [self._growth_row(row) for row in self._growth]
        several = sum(1 for row in rows if row.grade) > 1 and self.shows_parts
        return [row for row in rows if several or not row.grade]

    def _growth_row(self, row: GrowthSummary) -> GrowthRow:
        """Against the network, a grade against its own grade there, only once the network's growth is released."""
        against = standing(row.against_low, row.against_high) if self.network_growth else None
        apart = (row.against_mean, row.against_low, row.against_high) if against else None
        return GrowthRow(row.grade, row.matched, row.mean, row.low, row.high, against, apart)

    @property
    def apart_line(self) -> str:
        """How far the school and its grades are from the network, each with its range; "" before the release."""
        told = [f"{row.name}: {row.apart_words}" for row in self.growth if row.apart_words]
        return f"Difference from the network in scale points, {', '.join(told)}." if told else ""

    @property
    def standing_row(self) -> StandingRow | None:
        """Where the measure is the standing in the network: how the school stands since then, once it is released."""
        overall = next((row for row in self._growth if not row.grade), None)
        if self.beside is None or overall is None or overall.matched < FEWEST_FOR_PERCENT:
            return None
        verdict = standing(overall.against_low, overall.against_high, in_deviations=self.by_standing)
        apart = (overall.against_mean, overall.against_low, overall.against_high)
        return StandingRow(overall.matched, verdict, apart) if verdict else None

    def _growth_of(self, grade: str) -> GrowthRow | None:
        return next((row for row in self.growth if row.grade == grade), None)

    # --- standards ---

    @cached_property
    def standards(self) -> list[StandardLine]:
        """Standards with at least 3 questions, of forms with at least ten tested, lowest share first."""
        if not self.shows_parts:
            return []
        forms = forms_of(self.user, [form.assessment.pk for form in self.chosen.forms])
        found = []
        for row in self.chosen.forms:
            form = forms.get(row.assessment.pk)
            current = form is not None and len(form.standards) == len(row.summary.standard_earned)
            if current and row.summary.tested >= FEWEST_FOR_PERCENT:
                found += self._lines(row, form)
        return sorted(found, key=lambda line: line.share)

    def _lines(self, row: FormRow, form) -> list[StandardLine]:
        grade = row.only_grade
        network = self.beside.standards if self.beside else {}
        counts = form.asks().sum(axis=1).tolist()
        sums = zip(form.standards, counts, row.summary.standard_earned, row.summary.standard_possible, strict=True)
        return [
            StandardLine(standard, grade, questions, earned, possible, network.get((grade, standard.pk)))
            for standard, questions, earned, possible in sums
            if questions >= FEWEST_QUESTIONS and possible
        ]

    @property
    def below(self) -> list[StandardLine]:
        """Standards clearly below the network, the furthest first."""
        return self._apart(Standing.BELOW)

    @property
    def above(self) -> list[StandardLine]:
        return self._apart(Standing.ABOVE)

    def _apart(self, verdict: Standing) -> list[StandardLine]:
        found = [line for line in self.standards if line.verdict is verdict]
        return sorted(found, key=lambda line: -line.by)[:NAMED_STANDARDS]

    @property
    def lowest(self) -> list[StandardLine]:
        return self.standards[: min(NAMED_STANDARDS, (len(self.standards) + 1) // 2)]

    @property
    def highest(self) -> list[StandardLine]:
        return self.standards[::-1][: min(NAMED_STANDARDS, len(self.standards) // 2)]

    # --- classes ---

    @cached_property
    def sections(self) -> list[SectionLine]:
        """The classes tested, by name; for teachers of the school their own alone."""
        tests = [form.administration.pk for form in self.chosen.forms]
        tested = (
            Result.objects.visible_to(self.user)
            .filter(section=OuterRef("pk"), administration__in=tests, status=Result.TESTED)
            .order_by()
            .values("section")
            .annotate(students=Count("student"))
            .values("students")
        )
        rows = Section.objects.visible_to(self.user).filter(school=self.school, year=self.chosen.window.year_id)
        if not self.whole:
            rows = rows.filter(pk__in=self.user.standing.section_ids)
        counted = rows.annotate(tested=Coalesce(Subquery(tested, output_field=IntegerField()), 0)).filter(tested__gt=0)
        return [SectionLine(row.pk, str(row), row.tested) for row in counted.order_by("title", "code")]

    @property
    def sections_title(self) -> str:
        return "Classes" if self.whole else "Your classes"

    # --- files ---

    def tables(self) -> list[Table]:
        """What the files hold: the page's figures, no student's row."""
        return [] if self.chosen is None or self.few_teachers else school_tables(self)
