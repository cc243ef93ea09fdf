"""The main job on the demo network as people do it: a template is filled, sent, repaired, published, undone and
published again; make-up tests follow; a teacher and a principal read the pages.

What the pages must say is worked out from the file alone.
"""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection, connections
from django.utils import timezone

from assessments.models import CutScore, Item
from tests.browser.results_file import Question, ResultsFile, whole_percent
from tests.browser.tab import Tab
from tests.demo.database import run
from tests.faults.conftest import PATIENCE, worker  # noqa: F401  (a fixture)
from tests.look.browser import chromium, needs_chromium, portal
from tests.make import MD5

# It loads a demo of its own, so `make faults` runs it; the suite has its parts: the upload journey and the budgets.
pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.long, needs_chromium]

# Fall is published, Winter 1 is over and nothing of it was sent. Long past: the worker goes by the machine's clock.
LOADED, READ = "2024-10-20", datetime(2024, 11, 25, 17, tzinfo=UTC)
PASSWORD = "a password of the demo, for this test"
TEST, WINDOW, LAST_DAY = "Quarterly Math 5", "Winter 1, 2024-25", "2024-11-22"
SCHOOL, SCHOOL_NAME, SECTION = "1030", "Cinder Hill Elementary", "501"
BENCHMARK, NAMED = 3, 3  # the level; the standards a school's page names at either end


@pytest.fixture
def story(transactional_db, settings, monkeypatch, tmp_path, worker):  # noqa: F811
    """The demo network: `story.sign_in(who)` is somebody at the portal, and `story.worker()` starts a worker."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")  # Playwright runs an event loop in this thread
    monkeypatch.setenv("POP_DEMO_PASSWORD", PASSWORD)
    monkeypatch.setitem(connections.databases["default"], "CONN_MAX_AGE", 0)  # each request has a thread of its own
    settings.DATA_DIR, settings.PASSWORD_HASHERS = tmp_path, MD5
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromisoformat(f"{LOADED}T17:00:00Z"))
    run("--today", LOADED)
    monkeypatch.setattr(timezone, "now", lambda: READ)
    with portal() as address, chromium() as browser:
        people = {}

        def sign_in(who):
            people[who] = Reader(Tab(browser, address, None), who)
            return people[who]

        yield SimpleNamespace(sign_in=sign_in, worker=worker)
        for reader in people.values():
            reader.tab.context.close()
        connection.close()  # under the event loop this thread has a connection of its own


class Reader:
    """Somebody at the portal, who opens what they see by its words."""

    def __init__(self, tab: Tab, who: str):
        self.tab, self.page = tab, tab.page
        self.page.set_default_timeout(PATIENCE * 1000)
        self.today()
        self.page.get_by_label("Email").fill(f"{who}@example.org")
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.press("Sign in")
        self.page.get_by_role("heading", name="Today").wait_for()

    def today(self):
        self.tab.open("/")

    def follow(self, link: str | re.Pattern):
        self.page.get_by_role("link", name=link, exact=True).first.click()

    def press(self, button: str):
        self.page.get_by_role("button", name=button, exact=True).first.click()

    def reads(self, words: str):
        """Wait until the page's sentence begins so: the page of a moving file asks for news by itself."""
        self.page.locator(".lead", has_text=re.compile("^" + re.escape(words))).wait_for()

    def text(self, within: str = "main") -> str:
        return plain(self.page.locator(within).first.inner_text())

    def facts(self) -> dict[str, str]:
        """The figures of the page by their titles."""
        titles, figures = self.page.locator("dl.facts dt"), self.page.locator("dl.facts dd")
        return dict(zip(titles.all_inner_texts(), map(plain, figures.all_inner_texts()), strict=True))

    def shares(self, table: str) -> dict[str, int]:
        """Whole per cents by the code of the standard, in the order of a table."""
        rows = self.page.locator(table).locator("tbody tr")
        codes = rows.locator("th code").all_inner_texts()
        shares = rows.locator("td.num").filter(has_text="%").all_inner_texts()
        return {code: int(re.search(r"\d+", share)[0]) for code, share in zip(codes, shares, strict=True)}


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def test_from_a_template_to_the_pages_of_teacher_and_principal(story):
    asked, lowest = questions(), lowest_score_at_benchmark()
    admin = story.sign_in("district")
    file = ResultsFile(download_template(admin), asked)
    class_ = Class(file.seated(SCHOOL, SECTION))
    fill_in(file, class_)
    send(admin, "winter.csv", file.text(class_.mistakes))
    watch_progress(admin, story.worker)
    see_the_check(admin, file)
    match_the_wrong_number(admin, file, class_)
    publish(admin, "Publish 107 rows", "Published: 107 of 108 rows. 1 row needs you.")

    teacher = story.sign_in("teacher")
    read_the_class(teacher, file, class_, tested=class_.at_first)
    undo_from_today(admin)
    find_the_window_before(teacher)

    send(admin, "winter-again.csv", file.text({class_.misread: class_.mistakes[class_.misread]}))
    publish(admin, "Publish 107 rows", "Published: 107 of 108 rows. 1 row needs you.")
    for number in class_.made_up:
        file.fill(number, LAST_DAY, 0.9)
    send(admin, "winter-make-up.csv", file.only(class_.made_up).text())
    see_what_make_ups_change(admin)
    publish(admin, "Publish 3 rows", "Published: 3 of 3 rows.")

    read_the_class(teacher, file, class_, tested=class_.at_last)
    read_the_item_map(teacher, file, class_)
    read_the_school(story.sign_in("principal"), file, class_, lowest)
    assert admin.tab.heard() == teacher.tab.heard() == []


# --- the file --------------------------------------------------------------------------------------------


class Class:
    """The class of the story, by the numbers of its students: what befalls some of them."""

    def __init__(self, numbers: list[str]):
        self.numbers = numbers
        self.absent, self.mistyped, self.misread, self.corrected, self.never_tested = numbers[3:16:3]
        self.made_up = [self.absent, self.misread, self.corrected]
        self.mistakes = {self.mistyped: {"student_id": f"99{self.mistyped}"}, self.misread: {"Q7": "E"}}

    @property
    def at_first(self) -> list[str]:
        """Those with a result in the first file."""
        return [one for one in self.numbers if one not in (self.absent, self.misread, self.never_tested)]

    @property
    def at_last(self) -> list[str]:
        """Those with a result after the make-up tests."""
        return [one for one in self.numbers if one != self.never_tested]


def questions() -> list[Question]:
    """The list of questions as the district has set it up."""
    rows = Item.objects.filter(assessment__name=TEST).prefetch_related("standards").order_by("position")
    return [Question(f"Q{one.position}", one.key, int(one.points), one.standards.get().code) for one in rows]


def lowest_score_at_benchmark() -> int:
    return int(CutScore.objects.get(assessment__name=TEST, level=BENCHMARK).minimum)


def fill_in(file: ResultsFile, class_: Class):
    """Answers of everybody in the district who was tested."""
    for place, number in enumerate(file.rows):
        if number not in (class_.absent, class_.never_tested):
            file.fill(number, LAST_DAY, 0.5 + place % 5 / 10)


# --- what the district's admin does ----------------------------------------------------------------------


def download_template(admin: Reader) -> str:
    """The template with the roster filled in; the window offered is the one that has just ended."""
    admin.follow("Uploads")
    admin.follow("Download a template")
    admin.page.get_by_label("Test", exact=True).select_option(TEST)
    assert admin.page.get_by_label("Window", exact=True).locator("option:checked").inner_text() == WINDOW
    admin.page.get_by_label("CSV file").check()
    with admin.page.expect_download() as download:
        admin.press("Download")
    return download.value.path().read_text(encoding="utf-8-sig")


def send(admin: Reader, name: str, text: str):
    """From Today to the page of the file. The template names its test itself."""
    admin.today()
    admin.follow("Uploads")
    admin.follow("Upload a file")
    admin.page.get_by_label(re.compile("^File")).set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )
    admin.page.get_by_label(re.compile("^Window")).select_option(WINDOW)
    admin.press("Upload and check")
    admin.page.wait_for_url(re.compile(r"/uploads/\d+/$"))


def watch_progress(admin: Reader, worker):  # noqa: F811
    """A file that waits its turn says so, and goes on by itself as soon as there is a worker."""
    admin.reads("winter.csv is safe and waits its turn.")
    assert admin.page.get_by_role("progressbar").is_visible()
    worker()
    admin.reads("Ready to publish")


def see_the_check(admin: Reader, file: ResultsFile):
    """What the portal read, before anything of it is published."""
    assert len(file.rows) == 108
    admin.reads("Ready to publish: 106 of 108 rows. 2 rows need you. Nothing is published yet.")
    assert admin.facts() == {"New": "106", "Changed": "0", "Same": "0", "Kept as they are": "0"}
    assert 'Not one of the choices: "E" in Q7' in admin.text()


def match_the_wrong_number(admin: Reader, file: ResultsFile, class_: Class):
    """The page proposes whom the row may mean, by the name in it."""
    admin.follow("Open Student not known")
    students = admin.page.get_by_label(f"Student of the roster for 99{class_.mistyped}")
    students.select_option(f"{file.name(class_.mistyped)} ({class_.mistyped}, grade 5, {SCHOOL_NAME})")
    admin.press("Match the chosen students")
    admin.reads("Ready to publish: 107 of 108 rows. 1 row needs you.")
    assert "1 student number matched" in admin.text()


def publish(admin: Reader, button: str, said: str):
    admin.page.get_by_role("button", name=button, exact=True).click()
    admin.reads(said)
    assert "see it." in admin.text()


def undo_from_today(admin: Reader):
    """A link and a button; the question says what goes."""
    admin.today()
    admin.follow(re.compile("^Undo ?: winter.csv"))
    assert "107 new results go." in admin.text("dialog#undo")
    admin.press("Undo it")
    admin.reads("Undone: the results are as they were before winter.csv.")
    assert "Readers still see" not in admin.text()  # there was nothing before it


def see_what_make_ups_change(admin: Reader):
    """One is new; one had "not tested" before and one other answers."""
    admin.reads("Ready to publish: 3 of 3 rows.")
    assert admin.facts() == {"New": "1", "Changed": "2 see them , the changed", "Same": "0", "Kept as they are": "105"}


# --- what teacher and principal read ---------------------------------------------------------------------


def open_from_today(reader: Reader, place: str):
    reader.today()
    reader.follow(place)
    reader.page.wait_for_url("**/results/**")


def read_the_class(teacher: Reader, file: ResultsFile, class_: Class, tested: list[str]):
    """The class by standard: who was tested, and of each standard what the file says."""
    open_from_today(teacher, f"Math 5, section {SECTION}, {SCHOOL_NAME}")
    expected = file.expected(tested).percents
    missing = len(class_.numbers) - len(tested)
    told = teacher.text(".basis")
    assert told.startswith("Quarterly Math 5, Winter 1 ")
    assert f"{len(tested)} of {len(class_.numbers)} students ({missing} not tested)" in told
    shown = teacher.shares("#standards")
    assert shown == expected
    enough = [code for code in shown if code in file.singled_out()]
    assert [shown[code] for code in enough] == sorted(expected[code] for code in enough)
    assert f"your class got {shown[enough[0]]} % of the points, its lowest" in teacher.text(".lead")
    for number in set(class_.numbers) - set(tested):
        assert file.name(number) in teacher.text()


def find_the_window_before(teacher: Reader):
    """After the undo, Fall is the newest again, and nothing of Winter 1 is offered."""
    open_from_today(teacher, f"Math 5, section {SECTION}, {SCHOOL_NAME}")
    assert teacher.text(".basis").startswith("Quarterly Math 5, Fall ")
    assert "Winter 1" not in teacher.text("nav.strip")


def read_the_item_map(teacher: Reader, file: ResultsFile, class_: Class):
    """Each student's points, each question's share, and the answers themselves, now that the window has ended."""
    teacher.follow("Open the item map")
    expected = file.expected(class_.at_last)
    teacher.page.locator("table.item-map").wait_for()
    rows = teacher.page.locator(".item-map tbody").nth(1).locator("tr")
    names, totals = rows.locator("th").all_inner_texts(), rows.locator("td.total").all_inner_texts()
    assert names[-1] == file.name(class_.never_tested) and len(totals) == len(names) - 1
    assert dict(zip(names, map(int, totals), strict=False)) == expected.totals
    headings = teacher.page.locator(".item-map thead tr").nth(1).locator("th").all_inner_texts()
    shares = teacher.page.locator(".item-map tr.shares td:not(.total)").all_inner_texts()
    assert dict(zip((f"Q{one}" for one in headings), map(int, shares), strict=True)) == expected.of_questions
    made_up = rows.filter(has_text=file.name(class_.absent)).locator("td:not(.total)").all_inner_texts()
    assert dict(zip((f"Q{one}" for one in headings), made_up, strict=True)) == file.marks(class_.absent)


def read_the_school(principal: Reader, file: ResultsFile, class_: Class, lowest: int):
    """The school's page: tested, at benchmark, and its lowest and highest standards."""
    open_from_today(principal, SCHOOL_NAME)
    students = file.seated(SCHOOL)
    tested = [number for number in students if number != class_.never_tested]
    expected = file.expected(tested)
    reached = sum(score >= lowest for score in expected.scores)
    facts = principal.facts()
    assert facts["Tested"] == f"{len(tested)} of {len(students)} 1 not tested"
    assert facts["At benchmark"] == (f"{whole_percent(reached, len(tested))} % {reached} of {len(tested)} students")
    assert principal.text(".lead").startswith(f"{len(tested)} of {len(students)} students tested.")
    assert f"Math 5, section {SECTION} {len(class_.at_last)}" in principal.text()
    ranked = sorted(file.singled_out(), key=expected.share)
    assert principal.shares("table[aria-label='Lowest standards']") == {
        code: expected.percents[code] for code in ranked[:NAMED]
    }
    assert principal.shares("table[aria-label='Highest standards']") == {
        code: expected.percents[code] for code in ranked[-NAMED:]
    }
