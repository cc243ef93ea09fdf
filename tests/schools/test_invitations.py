"""The letter that lets a person in: what it says, its link, and what happens when it does not leave."""

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from schools.invitations import InvitationFailed, invite
from schools.models import User
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]
PASSWORD = "violet harbor lantern"


@pytest.fixture
def newcomer(world):
    """Somebody new at Ash, without a password."""
    person = User.objects.create_user("nia@example.org", given_name="Nia", family_name="Newcomer")
    make.member(person, "teacher", school=world.ash)
    return person


def link_of(letter) -> str:
    return re.search(r"https?://testserver(/\S+)", letter.body)[1]


def test_the_whole_way_in(client, world, newcomer):
    client.force_login(world.principal)
    client.post(f"/people/{newcomer.pk}/invite/")
    [letter] = mail.outbox
    assert letter.to == ["nia@example.org"]
    assert "teacher, Ash School" in letter.body
    assert "Given Principal" in letter.subject
    visitor = Client()
    page = visitor.get(link_of(letter), follow=True)
    assert page.status_code == 200
    assert page.redirect_chain[-1][0] == "/invitations/open/"  # the link itself is out of the address
    answer = visitor.post("/invitations/open/", {"way": "password"} | twice(PASSWORD))
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert visitor.get("/").status_code == 200
    again = Client().get(link_of(letter), follow=True)
    assert again.status_code == 410  # the link has done its one work
    assert Client().login(email="nia@example.org", password=PASSWORD)


def twice(password):
    return {"new_password1": password, "new_password2": password}


def test_a_person_may_come_in_without_a_password(world, newcomer):
    invite(person=newcomer, by=world.principal)
    visitor = Client()
    visitor.get(link_of(mail.outbox[0]), follow=True)
    assert visitor.post("/invitations/open/", {"way": "none"})["Location"] == "/"
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()
    assert visitor.session["account_authentication_methods"][0]["method"] == "code"


def test_a_weak_password_is_refused_and_the_link_still_works(world, newcomer):
    invite(person=newcomer, by=world.principal)
    visitor = Client()
    visitor.get(link_of(mail.outbox[0]), follow=True)
    page = visitor.post("/invitations/open/", {"way": "password"} | twice("short"))
    assert "too short" in page.content.decode()
    assert visitor.post("/invitations/open/", {"way": "password"} | twice(PASSWORD)).status_code == 302


def open_status(link) -> int:
    return Client().get(link, follow=True).status_code


def test_what_ends_a_link(world, newcomer, settings, monkeypatch):
    invite(person=newcomer, by=world.principal)
    first = link_of(mail.outbox[0])
    assert open_status(first) == 200
    assert open_status(first[:-3] + "xyz/") == 410  # somebody made it up
    monkeypatch.setattr(timezone, "now", lambda: datetime(2025, 12, 10, 17, 5, tzinfo=UTC))
    newcomer.refresh_from_db()
    invite(person=newcomer, by=world.principal)
    second = link_of(mail.outbox[1])
    assert (open_status(first), open_status(second)) == (410, 200)  # a newer letter
    settings.INVITATION_DAYS = -1
    assert open_status(second) == 410  # too old
    settings.INVITATION_DAYS = 7
    User.objects.filter(pk=newcomer.pk).update(is_active=False)
    assert open_status(second) == 410
    User.objects.filter(pk=newcomer.pk).update(is_active=True, email="other@example.org")
    assert open_status(second) == 410  # the letter went to another address
    User.objects.filter(pk=newcomer.pk).update(email="nia@example.org")
    assert open_status(second) == 200


def test_an_invitation_ends_the_session_of_whoever_sat_there(client, world, newcomer):
    client.force_login(world.colleague)
    before = client.session.session_key
    invite(person=newcomer, by=world.principal)
    page = client.get(link_of(mail.outbox[0]), follow=True)
    assert "Given Colleague is signed in at this browser" in page.content.decode()
    client.post("/invitations/open/", {"way": "none"})
    assert client.session["_auth_user_id"] == str(newcomer.pk)
    assert client.session.session_key != before
    assert not client.session.exists(before)  # ended, not taken over


def test_a_button_pressed_twice_sends_one_letter_and_later_another(world, newcomer, monkeypatch):
    assert invite(person=newcomer, by=world.principal)
    assert not invite(person=newcomer, by=world.principal)
    assert len(mail.outbox) == 1
    monkeypatch.setattr(timezone, "now", lambda: datetime(2025, 12, 10, 17, 5, tzinfo=UTC))
    assert invite(person=newcomer, by=world.principal)
    assert len(mail.outbox) == 2


def test_a_letter_that_does_not_leave_is_told_and_may_be_sent_again(client, world, newcomer, settings):
    settings.EMAIL_BACKEND = "tests.schools.test_invitations.NoServer"
    with pytest.raises(InvitationFailed, match=r"did not take the letter to nia@example\.org"):
        invite(person=newcomer, by=world.principal)
    newcomer.refresh_from_db()
    assert newcomer.invited_at is None
    client.force_login(world.principal)
    page = client.post(f"/people/{newcomer.pk}/invite/", follow=True).content.decode()
    assert "send it again later" in page
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert invite(person=newcomer, by=world.principal)


class NoServer:
    """A mail server that is not there."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, letters):
        raise ConnectionRefusedError("nobody listens")


def test_who_has_signed_in_needs_no_letter(client, world, newcomer):
    User.objects.filter(pk=newcomer.pk).update(last_login=timezone.now())
    client.force_login(world.principal)
    page = client.post(f"/people/{newcomer.pk}/invite/", follow=True).content.decode()
    assert "needs no invitation" in page
    assert mail.outbox == []


def test_the_form_sends_the_letter_where_it_is_asked_to(client, world):
    client.force_login(world.principal)
    data = {
        "given_name": "Nia", "family_name": "Newcomer", "email": "nia@example.org", "send": "on",
        "roles-TOTAL_FORMS": "1", "roles-INITIAL_FORMS": "0", "roles-0-role": "teacher",
        "roles-0-place": f"school:{world.ash.pk}", "roles-0-starts": "2025-12-10",
    }  # fmt: skip
    page = client.post("/people/add/", data, follow=True).content.decode()
    assert "The invitation is on its way to nia@example.org." in page
    assert len(mail.outbox) == 1
    client.post("/people/add/", data)
    assert len(mail.outbox) == 1
