"""Acts on many rows: looked at first, done all or not at all, refused with a reason, undone exactly."""

import re
from datetime import date

import pytest

from schools.models import BulkEdit, Enrollment, Membership, SectionEnrollment
from tests import make
from tests.roster_pages.test_merging import contents, differing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

END = {"act": "end_roles", "role": "teacher", "place": "", "ends": "2025-12-31", "reason": "the year is over"}


@pytest.fixture
def office(client, world):
    client.force_login(world.admin)
    return client


def look(client, path, rows, **asked):
    """The preview of an act on these rows."""
    return client.post(path, {"row": [row.pk for row in rows], **asked})


def do(client, path, rows, **asked):
    """Look, and say yes to what was seen."""
    page = look(client, path, rows, **asked).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    return client.post(path, {"row": [row.pk for row in rows], "seen": seen, **asked})


def test_nothing_changes_before_a_yes(office, world):
    before = contents()
    page = look(office, "/people/bulk/", [world.teacher, world.colleague, world.rep], **END).content.decode()
    assert "2 would change, 1 would not" in page
    assert "teacher, Ash School: last day Dec 31, 2025 (was open)" in page
    assert "Holds no such role there now." in page
    assert differing(before, contents()) == []


def test_roles_end_and_come_back(office, world):
    before = contents()
    answer = do(office, "/people/bulk/", [world.teacher, world.colleague], **END)
    edit = BulkEdit.objects.get()
    assert answer.url == f"/bulk/{edit.pk}/"
    ended = Membership.objects.filter(user__in=[world.teacher, world.colleague])
    assert {(row.ends, row.end_reason) for row in ended} == {(date(2025, 12, 31), "the year is over")}
    assert "the year is over" in office.get(answer.url).content.decode()
    office.post(f"{answer.url}undo/")
    edit.refresh_from_db()
    assert edit.undone_by == world.admin
    BulkEdit.objects.all().delete()
    assert differing(before, contents()) == []


def test_all_that_the_filter_finds(office, world):
    page = office.post("/people/bulk/", {"all": "yes", "role": "teacher", "school": world.ash.pk, **END})
    assert {row.pk for row, _ in page.context["does"]} == {world.teacher.pk, world.colleague.pk}


def test_a_role_for_several(office, world):
    asked = {"act": "add_role", "role": "teacher_leader", "place": f"school:{world.birch.pk}",
             "starts": "2025-12-10", "ends": "2026-06-15", "reason": "leads data meetings"}  # fmt: skip
    do(office, "/people/bulk/", [world.teacher, world.colleague], **asked)
    rows = Membership.objects.filter(school=world.birch, role="teacher_leader")
    assert {(row.user, row.granted_by, row.ends) for row in rows} == {
        (person, world.admin, date(2026, 6, 15)) for person in (world.teacher, world.colleague)
    }
    again = look(office, "/people/bulk/", [world.teacher], **asked)
    assert [line.refused for _, line in again.context["refused"]] == ["Holds this role there already in those days."]


def test_teachers_move_to_another_school(office, world):
    asked = {
        "act": "move_school",
        "school": world.ash.pk,
        "to": world.birch.pk,
        "starts": "2026-01-05",
        "reason": "moves",
    }
    do(office, "/people/bulk/", [world.teacher], **asked)
    rows = Membership.objects.filter(user=world.teacher).order_by("starts")
    assert [(row.school, row.starts, row.ends) for row in rows] == [
        (world.ash, make.STARTS, date(2026, 1, 4)), (world.birch, date(2026, 1, 5), None),
    ]  # fmt: skip


def test_students_leave_with_their_classes(office, world):
    before = contents()
    student = world.students[0]
    do(office, "/students/bulk/", [student], act="end_enrollment", ends="2025-12-12", reason="moved away")
    assert Enrollment.objects.get(student=student).ends == date(2025, 12, 12)
    assert SectionEnrollment.objects.get(student=student).ends == date(2025, 12, 12)
    office.post(f"/bulk/{BulkEdit.objects.get().pk}/undo/")
    after = contents()
    assert set(differing(before, after)) <= {"BulkEdit", "AccessLog"}


def test_a_principal_changes_the_class_and_not_the_enrollment(client, world):
    client.force_login(world.principal)
    student = world.students[0]
    asked = {"section": world.section.pk, "to": world.other_section.pk, "starts": "2025-12-15", "reason": "asked"}
    do(client, "/students/bulk/", [student], act="change_class", **asked)
    seats = SectionEnrollment.objects.filter(student=student).order_by("starts")
    assert [(row.section, row.ends) for row in seats] == [
        (world.section, date(2025, 12, 14)), (world.other_section, None),
    ]  # fmt: skip
    page = look(client, "/students/bulk/", [student], act="end_enrollment", ends="2025-12-12", reason="moved")
    assert "is for the district&#x27;s office to enter" in page.content.decode()


def test_what_changed_meanwhile_is_looked_at_again(office, world):
    page = look(office, "/people/bulk/", [world.teacher], **END).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    Membership.objects.filter(user=world.teacher).update(ends="2026-03-01")
    answer = office.post("/people/bulk/", {"row": world.teacher.pk, "seen": seen, **END})
    assert "Something changed since you looked." in answer.content.decode()
    assert not BulkEdit.objects.exists()


def test_what_was_changed_since_is_not_undone(office, world):
    do(office, "/people/bulk/", [world.teacher, world.colleague], **END)
    Membership.objects.filter(user=world.colleague).update(ends="2026-03-01")
    before = contents()
    page = office.post(f"/bulk/{BulkEdit.objects.get().pk}/undo/", follow=True).content.decode()
    assert "was changed by somebody else meanwhile" in page
    assert differing(before, contents()) == []


@pytest.mark.parametrize(
    ("path", "key", "asked"),
    [
        ("/people/bulk/", "far_principal", END),
        ("/students/bulk/", "far_student", {"act": "end_enrollment", "ends": "2025-12-12", "reason": "x"}),
    ],
)
def test_a_row_out_of_sight_is_not_found(office, world, path, key, asked):
    assert look(office, path, [getattr(world, key)], **asked).status_code == 404


def test_no_field_reaches_a_row_of_another_district(office, world):
    move = {
        "act": "move_school",
        "school": world.ash.pk,
        "to": world.far_school.pk,
        "starts": "2026-01-05",
        "reason": "x",
    }
    assert look(office, "/people/bulk/", [world.teacher], **move).status_code == 404
    seat = {"act": "change_class", "section": world.section.pk, "to": world.far_section.pk, "starts": "2025-12-15"}
    assert look(office, "/students/bulk/", [world.students[0]], reason="x", **seat).status_code == 404
    role = {"act": "add_role", "role": "teacher", "place": f"school:{world.far_school.pk}", "starts": "2025-12-10"}
    assert look(office, "/people/bulk/", [world.teacher], **role).status_code == 422
    assert not Membership.objects.filter(user=world.teacher, school=world.far_school).exists()


def test_a_principal_ends_no_role_above_their_own(client, world):
    client.force_login(world.principal)
    make.member(world.colleague, "psi_coach", school=world.ash)
    page = look(client, "/people/bulk/", [world.colleague], **(END | {"role": "psi_coach"}))
    assert page.status_code == 422  # the role is not among those that the principal may end


@pytest.mark.parametrize("who", ["admin", "principal", "moved"])
def test_nothing_is_taken_back_by_whose_role_has_ended(client, world, who):
    """Neither by whose office is over, nor by a principal who leads another school by now."""
    does = world.admin if who == "admin" else world.principal
    client.force_login(does)
    do(client, "/people/bulk/", [world.teacher], **END)
    edit = BulkEdit.objects.get()
    if who == "moved":
        Membership.objects.filter(user=does).update(school=world.birch)
    else:
        Membership.objects.filter(user=does).update(ends="2025-12-01")
    before = contents()
    looked, undone = client.get(f"/bulk/{edit.pk}/"), client.post(f"/bulk/{edit.pk}/undo/", follow=True)
    if who == "moved":
        assert "not yours to change any more" in undone.content.decode()
    else:
        assert (looked.status_code, undone.status_code) == (404, 404)
    assert differing(before, contents()) == []


@pytest.mark.parametrize("who", ["principal", "admin"])
def test_no_student_is_put_back_by_who_has_that_school_or_district_no_more(client, world, who):
    does, student = getattr(world, who), make.student(world.district)
    make.enroll(student, world.ash, world.year)
    make.member(world.admin, "district_admin", district=world.far)
    client.force_login(does)
    if who == "admin":
        do(client, "/students/bulk/", [student], act="end_enrollment", ends="2025-12-12", reason="moved away")
        Membership.objects.filter(user=does, district=world.district).update(ends="2025-12-01")
    else:
        make.seat(student, world.section)
        asked = {"section": world.section.pk, "to": world.other_section.pk, "starts": "2025-12-15", "reason": "asked"}
        do(client, "/students/bulk/", [student], act="change_class", **asked)
        Membership.objects.filter(user=does).update(school=world.birch)
    before = contents()
    page = client.post(f"/bulk/{BulkEdit.objects.get().pk}/undo/", follow=True).content.decode()
    assert "not yours to change any more" in page
    assert student.name not in page
    assert differing(before, contents()) == ["AccessLog"]  # the page of the act was looked at


def test_nobody_gives_the_own_role_back(client, office, world):
    second = make.user("second@example.org")
    make.member(second, "district_admin", district=world.district)
    do(office, "/people/bulk/", [second], **END | {"role": "district_admin"})
    client.force_login(second)
    page = client.post(f"/bulk/{BulkEdit.objects.get().pk}/undo/", follow=True).content.decode()
    assert "not yours to change any more" in page
    assert Membership.objects.get(user=second).ends == date(2025, 12, 31)
