"""The figures of Explore: strict JSON, the numbers of the tables, nothing that Plotly could read as markup."""

import json
import re
from itertools import pairwise

import pytest

from assessments.charts import Estimate, growth_rows
from assessments.figures import (
    LONGEST_NAME,
    LOOKS,
    Run,
    growth_figure,
    growth_sentence,
    runs_figure,
    standards_sentence,
)
from assessments.verdicts import Change
from tests.look.colors import tokens

WINDOWS = ("Fall", "Winter 1", "Winter 2")
RUNS = (Run("Fractions", "CC.2.1", (45, None, 52)), Run("", "CC.2.2", (70, 68, None)))
ESTIMATES = (
    Estimate("The school", 6.4, 4.2, 8.6, Change.GREW),
    Estimate("Grade 5", -1.5, None, None),
    Estimate("Grade 6", None),
)


def strict(figure):
    return json.loads(json.dumps(figure, allow_nan=False))


def texts_of(value):
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts_of(one)]
    if isinstance(value, (list, tuple)):
        return [text for one in value for text in texts_of(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("figure", [runs_figure(WINDOWS, RUNS), growth_figure(ESTIMATES)])
def test_a_figure_is_strict_json_and_names_only_tokens_that_exist(figure):
    assert strict(figure) == figure
    names = {text.removeprefix("--") for text in texts_of(figure) if text.startswith("--")}
    assert names <= tokens()["light"].keys() | {"font"}
    assert not [text for text in texts_of(figure) if re.search(r"#[0-9a-f]{3,6}\b|rgb", text)]


def test_a_line_holds_the_shares_and_breaks_where_there_is_none():
    fractions, coded = runs_figure(WINDOWS, RUNS)["data"]
    assert (fractions["x"], fractions["y"]) == (list(WINDOWS), [45, None, 52])
    assert fractions["connectgaps"] is False
    assert fractions["hovertext"] == [
        "Fractions CC.2.1<br>Fall: 45 % of the points", "", "Fractions CC.2.1<br>Winter 2: 52 % of the points",
    ]  # fmt: skip
    assert coded["name"] == "CC.2.2"


@pytest.mark.parametrize(
    ("unit", "told", "up"),
    [
        ("% of students at benchmark", "45 % of students at benchmark", {"ticksuffix": " %"}),
        ("scale points", "45 scale points", {"title": {"text": "scale points"}}),
    ],
)
def test_a_line_says_what_its_figures_are(unit, told, up):
    figure = runs_figure(WINDOWS, RUNS, unit=unit)
    assert figure["data"][0]["hovertext"][0].endswith(f"Fall: {told}")
    assert figure["layout"]["yaxis"].items() >= up.items()


def test_a_run_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"CC\.2\.2: 1 shares for 2 windows"):
        runs_figure(("Fall", "Winter 1"), [Run("", "CC.2.2", (70,))])


def test_neighbours_differ_in_color_and_in_shape_and_no_two_lines_are_alike():
    assert len({(color, symbol) for color, symbol, _ in LOOKS}) == len(LOOKS)  # one window draws points alone
    assert all(a[0] != b[0] and a[1] != b[1] for a, b in pairwise(LOOKS))
    many = [Run(f"Standard {n}", "", (n,)) for n in range(len(LOOKS) + 2)]
    assert len(runs_figure(("Fall",), many)["data"]) == len(many)


def test_names_are_no_markup_and_the_legend_keeps_them_short():
    run = Run('<a href="javascript:alert(1)">Fractions</a>' + "x" * 90, "", (45,))
    line = runs_figure(("<b>Fall</b>",), [run])["data"][0]
    assert line["x"] == ["&lt;b&gt;Fall&lt;/b&gt;"]
    assert "<a" not in line["name"] + line["hovertext"][0]
    long = runs_figure(("Fall",), [Run("x" * 90, "", (45,))])["data"][0]["name"]
    assert len(long) == LONGEST_NAME and long.endswith("\u2026")


def test_growth_draws_each_row_with_a_figure_and_its_range():
    school, fifth = growth_figure(ESTIMATES)["data"]
    assert (school["x"], school["y"]) == ([6.4], ["The school"])
    low, high = 6.4 - school["error_x"]["arrayminus"][0], 6.4 + school["error_x"]["array"][0]
    assert (low, high) == pytest.approx((4.2, 8.6))
    assert school["marker"]["color"] == school["error_x"]["color"] == "--above"
    assert fifth["error_x"]["visible"] is False and fifth["marker"]["color"] == "--ink"
    words = [row["sentence"] for row in growth_rows(ESTIMATES)["rows"]]
    assert [school["hovertext"], fifth["hovertext"]] == [[words[0]], [words[1]]]


def test_the_sentences_say_what_is_drawn():
    expected = "In Winter 1 the lowest is CC.2.2, 40 % of the points; the highest is Fractions, 61 %."
    runs = [Run("Fractions", "", (45, 61, None)), Run("", "CC.2.2", (70, 40, None))]
    assert standards_sentence(WINDOWS, runs) == expected
    assert standards_sentence(WINDOWS, RUNS) == "Fractions CC.2.1: 52 % of the points in Winter 2."
    assert standards_sentence(WINDOWS, []) == "No standard has a figure in these windows."
    assert growth_sentence(ESTIMATES) == "The school: 6 (4 to 9) scale points."
