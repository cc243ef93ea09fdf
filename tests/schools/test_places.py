"""Schools, classes, who teaches them and who sits in them."""

from datetime import date

import pytest

from schools.models import NetworkSchool, School, SectionStaff, Student, User
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def as_principal(client, world):
    client.force_login(world.principal)
    return client


# --- schools ---------------------------------------------------------------------------------------------


def test_schools_are_listed_with_their_classes_and_network(client, world):
    client.force_login(world.admin)
    page = client.get("/schools/")
    assert [(school.name, school.classes) for school in page.context["page"]] == [
        ("Ash School", 2),
        ("Birch School", 1),
    ]
    assert "Northside Math Network" in page.content.decode()
    assert "No school was found" in client.get("/schools/?q=nowhere").content.decode()


def test_the_lists_ask_no_more_for_more_rows(client, world, flat):
    client.force_login(world.admin)

    def more():
        for number in range(8):
            school = make.school(world.district, f"9{number}", join=world.network)
            make.staff(make.user(), make.section(school, world.year, "1"))
            section = make.section(world.ash, world.year, f"6{number}")
            make.staff(make.user(), section)
            make.seat(make.student(world.district), world.section)
            make.member(make.user(), "teacher", school=world.ash)

    more()
    for url in ["/schools/", f"/schools/{world.ash.pk}/", f"/sections/{world.section.pk}/students/"]:
        flat(url, lambda: None, most=12)
    flat(
        f"/schools/{world.ash.pk}/",
        lambda: make.staff(make.user(), make.section(world.ash, world.year, "900")),
        most=12,
    )
    flat(f"/sections/{world.section.pk}/students/", lambda: make.seat(make.student(world.district), world.section))
    flat("/schools/", lambda: make.school(world.district, "999", join=world.network))


def test_the_people_of_a_school_stand_by_role_then_name(as_principal, world):
    for given, family in [("Zoe", "Álvarez"), ("Bo", "alder"), ("Ann", "Alder"), ("Cy", "Zimmer")]:
        person = make.user(given_name=given, family_name=family)
        make.member(person, "teacher", school=world.ash)
        make.staff(person, world.section, "co_teacher")
    make.member(make.user(family_name="Aaron"), "psi_coach", school=world.ash)
    page = as_principal.get(f"/schools/{world.ash.pk}/")
    people = [(row.get_role_display(), row.user.get_full_name()) for row in page.context["people"]]
    assert people == [
        ("principal", "Given Principal"), ("teacher leader", "Given Leader"),
        ("teacher", "Ann Alder"), ("teacher", "Bo alder"), ("teacher", "Zoe Álvarez"),
        ("teacher", "Given Colleague"), ("teacher", "Given Teacher"), ("teacher", "Cy Zimmer"),
        ("PSI coach", "Given Aaron"), ("PSI coach", "Given Coach"),
    ]  # fmt: skip
    before_the_class = next(one.staff_now for one in page.context["sections"] if one == world.section)
    assert [row.user.given_name for row in before_the_class] == ["Given", "Ann", "Bo", "Zoe", "Cy"]


def test_a_school_by_hand_joins_a_network(client, world):
    client.force_login(world.operator)
    data = {"district": world.district.pk, "name": "Dogwood School", "code": "400", "network": world.network.pk}
    assert client.post("/schools/add/", data).status_code == 302
    made = School.objects.get(code="400")
    assert NetworkSchool.objects.get(school=made).starts == date(2025, 12, 10)
    again = client.post("/schools/add/", data)
    assert "Another school of this district has this code." in again.content.decode()
    assert School.objects.filter(code="400").count() == 1


def test_a_school_cannot_be_added_to_a_far_district(client, world):
    client.force_login(world.admin)
    data = {"district": world.far.pk, "name": "Mine", "code": "666"}
    assert client.post("/schools/add/", data).status_code == 200
    assert not School.objects.filter(code="666").exists()


def test_changing_a_school_leaves_its_district(client, world):
    client.force_login(world.admin)
    data = {"name": "Ash Elementary", "code": "100", "state_code": "7", "nces_code": "", "district": world.far.pk}
    assert client.post(f"/schools/{world.ash.pk}/edit/", data).status_code == 302
    world.ash.refresh_from_db()
    assert (world.ash.name, world.ash.state_code, world.ash.district) == ("Ash Elementary", "7", world.district)


def test_a_school_in_summer_shows_the_classes_that_ended(client, world):
    world.section.ends = world.other_section.ends = date(2025, 11, 1)
    world.section.save()
    world.other_section.save()
    client.force_login(world.principal)
    page = client.get(f"/schools/{world.ash.pk}/").content.decode()
    assert "The school year is over" in page
    assert "Math 5, section 501" in page


def test_a_teacher_sees_the_own_classes_and_no_list_of_colleagues(client, world):
    client.force_login(world.teacher)
    page = client.get(f"/schools/{world.ash.pk}/").content.decode()
    assert "section 501" in page
    assert "section 502" not in page
    assert "Principal" not in page


# --- who teaches -----------------------------------------------------------------------------------------


def staffing(user, **changes):
    data = {"person": user.pk, "role": "co_teacher", "starts": "2025-12-10", "ends": "", "reason": "team teaching"}
    return data | changes


def test_a_co_teacher_sees_the_class_from_the_first_day(as_principal, world):
    url = f"/sections/{world.section.pk}/staff/add/"
    for _ in range(2):  # a form sent twice makes one row
        assert as_principal.post(url, staffing(world.colleague)).status_code == 302
    row = SectionStaff.objects.get(section=world.section, user=world.colleague)
    assert (row.role, row.source, row.reason) == ("co_teacher", "portal", "team teaching")
    assert Student.objects.visible_to(User.objects.get(pk=world.colleague.pk)).count() == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": "substitute"}, "Say until when the substitute teaches the class."),
        ({"reason": ""}, "This field is required."),
        ({"starts": "2025-01-01"}, "The class runs from Aug 25, 2025 to Jun 15, 2026."),
        ({"ends": "2027-01-01"}, "The class runs from"),
        ({"ends": "2025-12-01"}, "The last day cannot be before the first day."),
    ],
)
def test_staffing_that_cannot_be_is_refused_in_words(as_principal, world, changes, words):
    response = as_principal.post(f"/sections/{world.section.pk}/staff/add/", staffing(world.colleague, **changes))
    assert words in response.content.decode()
    assert world.section.staff.count() == 1


@pytest.mark.parametrize("who", ["coach", "rep", "auditor", "outsider", "far_principal"])
def test_only_teaching_staff_can_be_put_before_a_class(client, world, who):
    for reader in [world.principal, world.admin]:
        client.force_login(reader)
        someone = getattr(world, who)
        response = client.post(f"/sections/{world.section.pk}/staff/add/", staffing(someone))
        assert response.status_code == 200
        assert someone.get_full_name() not in response.content.decode()
    assert world.section.staff.count() == 1


def test_an_end_says_the_last_day(as_principal, world):
    row = world.section.staff.get()
    url = f"/staffing/{row.pk}/end/"
    early = as_principal.post(url, {"ends": "2025-08-01", "reason": "x"}).content.decode()
    assert "That is before the first day." in early
    late = as_principal.post(url, {"ends": "2027-08-01", "reason": "x"}).content.decode()
    assert "It ends on Jun 15, 2026 as it is." in late
    page = as_principal.post(url, {"ends": "2025-12-09", "reason": "leave of absence"}, follow=True).content.decode()
    assert "leave of absence" in page
    row.refresh_from_db()
    assert row.ends == date(2025, 12, 9)


def test_a_mistake_is_taken_back_and_the_rosters_own_rows_are_not(as_principal, world):
    mistake = make.staff(world.colleague, world.section)
    assert as_principal.post(f"/staffing/{mistake.pk}/remove/").status_code == 302
    assert not SectionStaff.objects.filter(pk=mistake.pk).exists()
    of_roster = make.staff(world.leader, world.section, source="roster")
    refused = as_principal.post(f"/staffing/{of_roster.pk}/remove/")
    assert refused.status_code == 403
    assert "comes from the district&#x27;s roster" in refused.content.decode()
    assert as_principal.get(f"/staffing/{of_roster.pk}/remove/").status_code == 405


# --- class lists -----------------------------------------------------------------------------------------


def test_a_class_list_shows_who_sits_there_today(client, world):
    left, came = world.students[0], make.student(world.district)
    left.sections.update(ends=date(2025, 11, 1))
    make.seat(came, world.section, starts=date(2025, 12, 1))
    client.force_login(world.teacher)
    response = client.get(f"/sections/{world.section.pk}/students/")
    assert response.context["students"] == [world.students[1], came]
    assert "This is wrong" in response.content.decode()


def test_a_class_of_last_year_shows_its_last_day(client, world, monkeypatch):
    from datetime import UTC, datetime

    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 7, 1, 17, 0, tzinfo=UTC))
    client.force_login(world.teacher)
    response = client.get(f"/sections/{world.section.pk}/students/")
    assert len(response.context["students"]) == 2
    assert "2025-26, closed" in response.content.decode()
