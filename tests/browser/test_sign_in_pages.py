"""Every page on the ways in, as a person comes by it: axe, both themes, two widths, and the page's own policy."""

import os
import re

import pytest

from schools.invitations import invitation_link
from tests.browser.signing import (
    give_key,
    go,
    heading,
    press,
    sign_out,
    type_password,
)
from tests.browser.tab import COLOR_RULES, HEIGHT, NARROW, WIDE
from tests.look.browser import axe, needs_chromium
from tests.sign_in.district import provider, provider_running, switch_on
from tests.sign_in.test_second_factor import code_of

pytestmark = [pytest.mark.browser, pytest.mark.short_form, needs_chromium]
LOOKS = [("light", WIDE), ("dark", NARROW)] + (os.environ.get("POP_FAULTS") == "long") * [("light", NARROW)]


def sound(tab, title: str) -> None:
    """The page in view is `title`, and nothing is wrong with it."""
    faults = []
    for theme, width in LOOKS:
        tab.page.emulate_media(color_scheme=theme)
        tab.page.set_viewport_size({"width": width, "height": HEIGHT})
        faults += [f"{width} px: {fault}" for fault in tab.sideways()]
        found = axe(tab.page, COLOR_RULES if theme == "dark" else None)
        faults += [f"{width}, {theme}: {fault}" for fault in found]
    tab.page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    faults += tab.heard()
    assert heading(tab) == title
    assert not faults, f"{title}:\n" + "\n".join(faults)


def test_the_pages_of_an_app_and_a_passkey(house):
    tab = house.tab()
    give_key(tab)
    tab.open("/accounts/login/")
    type_password(tab, house.world.principal)
    sound(tab, "One more step")
    go(tab, "Set up an app")
    sound(tab, "Set up an authenticator app")
    press(tab, "Turn it on")
    sound(tab, "Set up an authenticator app")  # nothing was typed
    secret = tab.page.locator("code.secret").inner_text()
    tab.page.get_by_role("textbox").last.fill(code_of(secret))
    press(tab, "Turn it on")
    sound(tab, "Recovery codes")
    recovery = tab.page.locator(".codes code").first.inner_text()
    tab.page.reload()
    sound(tab, "Recovery codes")
    assert recovery not in tab.page.content()
    pages(tab, {
        "/accounts/security/recovery-codes/generate/": "New recovery codes",
        "/accounts/security/totp/deactivate/": "Take the app away",
        "/accounts/security/webauthn/": "Your passkeys",
        "/accounts/security/webauthn/add/": "Add a passkey",
    })  # fmt: skip
    press(tab, "Add the passkey")
    pages(tab, {
        "/accounts/security/": "Sign-in and security",
        "/accounts/security/webauthn/": "Your passkeys",
        "/accounts/sessions/": "Where you are signed in",
        "/accounts/linked/": "The district's account",
        "/accounts/reauthenticate/": "Your password, once more",
        "/accounts/security/reauthenticate/": "A code of your app",
        "/accounts/security/webauthn/reauthenticate/": "Your passkey",
    })  # fmt: skip
    tab.open("/accounts/security/webauthn/")
    go(tab, re.compile("^Rename "))
    sound(tab, "Rename the passkey")
    tab.open("/accounts/security/webauthn/")
    go(tab, re.compile("^Take away "))
    sound(tab, "Take the passkey away")
    sign_out(tab)
    tab.open("/accounts/login/")
    type_password(tab, house.world.principal)
    sound(tab, "Second step")
    tab.page.get_by_label("Code", exact=True).fill(recovery)
    press(tab, "Sign in")
    sound(tab, "Is this your own device?")
    press(tab, "Yes, remember it")
    assert tab.page.url == f"{tab.address}/"


def pages(tab, titles: dict[str, str]) -> None:
    for path, title in titles.items():
        tab.open(path)
        sound(tab, title)


def test_the_pages_of_an_invitation_and_of_the_district_s_account(house, settings):
    with provider_running({"nia-1": {"email": "nia@example.org"}}) as address:
        switch_on(settings, provider(address))
        tab = house.tab()
        tab.open("/accounts/login/")
        sound(tab, "Sign in")
        tab.open("/accounts/login/code/")
        sound(tab, "A code by email")
        tab.open("/accounts/district/classlink/login/")
        sound(tab, "Go on with Classlink")
        at_the_district(tab, "Go on")
        sound(tab, "Not signed in")  # nobody invited this account
        tab.open("/invitations/made-up/")
        tab.complaints.clear()  # status 410 is meant
        sound(tab, "This link no longer works")
        tab.open(invitation_link(house.world.newcomer).removeprefix("http://testserver"))
        sound(tab, "Welcome, Nia")
        at_the_district(tab, "Go on with Classlink")
        tab.page.wait_for_url(f"{tab.address}/")
        tab.open("/accounts/linked/")
        sound(tab, "The district's account")


def at_the_district(tab, button: str) -> None:
    """Press the portal's button, sign in as nia at the provider, and come back."""
    tab.page.get_by_role("button", name=button, exact=True).click()
    tab.page.wait_for_url(re.compile("/oauth2/authorize"))
    tab.complaints.clear()  # what that page says is its own affair
    tab.page.locator("[name=sub]").first.fill("nia-1")
    tab.page.locator("[name=sub]").first.press("Enter")
    tab.page.wait_for_url(re.compile(re.escape(tab.address)))
    tab.complaints.clear()
