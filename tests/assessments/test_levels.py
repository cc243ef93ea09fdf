from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.levels import Cut, at_benchmark, cuts_in_force, default_benchmark, level_label, levels_of

PSSA_NAMES = ("Below Basic", "Basic", "Proficient", "Advanced")
OLD, NEW = date(2010, 7, 1), date(2015, 7, 1)


def cut_set(grade, minimums, names=PSSA_NAMES, valid_from=NEW):
    return [
        Cut(grade, level, name, minimum, valid_from)
        for level, (name, minimum) in enumerate(zip(names, minimums, strict=True), start=1)
    ]


CUTS = [
    *cut_set("03", (600, 923, 1000, 1110)),
    *cut_set("04", (600, 908, 1000, 1107)),
    *cut_set("03", (750, 1044, 1180, 1370), valid_from=OLD),
]


def levels(scores, grades, day=NEW, cuts=CUTS):
    return levels_of(np.array(scores, dtype=float), np.array(grades, dtype=object), cuts, day).tolist()


def test_a_score_on_the_cut_has_reached_the_level():
    assert levels([922, 923, 999, 1000, 1109, 1110], ["03"] * 6) == [1, 2, 2, 3, 3, 4]


def test_each_grade_has_its_own_cuts():
    assert levels([910, 910], ["03", "04"]) == [1, 2]


def test_the_newest_cuts_that_had_begun_are_in_force():
    assert levels([1100, 1100], ["03", "03"], day=NEW) == [3, 3]
    assert levels([1100], ["03"], day=date(2015, 6, 30)) == [2]


def test_no_level_without_score_or_cuts():
    assert levels([float("nan"), 1000, 1000], ["03", "05", "04"], day=NEW) == [0, 0, 3]
    assert levels([1000], ["03"], day=date(2009, 1, 1)) == [0]
    assert levels([], np.array([], dtype=str)) == []


def test_the_lowest_level_has_no_floor():
    assert levels([100], ["03"]) == [1]


@pytest.mark.parametrize(
    ("minimums", "names"),
    [((0, 40, 70), ("Low", "Middle", "High")), ((0, 20, 40, 60, 80), ("1", "2", "3", "4", "5"))],
)
def test_three_and_five_levels(minimums, names):
    cuts = cut_set("05", minimums, names)
    assert levels(list(minimums), ["05"] * len(minimums), cuts=cuts) == list(range(1, len(names) + 1))


@given(st.lists(st.integers(0, 2000), max_size=20))
def test_a_higher_score_is_never_a_lower_level(scores):
    found = levels(sorted(scores), ["03"] * len(scores)) if scores else []
    assert found == sorted(found)
    assert found == [sum(score >= cut for cut in (923, 1000, 1110)) + 1 for score in sorted(scores)]


def test_a_set_with_a_gap_is_refused():
    with pytest.raises(ValueError, match="grade 03 from 2015-07-01 are for levels 1, 3, 4"):
        cuts_in_force([cut for cut in CUTS[:4] if cut.level != 2], "03", NEW)


def test_a_set_that_does_not_rise_is_refused():
    with pytest.raises(ValueError, match="level 3 begins at 900, level 2 at 923"):
        cuts_in_force(cut_set("03", (600, 923, 900, 1110)), "03", NEW)


@pytest.mark.parametrize(
    ("names", "level"),
    [
        (dict(enumerate(PSSA_NAMES, start=1)), 3),
        ({1: "Basic", 2: " proficient ", 3: "Advanced"}, 2),
        (dict.fromkeys((1, 2, 3), "-"), 2),
        (dict.fromkeys((1, 2, 3, 4), "-"), 3),
        (dict.fromkeys((1, 2, 3, 4, 5), "-"), 3),
    ],
)
def test_the_benchmark_where_the_owner_named_none(names, level):
    assert default_benchmark(names) == level


def test_a_test_without_levels_has_no_benchmark():
    with pytest.raises(ValueError, match="no benchmark"):
        default_benchmark({})


def test_at_benchmark_counts_that_level_and_above():
    reached = at_benchmark([10, 17, 13, 4], benchmark_level=3)
    assert (reached.students, reached.of, reached.share) == (17, 44, 17 / 44)
    assert at_benchmark([0, 0], benchmark_level=2).share is None
    with pytest.raises(ValueError, match="the benchmark is level 5, the test has 4 levels"):
        at_benchmark([10, 17, 13, 4], benchmark_level=5)


def test_a_level_is_printed_with_its_number():
    assert level_label(2, "Basic") == "2 Basic"
