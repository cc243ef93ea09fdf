"""Laws of every template, held by reading the files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "templates"
PAGES = {str(path.relative_to(ROOT)): path.read_text() for path in sorted(ROOT.rglob("*.html"))}
COMPONENTS = {name: text for name, text in PAGES.items() if name.startswith("components/")}


@pytest.fixture(params=PAGES)
def template(request):
    return PAGES[request.param]


def test_there_are_templates():
    assert len(COMPONENTS) > 25


def test_nothing_is_styled_in_place(template):
    assert not re.search(r"\sstyle\s*=|<style", template)


def test_no_script_stands_in_a_page(template):
    assert not re.search(r"<[^>]*\son\w+\s*=|hx-on|javascript:", template)
    for script in re.findall(r"<script\b[^>]*>", template):
        assert "src=" in script or "application/json" in script


def test_nothing_comes_from_elsewhere(template):
    without_namespace = template.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"""(?:src|href|action|hx-\w+)=["'](?:https?:)?//""", without_namespace)


def test_a_component_is_included_with_only_what_it_takes(template):
    for include in re.findall(r"{% include ['\"]components/[^%]*%}", template):
        assert re.search(r"\bonly\s*%}$", include), include


def test_inheritance_is_two_deep(template):
    for parent in re.findall(r"{% extends ['\"]([^'\"]+)", template):
        assert parent == "base.html"


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_says_first_what_it_takes(name):
    assert re.match(r"{# Takes: .+ #}\n", COMPONENTS[name])


def test_only_the_fixed_words_judge_a_result(template):
    visible = re.sub(r"{#.*?#}", "", template, flags=re.S).lower()
    others = (
        r"\b(?:improved|declined|outperform\w*|underperform\w*|better than|worse than|failing|significant(?:ly)?)\b"
    )
    assert not re.search(others, visible)


def test_a_table_that_can_be_sorted_shows_no_results():
    results = r"components/charts/|components/verdict|components/level|\|percent|\|signed|\|span:"
    sortable = {name: text for name, text in PAGES.items() if "aria-sort" in text}
    assert "components/table.html" in sortable
    assert [name for name, text in sortable.items() if re.search(results, text)] == []


def test_heads_of_charts_are_never_links():
    for name, text in COMPONENTS.items():
        if name.startswith("components/charts/"):
            for head in re.findall(r"<thead.*?</thead>", text, flags=re.S):
                assert "<a " not in head, name


def test_every_picture_speaks_or_is_silent_on_purpose(template):
    for svg in re.findall(r"<svg\b[^>]*>", template):
        assert 'aria-hidden="true"' in svg or ('role="img"' in svg and "aria-labelledby" in svg), svg
