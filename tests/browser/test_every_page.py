"""Every page once per distinct rendering, in a real browser, with nasty names: axe, widths, themes, policy, weight."""

import gzip
import os
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tests.browser.tab import COLOR_RULES, HEIGHT, NARROW
from tests.browser.visits import NOT_PAGES, VISITS, is_page
from tests.look.browser import axe, needs_chromium
from tests.test_access import ROUTES, named_routes

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db]

MOST_BYTES = 60_000
PLOTLY = "Plotly's bundle is loaded by who opens this page, and only then"
LONG = os.environ.get("POP_FAULTS") == "long"
LOOKS = (("light", None), ("dark", None), ("dark", NARROW), ("light", NARROW))
SHORT_LOOKS = (("light", None), ("dark", NARROW))
FIRST = {one.route: one for one in reversed(VISITS)}  # further renderings of a page are visited in `make long`
HEAVY = {"assessments:school_explore": PLOTLY, "assessments:network_explore": PLOTLY}


def test_every_route_has_a_visit():
    visited = {one.route for one in VISITS} | NOT_PAGES.keys()
    unvisited = {name for name in named_routes() if name not in visited and (name not in ROUTES or is_page(name))}
    assert not unvisited, f"no browser visit named: {', '.join(sorted(unvisited))}"


def test_every_visit_has_a_name_of_its_own():
    names = [one.name for one in VISITS]
    assert len(set(names)) == len(names)


def mark(visit):
    return pytest.param(visit, id=visit.name, marks=() if visit is FIRST[visit.route] else pytest.mark.long)


@pytest.mark.short_form
@pytest.mark.parametrize("visit", [mark(one) for one in VISITS])
def test_a_page(tabs, town, picture, visit):
    """Wide and light, wide and dark, narrow and dark, narrow and light with everything opened: one load, four looks.

    The suite's short form opens each route once and looks at the first and at the narrow dark one, opened, where axe is
    asked about colors; `make long` opens each distinct rendering and looks at all four.
    """
    tab = tabs(visit.who)
    status = tab.open(visit.path(town))
    assert status == visit.status
    weight = 0 if visit.route in HEAVY else weight_of(tab.loaded())
    if visit.act:
        visit.act(tab.page)
    faults = [f"{h1} first headings" for h1 in [tab.page.locator("h1").count()] if h1 != 1]
    name = visit.name.replace(":", " ")
    for theme, width in LOOKS if LONG else SHORT_LOOKS:
        tab.page.emulate_media(color_scheme=theme)
        if width and tab.page.viewport_size["width"] != width:
            tab.page.set_viewport_size({"width": width, "height": HEIGHT})
            if visit.route in HEAVY:  # Plotly draws anew a tenth of a second after the window changed
                tab.page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
            faults += [f"{width} px: {fault}" for fault in tab.sideways()]
            picture(tab, f"{name} {width} {theme}")
            tab.page.evaluate("for (const e of document.querySelectorAll('main details')) e.open = true")
            faults += [f"{width} px, opened: {fault}" for fault in tab.sideways() + tab.too_low()]
        else:
            faults += [f"{width or 'wide'}: {fault}" for fault in tab.sideways()]
            picture(tab, f"{name} {width or 'wide'} {theme}")
        found = axe(tab.page, COLOR_RULES if theme == "dark" else None)
        faults += [f"{width or 'wide'}, {theme}: {fault}" for fault in found]
    faults += tab.heard()
    assert not faults, "\n".join(faults)
    assert weight <= MOST_BYTES, f"{weight} bytes on first load"


def test_a_fault_would_be_found(tabs):
    tab = tabs("anon")
    tab.open("/accounts/login/")
    tab.page.evaluate("""() => {
        const main = document.querySelector('main');
        main.innerHTML += '<img src="/static/icon.svg"><p class="wide">' + 'x'.repeat(400) + '</p>';
        main.querySelector('.wide').style.whiteSpace = 'nowrap';
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        main.append(script);
    }""")
    assert not tab.page.evaluate("window.ran")
    assert any("script-src" in words for words in tab.heard())
    assert any("document is" in words for words in tab.sideways())
    assert any(fault.startswith("image-alt") for fault in axe(tab.page))


def weight_of(loaded: dict) -> int:
    """The bytes of a first visit: the page as it was sent, and its files as small as the portal serves them.

    A part that a page asks for later (progress, a panel scrolled to) is no file and no first visit.
    """
    paths = {urlsplit(address).path for address in loaded["files"]}
    return loaded["page"] + sum(compressed(path) for path in paths if path.startswith(settings.STATIC_URL))


@cache
def compressed(path: str) -> int:
    """The size of a static file as WhiteNoise keeps it."""
    import brotli

    data = Path(finders.find(path.removeprefix("/static/"))).read_bytes()
    return min(len(brotli.compress(data)), len(gzip.compress(data)), len(data))
