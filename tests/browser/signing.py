"""A portal that asks for a second factor, and what somebody does who signs in there with a real browser."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.utils import timezone

from schools.models import User
from tests import make
from tests.browser.tab import Tab
from tests.browser.town import signed_in
from tests.look.browser import chromium, portal
from tests.worlds import small_world

DECEMBER_10, DECEMBER_13 = (datetime(2025, 12, day, 17, tzinfo=UTC) for day in (10, 13))
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def house(transactional_db, settings, monkeypatch):
    """The small world with a newcomer, at a portal that asks for a second factor. `house.tab(who)` opens a browser."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")  # Playwright runs an event loop in this thread
    monkeypatch.setitem(connections.databases["default"], "CONN_MAX_AGE", 0)  # each request has a thread of its own
    monkeypatch.setattr(timezone, "now", lambda: DECEMBER_10)
    settings.SECOND_FACTOR = True
    world = small_world()
    world.newcomer = User.objects.create_user("nia@example.org", given_name="Nia", family_name="Newcomer")
    make.member(world.newcomer, "teacher", school=world.birch)
    opened = []
    with portal() as address, chromium() as browser:
        address = address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, not to a number

        def tab(who=None):
            opened.append(Tab(browser, address, strong_session(who) if who else None))
            return opened[-1]

        yield SimpleNamespace(world=world, tab=tab)
        for one in opened:
            one.context.close()
        connection.close()  # under the event loop this thread has a connection of its own


def strong_session(user) -> str:
    """The session cookie of somebody who showed a second factor just now."""
    key = signed_in(user)
    session = Session.objects.get(session_key=key).get_decoded()
    session["account_authentication_methods"].append(
        {"method": "mfa", "type": "totp", "at": session["account_authentication_methods"][0]["at"]}
    )
    Session.objects.filter(session_key=key).update(session_data=Session.objects.encode(session))
    return key


def give_key(tab) -> None:
    """Put a virtual authenticator into the tab's device."""
    devtools = tab.context.new_cdp_session(tab.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def press(tab, name: str) -> None:
    """Press the button of that name, and wait for the page it leads to."""
    with tab.page.expect_navigation():
        tab.page.get_by_role("button", name=name, exact=True).click()


def go(tab, name) -> None:
    """Follow the link of that name, or of a name that matches."""
    with tab.page.expect_navigation():
        tab.page.get_by_role("link", name=name, exact=True).click()


def heading(tab) -> str:
    return tab.page.locator("h1").inner_text()


def sign_out(tab) -> None:
    tab.page.locator("details.person summary").click()
    press(tab, "Sign out")


def type_password(tab, person) -> None:
    tab.page.get_by_label("Email").fill(person.email)
    tab.page.get_by_label("Password", exact=True).fill("correct horse battery")
    press(tab, "Sign in")
