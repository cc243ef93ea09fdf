"""The district's sign-in against a real OpenID Connect provider: who is let in, who is linked, and who is refused."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from schools.invitations import invitation_link
from schools.models import User
from tests import make
from tests.sign_in.district import come_back, leave, provider, sign_in, switch_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


@pytest.fixture
def classlink(settings, district_server):
    switch_on(settings, provider(district_server))


@pytest.fixture
def newcomer(world):
    person = User.objects.create_user("nia@example.org", given_name="Nia", family_name="Newcomer")
    make.member(person, "teacher", school=world.ash)
    return person


def invited(person) -> Client:
    """A browser in which the person's invitation was opened."""
    client = Client()
    client.get(invitation_link(person).removeprefix("http://testserver"), follow=True)
    return client


def who(client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def linked(person, sub="nia-1", key="classlink") -> SocialAccount:
    return SocialAccount.objects.create(user=person, provider=key, uid=sub)


@pytest.mark.usefixtures("classlink")
def test_the_first_time_by_the_invitation_and_then_without(newcomer):
    client = invited(newcomer)
    assert "Go on with Classlink" in client.get("/invitations/open/").content.decode()
    answer = sign_in(client, "nia-1")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who(client) == newcomer.pk
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid) == (newcomer, "classlink", "nia-1")
    assert account.extra_data == {"id_token": {"sub": "nia-1", "email": "nia@example.org"}}  # and nothing more
    again = Client()
    assert sign_in(again, "nia-1", next="/people/")["Location"] == "/people/"
    assert who(again) == newcomer.pk
    assert invited(newcomer).get("/invitations/open/").status_code == 410


@pytest.mark.usefixtures("classlink")
def test_an_address_at_the_provider_opens_nobody_s_account(world):
    """Mallory's account claims the principal's address, verified; the principal has a password here."""
    client = Client()
    answer = sign_in(client, "mallory-1")
    assert answer.status_code == 403
    assert "takes the link of your invitation" in answer.content.decode().replace("\n", " ")
    assert who(client) is None
    assert not SocialAccount.objects.exists()
    assert User.objects.filter(email="principal@example.org").count() == 1


@pytest.mark.usefixtures("classlink")
def test_another_address_at_the_provider_makes_no_second_person(newcomer):
    """Accounts go by the subject id: the link of the invitation proves who it is, not the address."""
    sign_in(invited(newcomer), "ben-1")
    before = User.objects.count()
    client = Client()
    sign_in(client, "ben-1")
    assert (who(client), User.objects.count()) == (newcomer.pk, before)
    newcomer.refresh_from_db()
    assert newcomer.email == "nia@example.org"


@pytest.mark.usefixtures("classlink")
def test_a_second_identity_ends_the_first_session(world, newcomer):
    linked(newcomer)
    client = Client()
    client.force_login(world.principal)
    first = client.session.session_key
    sign_in(client, "nia-1")
    assert who(client) == newcomer.pk
    assert client.session.session_key != first
    assert not client.session.exists(first)
    assert not SocialAccount.objects.filter(user=world.principal).exists()


@pytest.mark.usefixtures("classlink")
def test_an_unknown_identity_does_not_touch_whoever_is_signed_in(world):
    client = Client()
    client.force_login(world.principal)
    assert sign_in(client, "mallory-1").status_code == 403
    assert not SocialAccount.objects.exists()
    assert who(client) == world.principal.pk


def signed_in(person) -> Client:
    """A browser in which the person typed the password just now."""
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": "correct horse battery"})
    assert who(client) == person.pk
    return client


@pytest.mark.usefixtures("classlink")
def test_a_signed_in_person_links_one_and_only_one(world, settings, district_server):
    client = signed_in(world.teacher)
    assert sign_in(client, "ben-1", process="connect").status_code == 302
    assert SocialAccount.objects.get().user == world.teacher
    switch_on(settings, provider(district_server), provider(district_server, "clever"))
    page = sign_in(client, "ben-1", key="clever", process="connect")
    assert "has a district sign-in already" in page.content.decode()
    page = sign_in(signed_in(world.colleague), "ben-1", process="connect")
    assert "belongs to another account" in page.content.decode()
    assert SocialAccount.objects.count() == 1


@pytest.mark.usefixtures("classlink")
def test_a_link_is_taken_away_and_opens_nothing_then(world):
    linked(world.teacher)
    client = signed_in(world.teacher)
    client.post("/accounts/linked/", {"account": SocialAccount.objects.get().pk})
    assert not SocialAccount.objects.exists()
    assert sign_in(Client(), "nia-1").status_code == 403


def test_a_private_account_is_no_district_sign_in(settings, district_server, newcomer):
    switch_on(settings, provider(district_server, pins={"hd": "schools.example.org"}))
    client = invited(newcomer)
    page = sign_in(client, "ben-1")
    assert page.status_code == 403
    assert "does not belong to the district" in page.content.decode()
    assert sign_in(client, "nia-1").status_code == 302


def test_a_provider_of_one_district_signs_in_nobody_of_another(settings, district_server, world):
    switch_on(settings, provider(district_server, district="D2"))
    linked(world.teacher)
    assert "another district" in sign_in(Client(), "nia-1").content.decode()
    switch_on(settings, provider(district_server, district="D1"))
    assert sign_in(Client(), "nia-1").status_code == 302


@pytest.mark.usefixtures("classlink")
def test_a_closed_account_stays_closed(world):
    linked(world.teacher)
    User.objects.filter(pk=world.teacher.pk).update(is_active=False)
    client = Client()
    sign_in(client, "nia-1")
    assert who(client) is None


@pytest.mark.usefixtures("classlink")
def test_an_answer_for_another_browser_signs_nobody_in(world):
    linked(world.teacher)
    address = leave(Client())
    victim = Client()
    page = come_back(victim, address, "nia-1")
    assert who(victim) is None
    assert "failed" in page.content.decode()


@pytest.mark.usefixtures("classlink")
def test_the_request_is_the_smallest(world):
    asked = parse_qs(urlsplit(leave(Client())).query)
    assert sorted(asked["scope"][0].split()) == ["email", "openid"]
    assert asked["code_challenge_method"] == ["S256"]


def test_a_provider_that_does_not_answer_is_told_in_words(settings):
    switch_on(settings, provider("http://localhost:9"))
    page = Client().post("/accounts/district/classlink/login/?process=login")
    assert page.status_code == 502
    assert "It did not answer" in page.content.decode()


@pytest.mark.usefixtures("classlink")
def test_the_buttons_stand_on_the_sign_in_page_only_where_there_is_a_provider(settings):
    assert "Go on with Classlink" in Client().get("/accounts/login/").content.decode()
    switch_on(settings)
    assert "Go on with" not in Client().get("/accounts/login/").content.decode()
    assert Client().post("/accounts/district/classlink/login/").status_code == 404


@pytest.mark.usefixtures("classlink")
def test_who_has_no_password_signs_in_once_more_where_a_fresh_sign_in_is_needed(newcomer):
    linked(newcomer)
    client = Client()
    sign_in(client, "nia-1")
    answer = client.get("/accounts/reauthenticate/?next=/people/")
    assert answer["Location"] == "/accounts/again/?next=%2Fpeople%2F"
    assert 'value="/accounts/login/?next=%2Fpeople%2F"' in client.get(answer["Location"]).content.decode()
    answer = client.post("/accounts/logout/", {"next": "/accounts/login/?next=%2Fpeople%2F"})
    assert answer["Location"] == "/accounts/login/?next=%2Fpeople%2F"
