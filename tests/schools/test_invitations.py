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
    where = page.redirect_chain[-1][0]
    visitor.post(where, {"password1": PASSWORD, "password2": PASSWORD})
    signed_in = visitor.post("/accounts/login/", {"login": "nia@example.org", "password": PASSWORD})
    assert signed_in.status_code == 302
    assert visitor.get("/").status_code == 200
    again = Client().get(link_of(letter), follow=True)
    assert "password1" not in again.content.decode()  # the link has done its one work


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
