"""Real files of vendors and states, where they are at hand."""

from pathlib import Path

import pytest

from schools.files.header import match_header
from schools.files.table import read_table

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="The real sample files are not beside this repository.")


def read(path, **options):
    return read_table((DATA / path).read_bytes(), Path(path).name, **options)


@pytest.mark.parametrize(
    ("path", "rows", "columns", "header_line"),
    [
        ("map_growth/Fall2013AssessmentResults.csv", 2347, 64, 1),
        ("map_growth/Fall2013StudentsBySchool.csv", 684, 11, 1),
        ("item_level/fraction_subtraction_536x20.csv", 536, 21, 1),
        ("item_level/probability_test_504x12.csv", 504, 13, 1),
        ("iready/sample_anonymized_file_math.csv", 5, 58, 1),
        ("star/SR_sample_anonymized_file.csv", 5, 126, 1),
        ("schools/derived_twelve_schools.csv", 12, 17, 1),
        ("pssa/derived_PSSA_School_2019_12schools.xlsx", 408, 13, 5),
        ("pssa/derived_PSSA_School_2022_12schools.xlsx", 408, 15, 4),
    ],
)
def test_they_are_read_whole(path, rows, columns, header_line):
    table = read(path)
    assert table.frame.shape == (rows, columns) and table.rows_read == rows
    assert table.header_line == header_line and not table.row_issues


def test_a_real_export_with_a_row_one_cell_short():
    table = read("map_growth/bundle_ComboStudentAssessment_2021.csv")
    assert len(table.frame) == 6 and [(found.code, found.row) for found in table.row_issues] == [("ROW_WIDTH", 8)]


def test_ids_keep_their_zeros_and_totals_of_a_state_workbook_are_rows():
    table = read("pssa/derived_PSSA_School_2022_12schools.xlsx")
    columns = match_header(table.header, {"school": ("School Number",), "grade": (), "scored": ("Number Scored",)})
    assert table.frame[columns["school"]][0] == "000003601"
    assert (table.frame[columns["grade"]] == "School Total").sum() > 0
    assert table.frame[columns["scored"]].str.fullmatch(r"\d*").all()
