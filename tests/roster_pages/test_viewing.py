"""Looking at the portal as somebody else: who may, what is seen, what stays closed, and what is written down."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.models import AccessLog, User, Viewing
from schools.viewing import FILES, OWN, OWN_PAGES, WAY_OUT, is_closed, may_view_as
from tests import make
from tests.policy.rows import furnish
from tests.test_access import ROUTES, named_routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def looking(client, world):
    """The district's admin, who looks at the portal as the teacher of section 501."""
    client.force_login(world.admin)
    answer = client.post(f"/people/{world.teacher.pk}/view-as/", {"reason": "asked what she sees"})
    assert answer.status_code == 302 and answer.url == "/"
    return client


def test_pages_are_those_of_the_person_and_say_so(looking, world):
    page = looking.get("/").content.decode()
    assert "You see the portal as <strong>Given Teacher</strong>" in page
    assert looking.get(f"/sections/{world.section.pk}/students/").status_code == 200
    assert looking.get(f"/sections/{world.other_section.pk}/students/").status_code == 404  # the admin's own, not hers
    assert looking.get("/rosters/").status_code == 403


def test_a_page_of_students_is_written_down_under_the_real_name(looking, world):
    looking.get(f"/sections/{world.section.pk}/students/")
    row = AccessLog.objects.get()
    assert row.user == world.admin
    assert row.why == "Looks as Given Teacher: Teaches the class."


def test_a_refusal_too(looking, world):
    looking.get(f"/sections/{world.other_section.pk}/students/")
    row = AccessLog.objects.get()
    assert (row.user, row.action) == (world.admin, "refused")


def test_nothing_can_be_changed_or_taken_away(looking, world):
    section = world.section.pk
    for path in (f"/sections/{section}/wrong/", "/students/", "/notices/read/"):
        answer = looking.post(path, {"text": "no"})
        assert answer.status_code == 403, path
        assert "Go back to yourself first." in answer.content.decode()


def test_every_name_that_is_closed_or_leads_out_is_a_route_s():
    """A page that is renamed does not open itself."""
    routes = named_routes().keys()
    assert (OWN_PAGES | WAY_OUT) - routes == set()
    assert [begins for begins in OWN if not any(name.startswith(begins) for name in routes)] == []
    assert [ends for ends in FILES if not any(name.endswith(ends) for name in routes)] == []


@pytest.mark.parametrize(
    "name",
    [
        "mfa_index", "account_change_password", "usersessions_list", "mfa_activate_totp",
        *sorted(OWN_PAGES - {"schools:viewing_begin"}),
    ],
)  # fmt: skip
def test_what_is_the_persons_own_stays_closed(looking, name):
    assert looking.get(reverse(name)).status_code == 403


LOOKED = {"schools_accesslog", "django_session"}


def test_no_file_leaves_and_nothing_is_written_by_any_route(world):
    """Every route that somebody is answered a file by is closed, whatever its name; pages write who looked alone."""
    furnish(world)
    client = Client()
    client.force_login(world.admin)
    client.post(f"/people/{world.principal.pk}/view-as/", {"reason": "a look at every page"})
    files, writes = [], []

    def watch(execute, sql, params, many, context):
        text = str(sql)
        if text.startswith(("INSERT", "UPDATE", "DELETE")) and text.split('"')[1] not in LOOKED:
            writes.append((name, text[:60]))
        return execute(sql, params, many, context)

    for name, route in ROUTES.items():
        if "GET" not in route.methods or name.startswith("health"):
            continue
        if is_closed(named_routes()[name].callback, name, "GET"):
            continue
        url = reverse(name, kwargs=route.of(world))
        with connection.execute_wrapper(watch):
            answer = client.get(url, route.data)
        if "attachment" in answer.get("Content-Disposition", ""):
            files.append(name)
    assert not files
    assert not writes


def test_the_visit_is_not_the_persons(looking, world):
    looking.get("/")
    assert User.objects.get(pk=world.teacher.pk).today_at is None


def test_back_to_oneself(looking, world):
    answer = looking.post("/viewing/end/")
    assert answer.url == f"/people/{world.teacher.pk}/"
    page = looking.get(answer.url).content.decode()
    assert "You see the portal as" not in page
    assert "asked what she sees" in looking.get(f"{answer.url}viewings/").content.decode()
    assert Viewing.objects.get().ended_at is not None


def test_it_ends_by_itself(looking, world, monkeypatch):
    later = datetime(2025, 12, 10, 17, 31, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = looking.get("/", follow=True)
    assert "the time to look as somebody else is over" in answer.content.decode()
    row = Viewing.objects.get()
    assert row.ended_at == row.until == later - timedelta(minutes=1)
    assert looking.get("/rosters/").status_code == 200


def test_it_ends_when_the_right_ends(looking, world):
    world.admin.memberships.update(ends="2025-12-01")
    assert looking.get(f"/sections/{world.section.pk}/students/").status_code == 302
    assert looking.get(f"/sections/{world.section.pk}/students/").status_code == 404


def test_the_person_reads_who_looked(looking, world):
    own = Client()
    own.force_login(world.teacher)
    assert "asked what she sees" in own.get(f"/people/{world.teacher.pk}/viewings/").content.decode()


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("principal", "teacher"),  # an office looks, not a school
        ("operator", "teacher"),  # who sees no student sees none as somebody else
        ("operator", "principal"),
        ("admin", "admin"),
        ("admin", "auditor"),  # holds a role that is not the district's to give
        ("admin", "operator"),
        ("auditor", "rep"),
        ("coach", "teacher"),
    ],
)
def test_who_may_not(world, who, whom):
    user, person = (User.objects.get(pk=getattr(world, name).pk) for name in (who, whom))
    assert not may_view_as(user, person)


def test_who_may(world):
    admin, operator = (User.objects.get(pk=one.pk) for one in (world.admin, world.operator))
    for person in (world.teacher, world.leader, world.principal, world.coach):
        assert may_view_as(admin, User.objects.get(pk=person.pk)), person
    assert may_view_as(operator, User.objects.get(pk=world.rep.pk))


def test_a_teacher_in_two_districts_is_nobodys_to_look_as(world):
    make.member(world.teacher, "teacher", school=world.far_school)
    assert not may_view_as(User.objects.get(pk=world.admin.pk), User.objects.get(pk=world.teacher.pk))


def test_the_page_asks_no_more_than_others(looking, world, flat):
    flat("/", lambda: make.seat(make.student(world.district), world.section), most=16)
