"""Who sees which rows, in a small world where the answer is known."""

from datetime import date

import pytest

from assessments.models import ColumnMapping
from schools.access import why_can_see
from schools.models import DisclosureRecord, Enrollment, Membership, Section, Student, User
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

STUDENTS = {
    "teacher": 2, "colleague": 1, "leader": 3, "principal": 3, "coach": 3, "admin": 4,
    "operator": 0, "rep": 0, "auditor": 0, "outsider": 0, "far_principal": 1,
}  # fmt: skip
SECTIONS = {
    "teacher": 1, "colleague": 1, "leader": 2, "principal": 2, "coach": 2, "admin": 3,
    "operator": 3, "rep": 0, "auditor": 3, "outsider": 0, "far_principal": 1,
}  # fmt: skip


@pytest.mark.parametrize("who", STUDENTS)
def test_each_person_sees_their_students(world, who):
    assert Student.objects.visible_to(getattr(world, who)).count() == STUDENTS[who]


@pytest.mark.parametrize("who", SECTIONS)
def test_each_person_sees_their_sections(world, who):
    assert Section.objects.visible_to(getattr(world, who)).count() == SECTIONS[who]


@pytest.mark.parametrize("who", STUDENTS)
def test_the_reason_and_the_rows_agree(world, who):
    user = getattr(world, who)
    for student in Student.objects.all():
        seen = Student.objects.visible_to(user).filter(pk=student.pk).exists()
        assert (why_can_see(user, student) is not None) == seen


def test_an_agreement_that_ended_closes_the_students_to_the_coach(world):
    world.agreement.ends = world.agreement.starts
    world.agreement.save()
    assert not Student.objects.visible_to(world.coach).exists()


def test_what_is_out_of_sight_is_not_to_be_changed_by_who_made_it(world):
    """The rule of change may say "one's own": sight comes first."""
    kept = ColumnMapping.objects.create(
        district=world.district, name="Layout", fingerprint="f", headers=["Ref"], meanings=["student"], by=world.teacher
    )
    assert not ColumnMapping.objects.editable_by(world.teacher).exists()
    assert ColumnMapping.objects.editable_by(world.admin).get() == kept


def test_a_principal_changes_the_roles_of_teaching_staff_alone(world):
    make.member(world.colleague, "principal", school=world.ash)
    changed = Membership.objects.editable_by(world.principal)
    assert {row.role for row in Membership.objects.visible_to(world.principal)} > {"principal", "psi_coach"}
    assert {row.role for row in changed} == {"teacher", "teacher_leader"}


def test_a_coach_reads_stays_in_the_school_coached_alone(world):
    came, left = world.students[3], world.students[0]
    came.enrollments.update(ends=date(2025, 10, 31))
    make.enroll(came, world.ash, world.year, starts=date(2025, 11, 1))
    left.enrollments.update(ends=date(2025, 11, 30))
    stays = Enrollment.objects.visible_to(world.coach).filter(student__in=[came, left])
    assert [(row.student, row.school) for row in stays] == [(came, world.ash)]


def test_a_principal_reads_no_disclosure_about_a_student_elsewhere(world):
    said = {"district": world.district, "on": date(2025, 10, 1), "interest": "asked", "basis": "transfer", "what": "x"}
    DisclosureRecord.objects.create(party="About all", by=world.admin, **said)
    DisclosureRecord.objects.create(party="About one", by=world.admin, student=world.students[3], **said)
    assert [row.party for row in DisclosureRecord.objects.visible_to(world.principal)] == ["About all"]


def test_an_office_has_the_partners_of_its_own_district_and_not_of_one_it_teaches_in(world):
    partner = Membership.objects.get(organization=world.psi)
    assert partner in Membership.objects.editable_by(world.admin)
    far = make.user()
    make.member(far, "district_admin", district=world.far)
    make.staff(far, world.section)
    make.member(far, "teacher", school=world.ash)
    assert partner not in Membership.objects.visible_to(far)
    assert partner not in Membership.objects.editable_by(far)
    assert partner.user not in User.objects.visible_to(far)
