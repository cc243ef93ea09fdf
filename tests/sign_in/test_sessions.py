"""How long a session lasts, where one is signed in, and what happens to whoever tries many passwords."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from pop_network.sign_in import idle
from tests.sign_in.test_second_factor import by_password

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def clock(monkeypatch):
    """`clock(seconds)` lets that much time pass."""
    passed = [0]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + passed[0])
    return lambda seconds: passed.__setitem__(0, passed[0] + seconds)


def is_in(client) -> bool:
    return client.get("/").status_code == 200


def test_a_shared_device_left_alone_is_signed_out(world, clock, settings):
    client = by_password(world.teacher)
    key = client.session.session_key
    clock(settings.IDLE_SECONDS - 10)
    assert is_in(client)
    clock(settings.IDLE_SECONDS - 10)
    assert is_in(client)  # used in between
    clock(settings.IDLE_SECONDS + 10)
    answer = client.get("/people/")
    assert answer["Location"] == "/accounts/login/?next=/people/"
    assert "nobody used this device for 20 minutes" in client.get(answer["Location"]).content.decode()
    assert not Session.objects.filter(session_key=key).exists()


def test_an_own_device_is_not(world, clock, settings):
    client = by_password(world.teacher, remember="on")
    clock(settings.IDLE_SECONDS * 3)
    assert is_in(client)
    assert "Are you still there?" not in client.get("/").content.decode()


def test_the_portal_hears_of_somebody_who_only_types(world, clock, settings):
    client = by_password(world.teacher)
    for _ in range(3):
        clock(settings.IDLE_SECONDS - 10)
        assert client.post("/accounts/stay/").status_code == 204
    assert is_in(client)


def test_the_session_s_row_is_written_once_a_minute_at_most(world, clock):
    client = by_password(world.teacher)
    first = client.session[idle.SEEN]
    clock(30)
    client.get("/")
    assert client.session[idle.SEEN] == first
    clock(40)
    client.get("/")
    assert client.session[idle.SEEN] > first


def test_where_one_is_signed_in_and_out_everywhere_else(world):
    here = by_password(world.teacher)
    there = by_password(world.teacher)
    colleague = by_password(world.colleague)
    page = here.get("/accounts/sessions/").content.decode()
    assert page.count('data-label="Address"') == 2
    assert page.count("(this one)") == 1
    here.post("/accounts/sessions/")
    assert (is_in(here), is_in(there), is_in(colleague)) == (True, False, True)
    assert "Only here." in here.get("/accounts/sessions/").content.decode()


def test_a_new_password_ends_the_other_sessions(world):
    here, there = by_password(world.teacher), by_password(world.teacher)
    data = {"oldpassword": "correct horse battery", "password1": "violet harbor lantern"}
    answer = here.post("/accounts/password/change/", data | {"password2": data["password1"]})
    assert answer.status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)


def test_many_wrong_passwords_close_the_door_for_a_while(world):
    client = Client()
    wrong = {"login": world.teacher.email, "password": "not it"}
    for _ in range(5):
        assert "not correct" in client.post("/accounts/login/", wrong).content.decode()
    answer = client.post("/accounts/login/", {"login": world.teacher.email, "password": "correct horse battery"})
    assert "Too many failed login attempts" in answer.content.decode()
    assert not is_in(client)


def test_counts_go_by_the_address_before_the_proxy(world, settings):
    """Behind one proxy the last address it was told counts, and a made-up header before it changes nothing."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def tries(number, made_up):
        header = {"HTTP_X_FORWARDED_FOR": f"{made_up}, 203.0.113.9"}
        wrong = {"login": f"person{number}@example.org", "password": "not it"}
        return Client().post("/accounts/login/", wrong, **header)

    statuses = [tries(number, f"198.51.100.{number}") for number in range(11)]
    assert "Too many failed login attempts" in statuses[-1].content.decode()
    elsewhere = {"HTTP_X_FORWARDED_FOR": "203.0.113.77"}
    data = {"login": world.teacher.email, "password": "correct horse battery"}
    assert Client().post("/accounts/login/", data, **elsewhere).status_code == 302
