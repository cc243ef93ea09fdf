"""Who signs: the person on a page, a command with its --by, a job with who asked; each in its own words."""

import json
from io import StringIO

import pytest
import structlog
from celery import current_app
from django.core.management import call_command
from django.urls import reverse

from pop_network.celery import app
from schools.history.signing import Who, signed
from schools.models import Act, Change, School
from schools.rosters import load_roster
from schools.rosters_undo import undo_roster
from tests import make
from tests.schools.oneroster.packages import Package

pytestmark = pytest.mark.django_db


def last(kind) -> Change:
    return Change.objects.filter(kind=kind).select_related("act").first()


def test_a_page_signs_with_the_person_and_the_request(client, world):
    client.force_login(world.admin)
    address = reverse("schools:school_edit", args=[world.ash.pk])
    sent = client.post(address, {"name": "Ash Academy", "code": "100", "state_code": "", "nces_code": ""})
    assert sent.status_code == 302
    change = last("school")
    assert change.after == {"name": "Ash Academy"} and change.before == {"name": "Ash School"}
    act = change.act
    assert (act.user_id, act.who, act.via, act.what) == (world.admin.pk, "Given Admin", "page", "schools:school_edit")
    assert len(act.request_id) > 20


def test_reading_a_page_asks_nothing_more_and_keeps_nothing(client, world, django_assert_max_num_queries):
    client.force_login(world.admin)
    before = Change.objects.count()
    with django_assert_max_num_queries(12):
        assert client.get(reverse("schools:school", args=[world.ash.pk])).status_code == 200
    assert Change.objects.count() == before


def test_a_command_signs_with_its_name_and_by(world, tmp_path):
    make.cuts(make.assessment(world.district, code="M5", keys="AB"))
    cuts = [
        {"grade": "05", "level": level, "name": name, "minimum": minimum, "valid_from": "2025-07-01"}
        for level, (name, minimum) in enumerate([("Below Basic", 0), ("Basic", 2), ("Proficient", 4)], 1)
    ]
    test = {"code": "M5", "cut_scores": cuts, "items": [{"position": 1, "key": "C"}, {"position": 2, "key": "B"}]}
    path = tmp_path / "setup.json"
    path.write_text(json.dumps({"assessments": [test]}))
    call_command("configure", str(path), district="D1", by=world.admin.email.upper(), stdout=StringIO())
    change = Change.objects.select_related("act").get(kind="cutscore", op="U")
    assert (change.label, change.page, change.before) == ("Proficient, grade 05", "test", {"minimum": 3})
    assert change.after == {"minimum": 4} and change.district_id == world.district.pk
    assert (change.act.via, change.act.what, change.act.user_id) == ("command", "configure", world.admin.pk)
    assert (last("item").before, last("item").after) == ({"key": "A"}, {"key": "C"})


def test_a_job_signs_with_its_name_and_who_rang(world):
    @app.task(name="tests.rename")
    def rename(pk):
        School.objects.filter(pk=pk).update(name="By a job")

    with structlog.contextvars.bound_contextvars(user_id=world.admin.pk, request_id="of-the-request"):
        rename(world.ash.pk)
    del current_app.tasks["tests.rename"]
    act = last("school").act
    assert (act.via, act.what, act.user_id, act.request_id) == ("job", "tests.rename", world.admin.pk, "of-the-request")


def test_a_roster_is_signed_by_who_sent_it_though_it_is_copied(in_winter):
    district, clerk = make.district(), make.user()
    before = Act.objects.count()
    with signed(lambda: Who("job", "schools.tasks.advance_roster")):
        row = load_roster(data=Package().zip(), filename="roster.zip", district=district, by=clerk)
        assert row.state == "published", row.answer
        act = last("rosterimport").act
        copied = Change.objects.filter(act=act).values_list("kind", "op")
        assert {op for _, op in copied} == {"I"}
        assert list(copied).count(("student", "I")) == list(copied).count(("sectionenrollment", "I")) == 30
        assert Act.objects.count() == before + 1
        undo_roster(row, clerk)
    assert (act.user_id, act.via) == (clerk.pk, "job")
    gone = Change.objects.filter(act__user=clerk, op="D")
    assert gone.filter(kind="sectionenrollment").count() == 30
    assert gone.filter(kind="student").first().before["number"]
