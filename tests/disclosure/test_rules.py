"""Single rules on small tables: what is hidden, whose rate goes, what stays, and what the ledger says."""

import pytest

from schools.disclosure import (
    BadTableError,
    Cell,
    Cube,
    Entry,
    Equation,
    Floors,
    Levels,
    Mean,
    Published,
    Shown,
    audit,
    shown_change,
    shown_levels,
    suppress,
)
from schools.disclosure.masks import possible_k, written_rate
from tests.disclosure.attacker import text_of


def network(*schools):
    """A network and its schools, each (n, k)."""
    cells = [Cell(f"school {i}", n, k) for i, (n, k) in enumerate(schools)]
    whole = Cell("network", sum(n for n, _ in schools), sum(k for _, k in schools))
    return Cube.of([*cells, whole], [Equation("network", tuple(cell.key for cell in cells))])


def hidden(cube, floors=None):
    return list(suppress(cube, floors).hidden)


def test_a_small_school_takes_the_next_smallest_with_it():
    result = suppress(network((10, 5), (60, 30), (25, 10)))
    assert result.hidden == ("school 0", "school 2")
    assert result.ledger == (Entry("school 0", "small group"), Entry("school 2", "complement", "school 0"))
    assert result.shown["school 1"].n == 60


def test_two_small_schools_of_ten_together_take_a_third():
    result = suppress(network((5, 2), (5, 2), (60, 30), (70, 35)))
    assert Entry("school 2", "complement", "school 0") in result.ledger


@pytest.mark.parametrize(("n", "is_hidden"), [(0, False), (1, True), (10, True), (11, False)])
def test_the_floor_of_groups_is_eleven(n, is_hidden):
    assert bool(hidden(network((n, 0), (60, 30), (70, 30)))) is is_hidden


@pytest.mark.parametrize(("n", "is_hidden"), [(19, True), (20, False)])
def test_the_floor_of_subgroups_is_twenty(n, is_hidden):
    cube = Cube.of([Cell("all", 100), Cell("lunch", n, floor="subgroup", within="all")])
    assert hidden(cube) == (["lunch"] if is_hidden else [])


def test_floors_are_parameters_and_have_a_lowest():
    assert hidden(network((14, 5), (60, 30), (70, 30)), Floors(15, 20)) == ["school 0", "school 1"]
    with pytest.raises(BadTableError, match="10 or more"):
        Floors(group=9)


def test_the_rest_of_a_yes_no_subgroup_is_protected_though_it_is_never_shown():
    cube = Cube.of([Cell("all", 100, 50), Cell("lunch", 95, 47, floor="subgroup", within="all")])
    result = suppress(cube)
    assert result.hidden == ("lunch",)
    assert set(result.shown) == {"all", "lunch"}
    assert Entry("not lunch", "small group") in result.ledger


def test_the_rest_within_another_measure_has_no_rate():
    cube = Cube.of([Cell("all", 60, 9, measure="a"), Cell("fractions", 40, 39, measure="b", within="all")])
    assert cube.cells["not fractions"].k is None
    assert suppress(cube).shown["fractions"].rate == ">=90%"


def test_measures_of_the_same_students_are_hidden_together():
    cells = [Cell(f"{m} {s}", n, 5, students=s, measure=m) for m in "ab" for s, n in (("x", 8), ("y", 30), ("z", 50))]
    cells += [Cell(f"{m} all", 88, 15, students="all", measure=m) for m in "ab"]
    cube = Cube.of(cells, [Equation(f"{m} all", tuple(f"{m} {s}" for s in "xyz")) for m in "ab"])
    assert hidden(cube) == ["a x", "a y", "b x", "b y"]


def test_a_zero_is_shown_and_protects_nobody():
    result = suppress(network((0, 0), (5, 2), (60, 30), (70, 30)))
    assert result.shown["school 0"].n == 0
    assert result.hidden == ("school 1", "school 2")


def test_a_rate_is_withheld_where_it_would_tell_a_masked_one():
    result = suppress(network((20, 20), (30, 15)))
    assert [result.shown[key].rate for key in ("school 0", "school 1", "network")] == [">=80%", None, "70%"]
    assert Entry("school 1", "rate withheld", "school 0") in result.ledger
    assert Entry("school 0", "rate masked") in result.ledger


@pytest.mark.parametrize("n", [11, 20, 21, 40, 41, 100, 101, 200, 201, 999])
def test_a_rate_tells_exactly_the_numbers_that_are_written_like_it(n):
    texts = {k: text_of(n, k) for k in range(n + 1)}
    for k, text in texts.items():
        assert written_rate(n, k) == text
        low, high = possible_k(n, text)
        assert [low, high] == [min(j for j in texts if texts[j] == text), max(j for j in texts if texts[j] == text)]


def test_a_masked_range_holds_three_numbers():
    for n in range(10, 1200):
        assert possible_k(n, written_rate(n, 0))[1] >= 2


def with_means(*schools):
    """Schools of (n, k, mean) on a scale of 0 to 100 with the cut at 50, and their network."""
    cells = [Cell(f"school {i}", n, k, Mean(m, cut=50)) for i, (n, k, m) in enumerate(schools)]
    n, k = sum(s[0] for s in schools), sum(s[1] for s in schools)
    mean = round(sum(s[0] * s[2] for s in schools) / n)
    return Cube.of(
        [*cells, Cell("network", n, k, Mean(mean, cut=50))],
        [Equation("network", tuple(cell.key for cell in cells))],
    )


def test_a_mean_stands_only_beside_an_exact_rate():
    result = suppress(with_means((40, 39, 78), (60, 30, 50), (30, 15, 52), (8, 4, 50)))
    assert result.shown["school 0"].rate == ">=90%"
    assert result.shown["school 0"].mean is None
    assert result.shown["school 1"].mean.value == 50
    assert [result.shown[f"school {i}"].mean for i in (2, 3)] == [None, None]
    assert Entry("school 0", "mean withheld") in result.ledger


def test_a_mean_at_the_end_of_its_scale_is_everybodys_score():
    cube = Cube.of([Cell("club", 30, mean=Mean(100)), Cell("class", 30, mean=Mean(99))])
    assert [cell.mean is not None for cell in suppress(cube).shown.values()] == [False, True]


def test_means_must_not_tell_the_rate_of_the_rest():
    """12 students: the means of the network and the neighbor leave them at least 1,146 points, so 11 or 12 passed."""
    cells = {
        "small": Shown("small", 12, ">=80%", rated=True),
        "neighbor": Shown("neighbor", 24, None, Mean(50, cut=50), rated=True),
        "network": Shown("network", 36, None, Mean(66, cut=50), rated=True),
    }
    equations = (Equation("network", ("small", "neighbor")),)
    (finding,) = audit(Published(cells, equations)).findings
    assert (finding.cell, finding.lowest, finding.highest) == ("small", 11, 12)
    without = cells | {"neighbor": Shown("neighbor", 24, None, rated=True)}
    assert audit(Published(without, equations)).clean


def test_items_and_the_mean_of_their_standard_must_not_tell_a_masked_item():
    items = [Cell(f"item {i}", 40, k, students="grade", measure=f"item {i}") for i, k in ((1, 20), (2, 40))]
    mean = Mean(75, items=(("item 1", 1), ("item 2", 1)))
    alone = suppress(Cube.of([*items, Cell("standard", 40, 20, students="grade")]))
    assert [cell.rate for cell in alone.shown.values()] == ["50%", ">=90%", "50%"]
    result = suppress(Cube.of([*items, Cell("standard", 40, 20, mean, students="grade")]))
    assert result.shown["item 2"].rate == ">=90%"
    assert result.shown["item 1"].rate is None or result.shown["standard"].mean is None
    assert audit(result.published).clean


def test_levels_are_collapsed_where_one_is_told_too_closely():
    assert shown_levels({"1": 1, "2": 1, "3": 9, "4": 9}, 11) == Levels(None, {"1+2": "<=20%", "3+4": ">=80%"})
    assert shown_levels({"1": 25, "2": 25, "3": 25, "4": 25}, 11).levels == dict.fromkeys("1234", "25%")
    assert shown_levels({"1": 5, "2": 0, "3": 15}, 11, at_benchmark=2).collapsed == {"1+2": "25%", "3": "75%"}
    assert shown_levels({"1": 5, "2": 5}, 11) == Levels(None, None)


@pytest.mark.parametrize(
    ("before", "after", "points"),
    [("60%", "55%", -5), ("60%", None, None), (">=90%", "60%", None), ("60%", "<=10%", None), (None, None, None)],
)
def test_a_change_is_shown_only_between_exact_rates(before, after, points):
    assert shown_change(before, after) == points


@pytest.mark.parametrize(
    ("cells", "sums", "sentence"),
    [
        ([Cell("a", 1), Cell("a", 2)], [], "twice"),
        ([Cell("a", 1, students="s"), Cell("b", 2, students="s")], [], "counted as 1 and as 2"),
        ([Cell("a", 5, 2), Cell("b", 5, 3)], [Equation("a", ("b",))], "k = 3 together"),
        ([Cell("a", 5)], [Equation("a", ())], "needs parts"),
        ([Cell("a", 5), Cell("b", 6, within="a")], [], "more than the 5"),
    ],
)
def test_a_table_that_cannot_be_gets_a_sentence(cells, sums, sentence):
    with pytest.raises(BadTableError, match=sentence):
        Cube.of(cells, sums)


# --- what the audit finds on a page that somebody else made ------------------------------------------------


def page(total, rate=None, **schools):
    """A network and its schools: (n, rate), None where the school is not shown."""
    shown = {key: Shown(key, *(one or (None, None)), rated=rate is not None) for key, one in schools.items()}
    whole = {"network": Shown("network", total, rate, rated=rate is not None)}
    return Published(shown | whole, (Equation("network", tuple(schools)),))


@pytest.mark.parametrize(
    ("made", "finding"),
    [
        (page(100, a=(10, None), b=(90, None)), ("a", "a group below the floor of 11 is shown", 10, 10)),
        (page(80, a=None, b=None, c=(70, None)), ("a", "the number of students can be worked out too closely", 1, 9)),
        (
            page(100, "30%", a=(60, "50%"), b=None, c=None),
            ("network", "the hidden parts together are known to be nearly all, or nearly none, at benchmark", 0, 0),
        ),
    ],
)
def test_the_audit_finds_what_should_not_stand_there(made, finding):
    assert finding in {(one.cell, one.what, one.lowest, one.highest) for one in audit(made).findings}


def test_the_audit_lets_eleven_stand_and_ten_possible_numbers():
    assert audit(page(100, a=(11, None), b=(89, None))).clean
    assert audit(page(81, a=None, b=None, c=(70, None))).clean
