"""Rows for tests, made by plain functions. Only what a test names differs from a sensible default."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count

from django.utils import timezone

from assessments.models import Administration, Assessment, CutScore, Item, Standard, Window
from schools.models import (
    DataAgreement,
    District,
    Enrollment,
    Membership,
    Network,
    NetworkSchool,
    Notice,
    Organization,
    School,
    SchoolYear,
    Section,
    SectionEnrollment,
    SectionStaff,
    Student,
    User,
)

numbers = count(10_001)
MD5 = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign people in, they do not guard them
STARTS, ENDS = date(2025, 8, 25), date(2026, 6, 15)


@contextmanager
def first_numbers() -> Iterator[None]:
    """A world that any process may make and all of them copy is numbered from 1: what a test adds comes after it."""
    global numbers
    before, numbers = numbers, count(1)
    try:
        yield
    finally:
        numbers = before


def user(email=None, **fields):
    """A person with the password "correct horse battery"."""
    number = next(numbers)
    fields = {"given_name": "Given", "family_name": f"Person{number}"} | fields
    return User.objects.create_user(email or f"person{number}@example.org", "correct horse battery", **fields)


def district(code="D1", name="First District", **fields):
    return District.objects.create(code=code, name=name, **fields)


def year(of, code="2025-26", starts=STARTS, ends=ENDS):
    return SchoolYear.objects.create(district=of, code=code, starts=starts, ends=ends)


def network(slug="north", name="Northside Math Network", starts=STARTS, **fields):
    return Network.objects.create(slug=slug, name=name, starts=starts, **fields)


def school(of, code, name=None, join=None, **fields):
    made = School.objects.create(district=of, code=code, name=name or f"School {code}", **fields)
    if join is not None:
        NetworkSchool.objects.create(network=join, school=made, starts=STARTS)
    return made


def member(user, role, starts=STARTS, ends=None, **place):
    return Membership.objects.create(user=user, role=role, starts=starts, ends=ends, **place)


def partner(name="Partners in School Improvement"):
    return Organization.objects.create(kind=Organization.Kind.PARTNER, name=name)


def union(name="Teachers' Union"):
    return Organization.objects.create(kind=Organization.Kind.UNION, name=name)


def agreement(organization, of, schools, starts=STARTS, ends=date(2030, 6, 30), official=True):
    made = DataAgreement.objects.create(
        organization=organization, district=of, function="Coaching in mathematics", starts=starts, ends=ends,
        names_school_officials=official,
    )  # fmt: skip
    made.schools.set(schools)
    return made


def student(of, number=None, family_name=None, given_name="Ana"):
    number = number or f"S{next(numbers):05d}"
    return Student.objects.create(
        district=of, number=number, family_name=family_name or f"Family{number}", given_name=given_name
    )


def enroll(student, school, year, grade="05", starts=None, ends=None):
    return Enrollment.objects.create(
        student=student, school=school, year=year, grade=grade,
        starts=starts or year.starts, ends=ends or year.ends,
    )  # fmt: skip


def section(school, year, code="501", title="Math 5", grade="05", subject="Mathematics"):
    return Section.objects.create(
        school=school, year=year, code=code, title=title, grade=grade, subject=subject,
        starts=year.starts, ends=year.ends,
    )  # fmt: skip


def seat(student, section, starts=None, ends=None):
    return SectionEnrollment.objects.create(
        student=student, section=section, starts=starts or section.starts, ends=ends
    )


def staff(user, section, role="teacher", starts=None, ends=None, source="portal"):
    return SectionStaff.objects.create(
        user=user, section=section, role=role, starts=starts or section.starts, ends=ends, source=source
    )


def window(year, code="Q1", name="Fall", opens=date(2025, 9, 15), closes=date(2025, 10, 15), aliases=()):
    return Window.objects.create(year=year, code=code, name=name, opens=opens, closes=closes, aliases=list(aliases))


def standard(code="CC.2.1.5.C.1", short_name="Add unlike fractions", framework="PA Core", grade="05"):
    return Standard.objects.create(framework=framework, code=code, short_name=short_name, grade=grade)


def assessment(of, code="QM5", name="Quarterly Math 5", kind="form", keys="ABCD", standards=(), **fields):
    """A test; a form has one question per letter of `keys`, dealt to `standards` in turn."""
    fields = {"subject": "Mathematics", "grades": ["05"], "series": "QM", "retake_rule": "last"} | fields
    made = Assessment.objects.create(district=of, code=code, name=name, kind=kind, **fields)
    if kind == Assessment.Kind.FORM:
        for position, key in enumerate(keys, 1):
            options = {letter: {"text": f"choice {letter}", "suggests": ""} for letter in "ABCD"}
            item = Item.objects.create(
                assessment=made, position=position, key=key.strip(), label=str(position), choices=options
            )
            if standards:
                item.standards.add(standards[(position - 1) % len(standards)])
    return made


def cuts(assessment, minimums=(0, 2, 3, 4), grade="05", valid_from=date(2025, 7, 1)):
    names = ["Below Basic", "Basic", "Proficient", "Advanced"]
    for level, (name, minimum) in enumerate(zip(names, minimums, strict=True), 1):
        CutScore.objects.create(
            assessment=assessment, grade=grade, level=level, name=name, minimum=minimum, valid_from=valid_from
        )


def administration(assessment, window):
    return Administration.objects.create(assessment=assessment, window=window)


def notice(user, words="Something is there to see.", kind="results", about=None, at=None, url="/results/", **fields):
    number = next(numbers)
    return Notice.objects.create(
        user=user, words=words, kind=kind, about=about or f"thing {number}", url=url, at=at or timezone.now(),
        **fields,
    )  # fmt: skip
