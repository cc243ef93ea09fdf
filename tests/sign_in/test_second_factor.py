"""Everyone who sees students shows a second factor; without one they reach the pages to set one up, and no other."""

import re
import time
from base64 import b64decode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.socialaccount.models import SocialAccount
from django.core.checks import run_checks
from django.core.checks.registry import registry
from django.test import Client
from django.urls import reverse

from pop_network.sign_in.middleware import ALWAYS, TO_ENROLL, TO_SHOW
from schools.models import Student, User
from tests import make
from tests.policy.route import NAMES, WHO
from tests.policy.rows import furnish
from tests.sign_in.district import provider, sign_in, switch_on
from tests.test_access import ROUTES, named_routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]
PASSWORD = "correct horse battery"
AWAY = "/accounts/second-factor/"


def by_password(person, client=None, **more):
    client = client or Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD} | more)
    return client


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_app(client) -> str:
    """Set up an authenticator app as the page asks; its secret."""
    page = client.get("/accounts/security/totp/activate/").content.decode()
    secret = re.search(r'<code class="secret">(\w+)</code>', page)[1]
    answer = client.post("/accounts/security/totp/activate/", {"code": code_of(secret)})
    assert answer["Location"] == "/accounts/security/recovery-codes/"
    return secret


def test_the_picture_is_black_on_white_and_no_page_of_secrets_is_kept(strict, world):
    client = by_password(world.teacher)
    answer = client.get("/accounts/security/totp/activate/")
    assert answer["Cache-Control"] == "no-store"
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', answer.content.decode())[1]
    assert b'fill="white"' in b64decode(picture)
    set_up_app(client)
    assert client.get("/accounts/security/recovery-codes/")["Cache-Control"] == "no-store"


def codes_on(client) -> list[str]:
    page = client.get("/accounts/security/recovery-codes/").content.decode()
    return re.findall(r"<li><code>(\d+)</code></li>", page)


# --- who is held back, and from what ---------------------------------------------------------------------


def test_without_one_only_the_pages_to_set_one_up_answer(strict, world):
    """Every route of the portal, as a teacher without one."""
    furnish(world)
    open_names = {name for name, route in named_routes().items() if not getattr(route.callback, "login_required", True)}
    reachable = ALWAYS | TO_ENROLL | open_names - TO_SHOW
    client = Client()
    client.force_login(world.teacher)
    for name, route in ROUTES.items():
        url = reverse(name, kwargs=route.of(world))
        answer = client.get(url) if "GET" in route.methods else client.post(url)
        led_away = answer.status_code == 302 and answer["Location"].startswith(AWAY)
        assert led_away != (name in reachable), f"{name} answers {answer.status_code} {answer.headers.get('Location')}"


@pytest.mark.parametrize("who", [who for who in WHO if who != "anon"])
def test_who_is_asked_for_one(strict, world, who):
    user = User.objects.get(pk=getattr(world, NAMES[who]).pk)
    client = Client()
    client.force_login(user)
    answer = client.get("/")
    asked = answer.status_code == 302
    assert asked == (who not in ("outsider", "rep"))
    assert asked or not Student.objects.visible_to(user).exists()


def test_a_new_right_asks_from_the_next_click_on(strict, world):
    """The union's representative who is also given a class is asked from the next click on."""
    client = Client()
    client.force_login(world.rep)
    assert client.get("/").status_code == 200
    make.member(world.rep, "principal", school=world.birch)
    assert client.get("/")["Location"] == f"{AWAY}?next=%2F"


def test_a_part_of_a_page_leads_the_whole_page_away(strict, world):
    client = Client()
    client.force_login(world.teacher)
    answer = client.get("/people/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith(AWAY)


# --- an app, recovery codes, an own device ---------------------------------------------------------------


def test_an_app_opens_the_portal_and_is_asked_for_next_time(strict, world):
    client = by_password(world.teacher)
    assert client.get("/")["Location"].startswith(AWAY)
    assert "Set up an app" in client.get(AWAY).content.decode()
    secret = set_up_app(client)
    codes = codes_on(client)
    assert len(codes) == 10
    assert codes_on(client) == []  # they are shown once
    assert client.get("/").status_code == 200

    again = by_password(world.teacher)
    assert again.get("/")["Location"].startswith("/accounts/login/")  # half-way in is not in
    wrong = again.post("/accounts/security/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    answer = again.post("/accounts/security/authenticate/", {"code": code_of(secret, 1)})
    assert answer["Location"] == "/accounts/security/trust/"
    assert again.post("/accounts/security/trust/", {"action": "skip"}).status_code == 302
    assert again.get("/").status_code == 200
    assert by_password(world.teacher).get("/").status_code == 302


def test_a_code_works_once(strict, world):
    secret = set_up_app(by_password(world.teacher))
    code = code_of(secret, 1)
    for expected in (302, 200):
        answer = by_password(world.teacher).post("/accounts/security/authenticate/", {"code": code})
        assert answer.status_code == expected


def test_a_recovery_code_does_too_and_works_once(strict, world):
    client = by_password(world.teacher)
    set_up_app(client)
    code = codes_on(client)[0]
    for expected in (302, 200):
        answer = by_password(world.teacher).post("/accounts/security/authenticate/", {"code": code})
        assert answer.status_code == expected


def test_an_own_device_is_remembered_thirty_days_and_no_other(strict, world, monkeypatch):
    secret = set_up_app(by_password(world.teacher))
    own = by_password(world.teacher)
    own.post("/accounts/security/authenticate/", {"code": code_of(secret, 1)})
    own.post("/accounts/security/trust/", {"action": "trust"})
    own.post("/accounts/logout/")
    by_password(world.teacher, own)
    assert own.get("/").status_code == 200
    assert by_password(world.teacher).get("/").status_code == 302
    own.post("/accounts/logout/")
    by_password(world.colleague, own)  # the device is the teacher's, not the colleague's
    assert own.get("/")["Location"].startswith(AWAY)
    own.post("/accounts/logout/")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * 86400)
    by_password(world.teacher, own)
    assert own.get("/").status_code == 302


def test_a_session_of_a_password_alone_cannot_replace_the_factor(strict, world):
    thief = by_password(world.teacher)  # got the password before the owner set up the app
    set_up_app(by_password(world.teacher))
    for url in ("/accounts/security/totp/deactivate/", "/accounts/security/totp/activate/",
                "/accounts/security/webauthn/add/", "/accounts/security/recovery-codes/generate/", "/"):  # fmt: skip
        assert thief.get(url)["Location"].startswith(AWAY), url
    assert "You have a second factor" in thief.get(AWAY).content.decode()


def test_who_takes_the_last_one_away_is_held_back_again(strict, world):
    client = by_password(world.teacher)
    set_up_app(client)
    assert client.post("/accounts/security/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()
    assert client.get("/")["Location"].startswith(AWAY)


# --- secrets at rest -------------------------------------------------------------------------------------


def test_secrets_are_sealed_at_rest_and_a_new_key_opens_the_old_ones(strict, world):
    secret = set_up_app(by_password(world.teacher))
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not re.search(r"[0-9a-f]{80}", kept)  # nor the seed of the recovery codes
    strict.SECOND_FACTOR_KEYS = ["a new key", *strict.SECOND_FACTOR_KEYS]
    answer = by_password(world.teacher).post("/accounts/security/authenticate/", {"code": code_of(secret, 1)})
    assert answer.status_code == 302


def test_a_lost_key_is_a_wrong_code_and_no_broken_page(strict, world):
    secret = set_up_app(by_password(world.teacher))
    strict.SECOND_FACTOR_KEYS = ["another key"]
    answer = by_password(world.teacher).post("/accounts/security/authenticate/", {"code": code_of(secret, 1)})
    assert answer.status_code == 200
    assert "Incorrect code" in answer.content.decode()


# --- the district's sign-in counts, a code by mail does not -----------------------------------------------


def test_the_district_s_sign_in_counts(strict, world, district_server):
    switch_on(strict, provider(district_server))
    SocialAccount.objects.create(user=world.teacher, provider="classlink", uid="nia-1")
    client = Client()
    sign_in(client, "nia-1")
    assert client.get("/").status_code == 200
    switch_on(strict)  # the provider is no longer one of this portal's
    assert client.get("/")["Location"].startswith(AWAY)


def test_linking_the_district_s_account_is_a_way_to_set_one_up(strict, world, district_server):
    switch_on(strict, provider(district_server))
    client = by_password(world.teacher)
    assert "Link Classlink" in client.get(AWAY).content.decode()
    assert sign_in(client, "nia-1", process="connect", next="/people/")["Location"] == "/people/"
    assert client.get("/people/").status_code == 200


def test_a_code_by_mail_signs_in_and_is_one_factor(strict, world, mailoutbox):
    client = Client()
    client.post("/accounts/login/code/", {"email": world.teacher.email})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]*)\s*$", mailoutbox[0].body, re.MULTILINE)[1]
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert client.session["_auth_user_id"] == str(world.teacher.pk)
    assert client.get("/")["Location"].startswith(AWAY)


def test_nobody_unknown_gets_a_code_and_the_page_does_not_tell(strict, world, mailoutbox):
    known = Client().post("/accounts/login/code/", {"email": world.teacher.email})
    unknown = Client().post("/accounts/login/code/", {"email": "nobody@else.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [letter.to for letter in mailoutbox] == [[world.teacher.email]]


# --- the demo, and a real portal -------------------------------------------------------------------------


def test_the_demo_s_people_need_none_and_real_people_do(strict, world):
    strict.DEMO_SIGN_INS = True
    assert by_password(world.teacher).get("/").status_code == 200
    User.objects.filter(pk=world.teacher.pk).update(email="teacher@schools.test")
    world.teacher.refresh_from_db()
    assert by_password(world.teacher).get("/")["Location"].startswith(AWAY)


@pytest.mark.parametrize(
    ("second_factor", "demo", "found"),
    [(True, False, set()), (False, False, {"pop_network.E001"}), (True, True, {"pop_network.E002"})],
)
def test_a_real_portal_is_refused_without(settings, second_factor, demo, found):
    settings.SECOND_FACTOR, settings.DEMO_SIGN_INS = second_factor, demo
    assert registry.deployment_checks
    errors = run_checks(include_deployment_checks=True, tags=["security"])
    assert {error.id for error in errors if error.id.startswith("pop_network.E")} == found


# --- a phone is gone -------------------------------------------------------------------------------------


def test_who_lost_everything_is_let_set_up_anew(strict, world):
    teacher = by_password(world.teacher)
    set_up_app(teacher)
    SocialAccount.objects.create(user=world.teacher, provider="classlink", uid="nia-1")
    strict.SECOND_FACTOR = False
    principal = by_password(world.principal)
    answer = principal.post(f"/people/{world.teacher.pk}/reset-sign-in/", follow=True)
    assert "sets up a second factor at the next sign-in" in answer.content.decode()
    strict.SECOND_FACTOR = True
    assert not Authenticator.objects.filter(user=world.teacher).exists()
    assert not SocialAccount.objects.filter(user=world.teacher).exists()
    assert teacher.get("/")["Location"].startswith("/accounts/login/")  # signed out
    again = by_password(world.teacher)
    assert "Set up an app" in again.get(again.get("/")["Location"]).content.decode()
