import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from assessments import crunch
from assessments.classroom import hardest, popular_wrong_answers, questions_of_class, standards_of_class
from assessments.crunch import cross, sum_groups
from assessments.responses import BLANK, MULTIPLE, NOT_GIVEN, NOT_REACHED
from assessments.sheet import Sheet

PURE = ("crunch", "sheet", "spread", "classroom", "itemstats", "growth", "levels", "verdicts", "sentences")
WORTH = np.array([4, 4, 8, 1], dtype=np.uint8)
STANDARDS = np.array([[True, True, False, True], [False, True, True, False]])


def make_sheet(points, **columns):
    points = np.asarray(points, dtype=np.uint8)
    students, items = points.shape
    defaults = {
        "worth": np.full(items, 4, dtype=np.uint8),
        "standards": np.ones((1, items), dtype=bool),
        "tested": np.ones(students, dtype=bool),
        "scores": np.full(students, np.nan),
        "levels": np.zeros(students, dtype=np.int8),
    }
    return Sheet(points=points, **(defaults | columns))


@st.composite
def sheets(draw):
    students = draw(st.integers(0, 12))
    answers = [st.sampled_from([0, 1, worth, BLANK, NOT_REACHED, NOT_GIVEN]) for worth in WORTH.tolist()]
    rows = draw(st.lists(st.tuples(*answers), min_size=students, max_size=students))
    score = st.one_of(st.just(float("nan")), st.integers(600, 1500).map(float))
    return make_sheet(
        np.array(rows, dtype=np.uint8).reshape(students, len(WORTH)),
        worth=WORTH,
        standards=STANDARDS,
        tested=draw(hnp.arrays(bool, students)),
        scores=draw(hnp.arrays(float, students, elements=score)),
        levels=draw(hnp.arrays(np.int8, students, elements=st.integers(0, 4))),
        level_count=4,
        choices=draw(hnp.arrays(np.uint8, rows_and_items(students), elements=st.sampled_from([0, 1, 2, MULTIPLE]))),
        strands=draw(hnp.arrays(float, (students, 2), elements=score)),
    )


def rows_and_items(students):
    return students, len(WORTH)


@st.composite
def labeled_sheets(draw):
    sheet = draw(sheets())
    labels = hnp.arrays(np.int64, len(sheet.points), elements=st.integers(-1, 3))
    return sheet, {"school": draw(labels), "grade": draw(labels)}


def naive(sheet, labels, group):
    """The same figures by plain loops over one group's students."""
    rows = [row for row in range(len(sheet.points)) if labels[row] == group and sheet.tested[row]]
    asked = [[item for item in range(len(WORTH)) if sheet.points[row, item] != NOT_GIVEN] for row in rows]

    def quarter(row, item):
        return 0 if sheet.points[row, item] > 250 else int(sheet.points[row, item])

    totals = [sum(quarter(row, item) for item in range(len(WORTH))) / 4 for row in rows]
    scores = [float(sheet.scores[row]) for row in rows if not np.isnan(sheet.scores[row])]
    return {
        "students": int(np.count_nonzero(labels == group)),
        "tested": len(rows),
        "points": spread(totals),
        "scores": spread(scores),
        "levels": [sum(sheet.levels[row] == level for row in rows) for level in (1, 2, 3, 4)],
        "standard_earned": [
            sum(quarter(row, item) for row in rows for item in np.flatnonzero(mask)) / 4 for mask in STANDARDS
        ],
        "standard_possible": [
            sum(WORTH[item] / 4 for given in asked for item in given if mask[item]) for mask in STANDARDS
        ],
        "standard_students": [sum(any(mask[item] for item in given) for given in asked) for mask in STANDARDS],
        "item_given": [sum(item in given for given in asked) for item in range(len(WORTH))],
        "item_earned": [sum(quarter(row, item) for row in rows) / 4 for item in range(len(WORTH))],
        "item_blank": [sum(sheet.points[row, item] == BLANK for row in rows) for item in range(len(WORTH))],
        "item_choices": [
            [
                sum(item in given and sheet.choices[row, item] == code for row, given in zip(rows, asked, strict=True))
                for code in range(28)
            ]
            for item in range(len(WORTH))
        ],
        "strand_mean": [
            float(np.mean(known)) if (known := [x for x in sheet.strands[rows, strand] if not np.isnan(x)]) else None
            for strand in range(2)
        ],
    }


def spread(values):
    if not values:
        return [0, None, None, None, None, None]
    sd = float(np.std(values, ddof=1)) if len(values) > 1 else None
    return [len(values), float(np.mean(values)), sd, *np.percentile(values, [25, 50, 75]).tolist()]


def same(found, expected, field):
    """Equal to the last digits that matter; None only where None is expected."""
    found, expected = np.array(found, dtype=float), np.array(expected, dtype=float)  # None becomes NaN
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-9, err_msg=field)


def in_words(row):
    """A group row with its spreads as lists, to compare with the naive figures."""
    found = dataclasses.asdict(row)
    return found | {name: list(found[name].values()) for name in ("points", "scores")}


@given(labeled_sheets())
def test_every_figure_is_the_naive_sum(labeled):
    sheet, groupings = labeled
    for name, sums in sum_groups(sheet, groupings).items():
        assert len(sums) == int(groupings[name].max(initial=-1)) + 1
        for group, row in enumerate(sums.rows()):
            found = in_words(row)
            for field, expected in naive(sheet, groupings[name], group).items():
                same(found[field], expected, field)


@given(labeled_sheets(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(labeled, random):
    sheet, groupings = labeled
    order = list(range(len(sheet.points)))
    random.shuffle(order)
    columns = {
        field.name: getattr(sheet, field.name)[order]
        for field in dataclasses.fields(Sheet)
        if field.name in ("points", "tested", "scores", "levels", "choices", "strands")
    }
    shuffled = dataclasses.replace(sheet, **columns)
    before = sum_groups(sheet, groupings)
    after = sum_groups(shuffled, {name: labels[order] for name, labels in groupings.items()})
    assert {name: sums.rows() for name, sums in before.items()} == {name: sums.rows() for name, sums in after.items()}


@given(labeled_sheets())
def test_every_row_is_strict_json(labeled):
    sheet, groupings = labeled
    for sums in sum_groups(sheet, groupings).values():
        for row in sums.rows():
            json.dumps(dataclasses.asdict(row), allow_nan=False)


@given(labeled_sheets())
def test_groupings_that_cut_across_each_other_give_the_same(labeled):
    sheet, groupings = labeled
    shared = sum_groups(sheet, groupings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crunch, "MOST_CELLS", 0)
        alone = sum_groups(sheet, groupings)
    assert {name: sums.rows() for name, sums in shared.items()} == {name: sums.rows() for name, sums in alone.items()}


def test_a_student_not_tested_counts_among_the_students_only():
    sheet = make_sheet([[4, 4], [0, 0]], tested=np.array([True, False]))
    row = sum_groups(sheet, {"network": np.zeros(2, dtype=np.uint8)})["network"].row(0)
    assert (row.students, row.tested, row.points.mean) == (2, 1, 2.0)


def test_a_test_without_items_takes_the_totals_of_the_file():
    totals = np.array([30.0, 40.0, np.nan])
    sheet = make_sheet(np.empty((3, 0)), standards=np.ones((0, 0), dtype=bool), totals=totals)
    row = sum_groups(sheet, {"network": np.zeros(3, dtype=np.int64)})["network"].row(0)
    assert (row.tested, row.points.count, row.points.mean, row.item_given) == (3, 2, 35.0, [])


def test_without_items_or_totals_there_are_no_points():
    sheet = make_sheet(np.empty((2, 0)), standards=np.ones((0, 0), dtype=bool))
    row = sum_groups(sheet, {"network": np.zeros(2, dtype=np.int64)})["network"].row(0)
    assert (row.points.count, row.points.mean, row.item_choices) == (0, None, None)


def test_no_grouping_no_sums():
    assert sum_groups(make_sheet([[4]]), {}) == {}


def test_cross_labels_combinations_and_leaves_out_those_in_no_group():
    school, grade = np.array([1, 0, 1, -1]), np.array([0, 2, 0, 1])
    labels, combinations = cross(school, grade)
    assert labels.tolist() == [1, 0, 1, -1]
    assert combinations.tolist() == [[0, 2], [1, 0]]


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [(np.array([0]), "labels 1 students, the sheet has 2"), (np.array([0, -2]), "a label below -1")],
)
def test_labels_that_do_not_fit_are_refused(labels, complaint):
    with pytest.raises(ValueError, match=complaint):
        sum_groups(make_sheet([[4], [0]]), {"school": labels})


@pytest.mark.parametrize(
    "columns",
    [
        {"tested": np.ones(1, dtype=bool)},
        {"worth": np.array([4])},
        {"choices": np.zeros((2, 1), dtype=np.uint8)},
        {"levels": np.array([1, 5], dtype=np.int8), "level_count": 4},
    ],
)
def test_a_sheet_whose_columns_do_not_fit_is_refused(columns):
    with pytest.raises(ValueError, match=r"sheet|items|level"):
        make_sheet([[4, 4], [0, 0]], **columns)


# One class ------------------------------------------------------------------------------------------------

ADD, VOLUME = 0, 1
CLASS = make_sheet(
    [
        [4, 4, 4, 4, 4],  # all right
        [4, 0, 0, 4, 4],  # a third of the first standard
        [2, 2, 2, 0, BLANK],  # half of it exactly
        [NOT_GIVEN, NOT_GIVEN, 0, 4, 4],  # given one question of it only
        [0, 0, 0, 0, 0],  # not tested
    ],
    standards=np.array([[1, 1, 1, 0, 0], [0, 0, 0, 1, 1]], dtype=bool),
    tested=np.array([True, True, True, True, False]),
    choices=np.array(
        [[1, 1, 1, 1, 1], [1, 2, 3, 1, 1], [1, 1, 1, MULTIPLE, 0], [0, 0, 3, 1, 1], [2, 2, 2, 2, 2]], dtype=np.uint8
    ),
)


def test_who_needs_what_is_under_half_of_the_points_of_three_questions():
    add, volume = standards_of_class(CLASS).standards
    assert add.needs == (1,)  # not the half exactly, nor the one given a single question, nor the untested
    assert volume.needs == ()  # only 2 questions, though one student earned nothing
    assert (add.questions, add.students, volume.students) == (3, 4, 4)
    assert (add.points.earned, add.points.possible) == (5.5, 10.0)
    assert [points and points.earned for points in add.by_student] == [3.0, 1.0, 1.5, 0.0, None]


def test_ready_for_more_is_four_fifths_of_all_points_and_in_no_group():
    assert standards_of_class(CLASS).ready == (0,)
    strong_but_for_one = make_sheet(
        [[4] * 17 + [0, 0, 4]], standards=np.array([[1] * 17 + [0] * 3, [0] * 17 + [1] * 3], dtype=bool)
    )
    picture = standards_of_class(strong_but_for_one)
    assert picture.points.share == 0.9
    assert (picture.standards[1].needs, picture.ready) == ((0,), ())


def test_a_question_tells_right_partly_missed_and_how():
    texts = [{}, {}, {"C": {"text": "2/8", "suggests": "added the denominators"}}, {}, {}]
    questions = questions_of_class(CLASS, texts)
    third = questions[2]
    assert (third.given, third.right, third.partly, third.missed) == (4, 1, 1, 2)
    assert [dataclasses.astuple(answer) for answer in third.wrong] == [("C", 2, "2/8", "added the denominators")]
    assert (questions[3].several, questions[4].blank, questions[4].missed) == (1, 1, 1)
    assert questions[1].given == 3
    assert questions_of_class(CLASS)[2].wrong[0].text == ""


def test_hardest_first_and_popular_wrong_answers_from_five_students_up():
    questions = questions_of_class(CLASS)
    assert [question.item for question in hardest(questions)] == [2, 1, 3, 4, 0]
    assert popular_wrong_answers(questions) == []
    assert [question.item for question in popular_wrong_answers(questions, at_least=2)] == [2]


def test_a_question_nobody_was_given_has_no_share():
    nobody = questions_of_class(make_sheet([[NOT_GIVEN, 4]]))
    assert nobody[0].points.share is None
    assert [question.item for question in hardest(nobody)] == [1]


def test_a_question_worth_nothing_is_not_missed():
    question = questions_of_class(make_sheet([[0]], worth=np.array([0], dtype=np.uint8)))[0]
    assert (question.right, question.partly, question.missed) == (0, 0, 0)


@given(sheets())
def test_a_class_agrees_with_the_sums_and_is_strict_json(sheet):
    picture = standards_of_class(sheet)
    sums = sum_groups(sheet, {"class": np.zeros(len(sheet.points), dtype=np.int64)})["class"]
    if len(sums):
        row = sums.row(0)
        assert [standard.points.earned for standard in picture.standards] == row.standard_earned
        assert [standard.points.possible for standard in picture.standards] == row.standard_possible
        assert [standard.students for standard in picture.standards] == row.standard_students
        assert [question.given for question in questions_of_class(sheet)] == row.item_given
    for found in (picture, *questions_of_class(sheet)):
        json.dumps(dataclasses.asdict(found), allow_nan=False)


def test_the_sums_do_not_load_django():
    modules = ", ".join(f"assessments.{module}" for module in PURE)
    program = f"import sys, {modules}; print([name for name in sys.modules if name.startswith('django')])"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
