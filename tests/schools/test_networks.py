"""A network: its words, the schools in it from when to when, and a district's name and time zone."""

from datetime import date

import pytest
from django.test import Client

from schools.models import NetworkSchool, School
from schools.networks import schools_to_join
from tests import make
from tests.signing_in import sign_in as sign_in_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


def sign_in(user):
    return sign_in_with(Client(), user)


@pytest.fixture
def cedar(world):
    return make.school(world.district, "300", "Cedar School")


def stay_of(school):
    return NetworkSchool.objects.get(school=school)


def test_schools_of_a_new_roster_join_the_network_on_its_page(world, cedar):
    url = f"/networks/{world.network.pk}/join/"
    office = sign_in(world.admin)
    page = office.get(url)
    assert list(page.context["form"].fields["schools"].queryset) == [cedar]
    sent = {"schools": [cedar.pk], "starts": "2025-12-15"}
    for _ in range(2):  # pressed twice
        answer = office.post(url, sent, follow=True)
        assert answer.status_code == 200
    assert [stay.starts for stay in NetworkSchool.objects.filter(school=cedar)] == [date(2025, 12, 15)]
    assert "No school is left to join" in office.get(url).content.decode()


@pytest.mark.parametrize("who", ["far_school", "ash"])
def test_no_school_out_of_sight_or_already_in_it_joins(world, who):
    sent = {"schools": [getattr(world, who).pk], "starts": "2025-12-15"}
    answer = sign_in(world.admin).post(f"/networks/{world.network.pk}/join/", sent)
    assert answer.status_code == 200
    assert NetworkSchool.objects.count() == 2


def test_a_school_elsewhere_that_one_teaches_in_is_not_one_s_to_bring(world):
    make.staff(world.admin, world.far_section)
    assert world.far_school in School.objects.visible_to(world.admin)
    assert world.far_school not in schools_to_join(world.admin, world.network)


def test_an_office_without_a_school_in_it_does_not_see_the_network(world):
    far = make.user()
    make.member(far, "district_admin", district=world.far)
    for url in ("", "join/", "edit/"):
        assert sign_in(far).get(f"/networks/{world.network.pk}/{url}").status_code == 404


@pytest.mark.parametrize("starts", ["2025-08-25", "2025-10-01", "2025-11-30"])
def test_a_school_that_left_joins_again_from_a_day_after_that(world, starts):
    NetworkSchool.objects.filter(school=world.ash).update(ends="2025-11-30")
    url = f"/networks/{world.network.pk}/join/"
    office = sign_in(world.admin)
    answer = office.post(url, {"schools": [world.ash.pk], "starts": starts})
    assert "or later already: Ash School. Choose a day after that." in answer.content.decode()
    assert NetworkSchool.objects.filter(school=world.ash).count() == 1
    office.post(url, {"schools": [world.ash.pk], "starts": "2025-12-01"})
    assert NetworkSchool.objects.filter(school=world.ash).count() == 2


def test_an_office_that_sees_the_network_by_a_class_elsewhere_brings_no_school(world):
    far = make.user()
    make.member(far, "district_admin", district=world.far)
    make.staff(far, world.section)
    url = f"/networks/{world.network.pk}/"
    assert "/join/" not in sign_in(far).get(url).content.decode()
    sent = {"schools": [world.far_school.pk], "starts": "2025-12-15"}
    assert sign_in(far).post(f"{url}join/", sent).status_code == 403


def test_the_office_whose_last_school_leaves_is_not_sent_to_a_page_it_sees_no_more(world):
    office = sign_in(world.admin)
    for stay in NetworkSchool.objects.filter(school__district=world.district):
        sent = {"starts": "2025-08-25", "ends": "2025-11-30"}
        answer = office.post(f"/networks/schools/{stay.pk}/", sent, follow=True)
        assert answer.status_code == 200
    assert "No school of yours is in Northside Math Network today." in answer.content.decode()


def test_a_school_leaves_stands_among_those_that_were_and_comes_back(world):
    runs = sign_in(world.operator)
    stay = stay_of(world.ash)
    runs.post(f"/networks/schools/{stay.pk}/", {"starts": "2025-08-25", "ends": "2025-11-30"})
    page = runs.get(f"/networks/{world.network.pk}/")
    assert [stay.school for stay in page.context["here"]] == [world.birch]
    assert [stay.school for stay in page.context["gone"]] == [world.ash]
    runs.post(f"/networks/schools/{stay.pk}/", {"starts": "2025-08-25", "ends": ""})
    assert stay_of(world.ash).ends is None


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        ("2026-01-05", "", "twice from Jan 5, 2026 on"),
        ("2025-08-25", "2026-03-01", "twice from Aug 25, 2025 to Mar 1, 2026"),
        ("2025-12-01", "2025-11-01", "The last day cannot be before the first day"),
        ("soon", "", "Write the day as month/day/year"),
    ],
)
def test_days_that_cannot_be_are_refused(world, starts, ends, said):
    NetworkSchool.objects.create(network=world.network, school=world.ash, starts="2026-02-01")
    stay = NetworkSchool.objects.get(school=world.ash, starts="2025-08-25")
    NetworkSchool.objects.filter(pk=stay.pk).update(ends="2026-01-31")
    answer = sign_in(world.operator).post(f"/networks/schools/{stay.pk}/", {"starts": starts, "ends": ends})
    assert said in answer.content.decode()
    stay.refresh_from_db()
    assert (stay.starts, stay.ends) == (date(2025, 8, 25), date(2026, 1, 31))


def test_the_words_of_a_network_stand_on_the_public_page(client, world):
    said = {"name": "Northside", "problem_of_practice": "Fractions are not numbers yet.", "aim": "By spring."}
    sign_in(world.operator).post(f"/networks/{world.network.pk}/edit/", said)
    page = client.get(f"/public/{world.network.slug}/").content.decode()
    assert all(words in page for words in said.values())


def test_an_office_sets_the_zone_that_decides_its_day(world):
    office = sign_in(world.admin)
    office.post(f"/districts/{world.district.pk}/edit/", {"name": "First", "timezone": "Pacific/Honolulu"})
    world.district.refresh_from_db()
    assert (world.district.name, world.district.timezone) == ("First", "Pacific/Honolulu")
    answer = office.post(f"/districts/{world.district.pk}/edit/", {"name": "First", "timezone": "Mars/Base"})
    assert "Select a valid choice" in answer.content.decode()


def test_a_first_admin_is_led_to_the_network(world):
    make.member(world.admin, "network_admin", network=world.network)
    steps = {step.label: step for step in sign_in(world.admin).get("/first-day/").context["steps"]}
    assert steps["Network"].done and steps["Network"].url == f"/networks/{world.network.pk}/"
    NetworkSchool.objects.all().delete()
    steps = {step.label: step for step in sign_in(world.admin).get("/first-day/").context["steps"]}
    assert not steps["Network"].done


def test_the_page_asks_no_more_for_more_schools(client, world, flat):
    client.force_login(world.admin)
    flat(f"/networks/{world.network.pk}/", lambda: make.school(world.district, "999", join=world.network), most=12)
