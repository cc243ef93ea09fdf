import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assessments.growth import Kind, WindowScores, growth_by_group, match, standing_in_grade
from assessments.verdicts import Change, Standing, change, standing, standing_of_percent

ASH, BIRCH = 0, 1


def window(rows):
    """A window from rows of (student, score, school, grade)."""
    students, scores, schools, grades = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 4
    school, grade = np.array(schools, dtype=np.int64), np.array(grades, dtype=np.int64)
    return WindowScores(
        students=np.array(students, dtype=np.int64),
        scores=np.array(scores, dtype=float),
        grades=grade,
        groups={
            "network": np.zeros(len(rows), dtype=np.int64),
            "school": school,
            "grade": grade,
            "school_grade": school * 10 + grade,
        },
    )


def growth(before, after, grouping="school", kind=Kind.SCALE, **options):
    return growth_by_group(match(window(before), window(after), kind), grouping, **options)


def gains(school, gained, first=0, grade=5):
    """Two windows of one school, whose students gain as told."""
    before = [(first + place, 200.0 + 7 * place, school, grade) for place in range(len(gained))]
    after = [(student, score + gain, *rest) for (student, score, *rest), gain in zip(before, gained, strict=True)]
    return before, after


ASH_GAINS = [3.0, 5.0, 9.0, 4.0, 8.0, 6.0]
BIRCH_GAINS = [-1.0, 2.0, 0.0, -2.0, 1.0]
ASH_BEFORE, ASH_AFTER = gains(ASH, ASH_GAINS)
BIRCH_BEFORE, BIRCH_AFTER = gains(BIRCH, BIRCH_GAINS, first=100)
BEFORE, AFTER = ASH_BEFORE + BIRCH_BEFORE, ASH_AFTER + BIRCH_AFTER


def test_mean_interval_and_effect_are_those_of_the_paired_t_test():
    ash = growth(BEFORE, AFTER)[ASH]
    expected = stats.ttest_rel([row[1] for row in ASH_AFTER], [row[1] for row in ASH_BEFORE])
    interval = expected.confidence_interval(0.95)
    assert (ash.matched, ash.joined, ash.left) == (6, 0, 0)
    assert ash.mean == pytest.approx(np.mean(ASH_GAINS), abs=1e-12)
    assert ash.sd == pytest.approx(np.std(ASH_GAINS, ddof=1), abs=1e-12)
    assert (ash.low, ash.high) == pytest.approx((interval.low, interval.high), abs=1e-9)
    assert ash.effect == pytest.approx(ash.mean / np.std([row[1] for row in ASH_BEFORE], ddof=1), abs=1e-12)


def test_against_the_network_is_welchs_test_against_the_rest():
    ash = growth(BEFORE, AFTER)[ASH]
    interval = stats.ttest_ind(ASH_GAINS, BIRCH_GAINS, equal_var=False).confidence_interval(0.95)
    share = len(BIRCH_GAINS) / len(BEFORE)
    assert ash.against_mean == pytest.approx(ash.mean - np.mean(ASH_GAINS + BIRCH_GAINS), abs=1e-12)
    assert (ash.against_low, ash.against_high) == pytest.approx((interval.low * share, interval.high * share), abs=1e-9)


def test_verdicts():
    ash, birch = growth(BEFORE, AFTER)
    assert (ash.verdict, ash.against) == (Change.GREW, Standing.ABOVE)
    assert (birch.verdict, birch.against) == (Change.CLOSE, Standing.BELOW)
    fallen = growth(*gains(ASH, [-gain for gain in ASH_GAINS]))[ASH]
    assert (fallen.verdict, fallen.against) == (Change.SLIPPED, None)  # alone: no network to stand against


def test_a_mover_counts_for_the_network_and_for_neither_school():
    before, after = [*BEFORE, (500, 210.0, ASH, 5)], [*AFTER, (500, 230.0, BIRCH, 5)]
    ash, birch = growth(before, after)
    assert (ash.matched, ash.joined, ash.left) == (6, 0, 1)
    assert (birch.matched, birch.joined, birch.left) == (5, 1, 0)
    assert growth(before, after, "network")[0].matched == 12


def test_fewer_than_two_students_say_nothing():
    one = growth(*gains(ASH, [4.0]))[ASH]
    figures = (one.mean, one.sd, one.low, one.high, one.effect, one.verdict, one.against_mean, one.against)
    assert (one.matched, figures) == (1, (None,) * 8)


def test_equal_gains_leave_no_spread_to_judge_by():
    same = growth(*gains(ASH, [5.0, 5.0, 5.0]))[ASH]
    assert (same.mean, same.sd, same.low, same.verdict) == (5.0, 0.0, None, None)
    tenths_before = [(1, 200.1, ASH, 5), (2, 300.2, ASH, 5), (3, 201.3, ASH, 5)]
    tenths_after = [(student, score + 0.7, *rest) for student, score, *rest in tenths_before]
    assert growth(tenths_before, tenths_after)[ASH].verdict is None  # unequal only in the last digits


def test_two_schools_of_equal_gains_differ_without_an_interval():
    before, after = gains(ASH, [5.0, 5.0])
    others_before, others_after = gains(BIRCH, [1.0, 1.0], first=100)
    ash = growth(before + others_before, after + others_after)[ASH]
    assert (ash.against_mean, ash.against_low, ash.against) == (2.0, None, None)


def test_within_a_grade_the_network_is_that_grade():
    sixth_before, sixth_after = gains(BIRCH, [20.0, 22.0, 25.0], first=900, grade=6)
    before, after = BEFORE + sixth_before, AFTER + sixth_after
    fifth_of_ash = ASH * 10 + 5
    alone = growth(BEFORE, AFTER, "school_grade")[fifth_of_ash]
    among_all = growth(before, after, "school_grade")[fifth_of_ash]
    among_fifth = growth(before, after, "school_grade", within="grade")[fifth_of_ash]
    assert among_fifth.against_mean == pytest.approx(alone.against_mean, abs=1e-12)
    assert among_all.against_mean < 0 < among_fifth.against_mean
    with pytest.raises(ValueError, match="more than one part of grade"):
        growth(before, after, "school", within="grade")


def test_standing_is_a_z_within_the_grade():
    scores, grades = np.array([10.0, 20.0, 30.0, 500.0, 700.0, np.nan, 9.0]), np.array([5, 5, 5, 6, 6, 6, 7])
    z = standing_in_grade(scores, grades)
    assert z[:3] == pytest.approx(stats.zscore([10, 20, 30]), abs=1e-12)
    assert z[3:5].tolist() == [-1.0, 1.0]
    assert np.isnan(z[5:]).all()  # no score; the only one of its grade


def test_unlike_forms_compare_the_standing():
    before = [(1, 10, ASH, 5), (2, 12, ASH, 5), (3, 20, BIRCH, 5), (4, 22, BIRCH, 5)]
    after = [(1, 90, ASH, 5), (2, 80, ASH, 5), (3, 60, BIRCH, 5), (4, 55, BIRCH, 5)]
    ash, birch = growth(before, after, kind=Kind.STANDING)
    network = growth(before, after, "network", kind=Kind.STANDING)[0]
    earlier, later = stats.zscore([10, 12, 20, 22]), stats.zscore([90, 80, 60, 55])
    assert ash.mean == pytest.approx(np.mean((later - earlier)[:2]), abs=1e-12)
    assert ash.mean > 0 > birch.mean
    assert network.mean == pytest.approx(0, abs=1e-12)
    assert (ash.verdict, ash.effect, ash.against) == (None, None, Standing.ABOVE)


def test_a_student_twice_in_a_window_is_refused():
    with pytest.raises(ValueError, match="twice in one window"):
        window([(1, 200, ASH, 5), (1, 210, ASH, 5)])


def test_columns_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match="each of its 2 students"):
        WindowScores(np.array([1, 2]), np.array([1.0]), np.array([5, 5]), {})


students = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.one_of(st.integers(180, 260).map(float), st.just(float("nan"))),
        st.integers(-1, 2),
        st.integers(3, 4),
    ),
    unique_by=lambda row: row[0],
    max_size=12,
)
kinds = st.sampled_from(list(Kind))


def close(one, other):
    """Two lists of growth equal but for the last digits."""
    assert len(one) == len(other)
    for first, second in zip(one, other, strict=True):
        for field, value in dataclasses.asdict(first).items():
            expected = dataclasses.asdict(second)[field]
            assert value == (pytest.approx(expected, abs=1e-9) if isinstance(expected, float) else expected), field


@given(students, students, kinds, st.randoms(use_true_random=False))
def test_row_order_is_irrelevant_and_every_figure_is_strict_json(before, after, kind, random):
    found = growth(before, after, kind=kind)
    random.shuffle(before)
    random.shuffle(after)
    close(found, growth(before, after, kind=kind))
    for group in found:
        json.dumps(dataclasses.asdict(group), allow_nan=False)


@given(students, students, st.integers(180, 260))
def test_an_unmatched_student_changes_no_figure(before, after, score):
    found = growth(before, after, "network")
    more = growth([*before, (99, float(score), ASH, 3)], after, "network")
    if not found:
        assert more[0].matched == 0
        return
    assert more[0].left == found[0].left + 1
    close([dataclasses.replace(more[0], left=found[0].left)], found)


@given(students, students)
def test_every_group_is_the_naive_mean(before, after):
    earlier = {row[0]: row for row in before if not np.isnan(row[1])}
    for group in growth(before, after):
        mine = [row for row in after if row[2] == group.group and not np.isnan(row[1])]
        stayed = [row for row in mine if row[0] in earlier and earlier[row[0]][2] == group.group]
        differences = [row[1] - earlier[row[0]][1] for row in stayed]
        assert (group.matched, group.joined) == (len(stayed), len(mine) - len(stayed))
        assert group.mean == (pytest.approx(np.mean(differences)) if len(stayed) > 1 else None)


@pytest.mark.parametrize(
    ("low", "high", "changed", "stands"),
    [
        (0.5, 2.0, "grew", "above the network"),
        (-2.0, -0.5, "slipped", "below the network"),
        (0.49, 15.7, "too close to call", "too close to call"),  # printed 0 to 16
        (-15.7, -0.49, "too close to call", "too close to call"),
        (-0.1, 0.1, "too close to call", "too close to call"),
        (0.0, 1.0, "too close to call", "too close to call"),
    ],
)
def test_the_words_of_verdict(low, high, changed, stands):
    assert (change(low, high), standing(low, high)) == (changed, stands)


def test_deviations_are_printed_in_hundredths_and_judged_so():
    assert standing(0.005, 0.2, in_deviations=True) == Standing.ABOVE
    assert standing(0.004, 0.2, in_deviations=True) == Standing.CLOSE
    assert standing(-0.2, -0.005, in_deviations=True) == Standing.BELOW


def test_no_interval_no_verdict():
    assert (change(None, None), standing(None, None)) == (None, None)


@pytest.mark.parametrize(
    ("own", "network", "verdict"),
    [(45, 50, "below the network"), (46, 50, "too close to call"), (55, 50, "above the network")],
)
def test_per_cents_five_points_apart_are_clear(own, network, verdict):
    assert standing_of_percent(own, network) == verdict
