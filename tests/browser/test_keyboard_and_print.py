"""What a keyboard reaches, what paper holds, and that hidden names are hidden."""

import re

import pytest

from tests.browser.tab import HEIGHT, NARROW
from tests.browser.town import LONG
from tests.browser.visits import at
from tests.look.browser import needs_chromium

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db]

MOST_STOPS = 60
WHERE = """() => {
  const e = document.activeElement, s = getComputedStyle(e);
  return [e.tagName, s.outlineStyle === 'none' || s.outlineWidth === '0px' ? e.outerHTML.slice(0, 120) : ''];
}"""


def class_page(town) -> str:
    return at("assessments:section_results", pk="section")(town)


def item_map(town) -> str:
    return at("assessments:item_map", pk="section")(town)


def school_page(town) -> str:
    return at("assessments:school_results", pk="ash")(town)


def test_the_first_stop_skips_to_the_content(tabs, town):
    tab = tabs("teacher")
    tab.open(class_page(town))
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    box = tab.page.locator("a.skip").bounding_box()
    assert box["y"] >= 0 and box["height"] > 10
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Tab")
    assert tab.page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("path", [class_page, item_map, school_page])
def test_every_stop_of_the_keyboard_is_seen(tabs, town, path):
    tab = tabs("principal")
    tab.open(path(town))
    stops, unseen = 0, []
    for _ in range(MOST_STOPS):
        tab.page.keyboard.press("Tab")
        tag, fault = tab.page.evaluate(WHERE)
        if tag == "BODY":
            break
        stops += 1
        unseen += [fault] if fault else []
    assert stops > 10
    assert unseen == []


def test_what_opens_opens_by_keyboard(tabs, town):
    tab = tabs("teacher")
    tab.open(class_page(town))
    for summary in tab.page.locator("main details > summary").all():
        if not summary.is_visible():
            continue
        summary.focus()
        before = summary.evaluate("e => e.parentElement.open")
        tab.page.keyboard.press("Enter")
        assert summary.evaluate("e => e.parentElement.open") != before


def test_the_item_map_is_scrolled_by_keyboard(tabs, town):
    tab = tabs("teacher")
    tab.open(item_map(town))
    tab.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    tab.page.goto(tab.page.url + "#map")
    region = tab.page.locator(".map-region")
    region.focus()
    assert region.evaluate("e => e === document.activeElement && e.scrollWidth > e.clientWidth")
    assert region.get_attribute("aria-label")
    tab.page.keyboard.press("ArrowRight")
    for _ in range(40):
        if region.evaluate("e => e.scrollLeft > 0"):
            return
        tab.page.wait_for_timeout(50)
    pytest.fail("an arrow key does not move the map")


def pages_of(paper: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))


@pytest.mark.parametrize(
    ("who", "path", "size"),
    [("teacher", class_page, (612, 792)), ("principal", school_page, (612, 792)), ("teacher", item_map, (792, 612))],
    ids=["class", "school", "item map"],
)
def test_a_page_of_results_is_one_letter_page_on_paper(tabs, town, who, path, size):
    tab = tabs(who)
    tab.open(path(town))
    paper = tab.page.pdf(prefer_css_page_size=True)
    assert pages_of(paper) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 %d %d" % size, paper)


def test_paper_leaves_students_out_but_for_who_asked_to_print_them(tabs, town):
    tab = tabs("teacher")
    for path in (class_page(town), item_map(town)):
        tab.open(path)
        assert not printed(tab, names_in_class(town)), path
        assert "left out of this print" in tab.page.locator("main").inner_text()
        tab.page.emulate_media(media="null")
        press(tab, "Print with students")
        assert len(printed(tab, names_in_class(town))) > 8
        assert "FERPA" in tab.page.locator("main").inner_text()


def names_in_class(town) -> set[str]:
    """Names of students that nothing else in the town is called by."""
    names = {word for one in town.class_501 for word in (one.family_name, one.given_name) if len(word) > 3}
    return {name for name in names if name not in f"{LONG} Analysis {town.ash.name}"}


def printed(tab, names) -> set[str]:
    """Which of the names stand on paper."""
    tab.page.emulate_media(media="print")
    tab.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    text = tab.page.locator("body").inner_text()
    return {name for name in names if name in text}


def test_hide_names_hides_them_on_every_page_of_the_class(tabs, town):
    tab, names = tabs("leader"), names_in_class(town)
    tab.open(item_map(town))
    if tab.page.get_by_role("button", name="Show names").count():
        press(tab, "Show names")
    assert shown(tab, names)
    press(tab, "Hide names")
    for path in (class_page(town), item_map(town), at("assessments:item_detail", pk="section", position=1)(town)):
        tab.open(path)
        assert not shown(tab, names), path
        assert "Student 1" in tab.page.locator("main").evaluate("e => e.textContent")
    press(tab, "Show names")
    tab.open(item_map(town))
    assert shown(tab, names)


def press(tab, name: str):
    with tab.page.expect_navigation():
        tab.page.get_by_role("button", name=name).click()


def shown(tab, names) -> set[str]:
    """Which of the names stand anywhere in the page, seen or not."""
    text = tab.page.evaluate("document.documentElement.textContent")
    return {name for name in names if name in text}
