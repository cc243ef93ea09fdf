"""Letters to several people at once: who may be chosen, what is looked at before, and what is told after."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.utils import timezone

from schools.invitations import invite
from schools.models import BulkEdit, User
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]
URL = "/people/invite/"


@pytest.fixture
def newcomers(world):
    """Three who never signed in: two at Ash, one of whom also administers the district, and one at Birch."""
    people = [
        User.objects.create_user(f"{name}@example.org", given_name=name.title(), family_name="Newcomer")
        for name in ("ann", "ben", "cay")
    ]
    for person, school in zip(people, (world.ash, world.ash, world.birch), strict=True):
        make.member(person, "teacher", school=school)
    make.member(people[1], "district_admin", district=world.district)
    User.objects.exclude(pk__in=[person.pk for person in people]).update(last_login=timezone.now())
    return people


def test_choose_look_send(client, world, newcomers):
    client.force_login(world.admin)
    page = client.get(URL).content.decode()
    assert page.count('name="person"') == 3
    chosen = {"person": [newcomers[0].pk, newcomers[2].pk]}
    preview = client.post(URL, chosen).content.decode()
    assert "Nothing has left yet" in preview
    assert "Dear Ann Newcomer" in preview
    assert "ben@example.org" not in preview
    assert mail.outbox == []
    after = client.post(URL, chosen | {"send": "yes"}, follow=True).content.decode()
    assert "Letters on their way: 2." in after
    assert [letter.to for letter in mail.outbox] == [["ann@example.org"], ["cay@example.org"]]
    assert "works until Dec 17" in after


def test_the_list_says_how_far_each_is(client, world, newcomers, monkeypatch):
    invite(person=newcomers[0], by=world.admin)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2025, 12, 20, 17, tzinfo=UTC))
    client.force_login(world.admin)
    page = client.get(URL).content.decode()
    assert "ran out Dec 17" in page
    assert page.count("not sent") == 2


def test_nobody_beyond_one_s_gift_gets_a_letter(client, world, newcomers):
    """Ben of Ash also administers the district, so its principal cannot write to him; Cay is out of sight."""
    client.force_login(world.principal)
    page = client.get(URL).content.decode()
    assert page.count('name="person"') == 1
    assert "to be sent by whoever gives their role" in page
    everyone = [person.pk for person in newcomers] + [world.far_principal.pk, "x", "9" * 5000]
    client.post(URL, {"person": everyone, "send": "yes"})
    assert [letter.to for letter in mail.outbox] == [["ann@example.org"]]


def test_who_signed_in_meanwhile_gets_none(client, world, newcomers):
    client.force_login(world.admin)
    User.objects.filter(pk=newcomers[0].pk).update(last_login=timezone.now())
    page = client.post(URL, {"person": [newcomers[0].pk], "send": "yes"}).content.decode()
    assert "Nobody was chosen" in page
    assert mail.outbox == []


def test_a_letter_that_fails_keeps_nobody_else_from_theirs(client, world, newcomers, settings):
    settings.EMAIL_BACKEND = "tests.schools.test_inviting_several.NotForAnn"
    client.force_login(world.admin)
    chosen = {"person": [newcomers[0].pk, newcomers[2].pk], "send": "yes"}
    page = client.post(URL, chosen, follow=True).content.decode()
    assert "Letters on their way: 1." in page
    assert "did not take the letters to Ann Newcomer." in page


class NotForAnn:
    """A mail server that refuses one address."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, letters):
        if letters[0].to == ["ann@example.org"]:
            raise ConnectionRefusedError("not for her")
        return len(letters)


def test_the_page_is_flat(client, world, newcomers, flat):
    client.force_login(world.admin)

    def more():
        for number in range(10):
            person = User.objects.create_user(f"more{number}@example.org", given_name="More", family_name=str(number))
            make.member(person, "teacher", school=world.ash)

    flat(URL, more, most=12)


# --- chosen on the list of people --------------------------------------------------------------------------

BULK = "/people/bulk/"


def test_among_the_acts_on_several_who_needs_no_letter_is_left_out_and_counted(client, world, newcomers):
    """Ann and Cay get a letter; Ben has one that works; teacher and colleague have signed in."""
    client.force_login(world.admin)
    invite(person=newcomers[1], by=world.admin)
    mail.outbox.clear()
    rows = {"row": [person.pk for person in [*newcomers, world.teacher, world.colleague]]}
    assert "See who would get a letter" in client.post(BULK, rows).content.decode()
    page = client.post(BULK, rows | {"act": "invite"})
    words = page.content.decode()
    assert "2 would get a letter, 3 would not. Nothing has left yet." in words
    assert "<li>2: Has signed in before and needs no letter.</li>" in words
    assert "<li>1: Was invited, and that letter still works.</li>" in words
    assert "Dear Ann Newcomer" in words and mail.outbox == []
    yes = rows | {"act": "invite", "seen": page.context["seen"]}
    done = client.post(BULK, yes, follow=True).content.decode()
    assert "Letters on their way: 2." in done and "Letter to cay@example.org" in done and "Undo it" not in done
    assert [letter.to for letter in mail.outbox] == [["ann@example.org"], ["cay@example.org"]]
    edit = BulkEdit.objects.get()
    assert (edit.act, edit.by, [line["row"] for line in edit.lines]) == (
        "invite", world.admin, [newcomers[0].pk, newcomers[2].pk]
    )  # fmt: skip
    again = client.post(BULK, yes).content.decode()  # the button pressed twice
    assert "Something changed since you looked. No letter left" in again and len(mail.outbox) == 2
    assert "cannot be taken back" in client.post(f"/bulk/{edit.pk}/undo/", follow=True).content.decode()
    edit.refresh_from_db()
    assert edit.undone_at is None


def test_among_the_acts_on_several_nobody_beyond_one_s_gift(client, world, newcomers, settings):
    settings.EMAIL_BACKEND = "tests.schools.test_inviting_several.NotForAnn"
    client.force_login(world.principal)
    rows = {"row": [newcomers[0].pk, newcomers[1].pk], "act": "invite"}
    page = client.post(BULK, rows)
    assert [line.refused for _, line in page.context["refused"]] == [
        "Holds a role that is not yours to give; the district's office can write."
    ]
    after = client.post(BULK, rows | {"seen": page.context["seen"]}, follow=True).content.decode()
    assert "The mail server did not take the letters to Ann Newcomer." in after
    assert not BulkEdit.objects.exists()
    assert client.post(BULK, {"row": newcomers[2].pk, "act": "invite"}).status_code == 404


def test_a_name_in_the_letter_is_text_and_nothing_else(client, world, newcomers):
    User.objects.filter(pk=newcomers[0].pk).update(given_name="<b>Ann</b>")
    client.force_login(world.admin)
    bulk = client.post(BULK, {"row": newcomers[0].pk, "act": "invite"}).content.decode()
    for page in (bulk, client.post(URL, {"person": newcomers[0].pk}).content.decode()):
        assert "Dear &lt;b&gt;Ann&lt;/b&gt;" in page and "<b>Ann" not in page
