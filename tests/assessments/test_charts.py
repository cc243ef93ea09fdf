"""Where marks lie: figures in, positions out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import charts
from assessments.sentences.figures import whole_words
from assessments.verdicts import Standing

FINITE = st.floats(-500, 500, allow_nan=False)


def at(position: str) -> float:
    assert position.endswith("%")
    return float(position[:-1])


def test_a_bar_is_as_wide_as_its_share_and_carries_the_networks_tick():
    bar, alone = charts.standard_bars([charts.StandardBar("Volume", 0.41, 0.58), charts.StandardBar("Line plots", 0.5)])
    assert (bar["width"], bar["tick"]) == ("41%", "58%")
    assert bar["sentence"] == "Volume: your class 41 % of the points, the network 58 % on the same questions"
    assert alone["tick"] is None
    assert alone["sentence"] == "Line plots: your class 50 % of the points"


def four(*students):
    names = ["Below Basic", "Basic", "Proficient", "Advanced"]
    return [charts.LevelShare(n, name, s) for n, (name, s) in enumerate(zip(names, students, strict=True), 1)]


def test_segments_follow_each_other_and_fill_the_bar():
    bar = charts.level_bar("Fall", four(10, 20, 50, 20))
    assert [part["x"] for part in bar["segments"]] == ["0%", "10%", "30%", "80%"]
    assert [part["fill"] for part in bar["segments"]] == [1, 2, 3, 4]
    assert [part["inside"] for part in bar["segments"]] == [False, False, True, True]
    assert bar["sentence"] == "Fall: 1 Below Basic 10, 2 Basic 20, 3 Proficient 50, 4 Advanced 20 students"


@given(st.lists(st.integers(0, 300), min_size=4, max_size=4))
def test_the_segments_of_any_bar_add_up(students):
    bar = charts.level_bar("Fall", four(*students))
    widths = sum(at(part["width"]) for part in bar["segments"])
    assert bar["total"] == sum(students)
    assert widths == pytest.approx(100 if any(students) else 0, abs=0.05)
    assert len(bar["segments"]) == sum(count > 0 for count in students)


def test_a_count_without_room_stands_beneath():
    bar = charts.level_bar("Fall", four(2, 98, 1, 99))
    assert [part["label"] for part in bar["segments"]] == ["", "98", "", "99"]
    assert bar["beneath"] == "1 Below Basic 2, 3 Proficient 1"
    assert charts.level_bar("Fall", four(20, 20, 40, 20))["beneath"] == ""


def test_a_test_of_three_levels_uses_the_fills_one_three_four():
    bar = charts.level_bar("Fall", four(1, 1, 1, 1)[:3])
    assert [part["fill"] for part in bar["segments"]] == [1, 3, 4]
    with pytest.raises(ValueError, match="two to five"):
        charts.level_bar("Fall", four(1, 1, 1, 1)[:1])


@given(st.lists(st.tuples(FINITE, FINITE, FINITE), min_size=1, max_size=8), FINITE)
def test_ranges_dots_zero_and_network_lie_on_one_axis(triples, network):
    rows = [charts.Estimate("S", b, a, c) for a, b, c in map(sorted, triples)]
    chart = charts.growth_rows(rows, network=network)
    for row in chart["rows"]:
        assert 0 <= at(row["low"]) <= at(row["dot"]) <= at(row["high"]) <= 100
    assert 0 <= at(chart["zero"]) <= 100
    assert (network < 0) <= (at(chart["network"]) <= at(chart["zero"]))
    assert 3 <= len(chart["ticks"]) <= 8
    json.dumps(chart, allow_nan=False)


def test_a_figure_that_is_not_shown_has_no_mark():
    shown, hidden = charts.growth_rows(
        [charts.Estimate("School B", 9, 7, 11, Standing.ABOVE), charts.Estimate("School C", None)]
    )["rows"]
    assert shown["sentence"] == "School B: 9 (7 to 11) scale points"
    assert shown["tone"] == "above"
    assert hidden["dot"] is None
    assert hidden["sentence"] == "School C: not shown"


def test_axis_ticks_are_round_and_hold_zero():
    scale = charts.scale_for([-3.2, 11.4, 0])
    assert scale.ticks == (-5, 0, 5, 10, 15)
    labels = [tick["label"] for tick in charts.axis_ticks(scale)]
    assert labels == ["\u22125", "0", "5", "10", "15"]


@given(st.lists(FINITE, min_size=1, max_size=20))
def test_an_axis_holds_every_value_between_its_ends(values):
    scale = charts.scale_for(values)
    slack = 1e-6 * max(1.0, abs(scale.low), abs(scale.high))
    assert scale.low - slack <= min(values)
    assert max(values) <= scale.high + slack


def test_a_sparkline_breaks_where_a_window_is_missing():
    line = charts.sparkline([48, 52, None, 57, 61], name="At benchmark", labels=["F", "W1", "W2", "S", "F2"])
    assert len(line["lines"]) == 2
    assert len(line["dots"]) == 4
    assert line["last"] == line["dots"][-1]
    assert line["sentence"] == "At benchmark: F 48, W1 52, W2 not shown, S 57, F2 61"


@given(st.lists(st.one_of(st.none(), FINITE), min_size=1, max_size=12))
def test_a_sparkline_stays_inside_its_box(values):
    line = charts.sparkline(values, name="x", labels=["w"] * len(values))
    assert all(0 <= x <= line["width"] and 0 <= y <= line["height"] for x, y in line["dots"])


def test_a_run_names_the_points_that_break_a_rule():
    chart = charts.run_chart([4, 5, 9], name="Checks", labels=["Sep", "Oct", "Nov"], median=5, breaks=[(2, "shift")])
    assert [point["broken"] for point in chart["points"]] == ["", "", "shift"]
    assert chart["points"][1]["y"] == chart["median"]
    assert chart["points"][2]["y"] < chart["median"]


def test_figures_are_rounded_as_in_the_sentences_with_a_true_minus():
    assert [whole_words(value) for value in (0.5, 1.5, -0.5, -1.4, -0.4)] == ["1", "2", "\u22121", "\u22121", "0"]
