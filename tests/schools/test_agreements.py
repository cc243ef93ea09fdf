"""Data agreements: entered by the district, ended early, and what that does to a coach's sight."""

from datetime import date

import pytest

from schools.models import DataAgreement, Organization, Student, User
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def as_admin(client, world):
    client.force_login(world.admin)
    return client


def an_agreement(world, **changes):
    data = {
        "organization": world.psi.pk, "new_organization": "", "district": world.district.pk,
        "function": "Coaching in fractions", "schools": [world.birch.pk], "names_school_officials": "on",
        "starts": "2025-12-01", "ends": "2026-06-30",
    }  # fmt: skip
    return data | changes


def test_an_agreement_opens_the_students_of_an_assigned_school(as_admin, world):
    make.member(world.coach, "psi_coach", school=world.birch)
    before = Student.objects.visible_to(User.objects.get(pk=world.coach.pk)).count()
    for _ in range(2):  # a form sent twice makes one agreement
        assert as_admin.post("/agreements/add/", an_agreement(world)).status_code == 302
    made = DataAgreement.objects.get(function="Coaching in fractions")
    assert (made.signed_by, list(made.schools.all())) == (world.admin, [world.birch])
    assert Student.objects.visible_to(User.objects.get(pk=world.coach.pk)).count() == before + 1


def test_a_new_organization_comes_with_its_agreement(as_admin, world):
    data = an_agreement(world, organization="", new_organization="Fraction Friends")
    as_admin.post("/agreements/add/", data)
    assert Organization.objects.get(name="Fraction Friends").kind == "partner"
    as_admin.post("/agreements/add/", data | {"new_organization": "fraction friends", "function": "More"})
    assert Organization.objects.filter(name__iexact="fraction friends").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"organization": ""}, "Choose an organization or write the name of a new one"),
        ({"new_organization": "Both"}, "one of the two"),
        ({"ends": "2025-01-01"}, "The last day cannot be before the first day."),
        ({"function": ""}, "This field is required."),
        ({"schools": []}, "This field is required."),
    ],
)
def test_what_is_missing_is_said_in_words(as_admin, world, changes, words):
    response = as_admin.post("/agreements/add/", an_agreement(world, **changes))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert DataAgreement.objects.count() == 1


def test_schools_and_districts_of_others_are_no_choice(as_admin, world):
    page = as_admin.get("/agreements/add/").content.decode()
    assert "Birch School" in page
    assert "Far School" not in page
    refused = as_admin.post("/agreements/add/", an_agreement(world, schools=[world.far_school.pk]))
    assert refused.status_code == 200
    refused = as_admin.post("/agreements/add/", an_agreement(world, district=world.far.pk))
    assert refused.status_code == 200
    assert DataAgreement.objects.count() == 1


def test_an_agreement_ended_early_closes_the_students_at_the_next_click(client, as_admin, world):
    data = {"ends": "2025-12-09", "reason": "contract not renewed"}
    page = as_admin.post(f"/agreements/{world.agreement.pk}/end/", data, follow=True).content.decode()
    assert "Ended early: contract not renewed" in page
    client.force_login(world.coach)
    assert client.get(f"/sections/{world.section.pk}/students/").status_code == 404
    assert not Student.objects.visible_to(User.objects.get(pk=world.coach.pk)).exists()
    world.agreement.refresh_from_db()
    assert (world.agreement.starts, world.agreement.ends) == (date(2025, 8, 25), date(2025, 12, 9))


def test_an_agreement_is_not_made_longer_by_ending_it(as_admin, world):
    data = {"ends": "2035-01-01", "reason": "x"}
    response = as_admin.post(f"/agreements/{world.agreement.pk}/end/", data)
    assert "It ends on Jun 30, 2030 as it is." in response.content.decode()


def test_the_list_tells_what_is_over(as_admin, world, flat):
    DataAgreement.objects.filter(pk=world.agreement.pk).update(ends=date(2025, 12, 1))
    page = as_admin.get("/agreements/").content.decode()
    assert "No agreement is in force." in page
    assert "Agreements that have ended" in page
    flat("/agreements/", lambda: [make.agreement(world.psi, world.district, [world.ash]) for _ in range(5)], most=12)
