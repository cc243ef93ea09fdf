"""A file from the list of uploads to published results and back, by keyboard alone, with a real worker."""

import pytest
from django.db import connection, connections

from assessments.models import Result, Upload
from tests.assessments.pipeline.conftest import tested  # noqa: F401  (a fixture)
from tests.assessments.sending import wide
from tests.browser.tab import Tab
from tests.browser.town import signed_in
from tests.faults.conftest import PATIENCE, wait_until, worker  # noqa: F401  (a fixture)
from tests.look.browser import chromium, needs_chromium, portal

pytestmark = [pytest.mark.browser, pytest.mark.servers, needs_chromium]

FOCUSED = """() => {
  const e = document.activeElement;
  const label = e.labels && e.labels[0] ? e.labels[0].innerText : '';
  return (e.getAttribute('aria-label') || label || e.innerText || '').trim().replace(/\\s+/g, ' ');
}"""
MOST_TABS = 80


@pytest.fixture
def keyboard(transactional_db, tested, monkeypatch):  # noqa: F811
    """A tab of the district's administrator that is only ever typed into."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")  # Playwright runs an event loop in this thread
    monkeypatch.setitem(connections.databases["default"], "CONN_MAX_AGE", 0)  # each request has a thread of its own
    session = signed_in(tested.admin)
    with portal() as address, chromium() as browser:
        tab = Tab(browser, address, session)
        yield Keyboard(tab)
        tab.context.close()
        connection.close()  # under the event loop this thread has a connection of its own


class Keyboard:
    """Goes to what is named with Tab, presses it, and counts the presses."""

    def __init__(self, tab):
        self.tab, self.page, self.presses = tab, tab.page, 0
        # Listening from the start: Chromium is told without an answer to hand its choosers over.
        self.page.on("filechooser", lambda chooser: chooser.set_files(self.file))

    def go_to(self, name: str):
        """Press Tab until the focus is on what is called `name`."""
        seen = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            seen.append(self.page.evaluate(FOCUSED))
            if seen[-1].startswith(name):
                outline = self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"{name} has the focus and does not show it"
                return
        raise AssertionError(f"Tab does not lead to {name!r} but to {seen}")

    def press(self, name: str, key: str = "Enter"):
        self.go_to(name)
        self.presses += 1
        self.page.keyboard.press(key)

    def choose_file(self, name: str, text: str):
        """Open the file chooser of the field, and choose a file in it."""
        self.file = {"name": "fall.csv", "mimeType": "text/csv", "buffer": text.encode()}
        self.press(name)
        wait_until(lambda: self.page.evaluate("document.activeElement.files.length") == 1, "the chosen file")

    def wait_for(self, words: str):
        """Wait until the sentence of the page begins so: the page asks for news by itself."""
        self.page.locator(".lead", has_text=words).wait_for(timeout=PATIENCE * 1000)


def test_from_the_list_to_published_and_back_by_keyboard_alone(keyboard, tested, worker):  # noqa: F811
    worker()
    first, second, third = tested.students[:3]
    keyboard.tab.open("/uploads/")
    keyboard.press("Upload a file")
    keyboard.page.wait_for_url("**/uploads/new/")
    keyboard.choose_file("File", wide((first, *"ABCD"), (second, *"ABCA"), (third, *"AECD")))
    keyboard.go_to("Window")
    keyboard.page.keyboard.type("Fall")
    keyboard.press("Upload and check")
    keyboard.wait_for("Ready to publish: 2 of 3 rows. 1 row needs you.")
    # Whoever does not see the page hears that it has changed.
    assert keyboard.page.locator("#announce").inner_text().startswith("Ready to publish: 2 of 3 rows.")
    sent = keyboard.presses

    keyboard.press("Open Not one of the choices")
    keyboard.page.wait_for_url("**/issues/UNKNOWN_CHOICE/")
    keyboard.press("Pick all 1 row", "Space")
    keyboard.press("Set the picked as blank")
    keyboard.wait_for("Ready to publish: 3 of 3 rows.")

    fixed = keyboard.presses
    keyboard.press("Publish 3 rows")
    keyboard.wait_for("Published: 3 of 3 rows.")
    assert sent + keyboard.presses - fixed <= 4  # to the file, the file, send, publish
    assert dict(Result.objects.values_list("student", "points")) == {first.pk: 4, second.pk: 3, third.pk: 3}
    upload = Upload.objects.get()
    assert list(upload.events.values_list("act", flat=True)) == [
        "accepted", "checked", "fixed", "checked", "publish", "published",
    ]  # fmt: skip

    published = keyboard.presses
    keyboard.press("Undo")
    keyboard.press("Undo it")
    keyboard.wait_for("Undone: the results are as they were before fall.csv.")
    assert keyboard.presses - published <= 2
    assert not Result.objects.exists()
    assert keyboard.tab.heard() == []
