import pytest

from assessments.formats.registry import by_name, recognise
from assessments.formats.seam import AssessmentSpec, Hints
from assessments.responses import BLANK, NOT_GIVEN
from schools.files.issues import FileRefused
from tests.assessments.formats.tables import CHOICES, SPECS, codes, rows_of, sample, table

TWO = AssessmentSpec("TWO", "Two", "M", "form", items=CHOICES.items[:2])


def parse(source, specs=(TWO,), **hints):
    return by_name("long").parse(source, specs, Hints(**hints))


def test_a_row_per_answer_becomes_a_row_per_student():
    source = sample("long.csv")
    assert recognise(source).name == "long"
    parsed = parse(source, SPECS)
    (block,) = parsed.blocks
    assert block.assessment == "MATH6"
    assert block.numbers.tolist() == ["00101", "00102", "00103"]
    assert block.points.tolist() == [
        [4, 4, 8, 8],
        [0, BLANK, NOT_GIVEN, 2],
        [NOT_GIVEN, BLANK, NOT_GIVEN, NOT_GIVEN],
    ]
    assert block.choices.tolist() == [[1, 2, 3, 0], [4, 0, 0, 0], [0, 0, 0, 0]]
    assert block.tested.tolist() == [True, True, False]
    assert block.lines.tolist() == [2, 6, 9]
    assert block.weights.tolist() == [4, 3, 2]
    assert codes(parsed.issues) == ["ITEMS_MISSING"]
    assert rows_of(parsed) == 9


def test_points_serve_where_there_is_no_response():
    (block,) = parse(table("student_id,item,points\n7,1,1\n7,2,0\n")).blocks
    assert block.points.tolist() == [[4, 0]]
    (block,) = parse(table("student_id,item,response,points\n7,1,A,1\n7,2,B,1\n8,1,,0\n8,2,D,0\n")).blocks
    assert block.points.tolist() == [[4, 4], [0, 0]]


def test_one_bad_row_holds_back_its_student():
    parsed = parse(table("student_id,item,response\n7,Add,A\n7,Volume,Z\n8,Add,B\n8,Volume,B\n9,Addd,A\n9,Volume,B\n"))
    assert parsed.blocks[0].numbers.tolist() == ["8"]
    assert parsed.rejected.tolist() == [2, 3, 6, 7]
    assert [(found.code, found.row) for found in parsed.issues] == [("UNKNOWN_ITEM", 6), ("UNKNOWN_CHOICE", 3)]


def test_the_same_answer_twice_counts_once_and_two_answers_are_an_error():
    parsed = parse(table("student_id,item,response\n7,Add,A\n7,Volume,B\n7,add,a\n8,Add,A\n8,Volume,B\n8,Volume,C\n"))
    assert parsed.blocks[0].numbers.tolist() == ["7"]
    assert parsed.ignored.tolist() == [4]
    assert parsed.rejected.tolist() == [5, 6, 7]
    assert codes(parsed.issues) == ["IDENTICAL_DUPLICATE", "DUPLICATE_CONFLICT", "DUPLICATE_CONFLICT"]


def test_answers_on_another_day_are_another_attempt():
    rows = "7,Add,A,2025-10-01\n7,Volume,B,2025-10-01\n7,Add,B,2025-10-08\n7,Volume,B,2025-10-08\n"
    parsed = parse(table(f"student_id,item,response,date\n{rows}8,Add,A,2025-10-01\n8,Volume,B,2025-10-02\n"))
    (block,) = parsed.blocks
    assert block.numbers.tolist() == ["7", "7", "8"]
    assert block.points.tolist() == [[4, 4], [0, 4], [4, 4]]
    assert [str(day) for day in block.dates] == ["2025-10-01", "2025-10-08", "2025-10-02"]


def test_a_file_that_is_no_known_test_is_refused():
    with pytest.raises(FileRefused) as refused:
        parse(table("student_id,item,response\n7,X1,A\n"), SPECS)
    assert refused.value.issue.code == "UNKNOWN_ASSESSMENT"


def test_a_file_without_answers_is_refused_when_read_as_long():
    with pytest.raises(FileRefused) as refused:
        parse(table("student_id,item\n7,Add\n"))
    assert refused.value.issue.code == "MISSING_COLUMN"
