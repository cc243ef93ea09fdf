"""Random people with random roles on random days: what they see, may change, and are told why, hold to one another.

Every model of the row table is asked. Who sees a student is also worked out a second time, row by row, from the words
of the permission matrix.
"""

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.models import Result
from schools import lists, people_listed
from schools.access import Standing, why_can_see
from schools.composed import compose
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

pytestmark = pytest.mark.django_db

SCHOOL_ROLES = ("teacher", "teacher_leader", "principal", "psi_coach")
PLACES = {
    "school": SCHOOL_ROLES,
    "district": ("district_admin", "auditor"),
    "network": ("network_admin", "auditor", "union_rep"),
    "organization": ("psi_coach", "union_rep"),
}
# What is composed once for a reader: the function and what it is given.
COMPOSED = [
    (lists._in_sight, ()), (lists._ever, (None, "05")), (lists._today, (None, "")),
    (people_listed._with_role, ("", None, "here")), (people_listed._with_role, ("principal", None, "ended")),
    (people_listed._with_class, ("", None, "everyone")),
]  # fmt: skip
DAYS = st.dates(date(2025, 7, 1), date(2026, 11, 30))
SPANS = st.tuples(DAYS, st.one_of(st.none(), st.integers(0, 300)))
ROLES = st.sampled_from([(kind, role) for kind, roles in PLACES.items() for role in roles])
HELD = st.lists(st.tuples(ROLES, st.integers(0, 9), SPANS), max_size=3)
TAUGHT = st.lists(st.tuples(st.integers(0, 9), SPANS), max_size=2)
MOVES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), SPANS), max_size=3)
ANYBODY = {"find": "fam", "school": None, "grade": "", "show": "", "sort": ""}
AGREED = st.tuples(st.booleans(), SPANS)


def days_of(span, latest=date(2027, 6, 30)) -> dict:
    """First and last day of a drawn span; one without a length is open."""
    starts, length = span
    ends = None if length is None else min(starts + timedelta(days=length), latest)
    return {"starts": starts, "ends": ends}


def pick(rows, number):
    return rows[number % len(rows)]


class Plan:
    """The rows of one example: a person, what they hold, whom they teach, students who move, one agreement."""

    def __init__(self, world, held, taught, moves, agreed):
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
        for number, span in {number % 5: (number, span) for number, span in taught}.values():
            make.staff(self.person, pick(sections, number), **days_of(span))
        students = [*world.students, world.cedar_student, world.far_student]
        for who, where, span in {(who % 6, where % 5): (who, where, span) for who, where, span in moves}.values():
            section, student = pick(sections, where), pick(students, who)
            if student.district_id == section.school.district_id and span[0] > section.starts:
                make.seat(student, section, **days_of(span))
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


def students_by_the_matrix(person, day: date) -> set[int]:
    """Who may be seen, row by row: PM-001 to PM-009 in plain words."""
    roles = [row for row in Membership.objects.filter(user=person) if in_force(row, day)]
    found = set()
    for row in roles:
        if row.role == "district_admin":
            found |= set(Student.objects.filter(district=row.district).values_list("pk", flat=True))
        if row.role in ("principal", "teacher_leader"):
            found |= {stay.student_id for stay in Enrollment.objects.filter(school=row.school)}
        if row.role == "psi_coach" and row.school_id:
            partners = [one.organization_id for one in roles if one.role == "psi_coach" and one.organization_id]
            agreements = DataAgreement.objects.filter(
                organization__in=partners, schools=row.school, names_school_officials=True
            )
            if any(in_force(one, day) for one in agreements):
                found |= {s.student_id for s in Enrollment.objects.filter(school=row.school) if in_force(s, day)}
    for post in SectionStaff.objects.filter(user=person).select_related("section__year"):
        if post.starts > day or post.section.year.ends < day - timedelta(days=90):
            continue
        seats = SectionEnrollment.objects.filter(section=post.section)
        teaches = in_force(post, day, post.section.ends)
        found |= {seat.student_id for seat in seats if not teaches or in_force(seat, day)}
    return found


def hold(plan: Plan, day: date) -> None:
    person = plan.anew
    seen = {model: set(model.objects.visible_to(person).values_list("pk", flat=True)) for model in ROWS}
    for model in ROWS:
        if hasattr(model, "rows_editable_by"):
            changed = set(model.objects.editable_by(person).values_list("pk", flat=True))
            assert changed <= seen[model], f"{model.__name__}: changed out of sight"
    assert seen[Student] == students_by_the_matrix(person, day)
    for student in Student.objects.select_related("district"):
        told = why_can_see(person, student)
        assert (told is not None) == (student.pk in seen[Student]), f"why: {told}"
    for model in (Enrollment, SectionEnrollment, Result):
        of_students = set(model.objects.visible_to(person).values_list("student", flat=True))
        assert of_students <= seen[Student], f"{model.__name__}: rows of students out of sight"
    asks_as_composed_now(plan.anew)
    User.objects.filter(pk=person.pk).update(is_active=False)
    switched_off = plan.anew
    asks_as_composed_now(switched_off)
    assert not any(model.objects.visible_to(switched_off).exists() for model in (Student, SectionStaff, User))


def asks_as_composed_now(person) -> None:
    """What was composed for somebody of the same fingerprint is what would be composed for this person now."""
    for once, given_too in COMPOSED:
        assert once(person, *given_too) == compose(once.__wrapped__(person, *given_too)), once.__name__


def test_what_is_composed_once_goes_by_what_the_fingerprint_holds(world):
    people = [value for value in vars(world).values() if isinstance(value, User)]
    with patch.object(Standing, "joined_networks", property(lambda held: pytest.fail("not in the fingerprint"))):
        for person in people:
            asks_as_composed_now(person)
    assert len({person.standing.fingerprint for person in people}) == len(people) == 11


@pytest.mark.usefixtures("in_winter")
def test_a_role_given_or_ended_is_another_question(world):
    before = lists.students_found(world.colleague, ANYBODY, 1).rows
    led = make.member(world.colleague, "principal", school=world.birch)
    during = lists.students_found(User.objects.get(pk=world.colleague.pk), ANYBODY, 1).rows
    led.delete()
    after = lists.students_found(User.objects.get(pk=world.colleague.pk), ANYBODY, 1).rows
    assert before == after == [world.students[2]]
    assert set(during) == {world.students[2], world.students[3]}


def test_sight_change_and_reasons_hold_to_one_another(world):
    furnish(world)

    @settings(max_examples=20)
    @given(DAYS, HELD, TAUGHT, MOVES, AGREED)
    def holds(day, held, taught, moves, agreed):
        noon = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
        with patch.object(timezone, "now", lambda: noon), transaction.atomic():
            hold(Plan(world, held, taught, moves, agreed), day)
            transaction.set_rollback(True)

    holds()
