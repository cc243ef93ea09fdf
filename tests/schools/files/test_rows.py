"""Rows that could not become a row: not in the frame, counted, with line and remedy."""

from schools.files.limits import Limits
from schools.files.table import read_table
from tests.schools.files.make_files import ROWS, text


def read(data, **limits):
    return read_table(data.encode(), "results.csv", limits=Limits(**limits))


def test_a_row_of_the_wrong_width():
    table = read(text([ROWS[0], ROWS[1][:3], [*ROWS[2], "9"], ["1004", "Dee", "Di", "1", "1"]]))
    assert table.lines.tolist() == [2, 5]
    assert [(found.code, found.row, found.level) for found in table.row_issues] == [
        ("ROW_WIDTH", 3, "error"),
        ("ROW_WIDTH", 4, "error"),
    ]
    assert "3 cells where the header has 5" in table.row_issues[0].message
    assert table.rows_read == 4


def test_a_file_cut_off_in_its_last_row():
    table = read(text() + "1004,De")
    assert [(found.code, found.row) for found in table.row_issues] == [("ROW_WIDTH", 5)]


def test_a_cell_over_two_hundred_characters():
    table = read(text().replace("Birch", "B" * 201).replace("Cole", "C" * 200))
    assert [(found.code, found.row, found.column) for found in table.row_issues] == [("FIELD_TOO_LONG", 3, "last_name")]
    assert table.lines.tolist() == [2, 4] and table.rows_read == 3
    assert len(read(text().replace("Birch", "B" * 201), max_field=300).frame) == 3


def test_a_row_with_two_problems_counts_once():
    table = read(text().replace("Birch,Ben", "B" * 201 + "," + "C" * 201))
    assert len(table.row_issues) == 2 and table.rows_read == 3 and len(table.frame) == 2


def test_the_length_of_a_cell_is_in_letters_not_bytes():
    assert len(read(text().replace("Birch", "é" * 200)).frame) == 3
