"""The checklist of a first day: each tick is counted from what is there, and nobody sets one by hand."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from schools.models import ClassListReport, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def first_week(monkeypatch):
    """It is September 2, 2025: the second week of the small world's year."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2025, 9, 2, 17, 0, tzinfo=UTC))


@pytest.fixture
def steps(client):
    """What the checklist's page says to a person: by label whether it is done."""

    def read(person):
        client.force_login(person)
        return {step.label: step.done for step in client.get("/first-day/").context["steps"]}

    return read


def beside(client, label):
    return next(step.beside for step in client.get("/first-day/").context["steps"] if step.label == label)


def test_a_principal_sees_what_the_school_needs(client, first_week, world, steps):
    assert steps(world.principal) == {
        "Classes of this year": True,
        "A teacher in every class": True,
        "Teachers invited": False,
        "Class lists looked at by their teachers": False,
        "Reports on class lists answered": True,
    }
    assert beside(client, "Teachers invited") == "2 of 2 are still to be invited"
    assert beside(client, "Class lists looked at by their teachers") == "2 lists are still to be looked at"
    User.objects.filter(pk__in=[world.teacher.pk, world.colleague.pk]).update(invited_at=timezone.now())
    make.section(world.ash, world.year, "503")
    ClassListReport.objects.create(section=world.section, by=world.teacher, kind="other", text="x")
    found = steps(world.principal)
    assert (found["Teachers invited"], found["A teacher in every class"]) == (True, False)
    assert not found["Reports on class lists answered"]
    assert beside(client, "A teacher in every class") == "1 class has no teacher today"


def test_a_list_counts_as_looked_at_when_its_teacher_looks(client, first_week, world, steps):
    looked = "Class lists looked at by their teachers"
    client.force_login(world.principal)
    for section in (world.section, world.other_section):
        client.get(f"/sections/{section.pk}/students/")
    assert steps(world.principal)[looked] is False
    for teacher, section in ((world.teacher, world.section), (world.colleague, world.other_section)):
        client.force_login(teacher)
        client.get(f"/sections/{section.pk}/students/")
    assert steps(world.principal)[looked] is True
    assert steps(world.teacher) == {"Your classes": True, "Class list of Math 5, section 501": True}


def test_the_office_is_asked_for_an_agreement_only_where_coaches_work(first_week, world, steps):
    assert steps(world.admin)["Data agreement"] is True
    world.agreement.delete()
    assert steps(world.admin)["Data agreement"] is False
    world.coach.memberships.all().delete()
    assert "Data agreement" not in steps(world.admin)


def test_today_reminds_schools_and_teachers_in_the_first_weeks_alone(client, first_week, world, monkeypatch):
    for person, reminded in ((world.principal, 5), (world.teacher, 2), (world.leader, 0)):
        client.force_login(person)
        assert len(client.get("/").context["steps"]) == reminded
    monkeypatch.setattr(timezone, "now", lambda: datetime(2025, 12, 10, 17, 0, tzinfo=UTC))
    for person in (world.principal, world.teacher):
        client.force_login(person)
        assert client.get("/").context["steps"] == []


def test_a_new_year_needs_its_own_roster_and_window(world, steps, monkeypatch):
    make.window(world.year)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 7, 20, 17, 0, tzinfo=UTC))
    found = steps(world.admin)
    assert (found["Roster"], found["Window"], found["Schools"]) == (False, False, True)
    following = make.year(world.district, "2026-27", date(2026, 8, 24), date(2027, 6, 15))
    make.section(world.ash, following)
    make.window(following, opens=date(2026, 9, 14), closes=date(2026, 10, 2))
    found = steps(world.admin)
    assert (found["Roster"], found["Window"]) == (True, True)


def test_the_checklist_asks_no_more_for_more_rows(client, first_week, world, flat):
    def more():
        for number in range(5):
            make.staff(make.user(), make.section(world.ash, world.year, f"7{number}"))

    for person in (world.principal, world.admin):
        client.force_login(person)
        flat("/first-day/", more if person == world.principal else lambda: None, most=8)
