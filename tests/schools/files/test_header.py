"""Headings are matched without case, spaces and underscores; a needed one is there once."""

import pytest

from schools.files.header import match_header
from schools.files.issues import FileRefused
from schools.files.table import read_table

WANTED = {"student_id": ("Student Number", "ID"), "score": ("Points",)}


def refusal(header, **options):
    with pytest.raises(FileRefused) as refused:
        match_header(header, WANTED, **options)
    return refused.value.issue


@pytest.mark.parametrize("heading", ["student_id", "Student ID", "STUDENT_ID", "StudentId", " student  number", "id"])
def test_a_heading_in_any_spelling_and_order(heading):
    assert match_header(["Score", "x", heading], WANTED) == {"student_id": heading, "score": "Score"}


def test_a_missing_column_is_named_with_its_other_headings():
    found = refusal(["Score", "name"], line=4)
    assert (found.code, found.column, found.row) == ("MISSING_COLUMN", "student_id", 4)
    assert "Student Number, ID" in found.message
    assert match_header(["Score"], WANTED, optional=["student_id"]) == {"score": "Score"}


def test_a_needed_column_twice():
    found = refusal(["Student ID", "ID", "Score"])
    assert (found.code, found.column) == ("DUPLICATE_COLUMN", "student_id") and "Student ID, ID" in found.message


def test_a_heading_twice_is_only_refused_where_it_is_needed():
    table = read_table(b"student_id,score,score,x,x\n1,2,3,4,5\n", "results.csv")
    assert refusal(table.header).code == "DUPLICATE_COLUMN"
    assert match_header(table.header, {"student_id": ()}) == {"student_id": "student_id"}


def test_points_in_item_numbers_tell_them_apart():
    assert match_header(["1.1", "11"], {"11": (), "1.1": ()}) == {"11": "11", "1.1": "1.1"}
