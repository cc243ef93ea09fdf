"""Likely doubles, the two side by side, the merge and its undoing, as the district's office does them."""

import pytest

from schools.models import AccessLog, Merge, Student, User
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def office(client, world):
    client.force_login(world.admin)
    return client


@pytest.fixture
def twins(world):
    """The same child twice: a name with other marks, and a number that has lost its zeros."""
    one = make.student(world.district, number="0071", family_name="Núñez-O'Hara", given_name="Zoë")
    two = make.student(world.district, number="0088", family_name="Nunez Ohara", given_name="Zoe")
    three = make.student(world.district, number="71", family_name="Other", given_name="Child")
    make.enroll(one, world.ash, world.year)
    make.enroll(two, world.ash, world.year)
    return one, two, three


def test_likely_doubles_are_found(office, twins):
    found = {(one.first, one.second, one.shared) for one in office.get("/students/doubles/").context["doubles"]}
    one, two, three = twins
    assert (one, two, "the name") in found
    assert (one, three, "the number, but for zeros") in found
    assert AccessLog.objects.get().students == 3


def test_people_with_one_name_and_one_address_in_two_domains(office, world):
    twin = make.user("colleague@example.com", given_name="G.", family_name="Colleague")
    make.member(twin, "teacher", school=world.birch)
    [one] = office.get("/people/doubles/").context["doubles"]
    assert {one.first, one.second} == {world.colleague, twin}


def test_laid_side_by_side_merged_and_parted(office, twins):
    one, two, _ = twins
    page = office.get(f"/students/{one.pk}/merge/?number=0088").content.decode()
    assert "Are these two one student?" in page and "0088" in page
    answer = office.post(f"/students/{one.pk}/merge/", {"other": two.pk, "keep": two.pk, "other_name": "on"})
    row = Merge.objects.get()
    assert (row.kept_student, row.gone_student, answer.url) == (two, one, f"/merges/{row.pk}/")
    assert Student.objects.get(pk=two.pk).family_name == "Núñez-O'Hara"
    assert office.get(f"/students/{one.pk}/").status_code == 404
    page = office.post(f"/merges/{row.pk}/undo/", follow=True).content.decode()
    assert "The merge is undone." in page and "both are as they were before" in page
    assert office.get(f"/students/{one.pk}/").status_code == 200


def test_why_two_are_not_one_is_said_before_anybody_presses(office, world):
    from tests.policy.rows import furnish

    furnish(world)
    path = f"/students/{world.students[0].pk}/merge/"
    page = office.get(f"{path}?other={world.students[2].pk}").content.decode()
    assert "Both have a result of Quarterly Math 5" in page and "Make them one" not in page
    office.post(path, {"other": world.students[2].pk})
    assert not Merge.objects.filter(gone_student=world.students[2]).exists()


@pytest.mark.parametrize("field", ["other", "number"])
def test_a_student_of_another_district_is_not_found(office, world, field):
    value = world.far_student.pk if field == "other" else world.far_student.number
    answer = office.get(f"/students/{world.students[0].pk}/merge/?{field}={value}")
    assert answer.status_code == 404 or world.far_student.family_name not in answer.content.decode()
    assert office.post(f"/students/{world.students[0].pk}/merge/", {"other": world.far_student.pk}).status_code == 404


def test_a_person_beyond_ones_gift_is_not_merged(office, world):
    make.member(world.auditor, "teacher", school=world.ash)
    answer = office.post(f"/people/{world.teacher.pk}/merge/", {"other": world.auditor.pk, "keep": world.teacher.pk})
    assert answer.status_code == 403
    assert User.objects.get(pk=world.auditor.pk).merged_into is None


def test_who_has_left_the_office_reads_no_merge_and_parts_none(office, world, twins):
    one, two, _ = twins
    office.post(f"/students/{one.pk}/merge/", {"other": two.pk, "keep": two.pk})
    row = Merge.objects.get()
    world.admin.memberships.update(ends="2025-12-01")
    make.member(world.admin, "principal", school=world.birch)
    assert office.get(f"/merges/{row.pk}/").status_code == 404
    assert office.post(f"/merges/{row.pk}/undo/").status_code == 404
    assert Student.objects.get(pk=one.pk).merged_into == two
