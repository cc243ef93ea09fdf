"""Who is still to be tested, by class, and how many of those enrolled took the test: a school over the windows.

Enrolled in a window are those who took the test in the school and those whom it still misses: students enrolled in a
tested grade, and in a class of the subject, on the window's last day (today, while it is open) without a result. A
student whom another school tested is missed nowhere.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from assessments.models import Result
from assessments.queries.school_forms import WindowForms
from schools import dates
from schools.models import Enrollment, School, SectionEnrollment, Student
from schools.search import place_of

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

    One question to the database, whatever the number of windows: who has not taken them all. Which of them a window
    misses is told from the days of their enrollment and their seats.
    """
    days = {one.window.pk: day_counted(one, user.standing.today) for one in windows}
    found: dict[int, list[Untested]] = {one.window.pk: [] for one in windows}
    rows = _not_all_taken(user, school, windows, min(days.values()), max(days.values()))
    for family, given, number, grade, starts, ends, took, seats in rows:
        name = Student(family_name=family, given_name=given, number=number).name
        for one in windows:
            day = days[one.window.pk]
            asked = starts <= day and (ends is None or day <= ends) and grade in one.grades_tested
            if not asked or one.window.pk in took:
                continue
            there = [seat for seat in seats if _on(seat, day)]
            seat = next((seat for seat in there if _of_subject(seat, one.subjects)), None)
            if seat or not there:  # those in no class at all cannot be told apart and are counted
                found[one.window.pk].append(Untested(name, grade, *_place(seat)))
    for missed in found.values():
        missed.sort(key=lambda row: place_of(row.name))
    return found


def _on(seat: dict, day: date) -> bool:
    return seat["starts"] <= day.isoformat() and (not seat["ends"] or day.isoformat() <= seat["ends"])


def _of_subject(seat: dict, subjects: frozenset[str]) -> bool:
    """Whether a seat is in a class of the tested subjects; a test or a class without a subject is of any."""
    return "" in subjects or not seat["subject"] or seat["subject"].casefold() in subjects


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


def _not_all_taken(user, school: School, windows: list[WindowForms], first: date, last: date) -> QuerySet:
    """(family name, given name, number, grade, first and last day, windows taken, seats) of enrollments in the school
    between two days, of students who lack a result in one of the windows at least."""
    tests = [form.administration.pk for one in windows for form in one.forms]
    taken = Result.objects.filter(  # unscoped: whether there is a result, nothing of it
        student=OuterRef("student"), administration__in=tests, status=Result.TESTED
    )
    seats = SectionEnrollment.objects.filter(  # unscoped: of a school in sight
        student=OuterRef("student"), section__school=school
    ).order_by("section__title", "section__code")
    seat = JSONObject(
        pk="section", title="section__title", code="section__code", subject="section__subject",
        starts="starts", ends="ends",
    )  # fmt: skip
    grades = frozenset[str]().union(*(one.grades_tested for one in windows))
    rows = Enrollment.objects.visible_to(user).filter(dates.overlapping(first, last), school=school, grade__in=grades)
    rows = (
        rows.order_by()
        .annotate(
            took=ArraySubquery(taken.order_by().values("administration__window")),
            seats=ArraySubquery(seats.values(json=seat)),
        )
        .exclude(took__contains=[one.window.pk for one in windows])
    )
    names = ("student__family_name", "student__given_name", "student__number")
    return rows.values_list(*names, "grade", "starts", "ends", "took", "seats")
