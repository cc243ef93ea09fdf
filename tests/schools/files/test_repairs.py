"""What is accepted after repair: the same table comes out, and the repair is said."""

import codecs
import unicodedata

import pytest

from schools.files.table import read_table
from tests.schools.files.make_files import HEADER, ROWS, text


def read(data, **options):
    return read_table(data if isinstance(data, bytes) else data.encode(), "results.csv", **options)


def codes(table):
    return {note.code for note in table.notes}


def is_plain(table, lines=(2, 3, 4), rows=ROWS):
    """Whether the table is the plain one, with its rows on those lines."""
    assert table.header == tuple(HEADER)
    assert table.frame.to_numpy().tolist() == rows
    assert table.lines.tolist() == list(lines) and table.lines.dtype == "int32"
    assert table.rows_read == len(rows) and not table.row_issues
    return True


def test_a_clean_file_needs_no_word():
    table = read(text())
    assert is_plain(table) and not table.notes
    assert (table.dialect.delimiter, table.dialect.encoding, table.dialect.decimal_comma) == (",", "utf-8", False)


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (codecs.BOM_UTF8 + text().encode(), "BYTE_ORDER_MARK"),
        (text().encode("utf-16"), "ENCODING_UTF16"),
        (text().encode("utf-16-le"), "ENCODING_UTF16"),
        (text().encode("utf-16-be"), "ENCODING_UTF16"),
        (codecs.BOM_UTF16_BE + text().encode("utf-16-be"), "ENCODING_UTF16"),
        (text(sign=";").encode(), "DELIMITER"),
        (text(sign="\t").encode(), "DELIMITER"),
        (text(sign="|").encode(), "DELIMITER"),
        (text(end="\r").encode(), "LINE_ENDINGS"),
        (text().replace("0\n", "0\r\n").encode(), "LINE_ENDINGS"),
        (text().encode() + b"\x1a", "END_OF_FILE_MARK"),
        (text().encode() + b"\x1a\r\n", "END_OF_FILE_MARK"),
        (text().replace("\n", ",,\n").encode(), "TRAILING_COMMAS"),
        (text().encode() + b"\n\n,,,,\n  \n , ,,,\n", "BLANK_ROWS"),
        (text().replace("Ash", "  Ash ").encode(), "CELLS_TRIMMED"),
        (text().replace("Ash", "\u00a0Ash\t").encode(), "CELLS_TRIMMED"),
        (text().replace("Ash", "A\u200bs\u200eh\ufeff").encode(), "MARKS_REMOVED"),
        (text().replace("student_id", "\u200bstudent_id ").encode(), "HEADER_CLEANED"),
        (text().encode() + b"Total,,,2,2\n", "FOOTER_ROWS"),
        (text().encode() + b"Average,,,0.67,0.67\nEnd of report\n", "FOOTER_ROWS"),
        (text().encode() + b"Report generated on May 3, 2026, by J. Ash\n", "FOOTER_ROWS"),
        (text().encode() + b"Scores are preliminary and subject to change.\n", "FOOTER_ROWS"),
        (text().encode() + b"Scores are preliminary and subject to change,,,,\n", "FOOTER_ROWS"),
        (text().encode() + b"* not final\n", "FOOTER_ROWS"),
        (text().encode() + b",,,,Number of students: 3\n", "FOOTER_ROWS"),
    ],
)
def test_one_repair(data, note):
    table = read(data)
    assert is_plain(table) and codes(table) == {note}


def test_common_line_ends_are_no_repair():
    assert not read(text(end="\r\n")).notes and is_plain(read(text(end="\r\n")))


def test_trailing_commas_under_the_header_only_or_in_the_header_only():
    head, rows = text().split("\n", 1)
    assert is_plain(read(head + "\n" + rows.replace("\n", ",,\n")))
    assert is_plain(read(head + ",,\n" + rows))


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_line_that_names_the_separator(sign):
    table = read(f"sep={sign}\n" + text(sign=sign))
    assert is_plain(table, lines=(3, 4, 5)) and table.header_line == 2
    assert "SEP_LINE" in codes(table) and "TITLE_ROWS" not in codes(table)


@pytest.mark.parametrize(
    "titles",
    [
        "Quarterly results\n",
        "Quarterly results,,,,\n,,,,\n",
        "School:,Lincoln\nDate:,5/3/2026\n\n",
        "School,Lincoln\nWindow,Fall 2025-2026\n",
        '"Results, Fall 2025-2026, all schools"\n',
    ],
)
def test_title_rows_above_the_header(titles):
    table = read(titles + text())
    above = titles.count("\n")
    assert is_plain(table, lines=(above + 2, above + 3, above + 4))
    assert table.header_line == above + 1 and "TITLE_ROWS" in codes(table)


def test_the_needed_headings_find_the_header():
    titles = "District,School,Grade,Teacher,Window\nNorth,Lincoln,3,Ash,Fall\n"
    table = read(titles + text(), needed=frozenset({"Student ID", "Q1"}))
    assert is_plain(table, lines=(4, 5, 6))


def test_titles_are_found_above_rows_that_are_mostly_blank():
    absent = [[str(number), "Ash", "Ann", "", "", "", "", "", ""] for number in range(1001, 1011)]
    header = [*HEADER, "Q3", "Q4", "Q5", "Q6"]
    table = read("School,Lincoln,Window,Fall\n" + text(absent, header=header))
    assert table.header == tuple(header) and len(table.frame) == 10


def test_windows_text_keeps_its_names():
    rows = [["1001", "Peña", "José", "1", "0"], ["1002", "O\u2019Brien", "Zoë", "0", "1"]]
    table = read(text(rows).encode("cp1252"))
    assert table.frame["last_name"].tolist() == ["Peña", "O'Brien"]
    assert table.frame["first_name"].tolist() == ["José", "Zoë"]
    note = next(note for note in table.notes if note.code == "ENCODING_CP1252")
    assert (note.row, note.value) == (2, "Peña") and "APOSTROPHES" in codes(table)


def test_letters_and_accents_stored_apart_are_put_together():
    table = read(text([["1001", unicodedata.normalize("NFD", "Nguyễn"), "Ann", "1", "0"]]))
    assert table.frame["last_name"][0] == "Nguyễn" and codes(table) == {"LETTERS_COMPOSED"}


def test_a_letter_lost_before_is_a_warning():
    table = read(text().replace("Birch", "Bi\ufffdch"))
    assert [(note.level, note.code, note.row) for note in table.notes] == [("warning", "ENCODING_LOST", 3)]


def test_names_that_software_takes_for_nothing_are_names():
    names = ["Null", "Nan", "True", "None", "NA", "nan", "N/A", "False", "Inf", "1e5", "007"]
    table = read(text([[str(n), name, name, "1", "0"] for n, name in enumerate(names, start=1001)]))
    assert table.frame["last_name"].tolist() == names
    assert all(type(cell) is str for cell in table.frame.to_numpy().ravel())


def test_names_that_are_words_of_a_footer_are_names():
    names = ["Page", "Total", "Count", "Mean", "Sum", "Source", "Note", "Max", "End", "Average"]
    rows = [[name, "Ann", str(n), "1", ""] for n, name in enumerate(names, start=1001)]
    header = ["last_name", "first_name", "student_id", "Q1", "Q2"]
    assert read(text(rows, header=header)).frame["last_name"].tolist() == names


def test_subtotals_between_the_rows_are_left_out():
    rows = [ROWS[0], ["Class total", "", "", "1", "0"], ROWS[1], ["Class total", "", "", "0", "1"]]
    table = read(text(rows))
    assert table.lines.tolist() == [2, 4] and codes(table) == {"FOOTER_ROWS"}


def test_totals_without_a_blank_cell_stand_in_the_column_of_ids():
    table = read("student,Q1,Q2\n1001,1,0\n1002,0,1\nTotal,1,1\n")
    assert table.frame["student"].tolist() == ["1001", "1002"]


def test_rows_called_total_in_another_column_are_data():
    rows = [["1", "3", "All", "50"], ["1", "Total", "All", "120"], ["1", "School Total", "All", "120"]]
    assert len(read(text(rows, header=["school", "grade", "group", "percent"])).frame) == 3


def test_an_absent_student_at_the_end_is_no_footer():
    table = read(text([*ROWS, ["1004", "", "", "", ""]]))
    assert table.frame["student_id"].tolist() == ["1001", "1002", "1003", "1004"]
    table = read("student,Q1,Q2\nAsh Ann,1,0\nDe la Cruz Ann,,\n")
    assert len(table.frame) == 2


def test_headings_are_cleaned_named_and_made_unique():
    table = read(" Student  ID ,Score,Score,,\n1,2,3,4,\n")
    assert table.header == ("Student ID", "Score", "Score (2)", "Column 4")
    assert codes(table) == {"HEADER_CLEANED", "DOUBLED_HEADING", "UNNAMED_COLUMN", "TRAILING_COMMAS"}


def test_headings_by_position_are_headings():
    table = read("student,1,2,3\n1001,1,0,1\n1002,0,0,1\n")
    assert table.header == ("student", "1", "2", "3") and len(table.frame) == 2


def test_decimal_commas_in_a_consistent_semicolon_file():
    assert read("id;score;max\n1;12,5;20\n2;13;20\n").dialect.decimal_comma
    assert read("id;score;max\n1;1.012,5;2000\n2;13;2000\n").dialect.decimal_comma
    assert not read("id;score;max\n1;12,5;20\n2;13.5;20\n").dialect.decimal_comma
    assert not read("id;score;max\n1;12,5;20\n2;1.350;2000\n").dialect.decimal_comma
    assert not read("id;score;max\n1;1,250;2,000\n2;1,300;2,000\n").dialect.decimal_comma
    assert not read('id,score\n1,"12,5"\n').dialect.decimal_comma


def test_semicolons_part_the_cells_though_every_cell_has_a_comma():
    table = read("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n")
    assert table.header == ("a", "b", "c") and table.dialect.decimal_comma


def test_cells_in_quotation_marks():
    rows = """student_id,last_name,first_name,Q1,Q2
"1001", "Ash, Jr.","Ann ""Annie\""",1,0
1002,"Bi\nrch",Ben,0,1
1003,Cole,Cy,1,1
"""
    table = read(rows)
    assert table.frame.to_numpy().tolist()[0] == ["1001", "Ash, Jr.", 'Ann "Annie"', "1", "0"]
    assert table.frame["last_name"].tolist() == ["Ash, Jr.", "Bi rch", "Cole"]
    assert table.lines.tolist() == [2, 3, 5]


def test_a_remark_of_several_lines_is_not_an_open_quotation_mark():
    remark = '"Worked hard,\nasked, answered,\nand\n\nleft early"'
    rows = f"id,name,score,grade,school,remark\n1,Ash,5,3,Oak,{remark}\n2,Birch,6,3,Oak,\n"
    assert read(rows).lines.tolist() == [2, 7]


def test_the_original_rows_are_given_back_by_line():
    table = read(" student_id,name\n1001, Ash \n\n1002,Bi\u00a0rch,x\n1003,Cole\n")
    assert table.original.header == ("student_id", "name")
    assert table.original.rows([2, 4]) == {2: ["1001", "Ash "], 4: ["1002", "Bi\u00a0rch", "x"]}
