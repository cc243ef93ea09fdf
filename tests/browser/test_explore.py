"""Explore in a real browser: the charts are drawn, in both themes, and the page's policy is never broken."""

import pytest
from django.urls import reverse

from tests import make
from tests.browser.tab import HEIGHT, NARROW
from tests.browser.town import KEYS, answers, send, wide
from tests.look.browser import axe, needs_chromium
from tests.look.colors import tokens

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.django_db]

UNDRAWN = "[data-figure]:not([data-drawn])"
SEEN = """() => [...document.querySelectorAll('[data-figure]')].map(place => ({
  id: place.id,
  lines: place.querySelectorAll('.scatterlayer .trace').length,
  points: place.querySelectorAll('.scatterlayer .point').length,
  ranges: place.querySelectorAll('path.xerror').length,
  traces: JSON.parse(document.getElementById(place.dataset.figure).textContent).data.length,
}))"""
OPEN = "[...document.querySelectorAll('main section details')].filter(e => e.open).length"


@pytest.fixture(scope="module")
def tested(town, elsewhere):
    """The address of Explore for a form with three questions and more a standard, sat in both windows."""

    def sit():
        names = {"standards": town.standards[:2], "series": "EX", "scale": "EXS"}
        make.assessment(town.district, "EX5", "Explored <i>Math</i>", keys=KEYS, **names)
        for window, gains in (("2025-26/Q1", (0,)), ("2025-26/Q2", (3, 9, 6))):
            rows = [(one, answers(n), 480 + n + gains[n % len(gains)]) for n, one in enumerate(town.class_501)]
            send(town, wide(rows), window=window, publish=True, approve=True, assessment="EX5")
        return reverse("assessments:school_explore", args=[town.ash.pk]) + "?series=EX"

    return elsewhere(sit)


@pytest.fixture
def tab(tabs, tested):
    """The principal's page of Explore, with its charts drawn."""
    tab = tabs("principal")
    assert tab.open(tested) == 200
    tab.page.wait_for_selector(UNDRAWN, state="detached")
    return tab


def rgb(color: str) -> str:
    return f"rgb({', '.join(str(int(color[n : n + 2], 16)) for n in (1, 3, 5))})"


def test_every_figure_is_drawn_and_the_policy_is_kept(tab, picture):
    charts = {chart["id"]: chart for chart in tab.page.evaluate(SEEN)}
    assert charts.keys() == {"standards-1", "growth"}
    assert all(chart["lines"] == chart["traces"] > 0 and chart["points"] > 0 for chart in charts.values())
    assert charts["standards-1"]["points"] == 4  # two standards in two windows
    assert charts["growth"]["ranges"] == 1
    assert tab.page.evaluate(OPEN) == 0
    picture(tab, "explore light")
    assert tab.heard() == []


def test_a_point_tells_its_number_where_the_pointer_is(tab):
    tab.page.locator("#standards-1 .scatterlayer .point").first.hover(force=True)
    label = tab.page.locator("#standards-1 .hoverlayer text").first
    label.wait_for()
    assert "% of the points" in label.text_content()
    assert tab.heard() == []


def test_the_charts_follow_the_theme(tab, picture):
    ground = expect(tab.page.locator("[data-figure] .main-svg").first)
    ground.to_have_css("background-color", rgb(tokens()["light"]["page"]))
    tab.page.emulate_media(color_scheme="dark")
    ground.to_have_css("background-color", rgb(tokens()["dark"]["page"]))
    picture(tab, "explore dark")
    assert tab.heard() == []


def test_a_phone_and_a_screen_reader_get_on_with_the_charts(tab, picture):
    assert axe(tab.page) == []
    tab.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    tab.page.wait_for_timeout(500)  # Plotly draws anew a moment after the width changed
    picture(tab, "explore narrow")
    assert tab.sideways() == []
    assert tab.heard() == []


def test_without_script_the_tables_stand_open(tabs, tested):
    tab = tabs("principal")
    context = tab.context.browser.new_context(java_script_enabled=False)
    context.add_cookies(tab.context.cookies())
    page = context.new_page()
    page.goto(tab.address + tested)
    for name in ("Standards, grade 5", "Growth since Fall & <all>"):
        expect(page.get_by_role("table", name=name)).to_be_visible()
    assert not page.locator("[data-figure]").first.is_visible()
    context.close()
