"""Rules and certificates on their pages, and what the portal keeps about the reader."""

import csv
import io
import json
import re

import pytest

from schools.models import DestructionCertificate, Membership, RetentionRule, User
from schools.privacy.about_me import about, fields_naming_people
from schools.privacy.rows_that_name import is_named
from schools.retention.destroying import destroy
from tests import make
from tests.privacy.test_retention import LATER
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


def test_the_page_says_what_is_over_its_time_and_takes_nothing(client, world, flat):
    make.notice(world.teacher)
    client.force_login(world.admin)
    page = client.get("/privacy/retention/").content.decode()
    assert "Nothing is over its time today." in page
    RetentionRule.objects.create(district=world.district, data_class="students", days=1, changed_by=world.admin)
    page = client.get("/privacy/retention/").content.decode()
    assert "Set by Given Admin" in page
    assert "manage.py retention --district D1" in page
    flat("/privacy/retention/", lambda: [destroy(world.district, LATER, None, "notices")], most=12)


def test_the_office_changes_a_rule_within_its_bounds(client, world):
    client.force_login(world.admin)
    url = f"/privacy/retention/{world.district.pk}/results/"
    assert "Between 365 and 36,525 days." in client.post(url, {"days": "30"}).content.decode()
    for days in ("400", "730"):
        assert client.post(url, {"days": days}).status_code == 302
    rule = RetentionRule.objects.get()
    assert (rule.days, rule.changed_by) == (730, world.admin)
    assert client.get(f"/privacy/retention/{world.district.pk}/everything/").status_code == 404


def test_a_certificate_says_what_went_and_whether_its_words_stand(client, world):
    make.notice(world.teacher)
    (done,) = destroy(world.district, LATER, world.admin, "notices")
    client.force_login(world.auditor)
    url = f"/privacy/certificates/{done.certificate.pk}/"
    page = client.get(url).content.decode()
    assert "Unchanged" in page
    assert done.certificate.sha256 in page
    DestructionCertificate.objects.update(rule="Kept for ever.")
    assert "are not those that were signed" in client.get(url).content.decode()
    assert "The chain of certificates is broken" in client.get("/privacy/retention/").content.decode()


# --- about oneself -------------------------------------------------------------------------------------


def tables(user) -> dict:
    return {table.name: table.rows for table in about(User.objects.get(pk=user.pk))}


def test_a_person_reads_all_that_is_kept_about_them(client, world, flat):
    client.force_login(world.teacher)
    client.get(f"/sections/{world.section.pk}/students/")
    found = tables(world.teacher)
    assert ("Email", "teacher@example.org") in found["Account and settings"]
    assert found["Roles"][0][:2] == ("teacher", "Ash School")
    assert found["Classes"][0][0] == "Math 5, section 501"
    assert found["Students' records you looked at"][0][:2] == ("viewed", 1)
    page = client.get("/privacy/me/").content.decode()
    assert "teacher@example.org" in page
    assert "colleague@example.org" not in page
    assert not re.search(r"\d{4}-\d\d-\d\d", page), "days are told as people read them"
    flat("/privacy/me/", lambda: [make.member(world.teacher, "teacher", school=world.birch) for _ in range(5)], most=12)


def test_no_row_that_names_a_person_is_forgotten(world):
    """Every table with a reference to people is counted, whoever adds it."""
    counted = {(model, field.name) for model, field in fields_naming_people()}
    assert {(Membership, "user"), (Membership, "granted_by"), (DestructionCertificate, "by")} <= counted
    membership = world.teacher.memberships.get()
    Membership.objects.filter(pk=membership.pk).update(granted_by=world.admin)
    assert all(is_named(model, field) for model, field in fields_naming_people())
    assert ("Roles", "given by you", 1) in tables(world.admin)["Rows that name you"]


def test_the_files_hold_the_same_and_no_secret(client, world):
    sign_in(client, world.teacher)
    response = client.post("/privacy/me/export/", {"format": "json"})
    body = json.loads(response.content)
    assert body["roles"][0]["Where"] == "Ash School"
    assert "attachment" in response["Content-Disposition"]
    text = client.post("/privacy/me/export/", {"format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0].startswith("# What the portal keeps about the person")
    assert ["Email", "teacher@example.org"] in rows
    world.teacher.refresh_from_db()
    assert world.teacher.password not in text + response.content.decode()
