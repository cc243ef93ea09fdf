"""Who can see a student, all at once, is what the rule that guards the pages says person by person."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schools.access import why_can_see
from schools.models import DataAgreement, Student, User
from schools.privacy.readers import readers_of
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

DAYS = [date(2025, 8, 25), date(2025, 11, 1), date(2025, 12, 9), date(2025, 12, 10), date(2025, 12, 11)]
LATER = [None, *DAYS, date(2026, 3, 1)]
ROLES = ["teacher", "teacher_leader", "principal", "psi_coach", "district_admin", "network_admin", "auditor"]


def held_to_the_rule(students):
    """For each student: the people found at once are those who see the student, each with the first of the reasons."""
    people = User.objects.all()
    for student in students:
        found = {reader.person.pk: reader.reasons[0].words for reader in readers_of(student)}
        seeing = {one.pk for one in people if Student.objects.visible_to(one).filter(pk=student.pk).exists()}
        said = {one.pk: why for one in people if (why := why_can_see(one, student))}
        assert found.keys() == seeing
        assert found == said


def test_everybody_who_can_see_a_student_is_found(world):
    names = {reader.person.family_name for reader in readers_of(world.students[0])}
    assert names == {"Teacher", "Leader", "Principal", "Coach", "Admin"}
    held_to_the_rule([*world.students, world.far_student])


def test_each_reason_says_from_when_to_when(world):
    reasons = {reader.person.family_name: reader.reasons[0] for reader in readers_of(world.students[0])}
    assert (reasons["Teacher"].since, reasons["Teacher"].until) == (make.STARTS, make.ENDS)
    assert (reasons["Principal"].since, reasons["Principal"].until) == (make.STARTS, None)
    assert reasons["Coach"].agreement == world.agreement
    assert reasons["Coach"].until == world.agreement.ends


def test_somebody_with_two_reasons_has_both(world):
    make.staff(world.principal, world.section, "support", starts=date(2025, 11, 1))
    reasons = next(r.reasons for r in readers_of(world.students[0]) if r.person == world.principal)
    assert [reason.words.split()[0] for reason in reasons] == ["Teaches", "Leads"]


def test_a_student_who_left_the_class_is_out_of_its_teachers_sight(world):
    moved = make.student(world.district)
    make.enroll(moved, world.ash, world.year)
    make.seat(moved, world.section, ends=date(2025, 10, 1))
    assert why_can_see(world.teacher, moved) is None
    held_to_the_rule([moved])


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_people_are_found_as_the_rule_says(world, data):
    """Random roles, dates, staffing, moves and agreements."""
    from django.db import transaction

    with transaction.atomic():
        places = [world.ash, world.birch, world.far_school]
        sections = [world.section, world.other_section, world.birch_section]
        for _ in range(3):
            person = make.user(is_active=data.draw(st.integers(0, 5)) > 0)
            for role in data.draw(st.lists(st.sampled_from(ROLES), max_size=3)):
                make.member(person, role, *span(data), **place_of(role, data, world, places))
            for section in data.draw(st.lists(st.sampled_from(sections), max_size=2, unique=True)):
                starts, ends = span(data)
                make.staff(person, section, starts=starts, ends=ends)
        starts, ends = span(data)
        make.agreement(
            world.psi, world.district, data.draw(st.lists(st.sampled_from(places), min_size=1, unique=True)),
            starts=starts, ends=ends or date(2026, 6, 30), official=data.draw(st.booleans()),
        )  # fmt: skip
        student = make.student(world.district)
        first, last = span(data)
        make.enroll(student, data.draw(st.sampled_from(places[:2])), world.year, starts=first, ends=last)
        make.seat(student, data.draw(st.sampled_from(sections)), *span(data))
        held_to_the_rule([student, world.students[0]])
        transaction.set_rollback(True)


def span(data) -> tuple[date, date | None]:
    starts = data.draw(st.sampled_from(DAYS))
    ends = data.draw(st.sampled_from(LATER))
    return starts, None if ends is None else max(starts, ends)


def place_of(role, data, world, places) -> dict:
    if role == "district_admin":
        return {"district": data.draw(st.sampled_from([world.district, world.far]))}
    if role in ("network_admin", "auditor"):
        return {"network": world.network}
    if role == "psi_coach" and data.draw(st.booleans()):
        return {"organization": world.psi}
    return {"school": data.draw(st.sampled_from(places))}


def test_many_people_are_found_in_five_questions(world):
    def questions() -> int:
        student = Student.objects.select_related("district").get(pk=world.students[0].pk)
        with CaptureQueriesContext(connection) as asked:
            readers_of(student)
        return len(asked)

    before = questions()
    for _ in range(8):
        coach = make.user()
        make.member(coach, "psi_coach", school=world.ash)
        make.member(coach, "psi_coach", organization=world.psi)
        make.staff(make.user(), world.section, "support")
    assert before <= 6
    assert questions() == before


def test_an_agreement_that_ended_takes_its_people_out(world):
    DataAgreement.objects.filter(pk=world.agreement.pk).update(ends=date(2025, 12, 9))
    assert "Coach" not in {reader.person.family_name for reader in readers_of(world.students[0])}
