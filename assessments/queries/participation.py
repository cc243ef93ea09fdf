"""Who is still to be tested, by class, and how many of those enrolled took the test: a school over the windows.

Enrolled in a window are those who took the test in the school and those whom it still misses: students enrolled in a
tested grade, and in a class of the subject, on the window's last day (today, while it is open) without a result. A
student whom another school tested is missed nowhere.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import groupby

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from assessments.models import Result
from assessments.queries.school_forms import WindowForms
from schools import dates
from schools.models import Enrollment, School, SectionEnrollment, Student

NO_CLASS = "In no class of the subject"


@dataclass(frozen=True, slots=True)
class Untested:
    """A student without a result in the window; `section` is None for one who sits in no class of the subject."""

    name: str
    grade: str
    section: int | None
    title: str


@dataclass(frozen=True, slots=True)
class ClassUntested:
    """Those of one class, by name; `section` is None for the students in no class of the subject."""

    section: int | None
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Took:
    """Students tested of those enrolled."""

    tested: int
    enrolled: int


@dataclass(frozen=True, slots=True)
class ParticipationRow:
    """The school (`grade` "") or one grade of it in each window; None where the grade had no test."""

    grade: str
    windows: tuple[Took | None, ...]


def day_counted(one: WindowForms, today: date) -> date:
    """The day on which it is asked who should have been tested."""
    return min(one.window.closes, today)


def untested_students(user, school: School, windows: list[WindowForms]) -> dict[int, list[Untested]]:
    """The students each of `windows` misses, by name, under the window's key; `user` sees the whole school.

    One question to the database, whatever the number of windows.
    """
    questions = [_missed(user, school, one) for one in windows]
    found: dict[int, list[Untested]] = {one.window.pk: [] for one in windows}
    for window, family, given, number, grade, seat in reduce(_and_those, questions):
        student = Student(family_name=family, given_name=given, number=number)
        found[window].append(Untested(student.name, grade, *_place(seat)))
    for rows in found.values():
        rows.sort(key=lambda row: row.name.casefold())
    return found


def _and_those(left: QuerySet, right: QuerySet) -> QuerySet:
    return left.union(right, all=True)


def _place(seat: dict | None) -> tuple[int | None, str]:
    """The class of a seat, titled as `Section.__str__` has it."""
    return (seat["pk"], f"{seat['title']}, section {seat['code']}") if seat else (None, NO_CLASS)


def by_class(untested: Iterable[Untested]) -> list[ClassUntested]:
    """The same, class by class in the order of their titles; those in no class come last."""

    def place(row: Untested) -> tuple:
        return row.section is None, row.title, row.section or 0

    found = groupby(sorted(untested, key=place), key=lambda row: (row.section, row.title))
    return [ClassUntested(section, title, tuple(row.name for row in rows)) for (section, title), rows in found]


def participation(windows: list[WindowForms], untested: dict[int, list[Untested]]) -> list[ParticipationRow]:
    """The school, then its grades where it has several, over `windows`; `untested` as `untested_students` has it."""
    missed = [Counter(row.grade for row in untested[one.window.pk]) for one in windows]
    pairs = list(zip(windows, missed, strict=True))
    grades = sorted({grade for one, without in pairs for grade in {*one.by_grade, *without} if grade})
    whole = [Took(one.sum.tested, one.sum.tested + without.total()) for one, without in pairs]
    rows = [ParticipationRow("", tuple(whole))]
    if len(grades) > 1:
        rows += [ParticipationRow(g, tuple(_of_grade(one, g, without[g]) for one, without in pairs)) for g in grades]
    return rows


def _of_grade(one: WindowForms, grade: str, missed: int) -> Took | None:
    tested = one.by_grade[grade].tested if grade in one.by_grade else 0
    return Took(tested, tested + missed) if tested + missed else None


def _missed(user, school: School, one: WindowForms) -> QuerySet:
    """(window, family name, given name, number, grade, seat) of the students whom the window misses."""
    day = day_counted(one, user.standing.today)
    tests = [form.administration.pk for form in one.forms]
    grades = {grade for form in one.forms for grade in form.grades_tested}
    tested = Result.objects.filter(  # unscoped: whether there is a result, nothing of it
        student=OuterRef("student"), administration__in=tests, status=Result.TESTED
    )
    seat = _seats(school, one, day).filter(student=OuterRef("student")).order_by("section__title", "section__code")
    told = JSONObject(pk="section", title="section__title", code="section__code")
    rows = Enrollment.objects.visible_to(user).on(day).filter(school=school, grade__in=grades)
    rows = rows.filter(~Exists(tested), _takes_the_subject(school, one, day)).order_by()
    rows = rows.annotate(seat=Subquery(seat.values(json=told)[:1]), window=Value(one.window.pk, IntegerField()))
    names = ("student__family_name", "student__given_name", "student__number")
    return rows.values_list("window", *names, "grade", "seat")


def _takes_the_subject(school: School, one: WindowForms, day: date) -> Q:
    """Students in a class of the subject; those in no class at all cannot be told apart and are counted."""
    anywhere = SectionEnrollment.objects.filter(  # unscoped: whether there is a seat
        dates.on(day), student=OuterRef("student"), section__school=school
    )
    return Exists(_seats(school, one, day).filter(student=OuterRef("student"))) | ~Exists(anywhere)


def _seats(school: School, one: WindowForms, day: date) -> QuerySet[SectionEnrollment]:
    """Seats in the school's classes of the tested subjects; a test or a class without a subject is of any."""
    seats = SectionEnrollment.objects.filter(dates.on(day), section__school=school)  # unscoped: of a school in sight
    subjects = {form.assessment.subject for form in one.forms}
    if "" in subjects:
        return seats
    named = Q(section__subject="")
    for subject in subjects:
        named |= Q(section__subject__iexact=subject)
    return seats.filter(named)
