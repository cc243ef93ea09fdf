import csv
import io

from assessments.formats.error_file import error_file
from assessments.formats.registry import by_name
from assessments.formats.seam import Hints
from schools.files.issues import issue
from schools.files.table import read_table
from tests.assessments.formats.tables import POINTS, table

SENT = "student,Last Name,Q1,Q2,Q3,Q4\n7,=Abara,9,1,1,-1\n8,Bell,1,1,1,1\n9,Cho,1,1,x,1\n"


def rows_of(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def written(source=None):
    source = source or table(SENT)
    parsed = by_name("template").parse(source, (POINTS,), Hints())
    return error_file(source, parsed.issues, parsed.rejected.tolist())


def test_the_rows_come_back_as_sent_with_reason_and_remedy():
    header, first, second = rows_of(written())
    assert header == ["student", "Last Name", "Q1", "Q2", "Q3", "Q4", "reason", "remedy"]
    assert first[:6] == ["7", "'=Abara", "9", "1", "1", "-1"]
    assert "above the maximum of 2" in first[6]
    assert "below zero" in first[6]
    assert "Correct the score" in first[7]
    assert second[:6] == ["9", "Cho", "1", "1", "x", "1"]
    assert "is not a plain number" in second[6]
    assert second[7].startswith("Write the points in digits")


def test_the_corrected_file_is_read_and_a_second_round_does_not_double_the_columns():
    once = written()
    again = read_table(once, "errors.csv")
    assert rows_of(written(again))[0] == rows_of(once)[0]
    corrected = once.decode("utf-8-sig").replace(",9,1,1,-1,", ",1,1,1,1,").replace(",x,", ",1,").encode()
    parsed = by_name("template").parse(read_table(corrected, "errors.csv"), (POINTS,), Hints())
    assert parsed.blocks[0].numbers.tolist() == ["7", "9"]
    assert not parsed.issues


def test_a_row_of_wrong_width_stays_so():
    source = table(SENT)
    short = issue("ROW_WIDTH", row=3, count=4, width=6)
    lines = SENT.replace("8,Bell,1,1,1,1", "8,Bell,1,1")

    def read():
        return ((number, row) for number, row in enumerate(csv.reader(io.StringIO(lines)), start=1))

    object.__setattr__(source.original, "read", read)
    (row,) = rows_of(error_file(source, [short], [3]))[1:]
    assert row[:4] == ["8", "Bell", "1", "1"]
    assert len(row) == 6


def test_a_row_that_waits_for_another_says_so():
    (row,) = rows_of(error_file(table(SENT), [], [3]))[1:]
    assert row[6].startswith("Another row of this student has an error")
    assert row[7].startswith("Correct that row")
