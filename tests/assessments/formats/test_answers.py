import numpy as np
import pytest

from assessments.formats.answers import option_code, options_of, read_answers
from assessments.formats.seam import ItemSpec
from assessments.responses import BLANK, MULTIPLE, NOT_GIVEN, NOT_REACHED

KEYED = ItemSpec(1, "Q1", 1.0, "B", frozenset("ABCD"))
OPEN = ItemSpec(2, "Q2", 4.0)


def read(item, *cells, **options):
    return read_answers(np.array(cells, dtype=object), item, **options)


@pytest.mark.parametrize(
    ("cell", "points", "choice"),
    [
        ("B", 4, 2),
        ("b", 4, 2),
        ("A", 0, 1),
        ("", BLANK, 0),
        ("NR", NOT_REACHED, 0),
        ("ng", NOT_GIVEN, 0),
        ("N/A", NOT_GIVEN, 0),
        ("absent", NOT_GIVEN, 0),
        ("M", 0, MULTIPLE),
        ("AB", 0, MULTIPLE),
        ("A, c", 0, MULTIPLE),
        ("BB", 4, 2),
    ],
)
def test_a_cell_of_a_question_with_a_key(cell, points, choice):
    answers = read(KEYED, cell, "D")
    assert (answers.points[0], answers.choices[0]) == (points, choice)
    assert not len(answers.wrong)


@pytest.mark.parametrize("cell", ["E", "AE", "?", "*", "TRUE", "1"])
def test_what_is_no_choice_is_an_error_where_the_others_are_choices(cell):
    answers = read(KEYED, cell, "D", "A")
    assert (answers.wrong.tolist(), answers.codes) == ([0], ["UNKNOWN_CHOICE"])


def test_zeros_and_ones_are_points_of_a_question_with_a_key():
    answers = read(KEYED, "1", "0", "", "1")
    assert answers.points.tolist() == [4, 0, BLANK, 4]
    assert answers.choices.tolist() == [0, 0, 0, 0]


def test_numbered_options_are_options():
    numbered = ItemSpec(1, "Q1", 1.0, "2", frozenset("1234"))
    answers = read(numbered, "1", "2", "4")
    assert (answers.points.tolist(), answers.choices.tolist()) == ([0, 4, 0], [1, 2, 4])


def test_an_option_may_be_called_as_the_mark_for_several():
    many = ItemSpec(1, "Q1", 1.0, "M", frozenset("LMNO"))
    assert read(many, "M", "L").points.tolist() == [4, 0]


def test_any_letter_but_m_is_an_option_where_only_the_key_is_known():
    assert options_of(ItemSpec(1, "Q1", 1.0, "E")) == frozenset("ABCDEFGHIJKLNOPQRSTUVWXYZ")
    assert read(ItemSpec(1, "Q1", 1.0, "E"), "E", "F").choices.tolist() == [5, 6]


@pytest.mark.parametrize(("cell", "points"), [("0", 0), ("4", 16), ("2.5", 10), (".25", 1), ("1.50", 6), ("", BLANK)])
def test_points_are_kept_in_quarters(cell, points):
    assert read(OPEN, cell).points.tolist() == [points]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("4.25", "SCORE_ABOVE_MAX"),
        ("-1", "SCORE_NEGATIVE"),
        ("50%", "SCORE_IS_PERCENT"),
        ("0.1", "SCORE_TOO_PRECISE"),
        ("1.001", "SCORE_TOO_PRECISE"),
        ("*", "SCORE_NOT_NUMERIC"),
        ("inf", "SCORE_NOT_NUMERIC"),
        ("1_0", "SCORE_NOT_NUMERIC"),
        ("TRUE", "SCORE_NOT_NUMERIC"),
        ("M", "SCORE_NOT_NUMERIC"),
        ("\u0663", "SCORE_NOT_NUMERIC"),
    ],
)
def test_what_is_no_plain_number_of_points_is_an_error(cell, code):
    answers = read(OPEN, "1", cell)
    assert (answers.wrong.tolist(), answers.codes) == ([1], [code])


def test_a_comma_is_a_decimal_sign_only_where_the_file_says_so():
    assert read(OPEN, "2,5", decimal_comma=True).points.tolist() == [10]
    assert read(OPEN, "2,5").codes == ["SCORE_NOT_NUMERIC"]


def test_a_person_may_have_a_value_read_as_blank():
    answers = read(KEYED, "E", "B", blanks=["E"])
    assert (answers.points.tolist(), len(answers.wrong)) == ([BLANK, 4], 0)


def test_blank_and_not_given_are_no_answers_but_not_reached_is():
    assert read(OPEN, "", "NG", "NR", "0", "NA").answered.tolist() == [False, False, True, True, False]


def test_option_codes_run_from_one_to_twenty_six():
    assert [option_code(option) for option in ("A", "z", "1", "26", "0", "27", "AB", "\u0661", "")] == [
        1,
        26,
        1,
        26,
        0,
        0,
        0,
        0,
        0,
    ]
