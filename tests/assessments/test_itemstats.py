import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from assessments import itemstats
from assessments.itemstats import difficulty_word, discrimination_word, form_statistics, reliability_word
from assessments.responses import BLANK, MULTIPLE, NOT_GIVEN, NOT_REACHED, score_choices

SAMPLE = Path(__file__).parents[3] / "shared/data/item_level/fraction_subtraction_536x20.csv"
EVEN_IF_FEW = {"fewest_for_items": 1, "fewest_for_reliability": 1}

# Worked by hand: eight students, five questions, key ABCDA.
ANSWERS = ["ABCDA", "ABCDB", "ABCCA", "ABDDA", "ACCDB", "BBCAC", "CBDAB", "BCAAC"]
CHOICES = np.array([[ord(letter) - ord("A") + 1 for letter in answers] for answers in ANSWERS], dtype=np.uint8)
KEYS = np.array([1, 2, 3, 4, 1], dtype=np.uint8)
ONE_POINT = np.full(5, 4, dtype=np.uint8)
POINTS = score_choices(CHOICES, KEYS, ONE_POINT)


def rounded(values, places=4):
    return [round(value, places) for value in values]


@pytest.fixture(scope="module")
def worked():
    return form_statistics(
        POINTS, ONE_POINT, choices=CHOICES, keys=KEYS, offered=["ABCD"] * 5, with_uncorrected=True, **EVEN_IF_FEW
    )


def option(form, item, letter):
    return next(option for option in form.items[item].options if option.letter == letter)


def test_the_worked_example(worked):
    assert (POINTS.sum(axis=1) // 4).tolist() == [5, 4, 4, 4, 3, 2, 1, 0]
    assert [item.p for item in worked.items] == [0.625, 0.750, 0.625, 0.500, 0.375]
    assert rounded(item.correlation for item in worked.items) == [0.8076, 0.2485, 0.3246, 0.4746, 0.4880]
    assert rounded(item.uncorrected for item in worked.items) == [0.8991, 0.4914, 0.5794, 0.6964, 0.6993]
    assert worked.reliability.name == "KR-20"
    assert rounded([worked.reliability.alpha, worked.reliability.sem]) == [0.7036, 0.8795]


def test_a_distractor_one_strong_student_chose_is_not_flagged(worked):
    only_one = option(worked, 3, "C")
    assert (only_one.students, round(only_one.correlation, 4), only_one.flags) == (1, 0.2632, ())


def test_an_option_nobody_chose_is_seen_only_where_the_test_says_it_was_offered(worked):
    nobody = option(worked, 0, "D")
    assert (nobody.students, nobody.share, nobody.correlation) == (0, 0.0, None)
    assert nobody.flags == (itemstats.HARDLY_CHOSEN,)
    without = form_statistics(POINTS, ONE_POINT, choices=CHOICES, keys=KEYS, **EVEN_IF_FEW)
    assert [option.letter for option in without.items[0].options] == ["A", "B", "C"]


def test_below_the_fewest_students_counts_and_p_only():
    form = form_statistics(POINTS, ONE_POINT, choices=CHOICES, keys=KEYS, with_uncorrected=True)
    first = form.items[0]
    assert (first.p, first.correlation, first.uncorrected, first.discrimination) == (0.625, None, None, "")
    assert first.reason == "fewer than 30 students"
    assert [(option.students, option.correlation, option.flags) for option in first.options] == [
        (5, None, ()),
        (2, None, ()),
        (1, None, ()),
    ]
    assert (form.reliability.alpha, form.reliability.sem, form.reliability.word) == (None, None, "")
    assert form.reliability.reason == "fewer than 50 students"


def test_a_distractor_is_flagged_from_five_students_and_over_the_key():
    answers = ["BA"] * 6 + ["AB"] * 5  # question 1, key A: the six who chose B got question 2 right
    choices = np.array([[ord(letter) - 64 for letter in pair] for pair in answers], dtype=np.uint8)
    keys, worth = np.array([1, 1], dtype=np.uint8), np.array([4, 12], dtype=np.uint8)
    form = form_statistics(score_choices(choices, keys, worth), worth, choices=choices, keys=keys, **EVEN_IF_FEW)
    assert option(form, 0, "B").flags == (itemstats.MORE_THAN_KEY, itemstats.BY_STRONGER_STUDENTS)
    assert option(form, 0, "A").flags == ()
    assert form.items[0].discrimination == itemstats.CHECK_KEY


def test_all_right_is_no_variation_and_not_zero():
    points = np.array([[4, 4], [4, 0], [4, 4]], dtype=np.uint8)
    first = form_statistics(points, np.array([4, 4]), **EVEN_IF_FEW).items[0]
    assert (first.p, first.correlation, first.reason) == (1.0, None, "no variation")


def test_a_form_of_one_question_has_no_rest_and_no_reliability():
    form = form_statistics(np.array([[4], [0]], dtype=np.uint8), np.array([4]), **EVEN_IF_FEW)
    assert form.items[0].reason == "no other questions"
    assert form.reliability.reason == "fewer than 2 questions"


def test_no_variation_in_the_total_leaves_no_reliability():
    form = form_statistics(np.array([[4, 0], [0, 4]], dtype=np.uint8), np.array([4, 4]), **EVEN_IF_FEW)
    assert form.reliability.reason == "no variation"


def test_a_form_nobody_took():
    form = form_statistics(np.empty((0, 2), dtype=np.uint8), np.array([4, 4]), choices=np.empty((0, 2), np.uint8))
    assert (form.students, form.items[0].p, form.reliability.alpha) == (0, None, None)


def test_blank_counts_as_zero_and_not_given_nowhere():
    points = np.array([[4, 4], [BLANK, 0], [NOT_REACHED, 4], [NOT_GIVEN, 4]], dtype=np.uint8)
    choices = np.array([[1, 1], [0, 2], [0, MULTIPLE], [0, 1]], dtype=np.uint8)
    form = form_statistics(points, np.array([4, 4]), choices=choices, **EVEN_IF_FEW)
    first, second = form.items
    assert (first.students, first.p, first.blank, first.not_reached) == (3, 1 / 3, 1, 1)
    assert (second.students, second.several) == (4, 1)
    assert form.reliability.students == 3


def test_what_was_not_given_is_left_out_of_the_rest():
    """Item 0 against the share of what else each student was given: 1/2, 1, 0."""
    points = np.array([[4, 4, 0], [4, 4, NOT_GIVEN], [0, NOT_GIVEN, 0]], dtype=np.uint8)
    form = form_statistics(points, np.array([4, 4, 4]), **EVEN_IF_FEW)
    assert form.items[0].correlation == pytest.approx(np.corrcoef([1, 1, 0], [0.5, 1.0, 0.0])[0, 1], abs=1e-12)


def test_points_of_several_sizes_are_cronbachs_alpha():
    points = np.array([[4, 8], [0, 2], [4, 4], [0, 0]], dtype=np.uint8)
    reliability = form_statistics(points, np.array([4, 8]), **EVEN_IF_FEW).reliability
    frame = pd.DataFrame(points / 4)
    alpha = 2 * (1 - frame.var().sum() / frame.sum(axis=1).var())
    assert reliability.name == "Cronbach's alpha"
    assert reliability.alpha == pytest.approx(alpha, abs=1e-12)


@pytest.mark.parametrize(("p", "word"), [(None, ""), (0.304, "hard"), (0.305, "mid"), (0.704, "mid"), (0.71, "easy")])
def test_words_for_difficulty(p, word):
    assert difficulty_word(p) == word


@pytest.mark.parametrize(
    ("correlation", "word"),
    [
        (None, ""),
        (-0.01, "check the key"),
        (0.15, "weak"),
        (0.17, "borderline"),
        (0.20, "acceptable"),
        (0.30, "good"),
    ],
)
def test_words_for_discrimination(correlation, word):
    assert discrimination_word(correlation) == word


@pytest.mark.parametrize(
    ("alpha", "word"),
    [(None, ""), (0.90, "high"), (0.89, "good"), (0.60, "low to moderate"), (0.59, "doubtful"), (0.39, "very low")],
)
def test_words_for_reliability(alpha, word):
    assert reliability_word(alpha) == word


@pytest.mark.parametrize(
    "wrong",
    [
        {"worth": ONE_POINT[:4]},
        {"keys": KEYS[:4]},
        {"choices": CHOICES[:, :4]},
        {"offered": ["ABCD"]},
    ],
)
def test_sizes_that_do_not_match_are_refused(wrong):
    with pytest.raises(ValueError, match="items"):
        form_statistics(POINTS, **({"worth": ONE_POINT} | wrong))


@given(
    hnp.arrays(
        np.uint8,
        st.tuples(st.integers(1, 15), st.integers(2, 4)),
        elements=st.sampled_from([0, 4, BLANK, NOT_REACHED, NOT_GIVEN]),
    ),
    st.randoms(use_true_random=False),
)
def test_row_order_is_irrelevant_and_every_figure_is_strict_json(points, random):
    worth = np.full(points.shape[1], 4)
    choices = np.where(points == 4, 1, 2).astype(np.uint8)
    order = list(range(len(points)))
    random.shuffle(order)
    one = form_statistics(points, worth, choices=choices, keys=np.ones_like(worth), **EVEN_IF_FEW)
    other = form_statistics(points[order], worth, choices=choices[order], keys=np.ones_like(worth), **EVEN_IF_FEW)
    json.dumps(dataclasses.asdict(one), allow_nan=False)
    for first, second in zip(one.items, other.items, strict=True):
        assert (first.students, first.p, first.reason) == (second.students, second.p, second.reason)
        assert first.correlation == pytest.approx(second.correlation, abs=1e-12)
    assert one.reliability.alpha == pytest.approx(other.reliability.alpha, abs=1e-12)


@pytest.mark.skipif(not SAMPLE.exists(), reason="the shared sample data is not beside this checkout")
def test_real_answers_agree_with_a_plain_pandas_computation():
    frame = pd.read_csv(SAMPLE, index_col="student")
    total = frame.sum(axis=1)
    form = form_statistics((frame.to_numpy() * 4).astype(np.uint8), np.full(20, 4), with_uncorrected=True)
    for found, name in zip(form.items, frame.columns, strict=True):
        item = frame[name]
        assert found.p == pytest.approx(item.mean(), abs=1e-9)
        assert found.correlation == pytest.approx(item.corr(total - item), abs=1e-9)
        assert found.uncorrected == pytest.approx(item.corr(total), abs=1e-9)
    kr20 = 20 / 19 * (1 - (frame.mean() * (1 - frame.mean())).sum() / total.var(ddof=0))
    assert form.reliability.alpha == pytest.approx(kr20, abs=1e-9)
    assert form.reliability.sem == pytest.approx(total.std(ddof=0) * (1 - kr20) ** 0.5, abs=1e-9)
