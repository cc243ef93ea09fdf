"""The style page, the sign-in pages and the error pages: whole, correct HTML, in the portal's frame, and light."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory

from schools.access import AccessEnded
from schools.pages import render_page
from tests.look.markup import faults
from tests.look.test_templates import COMPONENTS, PAGES

FIRST_LOAD = 60_000  # bytes of HTML, styles and scripts, compressed

SIGN_IN_PAGES = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-set-nothing/",
    "/accounts/password/reset/key/done/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/unknown/",
]
SIGNED_IN_PAGES = ["/accounts/logout/", "/accounts/password/change/", "/accounts/reauthenticate/"]


def weight(html: str) -> int:
    """Compressed bytes of a page with every style sheet and script it names."""
    named = re.findall(r'<(?:link rel="(?:stylesheet|icon)"|script)[^>]*(?:href|src)="/static/([^"]+)"', html)
    assert len(named) >= 9, named
    files = [Path(finders.find(name)).read_bytes() for name in named]
    return sum(len(brotli.compress(content)) for content in [html.encode(), *files])


def test_the_style_page_needs_no_account_and_no_database(client):
    page = client.get("/style/")
    assert page.status_code == 200
    assert faults(page.content.decode()) == []
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_first_load_stays_light(client):
    assert weight(client.get("/style/").content.decode()) < FIRST_LOAD


def test_the_style_page_shows_every_component(client):
    shown = "".join([*COMPONENTS.values(), PAGES["pop_network/style.html"], PAGES["base.html"]])
    assert [name for name in COMPONENTS if f'"{name}"' not in shown] == []
    assert 'class="item-map"' in client.get("/style/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("url", SIGN_IN_PAGES)
def test_pages_before_sign_in(client, url):
    page = client.get(url, follow=True)
    html = page.content.decode()
    assert page.status_code == 200
    assert faults(html) == []
    assert "css/tokens.css" in html
    assert 'class="portal-name"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("url", SIGNED_IN_PAGES)
def test_pages_of_the_account(client, world, url):
    client.force_login(world.teacher)
    page = client.get(url, follow=True)
    html = page.content.decode()
    assert page.status_code == 200
    assert faults(html) == []
    assert "G. Teacher" in html


@pytest.mark.django_db
def test_a_wrong_password_is_said_beside_the_form(client, world):
    page = client.post("/accounts/login/", {"login": "teacher@example.org", "password": "not this one"})
    html = page.content.decode()
    assert faults(html) == []
    assert 'role="alert"' in html


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_last_resort_needs_nothing(name):
    html = render_to_string(name)
    assert faults(html) == []
    assert "Go to Today" in html


@pytest.mark.django_db
def test_an_address_that_leads_nowhere(client, world):
    client.force_login(world.teacher)
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert faults(page.content.decode()) == []
    assert "There is nothing here for you" in page.content.decode()


def test_a_person_whose_right_has_ended_is_told_so(rf, monkeypatch):
    from django.contrib.auth.models import AnonymousUser
    from django.views.defaults import page_not_found

    request = rf.get("/results/schools/1/")
    request.user, request.resolver_match = AnonymousUser(), None
    sentence = "Your access to Ash School ended on Jan 9, 2026. If that is a mistake, ask the school's principal."
    told = page_not_found(request, AccessEnded(sentence)).content.decode()
    untold = page_not_found(request, AccessEnded()).content.decode()
    assert "ended on Jan 9, 2026" in told
    assert "There is nothing here for you" in untold


class TestParts:
    """One address, one view: the whole page, or the named part where htmx asks for it."""

    @pytest.fixture(autouse=True)
    def both_templates(self, monkeypatch):
        monkeypatch.setattr(
            "schools.pages.render", lambda request, name, context, status: HttpResponse(name, status=status)
        )

    def ask(self, status=200, **headers):
        from django_htmx.middleware import HtmxDetails

        request = RequestFactory().get("/", headers=headers)
        request.htmx = HtmxDetails(request)
        return render_page(request, "room/page.html", {}, part="rows", status=status)

    def test_a_browser_gets_the_page(self):
        assert self.ask().content == b"room/page.html"

    def test_htmx_gets_the_part(self):
        assert self.ask(hx_request="true").content == b"room/page.html#rows"

    @pytest.mark.parametrize("header", ["hx_boosted", "hx_history_restore_request"])
    def test_a_boosted_link_and_the_way_back_get_the_page(self, header):
        assert self.ask(hx_request="true", **{header: "true"}).content == b"room/page.html"

    def test_caches_keep_the_two_apart(self):
        assert "HX-Request" in self.ask().headers["Vary"]

    def test_the_status_is_kept(self):
        assert self.ask(status=422).status_code == 422
