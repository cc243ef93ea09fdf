"""How many clicks the daily tasks take, from the Today page of whoever has them.

A click is a link or button that is pressed, a menu that is opened, a choice that leads on. Filling in a form is
typing: its fields are reached with Tab, a choice is typed like a word, a file is dropped on its box. Everything here
is done with the keyboard: what is pressed can be reached with Tab. The suite does it on a phone, `make long` on a wide
screen as well.
"""

import re

import pytest

from assessments.models import Upload
from assessments.pipeline import work
from tests.browser.tab import HEIGHT, NARROW, WIDE
from tests.browser.town import answers, send, wide
from tests.look.browser import needs_chromium

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db]


REACHED = "e => e === document.activeElement && e.tabIndex >= 0 && e.getClientRects().length > 0"


class Hand:
    """Presses what it is given with the keyboard, and counts."""

    def __init__(self, tab, width: int):
        self.tab, self.page, self.clicks = tab, tab.page, 0
        assert tab.open("/") == 200
        self.page.set_viewport_size({"width": width, "height": HEIGHT})

    def press(self, target, leads_on: bool = True):
        """Press a link or button; wait for the page it leads to where it `leads_on`."""
        target.focus()
        assert target.evaluate(REACHED), "the keyboard does not reach it"
        self.clicks += 1
        if leads_on:
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            self.page.keyboard.press("Enter")

    def link(self, name: str | re.Pattern, **more):
        return self.page.get_by_role("link", name=name, **more).first

    def button(self, name: str):
        return self.page.get_by_role("button", name=name).first

    def text(self) -> str:
        return self.page.locator("main").inner_text()


@pytest.fixture(params=[NARROW, pytest.param(WIDE, marks=pytest.mark.long)])
def width(request):
    return request.param


@pytest.fixture
def hand(tabs, width):
    return lambda who: Hand(tabs(who), width)


def test_a_teacher_sees_the_class_by_standard_with_one_click(hand, town):
    teacher = hand("teacher")
    teacher.press(teacher.page.locator("main li a").filter(has_text=town.section.title).first)
    shares = [int(text.rstrip(" %\u00a0")) for text in teacher.page.locator("#standards .share").all_inner_texts()]
    assert len(shares) == len(town.standards)
    assert shares == sorted(shares)
    assert "Winter <1>" in teacher.page.locator(".basis").inner_text()
    assert teacher.clicks <= 1


def test_a_teacher_goes_from_a_weak_standard_to_the_popular_wrong_answer_with_three(hand, town):
    teacher = hand("teacher")
    teacher.press(teacher.page.locator("main li a").filter(has_text=town.section.title).first)
    teacher.press(teacher.page.locator("details summary").filter(has_text="Popular wrong answers"), leads_on=False)
    teacher.press(teacher.link("Question 1", exact=True))
    assert "added the <denominators>" in teacher.text()
    assert teacher.clicks <= 3


def test_a_principal_sees_the_school_on_one_page_with_one_click(hand, town):
    principal = hand("principal")
    principal.press(principal.page.locator("main li a").filter(has_text=town.ash.name).first)
    assert principal.page.locator("h1").inner_text() == town.ash.name
    for part in ("Tested", "Levels", "Growth since", "Classes"):
        assert part in principal.text()
    assert principal.clicks <= 1


def test_a_teacher_s_and_a_principal_s_news_lead_to_their_page_with_one_click(hand, town):
    for who, name in (("teacher", town.section.title), ("principal", town.ash.name)):
        reader = hand(who)
        sentence = reader.page.locator("#sentence").inner_text()
        reader.press(reader.page.locator("main a.btn-primary"))
        assert name in reader.page.locator("h1").inner_text()
        assert reader.page.locator("#sentence").inner_text() == sentence
        assert reader.clicks <= 1


def test_a_principal_compares_the_school_with_the_network_with_two(hand, town):
    principal = hand("principal")
    principal.press(principal.link("Network", exact=True))
    assert town.ash.name in principal.text() and "Network" in principal.text()
    assert principal.clicks <= 2


def test_a_principal_takes_the_school_report_away_with_two(hand, town):
    principal = hand("principal")
    principal.press(principal.page.locator("main li a").filter(has_text=town.ash.name).first)
    principal.page.get_by_label("What you need it for").fill("data meeting of grade 5")
    with principal.page.expect_download() as report:
        principal.press(principal.button("PDF"), leads_on=False)
    assert report.value.suggested_filename.endswith(".pdf")
    assert principal.clicks <= 2


def test_a_union_representative_sees_what_leaders_see_with_one_click(hand, town):
    rep = hand("rep")
    assert "the network grew 5 (4 to 6) scale points" in rep.page.locator("#sentence").inner_text()
    rep.press(rep.page.locator("main a.btn-primary"))
    assert rep.page.locator("h1").inner_text() == town.network.name
    assert "not shown" in rep.text() and "Small groups" in rep.text()
    assert rep.clicks <= 1
    other = hand("rep")
    other.press(other.link("Network", exact=True))
    assert other.page.locator("h1").inner_text() == town.network.name


def test_an_admin_drills_from_the_network_down_to_a_school_with_two(hand, town):
    admin = hand("admin")
    admin.press(admin.link("Network", exact=True))
    admin.press(admin.page.locator("main").get_by_role("link", name=town.ash.name).first)
    assert admin.page.locator("h1").inner_text() == town.ash.name
    assert admin.clicks <= 2


def test_anyone_reads_what_the_network_is_with_one_click_and_its_results_with_two(hand, town):
    anyone = hand("anon")
    anyone.press(anyone.page.locator("main").get_by_role("link", name=re.compile("What the network is")))
    for words in (town.network.name, "Schools", town.ash.name, "Released results"):
        assert words in anyone.text()
    assert anyone.clicks <= 1
    anyone.press(anyone.link("See the newest results"))
    assert "not shown" in anyone.text() and "Small groups" in anyone.text()
    assert anyone.clicks <= 2


def test_an_admin_uploads_checks_and_publishes_with_four_and_undoes_with_two(hand, town, elsewhere):
    admin = hand("admin")
    text = wide([(one, answers(n), 481 + 2 * n) for n, one in enumerate(town.class_501[:5])])
    admin.press(admin.link("Uploads", exact=True))
    admin.press(admin.link("Upload a file", exact=True))
    admin.page.locator("input[type=file]").first.set_input_files(
        {"name": "make-up.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    typed(admin.page.locator("main select[name=test]"), town.form.name)
    typed(admin.page.locator("main select[name=window]"), "Winter <1>")
    admin.press(admin.button("Upload and check"))
    pk = int(re.search(r"/uploads/(\d+)/", admin.page.url)[1])
    elsewhere(work.advance, pk)
    publish = admin.page.get_by_role("button", name=re.compile("Publish 5 rows"))
    publish.wait_for()
    admin.press(publish)
    assert admin.clicks <= 4

    elsewhere(work.advance, pk)
    admin.page.get_by_role("button", name="Undo", exact=True).wait_for()
    admin = hand("admin")
    admin.press(admin.link(re.compile("Undo ?: make-up.csv")))
    admin.press(admin.button("Undo it"))
    assert admin.clicks <= 2
    assert elsewhere(lambda: Upload.objects.get(pk=pk).state) == Upload.State.UNDONE


def test_an_admin_fixes_only_the_rows_with_errors_with_three(hand, town, elsewhere, width):
    good, bad = town.class_501[:2]
    name = f"one row to fix {width}.csv"
    rows = wide([(good, "ABCDABCD", 520), (bad, "AECDABCD", 500)])
    pk = elsewhere(lambda: send(town, rows, filename=name).pk)
    admin = hand("admin")
    admin.press(admin.link(re.compile(f"^{name}")))
    assert "1 row needs you" in admin.text()
    admin.press(admin.page.locator("main a[href*='/issues/']").first)
    pick_all(admin.page)
    admin.press(admin.button("Set the picked as blank"))
    elsewhere(work.advance, pk)
    admin.page.get_by_role("button", name=re.compile("Publish 2 rows")).wait_for()
    assert admin.clicks <= 3


def pick_all(page):
    """Tick what stands in the form of fixes, with the keyboard."""
    for box in page.locator("#fix-form input[type=checkbox]").all():
        box.focus()
        page.keyboard.press("Space")


def test_an_admin_adds_a_person_with_two_roles_with_four_and_sees_what_they_may(hand, town, width):
    admin = hand("admin")
    admin.press(admin.page.locator("details.person summary"), leads_on=False)
    admin.press(admin.link("People", exact=True))
    admin.press(admin.link("Add a person"))
    for label, value in {"Given name": "Nour", "Family name": "O'Neill", "Email": f"nour{width}@example.org"}.items():
        admin.page.get_by_label(label, exact=True).fill(value)
    roles = admin.page.locator("main fieldset")
    for number, (role, place) in enumerate([("principal", town.birch.name), ("teacher", town.ash.name)]):
        typed(roles.nth(number).get_by_label("Role"), role)
        typed(roles.nth(number).get_by_label("Where"), place)
    roles.nth(1).get_by_label("Last day").fill("2026-06-01")
    admin.press(admin.button("Add the person"))
    assert "Nour" in admin.page.locator("h1").inner_text()
    for words in (town.birch.name, town.ash.name, "Jun 1, 2026"):
        assert words in admin.text()
    rights = admin.page.get_by_role("table", name="What Nour can see").get_by_role("row")
    seen = {row.replace("\t", "\n").split("\n")[0].strip(): row for row in rights.all_inner_texts()[1:]}
    assert f"tudents of {town.birch.name}" in seen["Students' records"]
    assert admin.clicks <= 4
    admin.press(admin.link("See the portal as Nour"))
    admin.page.get_by_label("Why").fill("a look at what was given")
    admin.press(admin.button("See the portal so"))
    assert "You see the portal as" in admin.page.locator("body").inner_text()
    assert town.birch.name in admin.text()
    admin.press(admin.button("Back to myself"))
    assert "Nour" in admin.page.locator("h1").inner_text()


def typed(select, label: str):
    """Choose the option that holds `label`, whatever stands around it."""
    options = select.locator("option").all_inner_texts()
    found = [n for n, text in enumerate(options) if label in text]
    assert found, f"{label!r} is not among {options}"
    select.select_option(index=found[0])
