"""`manage.py setup`, by flags; the questions are the same answers typed."""

import json
import re
from io import StringIO
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from pop_network.embedded import environment
from pop_network.embedded.environment import read_portal_env, write_portal_env
from pop_network.management.commands import setup
from schools.models import District, Membership, Network, User

pytestmark = pytest.mark.django_db

FLAGS = {
    "email": "ann@example.org", "given_name": "Ann", "family_name": "Lee", "district_code": "4711",
    "district_name": "Ash Valley", "timezone": "America/Chicago",
}  # fmt: skip


@pytest.fixture(autouse=True)
def kept(settings, tmp_path, monkeypatch):
    """A data folder with the `portal.env` of an embedded start; the tests' own environment is out of sight."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("pop_network.starting.real_environment", dict)
    settings.PORTAL_URL = "http://localhost:8000"
    settings.DEFAULT_FROM_EMAIL = "portal@localhost"
    write_portal_env(tmp_path, {"SECRET_KEY": "kept", environment.EMBEDDED: "yes"})
    return tmp_path


def run(**flags):
    out = StringIO()
    call_command("setup", stdout=out, json=True, **FLAGS | flags)
    return json.loads(out.getvalue())


def refused(**flags):
    out = StringIO()
    with pytest.raises(SystemExit) as exit:
        call_command("setup", stdout=out, json=True, **FLAGS | flags)
    assert exit.value.code == 1
    return json.loads(out.getvalue())["message"]


def test_the_first_admin_can_come_in(client):
    body = run(network="Northside Math Network")
    admin = User.objects.get()
    assert {(held.role, str(held.place)) for held in admin.memberships.all()} == {
        ("district_admin", "Ash Valley"),
        ("network_admin", "Northside Math Network"),
    }
    assert District.objects.get().timezone == "America/Chicago"

    # The letter's link opens a page where the password is chosen; it then works.
    (letter,) = mail.outbox
    assert letter.to == ["ann@example.org"]
    assert body["link"] in letter.body
    assert body["mail"] == "sent to ann@example.org"
    path = body["link"].removeprefix("http://localhost:8000")
    page = client.get(path, follow=True)
    assert page.status_code == 200
    secret = "a long enough phrase 47"
    form = {"way": "password", "new_password1": secret, "new_password2": secret}
    client.post(page.redirect_chain[-1][0], form)
    assert client.login(email="ann@example.org", password=secret)


def test_a_second_run_changes_nothing():
    first = run(network="Northside Math Network")
    second = run(network="Northside Math Network")
    assert first["made"]
    assert second["made"] == []
    assert (District.objects.count(), User.objects.count(), Network.objects.count()) == (1, 1, 1)
    assert Membership.objects.count() == 2


def test_an_admin_with_a_password_gets_no_new_link():
    run()
    admin = User.objects.get()
    admin.set_password("a long enough phrase 47")
    admin.save()
    body = run()
    assert body["link"] == ""
    assert "Sign in as ann@example.org" in body["next_steps"][0]


def test_address_and_mail_are_kept_beside_what_was_there(kept, settings):
    body = run(url="https://portal.example.org/", email_url="smtp+tls://u:p@mail.example.org:587", no_mail=True)
    assert read_portal_env(kept) == {
        "SECRET_KEY": "kept",
        "EMBEDDED_SERVERS": "yes",
        "PORTAL_URL": "https://portal.example.org",
        "ALLOWED_HOSTS": "portal.example.org,localhost,127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": "https://portal.example.org",
        "HTTPS_ONLY": "yes",
        "TRUSTED_PROXY_COUNT": "1",
        "EMAIL_URL": "smtp+tls://u:p@mail.example.org:587",
    }
    assert body["link"].startswith("https://portal.example.org/")
    assert settings.EMAIL_HOST == "mail.example.org"
    assert body["mail"] == "not asked for"
    assert any("Start the portal again" in step for step in body["next_steps"])


def test_where_the_environment_rules_the_lines_are_said_and_nothing_is_written(kept, monkeypatch):
    monkeypatch.setattr("pop_network.starting.real_environment", lambda: {"SECRET_KEY": "real"})
    body = run(url="https://portal.example.org", no_mail=True)
    assert "PORTAL_URL" not in read_portal_env(kept)
    assert "Set PORTAL_URL=https://portal.example.org in the environment of every service." in body["next_steps"]


def test_mail_that_does_not_leave_is_said_and_the_rest_stands(monkeypatch):
    def gone(*_):
        raise SMTPException("no such server")

    monkeypatch.setattr("pop_network.starting.send_mail", gone)
    body = run()
    assert body["mail"] == "failed: no such server"
    assert body["link"]
    assert any("Mend the mail" in step for step in body["next_steps"])
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"email": "ann"}, '"ann" is not an email address.'),
        ({"timezone": "Mars/Olympus"}, '"Mars/Olympus" is not a time zone. One that is: America/New_York.'),
        ({"district_name": " "}, "The district name is missing."),
        ({"url": "portal"}, '"portal" is not an address like https://portal.example.org.'),
        ({"network": "!!"}, '"!!" is no name for a network: it needs a letter or a digit.'),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(flags, message):
    assert refused(**flags) == message
    assert not District.objects.exists()
    assert not User.objects.exists()


def test_a_district_that_is_there_is_not_renamed():
    run()
    assert "is there already, as Ash Valley in America/Chicago" in refused(district_name="Elm Valley")
    assert District.objects.get().name == "Ash Valley"


def test_without_anybody_to_ask_the_missing_flags_are_named():
    with pytest.raises(CommandError, match=r"Say also: --email, --district-code\."):
        call_command("setup", given_name="Ann", family_name="Lee", district_name="Ash")


def test_questions_are_asked_for_what_is_missing(monkeypatch):
    asked = []
    typed = {"Email": "ann@example.org", "Given": "Ann", "Family": "Lee", "The district's code": "1"}

    def answer(question):
        asked.append(question)
        return next((text for start, text in typed.items() if question.startswith(start)), "")

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(setup.sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    out = StringIO()
    call_command("setup", district_name="Ash Valley", stdout=out)
    assert not any(question.startswith("The district's name") for question in asked)
    assert District.objects.get().timezone == "America/New_York"
    said = out.getvalue()
    assert "Made: district 1, Ash Valley" in said
    assert re.search(r"http://localhost:8000/invitations/\S+", said)
