"""Cells of text become numbers, dates, grades and ids, or the code that says why not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.files import values
from schools.files.issues import CATALOGUE


def one(clean, text, **options):
    """What a cleaner makes of one text: (value, code)."""
    found, codes = clean(pd.Series([text], dtype=object), **options)
    return found[0], codes[0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12), ("0", 0), ("007", 7), ("12.5", 12.5), (".5", 0.5), ("12.50", 12.5), ("12.5000", 12.5), ("-0", 0),
        ("1,234", 1234), ("1,234,567.25", 1234567.25), (" 3 ", 3), ("000000000000000000012", 12),
    ],
)  # fmt: skip
def test_plain_numbers(text, number):
    assert one(values.plain_numbers, text) == (number, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "SCORE_NOT_NUMERIC") for text in (
            "*", "#N/A", "inf", "-inf", "nan", "1_0", "TRUE", "true", "٣", "１２", "1e3", "0x1F", "1,23", "12,34,567",
            "1 2", "+5", "(5)", "5-", "12.", ".", "-", ",", "--5", "−5", "1.2.3",
            "9" * 400, "%", "x%", "12 pts", "½", "²",
        )),
        ("-3", "SCORE_NEGATIVE"), ("-0.25", "SCORE_NEGATIVE"), ("-1,234", "SCORE_NEGATIVE"),
        ("85%", "SCORE_IS_PERCENT"), ("85.5 %", "SCORE_IS_PERCENT"), ("1,234%", "SCORE_IS_PERCENT"),
        ("12.345", "SCORE_TOO_PRECISE"), ("0.001", "SCORE_TOO_PRECISE"),
    ],
)  # fmt: skip
def test_what_is_no_plain_number(text, code):
    number, found = one(values.plain_numbers, text)
    assert np.isnan(number) and found == code


def test_decimals_allowed_are_a_choice():
    assert one(values.plain_numbers, "12.345", max_decimals=3) == (12.345, None)
    assert one(values.plain_numbers, "12.5", max_decimals=0)[1] == "SCORE_TOO_PRECISE"


@pytest.mark.parametrize(("text", "number"), [("12,5", 12.5), ("1.234,5", 1234.5), ("1.234", 1234), ("12", 12)])
def test_decimal_commas(text, number):
    assert one(values.plain_numbers, text, decimal_comma=True) == (number, None)


def test_a_decimal_point_in_a_file_of_decimal_commas_is_no_number():
    assert one(values.plain_numbers, "12.5", decimal_comma=True)[1] == "SCORE_NOT_NUMERIC"


@pytest.mark.parametrize("text", ["", "N/A", "na", "ABS", "Absent", "nt", "n/a", " abs "])
def test_not_tested_is_never_zero(text):
    assert values.not_tested(pd.Series([text], dtype=object)).tolist() == [True]
    number, code = one(values.plain_numbers, text)
    assert np.isnan(number) and code is None


@pytest.mark.parametrize("text", ["0", "None", "null", "-", "x", "A", "0.0", "no"])
def test_what_does_not_say_not_tested(text):
    assert values.not_tested(pd.Series([text], dtype=object)).tolist() == [False]


@given(st.lists(st.text(max_size=8), max_size=30))
def test_numbers_are_what_python_reads_from_ascii_digits(texts):
    numbers, codes = values.plain_numbers(np.array(texts, dtype=object), max_decimals=8)
    for text, number, code in zip(texts, numbers, codes, strict=True):
        plain = text.strip().isascii() and text.strip().replace(".", "", 1).isdigit() and not text.strip().endswith(".")
        if plain:
            assert number == float(text) and code is None
        elif not np.isnan(number):
            assert "," in text or text.strip().strip("-0.") == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-31", "2026-01-31"), ("1/31/2026", "2026-01-31"), ("01/05/2026", "2026-01-05"),
        ("01-05-2026", "2026-01-05"),
        ("Jan 31, 2026", "2026-01-31"), ("January 31, 2026", "2026-01-31"), ("Sept. 3, 2025", "2025-09-03"),
        ("may 1 2026", "2026-05-01"), ("2026-01-31T00:00:00", "2026-01-31"), ("2026-01-31 00:00:00.000", "2026-01-31"),
        ("2026-01-31T00:00:00Z", "2026-01-31"), ("2026-01-31T09:30:00", "2026-01-31"),
        ("1/31/2026 9:30 AM", "2026-01-31"),
        ("2/29/2024", "2024-02-29"),
    ],
)  # fmt: skip
def test_dates(text, day):
    assert one(values.dates, text) == (np.datetime64(day), None)


@pytest.mark.parametrize(
    "text",
    ["45321", "31/1/2026", "1/31/26", "2026-02-30", "2/29/2025", "2026-13-01", "Foo 3, 2026", "2026-1-5",
     "31.1.2026", "2026-01-31T23:30:00Z", "2026-01-31T00:00:00.5+00:00", "today",
     "٢٠٢٦-٠١-٣١", "0000-01-01", "1/31-2026", "20260131"],
)  # fmt: skip
def test_what_is_no_date(text):
    day, code = one(values.dates, text)
    assert np.isnat(day) and code == "BAD_DATE"


def test_no_date_is_no_error():
    days, codes = values.dates(pd.Series(["", "2026-01-31"], dtype=object))
    assert days.dtype == "datetime64[D]" and np.isnat(days[0]) and codes.tolist() == [None, None]


@pytest.mark.parametrize(
    ("texts", "grade"),
    [
        (["3", "03", "3.0", "Grade 3", "grade 03", "Third", "3rd", "gr. 3", "Gr 3", "G3"], "03"),
        (["Third Grade", "3rd grade"], "03"),
        (["K", "KG", "Kinder", "Kindergarten", "grade k", "k"], "KG"),
        (["PK", "Pre-K", "PreK", "Pre-Kindergarten"], "PK"),
        (["12", "12th", "Twelfth", "Senior"], "12"),
        (["9", "09", "Freshman", "Ninth"], "09"),
        ([""], None),
    ],
)  # fmt: skip
def test_grades(texts, grade):
    assert [one(values.grades, text) for text in texts] == [(grade, None)] * len(texts)


@pytest.mark.parametrize("text", ["13", "0", "-1", "3.5", "33", "Z", "thrid", "Grade", "٣", "3,4", "3-5", "true"])
def test_what_is_no_grade(text):
    assert one(values.grades, text) == (None, "BAD_GRADE")


@pytest.mark.parametrize(
    ("text", "student", "code"),
    [
        ("00123", "00123", None), ("F08000002", "F08000002", None), ("12-34", "12-34", None), ("1E5", "1E5", None),
        ("A.1", "A.1", None), ("", "", None), ("123.0", "123", "ID_FLOAT_SUFFIX"),
        ("00123.00", "00123", "ID_FLOAT_SUFFIX"),
        ("'00123", "00123", "ID_TEXT_MARK"), ('="00123"', "00123", "ID_TEXT_MARK"),
        ("1.23E+08", "1.23E+08", "ID_SCIENTIFIC"),
        ("1.23457E+17", "1.23457E+17", "ID_SCIENTIFIC"), ("1e+08", "1e+08", "ID_SCIENTIFIC"),
        ("1.5e8", "1.5e8", "ID_SCIENTIFIC"),
        ("3-Jan", "3-Jan", "ID_LOOKS_LIKE_DATE"), ("Jan-03", "Jan-03", "ID_LOOKS_LIKE_DATE"),
        ("1/2/2026", "1/2/2026", "ID_LOOKS_LIKE_DATE"), ("2026-01-02", "2026-01-02", "ID_LOOKS_LIKE_DATE"),
        ("2026-01-02T00:00:00", "2026-01-02T00:00:00", "ID_LOOKS_LIKE_DATE"), ("2026-99-02", "2026-99-02", None),
    ],
)  # fmt: skip
def test_student_ids(text, student, code):
    assert one(values.student_ids, text) == (student, code)


def test_a_note_on_an_id_is_no_error():
    _, codes = values.student_ids(pd.Series(["1", "2.0", "1.23E+08", "'3"], dtype=object))
    assert values.errors(codes).tolist() == [False, False, True, False]
    assert all(code is None or code in CATALOGUE for code in codes)


@pytest.mark.parametrize(
    ("one_name", "other"),
    [("O'Brien", "OBRIEN"), ("José", "Jose"), ("Smith-Jones", "Smith Jones"), ("Nguyễn", "nguyen"),
     ("Strauß", "Strauss"), ("Ann  Marie", "AnnMarie"), ("李", "李")],
)  # fmt: skip
def test_names_that_agree(one_name, other):
    assert values.same_name(one_name, other) and values.same_name(other, one_name)


@pytest.mark.parametrize(("one_name", "other"), [("", ""), ("", "Ash"), ("Ash", "Asch"), ("राम", "रमा"), ("-", "'")])
def test_names_that_do_not(one_name, other):
    assert not values.same_name(one_name, other)


def test_columns_of_names_fold_as_single_ones_do():
    names = ["O'Brien", "José", "", "José"]
    assert values.fold_names(pd.Series(names, dtype=object)).tolist() == [values.fold_name(name) for name in names]


def test_every_cleaner_takes_an_empty_column():
    empty = pd.Series([], dtype=object)
    for clean in (values.plain_numbers, values.dates, values.grades, values.student_ids):
        found, codes = clean(empty)
        assert len(found) == len(codes) == 0
    assert len(values.not_tested(empty)) == 0 and len(values.errors(np.empty(0, dtype=object))) == 0


def test_thousands_can_be_told():
    assert values.with_thousands(pd.Series(["1,234", "1234", "1,23"], dtype=object)).tolist() == [True, False, False]
