"""Random people with random roles on random days: what they see, may change, and are told why, hold to one another.

Every model of the row table is asked. Who sees a student is also worked out a second time, row by row, from the words
of the permission matrix.
"""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from assessments.models import Result
from schools.access import why_can_see
from schools.dates import on
from schools.models import (
    DataAgreement,
    Enrollment,
    Membership,
    SectionEnrollment,
    SectionStaff,
    Student,
    User,
)
from tests import make
from tests.policy.rows import furnish
from tests.policy.rows_seen import ROWS
from tests.test_composed import asks_as_composed_now

pytestmark = pytest.mark.django_db

SCHOOL_ROLES = ("teacher", "teacher_leader", "principal", "psi_coach")
PLACES = {
    "school": SCHOOL_ROLES,
    "district": ("district_admin", "auditor"),
    "network": ("network_admin", "auditor", "union_rep"),
    "organization": ("psi_coach", "union_rep"),
}
# Few days, side by side, so that a first or last day is met: of the year, of its classes, of the 90 days after it.
EDGES = (date(2025, 8, 25), date(2025, 10, 15), date(2025, 12, 10), date(2026, 6, 15), date(2026, 9, 13))
DAYS = st.one_of(
    st.builds(lambda edge, more: edge + timedelta(days=more), st.sampled_from(EDGES), st.integers(-1, 1)),
    st.dates(date(2025, 7, 1), date(2026, 11, 30)),
)
SPANS = st.tuples(DAYS, st.one_of(st.none(), st.integers(0, 2), st.integers(0, 300)))
ROLES = st.sampled_from([(kind, role) for kind, roles in PLACES.items() for role in roles])
HELD = st.lists(st.tuples(ROLES, st.integers(0, 9), SPANS), max_size=3)
TAUGHT = st.lists(st.tuples(st.integers(0, 9), SPANS), max_size=2)
LEAVES = st.lists(st.tuples(st.integers(0, 9), DAYS), max_size=2)
MOVES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), SPANS), max_size=3)
LAST = date(2027, 6, 30)
AGREED = st.tuples(st.booleans(), SPANS)


def days_of(span, latest=LAST) -> dict:
    """First and last day of a drawn span; one without a length is open."""
    starts, length = span
    ends = None if length is None else min(starts + timedelta(days=length), latest)
    return {"starts": starts, "ends": ends}


def pick(rows, number):
    return rows[number % len(rows)]


def move(student, section, day: date) -> None:
    """A student who takes a seat in another school is enrolled there from that day, and in the one before no more."""
    if not student.enrollments.filter(school=section.school).exists():
        student.enrollments.filter(starts__gte=day).delete()
        student.enrollments.filter(ends__gte=day).update(ends=day - timedelta(days=1))
        make.enroll(student, section.school, section.year, starts=day, ends=LAST)


class Plan:
    """The rows of one example: a person, what they hold, whom they teach, students who move or leave, one agreement."""

    def __init__(self, world, held, taught, moves, leaves, agreed):
        self.person = make.user()
        places = {
            "school": [world.ash, world.birch, world.cedar, world.far_school],
            "district": [world.district, world.cedar_district, world.far],
            "network": [world.network],
            "organization": [world.psi, world.union],
        }
        sections = [world.section, world.other_section, world.birch_section, world.cedar_section, world.far_section]
        for (kind, role), number, span in held:
            make.member(self.person, role, **days_of(span), **{kind: pick(places[kind], number)})
            if role == "psi_coach" and kind == "school" and number < 8:
                make.member(self.person, role, **days_of(span), organization=world.psi)
        for number, span in {number % 5: (number, span) for number, span in taught}.values():
            make.staff(self.person, pick(sections, number), **days_of(span))
        students = [*world.students, world.cedar_student, world.far_student]
        for who, where, span in {(who % 6, where % 5): (who, where, span) for who, where, span in moves}.values():
            section, student = pick(sections, where), pick(students, who)
            if student.district_id == section.school.district_id and span[0] > section.starts:
                make.seat(student, section, **days_of(span))
                move(student, section, span[0])
        for who, last in leaves:
            student = pick(students, who)
            for rows in (student.enrollments, student.sections):
                rows.filter(on(last)).update(ends=last)
        official, span = agreed
        days = days_of((span[0], 30 if span[1] is None else span[1]))
        DataAgreement.objects.filter(pk=world.agreement.pk).update(names_school_officials=official, **days)

    @property
    def anew(self) -> User:
        """The person as a request of that moment finds them."""
        return User.objects.get(pk=self.person.pk)


def in_force(row, day, last=None) -> bool:
    ends = min(day for day in (row.ends, last) if day) if row.ends or last else None
    return row.starts <= day and (ends is None or ends >= day)


def agreed(coach: Membership, roles: list, day: date) -> bool:
    """Whether an agreement in force opens the students of the school that is coached."""
    partners = [one.organization_id for one in roles if one.role == "psi_coach" and one.organization_id]
    agreements = DataAgreement.objects.filter(
        organization__in=partners, schools=coach.school, names_school_officials=True
    )
    return any(in_force(one, day) for one in agreements)


def students_by_the_matrix(person, day: date) -> set[int]:
    """Who may be seen, row by row: PM-001 to PM-009 in plain words."""
    roles = [row for row in Membership.objects.filter(user=person) if in_force(row, day)]
    found = set()
    for row in roles:
        if row.role == "district_admin":
            found |= set(Student.objects.filter(district=row.district).values_list("pk", flat=True))
        if row.role in ("principal", "teacher_leader"):
            found |= {stay.student_id for stay in Enrollment.objects.filter(school=row.school)}
        if row.role == "psi_coach" and row.school_id and agreed(row, roles, day):
            found |= {s.student_id for s in Enrollment.objects.filter(school=row.school) if in_force(s, day)}
    for post in SectionStaff.objects.filter(user=person).select_related("section__year"):
        if post.starts > day or post.section.year.ends < day - timedelta(days=90):
            continue
        seats = SectionEnrollment.objects.filter(section=post.section)
        teaches = in_force(post, day, post.section.ends)
        found |= {seat.student_id for seat in seats if not teaches or in_force(seat, day)}
    return found


def results_by_the_matrix(person, day: date) -> set[int]:
    """Which results may be read, row by row, in the same plain words.

    A class keeps what was taken in it: its teacher of today reads the results of those who left it too, and one of
    before those of the windows they taught.
    """
    roles = [row for row in Membership.objects.filter(user=person) if in_force(row, day)]
    districts = {row.district_id for row in roles if row.role == "district_admin"}
    whole = {row.school_id for row in roles if row.role in ("principal", "teacher_leader")}
    whole |= {row.school_id for row in roles if row.role == "psi_coach" and row.school_id and agreed(row, roles, day)}
    posts = [
        post
        for post in SectionStaff.objects.filter(user=person).select_related("section__year")
        if post.starts <= day and post.section.year.ends >= day - timedelta(days=90)
    ]
    now = {post.section_id for post in posts if in_force(post, day, post.section.ends)}
    here = {stay.student_id for stay in Enrollment.objects.filter(school__in=whole) if in_force(stay, day)}
    here |= {seat.student_id for seat in SectionEnrollment.objects.filter(section__in=now) if in_force(seat, day)}
    found = set()
    for result in Result.objects.select_related("school", "administration__window"):
        window = result.administration.window
        taught_then = any(
            post.section_id == result.section_id
            and post.starts <= window.closes
            and (post.ends or post.section.ends) >= window.opens
            for post in posts
        )
        in_school = result.school_id in whole or result.school.district_id in districts
        if in_school or result.section_id in now or result.student_id in here or taught_then:
            found.add(result.pk)
    return found


def students_hold(person, day: date) -> set[int]:
    """Students, their results and the reasons are as the matrix says; the students in sight."""
    seen = set(Student.objects.visible_to(person).values_list("pk", flat=True))
    assert seen == students_by_the_matrix(person, day)
    assert set(Result.objects.visible_to(person).values_list("pk", flat=True)) == results_by_the_matrix(person, day)
    for student in Student.objects.select_related("district"):
        told = why_can_see(person, student)
        assert (told is not None) == (student.pk in seen), f"why: {told}"
    for model in (Enrollment, SectionEnrollment):
        of_students = set(model.objects.visible_to(person).values_list("student", flat=True))
        assert of_students <= seen, f"{model.__name__}: rows of students out of sight"
    return seen


def hold(plan: Plan, day: date) -> None:
    person = plan.anew
    students_hold(person, day)
    seen = {model: set(model.objects.visible_to(person).values_list("pk", flat=True)) for model in ROWS}
    for model in ROWS:
        if hasattr(model, "rows_editable_by"):
            changed = set(model.objects.editable_by(person).values_list("pk", flat=True))
            assert changed <= seen[model], f"{model.__name__}: changed out of sight"
    asks_as_composed_now(plan.anew)
    User.objects.filter(pk=person.pk).update(is_active=False)
    switched_off = plan.anew
    asks_as_composed_now(switched_off)
    assert not any(model.objects.visible_to(switched_off).exists() for model in (Student, SectionStaff, User))


@contextmanager
def on_that_day(day: date):
    """At noon of a day; what is written meanwhile is taken back."""
    noon = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
    with patch.object(timezone, "now", lambda: noon), transaction.atomic():
        yield
        transaction.set_rollback(True)


OCTOBER = (date(2025, 10, 1), 30)
ALWAYS = (date(2025, 8, 25), None)
NEVER_AGREED, AGREED_FOR_YEARS = (False, (date(2025, 8, 25), 600)), (True, (date(2025, 8, 25), 600))
OF_NO_PARTNER = (("school", "psi_coach"), 8, ALWAYS)
COACHES = (("school", "psi_coach"), 0, ALWAYS)
# What holds in October alone, or ends with it: the plan, and whether anybody is seen in October and in November.
IN_OCTOBER = {
    "a leader": ([(("school", "teacher_leader"), 0, OCTOBER)], [], [], [], NEVER_AGREED, True, False),
    "an office": ([(("district", "district_admin"), 0, OCTOBER)], [], [], [], NEVER_AGREED, True, False),
    "a coach": ([(("school", "psi_coach"), 0, OCTOBER)], [], [], [], AGREED_FOR_YEARS, True, False),
    "an agreement": ([COACHES], [], [], [], (True, OCTOBER), True, False),
    "a coach's work for the partner": (
        [OF_NO_PARTNER, (("organization", "psi_coach"), 0, OCTOBER)], [], [], [], AGREED_FOR_YEARS, True, False,
    ),
    "no agreement": ([COACHES], [], [], [], NEVER_AGREED, False, False),
    "students who leave the coach": (
        [COACHES], [], [], [(who, date(2025, 10, 31)) for who in range(3)], AGREED_FOR_YEARS, True, False,
    ),
    "students who leave the leader": (
        [(("school", "principal"), 0, ALWAYS)], [], [], [(who, date(2025, 10, 31)) for who in range(3)], NEVER_AGREED,
        True, True,
    ),
    "students who leave the class": (
        [], [(0, ALWAYS)], [], [(who, date(2025, 10, 31)) for who in range(3)], NEVER_AGREED, True, False,
    ),
    "a teacher": ([], [(0, OCTOBER)], [], [], NEVER_AGREED, True, True),  # readable still
    "a seat": ([], [(2, ALWAYS)], [(0, 2, OCTOBER)], [(3, date(2025, 8, 26))], NEVER_AGREED, True, False),
}  # fmt: skip


def test_first_and_last_days_count(world):
    furnish(world)
    for what, (*plan, in_october, later) in IN_OCTOBER.items():
        for day, seen in (
            (date(2025, 9, 30), None),
            (date(2025, 10, 1), in_october),
            (date(2025, 10, 31), in_october),
            (date(2025, 11, 1), later),
        ):
            with on_that_day(day):
                found = students_hold(Plan(world, *plan).anew, day)
                assert seen is None or bool(found) == seen, f"{what}, {day}"
    for day, seen in ((date(2026, 9, 13), True), (date(2026, 9, 14), False)):  # 90 days after the year
        with on_that_day(day):
            found = students_hold(Plan(world, [], [(0, ALWAYS)], [], [], NEVER_AGREED).anew, day)
            assert bool(found) == seen


def test_sight_change_and_reasons_hold_to_one_another(world):
    furnish(world)

    @settings(max_examples=20, phases=[Phase.explicit, Phase.generate])  # to make one smaller takes minutes
    @given(DAYS, HELD, TAUGHT, MOVES, LEAVES, AGREED)
    def holds(day, held, taught, moves, leaves, agreed):
        with on_that_day(day):
            hold(Plan(world, held, taught, moves, leaves, agreed), day)

    holds()
