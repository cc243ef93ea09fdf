"""Tried as a new person would: an invitation opened, a passkey added and used, a role that ends, a device left alone.

The passkey is one of Chromium's virtual authenticators, which answers for a finger that is not there.
"""

import re

import pytest
from django.core import mail
from django.utils import timezone

from schools.models import AccessLog
from tests.browser.signing import (
    DECEMBER_13,
    give_key,
    go,
    heading,
    press,
    sign_out,
    type_password,
)
from tests.look.browser import needs_chromium

pytestmark = [pytest.mark.browser, needs_chromium]


def text_of(tab) -> str:
    return tab.page.locator("main").inner_text()


def test_from_the_invitation_to_a_passkey_and_to_the_end_of_a_role(house, monkeypatch):
    world = house.world
    principal = house.tab(world.admin)
    principal.open(f"/people/{world.newcomer.pk}/")
    press(principal, "Send the invitation")
    assert "The invitation is on its way" in principal.page.locator("main").inner_text()
    [letter] = mail.outbox
    link = re.search(r"http://testserver(/\S+)", letter.body)[1]

    nia = house.tab()
    give_key(nia)
    nia.open(link)
    assert heading(nia) == "Welcome, Nia"
    assert nia.page.url.endswith("/invitations/open/")
    press(nia, "Go on without a password")
    assert heading(nia) == "One more step"
    nia.page.goto(nia.address + "/people/")
    assert heading(nia) == "One more step"  # nothing else answers
    go(nia, "Add a passkey")
    press(nia, "Add the passkey")
    assert heading(nia) == "Recovery codes"
    assert nia.page.locator(".codes li").count() == 10
    go(nia, "I have kept them: go on")
    assert nia.page.url == f"{nia.address}/"
    assert not nia.heard()

    sign_out(nia)
    nia.open("/people/")
    press(nia, "Use a passkey")
    assert nia.page.url == f"{nia.address}/people/"
    assert not nia.heard()

    # The district gives her a school to lead until December 12.
    assert nia.open(f"/sections/{world.section.pk}/students/") == 404
    principal.open(f"/people/{world.newcomer.pk}/roles/add/")
    page = principal.page
    page.get_by_label("Role").select_option("teacher_leader")
    page.get_by_label("Where").select_option(f"school:{world.ash.pk}")
    page.get_by_label("First day").fill("2025-12-10")
    page.get_by_label("Last day").fill("2025-12-12")
    page.get_by_label("Reason").fill("leave of G. Leader")
    press(principal, "Add the role")
    assert nia.open(f"/sections/{world.section.pk}/students/") == 200

    # What she can see, with her eyes: marked, nothing to change, and back.
    assert "tudents of Ash School" in text_of(principal)
    go(principal, "See the portal as Nia")
    page.get_by_label("Why").fill("asked what she sees now")
    press(principal, "See the portal so")
    assert "You see the portal as Nia Newcomer" in page.locator("aside.viewing").inner_text()
    assert principal.open(f"/sections/{world.section.pk}/students/") == 200
    assert "You see the portal as Nia Newcomer" in page.locator("aside.viewing").inner_text()
    assert principal.open("/rosters/") == 403  # hers, not the district's
    press(principal, "Back to myself")
    assert heading(principal) == "Nia Newcomer"
    seen = AccessLog.objects.get(why__startswith="Looks as Nia Newcomer")
    assert (seen.user, seen.section) == (world.admin, world.section)

    monkeypatch.setattr(timezone, "now", lambda: DECEMBER_13)
    nia.open("/people/")  # the session of the tenth is over
    press(nia, "Use a passkey")
    assert nia.open(f"/sections/{world.section.pk}/students/") == 404
    assert "Your access to Ash School ended on Dec 12, 2025" in nia.page.locator("main").inner_text()


def test_a_browser_without_a_passkey_says_so(house):
    tab = house.tab()
    give_key(tab)
    tab.open("/accounts/login/")
    tab.page.get_by_role("button", name="Use a passkey", exact=True).click()
    tab.page.get_by_text("That did not work: no passkey was used.").wait_for()
    assert heading(tab) == "Sign in"


def test_a_device_left_alone_is_signed_out_and_gives_back_what_was_typed(house, settings):
    settings.SECOND_FACTOR = False
    settings.IDLE_SECONDS = 8
    world = house.world
    tab = house.tab()
    tab.open("/accounts/login/")
    type_password(tab, world.principal)
    tab.page.goto(f"{tab.address}/people/{world.teacher.pk}/roles/add/")
    reason = tab.page.get_by_label("Reason")
    reason.fill("a long story, typed and not sent")
    tab.page.get_by_label("Role").select_option("teacher")
    warning = tab.page.get_by_role("dialog", name="Are you still there?")
    warning.wait_for()
    tab.page.get_by_role("button", name="I am here").click()
    warning.wait_for(state="hidden")
    tab.page.wait_for_url(re.compile(r"/accounts/login/\?next="), timeout=20_000)
    assert heading(tab) == "Sign in"
    type_password(tab, world.principal)
    tab.page.wait_for_url(re.compile(r"/roles/add/$"))
    assert tab.page.get_by_label("Reason").input_value() == "a long story, typed and not sent"
    assert tab.page.get_by_label("Role").input_value() == "teacher"
    assert "is back. It is not saved yet." in tab.page.locator("main").inner_text()
    assert not tab.heard()


def test_the_next_person_at_the_device_is_not_given_what_was_typed(house, settings):
    settings.SECOND_FACTOR = False
    settings.IDLE_SECONDS = 4
    world = house.world
    tab = house.tab()
    tab.open("/accounts/login/")
    type_password(tab, world.principal)
    path = f"/people/{world.teacher.pk}/roles/add/"
    tab.page.goto(tab.address + path)
    tab.page.get_by_label("Reason").fill("not for everybody")
    tab.page.wait_for_url(re.compile(r"/accounts/login/\?next="), timeout=20_000)
    type_password(tab, world.admin)
    tab.page.wait_for_url(re.compile(r"/roles/add/$"))
    assert tab.page.get_by_label("Reason").input_value() == ""
    assert "not for everybody" not in tab.page.evaluate("() => JSON.stringify(sessionStorage)")
