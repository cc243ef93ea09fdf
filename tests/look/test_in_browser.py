"""What only a real browser can say: axe, widths, zoom, paper, keyboard, and the little script there is.

The pages here touch no database, so that the browser's event loop and the tests never meet over one.
"""

import re
from itertools import pairwise

import pytest

from tests.look.browser import axe, chromium, needs_chromium, portal

pytestmark = [pytest.mark.browser, needs_chromium]

ADDRESSES = ["/style/", "/accounts/login/"]


@pytest.fixture(scope="module")
def address():
    with portal() as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_page(browser, address):
    """Open an address; whatever the browser complains about fails the test."""
    contexts, complaints = [], []

    def open_page(path, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", ADDRESSES)
def test_axe_finds_nothing(open_page, path, width, theme):
    assert axe(open_page(path, width, color_scheme=theme)) == []


@pytest.mark.parametrize("width", [360, 640, 768, 1280])  # 640 is 1280 at 200 %
@pytest.mark.parametrize("path", ADDRESSES)
def test_nothing_but_the_map_scrolls_sideways(open_page, path, width):
    page = open_page(path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.scrollWidth > e.clientWidth + 1"
        " && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)).map(e => e.className)"
    )
    assert set(wide) <= {"map-region"}


def test_text_twice_as_large_still_fits(open_page):
    page = open_page("/style/", 720)
    page.evaluate(
        "document.documentElement.setAttribute('class', 'js'); document.styleSheets[3].insertRule("
        "'html { font-size: 200% }', document.styleSheets[3].cssRules.length)"
    )
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "32px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 720


def test_no_text_is_smaller_than_fourteen_pixels(open_page):
    for width in (1280, 360):
        page = open_page("/style/", width)
        sizes = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some("
            "n => n.nodeType === 3 && n.data.trim())).map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 14


def test_fingers_find_every_control_on_a_phone(open_page):
    page = open_page("/style/", 360, has_touch=True)
    small = page.evaluate(
        "[...document.querySelectorAll('button, .btn, select, summary, .strip a, .places a, input[type=text]')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []


def test_the_keyboard_reaches_the_content_first(open_page):
    page = open_page("/accounts/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_focus_is_seen(open_page):
    page = open_page("/style/")
    page.locator("main .btn-primary").first.focus()
    page.keyboard.press("Shift+Tab")
    outline = page.evaluate("(e => [e.outlineStyle, e.outlineWidth])(getComputedStyle(document.activeElement))")
    assert outline == ["solid", "3px"]


def test_a_chosen_theme_is_kept_and_can_be_given_back(open_page):
    page = open_page("/style/", color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    page.locator(".person summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(background) == "rgb(20, 24, 29)"
    page.reload()
    assert page.evaluate(background) == "rgb(20, 24, 29)"
    page.locator(".person summary").click()
    assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="As this device has it").click()
    assert page.evaluate(background) == "rgb(255, 255, 255)"


def test_without_script_the_page_is_whole(open_page):
    page = open_page("/style/", 360, java_script_enabled=False, color_scheme="dark")
    assert page.locator(".strip-go button").is_visible()
    assert page.locator("dialog.confirm").is_visible()
    assert not page.get_by_role("button", name="Undo this upload").is_visible()


def test_a_dialog_asks_before_it_acts(open_page):
    page = open_page("/style/")
    dialog = page.locator("dialog.confirm")
    assert not dialog.is_visible()
    page.get_by_role("button", name="Undo this upload").click()
    assert dialog.is_visible()
    dialog.get_by_role("button", name="Cancel").click()
    assert not dialog.is_visible()


def test_a_failed_request_is_told(open_page, address):
    page = open_page("/accounts/login/")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('htmx:sendError', {bubbles: true}))")
    assert "could not be reached" in page.locator("#messages").inner_text()
    assert "could not be reached" in page.locator("#announce").inner_text()


FULL_MAP = """() => {
  const cells = ['<td>\\u2713', '<td class=w>B', '<td class=p>1', '<td class=b>\\u2013'];
  const times = (n, make) => Array.from({length: n}, (_, i) => make(i)).join('');
  const answers = r => times(44, n => cells[(n + r) % 4]);
  const student = r => `<tr><th scope=row>Wisniewska-Kowalska ${r}<td class=total>12${answers(r)}`;
  const key = document.querySelector('.map-key').outerHTML;
  const main = document.querySelector('main');
  main.className = 'container-wide map-page';
  main.innerHTML = `<header class=page-head><h1>Item map: Math 5, section 501</h1>
    <p class=lead>Question 14 was missed by 21 of 27 students; 13 of them chose B.</p>
    <p class=basis>Quarterly Math 5, Winter 1</p></header>
    <div class=map-region><table class=item-map><thead><tr><th class=names rowspan=2>Student<th rowspan=2>pts
    <th class="standard first" colspan=22>Add unlike fractions<th class="standard first" colspan=22>Volume
    <tr>${times(44, n => `<th>${n + 1}`)}<tbody>${times(30, student)}</table></div>${key}
    <p class=foot-line>For planning instruction. Not a measure of a teacher.</p>`;
}"""


def test_a_full_item_map_prints_on_one_landscape_letter(open_page):
    page = open_page("/style/")
    page.evaluate(FULL_MAP)
    assert page.locator(".item-map tbody tr").count() == 30
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 792 612", paper)
    # Nothing is cut off at the right edge: Letter is 1,056 px wide, its margins here 34 px each.
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('.item-map').getBoundingClientRect().width") <= 988


def test_paper_shows_everything_a_reader_could_open(open_page):
    page = open_page("/style/")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details:not([open])").count() == 1
    page.emulate_media(media="print")
    assert not page.locator(".top").is_visible()
    assert not page.locator(".strip").is_visible()


def test_paper_is_white_even_for_a_reader_in_the_dark(open_page):
    page = open_page("/style/", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_levels_differ_in_a_grey_picture(open_page):
    page = open_page("/style/")
    fills = page.evaluate(
        "[1, 2, 3, 4].map(n => getComputedStyle(document.querySelector('.levels .fill-level-' + n)).fill)"
    )
    weights = (0.299, 0.587, 0.114)
    greys = [sum(w * int(c) for w, c in zip(weights, re.findall(r"\d+", fill), strict=True)) for fill in fills]
    assert greys == sorted(greys, reverse=True)
    assert min(a - b for a, b in pairwise(greys)) > 20
