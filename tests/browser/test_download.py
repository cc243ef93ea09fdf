"""A file that asks for the password first: the tab ends on a page that says so, with the way back, script or not."""

import time
from importlib import import_module

import pytest
from django.conf import settings

from tests.look.browser import needs_chromium

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db]


def typed_the_password_long_ago(cookie: str) -> None:
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key=cookie)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3600}]
    session.save()


def test_after_the_password_the_file_comes_and_the_way_back_stands_there(tabs, town, elsewhere):
    tab = tabs("teacher")
    elsewhere(typed_the_password_long_ago, town.cookies["teacher"])
    assert tab.open(f"/results/sections/{town.section.pk}/") == 200
    page, title = tab.page, tab.page.locator("h1").inner_text()
    with page.expect_navigation():
        page.locator("#take button[value=csv]").press("Enter")
    page.locator("input[type=password]").fill("correct horse battery")
    with page.expect_download() as download:
        page.get_by_role("button", name="Go on").press("Enter")
    assert download.value.suggested_filename.endswith(".csv")
    assert page.locator("h1").inner_text() == "Your download starts"
    with page.expect_download() as again:
        page.get_by_role("button", name="Download the file").press("Enter")
    assert again.value.suggested_filename == download.value.suggested_filename
    with page.expect_navigation():
        page.get_by_role("link", name="Back to where you were").press("Enter")
    assert page.locator("h1").inner_text() == title
    assert not tab.heard()
