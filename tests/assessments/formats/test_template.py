import numpy as np
import pytest

from assessments.formats.registry import by_name, recognise
from assessments.formats.seam import AssessmentSpec, Decisions, Hints, ItemSpec
from assessments.responses import BLANK, MULTIPLE, NOT_GIVEN, NOT_REACHED
from schools.files.issues import FileRefused
from tests.assessments.formats.tables import CHOICES, POINTS, SPECS, codes, real, rows_of, sample, table


def parse(source, specs=(POINTS,), **hints):
    return by_name("template").parse(source, specs, Hints(**hints))


def refusal(source, specs=(POINTS,), **hints):
    with pytest.raises(FileRefused) as refused:
        parse(source, specs, **hints)
    return refused.value.issue


def test_points_are_read_by_label_and_by_position():
    source = sample("template_points.csv")
    assert recognise(source).name == "template"
    parsed = parse(source)
    (block,) = parsed.blocks
    assert block.assessment == "MATH5"
    assert block.points.tolist() == [
        [4, 2, 8, 0],
        [0, BLANK, NOT_REACHED, NOT_REACHED],
        [BLANK] * 4,
        [NOT_GIVEN, BLANK, BLANK, BLANK],
        [4, NOT_GIVEN, 5, 4],
    ]
    assert block.tested.tolist() == [True, True, False, False, True]
    assert block.choices is None
    assert block.grades.tolist() == ["05"] * 5
    assert np.isnat(block.dates).tolist() == [False, False, True, False, False]
    assert str(block.dates[1]) == "2025-10-03"
    assert block.lines.tolist() == [2, 3, 4, 5, 6]
    assert not parsed.issues


def test_options_are_scored_by_the_key():
    (block,) = parse(sample("template_choices.csv"), SPECS).blocks
    assert block.assessment == "MATH6"
    assert block.choices.tolist() == [[1, 2, 3, 0], [4, MULTIPLE, MULTIPLE, 0], [0, 2, MULTIPLE, 0]]
    assert block.points.tolist() == [[4, 4, 8, 8], [0, 0, 0, 6], [BLANK, 4, 0, NOT_REACHED]]


def test_blanks_after_the_last_answer_stay_blank():
    (block,) = parse(table("student,Q1,Q2,Q3,Q4\n7,1,,,\n")).blocks
    assert block.points.tolist() == [[4, BLANK, BLANK, BLANK]]


def test_a_bad_cell_rejects_its_row_and_names_line_and_column():
    parsed = parse(table("student,Q1,Q2,Q3,Q4\n7,1,1,1,1\n8,3,1,50%,1\n"))
    assert len(parsed.blocks[0]) == 1
    assert parsed.rejected.tolist() == [3]
    assert [(found.code, found.row, found.column, found.value) for found in parsed.issues] == [
        ("SCORE_ABOVE_MAX", 3, "Q1", "3"),
        ("SCORE_IS_PERCENT", 3, "Q3", "50%"),
    ]
    assert "maximum of 2" in parsed.issues[0].message


def test_an_unknown_choice_names_those_there_are():
    parsed = parse(table("student,Add,Volume,Place value,Explain\n7,A,E,C,1\n8,B,B,B,2\n"), (CHOICES,))
    assert [(found.code, found.column, found.value) for found in parsed.issues] == [("UNKNOWN_CHOICE", "Volume", "E")]
    assert "A, B, C, D" in parsed.issues[0].message


def test_ids_dates_and_grades_that_cannot_be_read_reject_their_rows():
    rows = "7,5,2025-10-02\n1.2E+05,5,\n8,99,\n9,5,45567\n,5,\n"
    source = table("student,grade,date,Q1,Q2,Q3,Q4\n" + rows.replace("\n", ",1,1,1,1\n"))
    parsed = parse(source)
    assert codes(parsed.issues) == ["ID_SCIENTIFIC", "MISSING_ID", "BAD_DATE", "BAD_GRADE"]
    assert parsed.rejected.tolist() == [3, 4, 5, 6]
    assert rows_of(parsed) == 5


def test_names_in_one_column_are_parted():
    (block,) = parse(table('student,name,Q1,Q2,Q3,Q4\n7,"Abara, Ngozi",1,1,1,1\n8,Min Cho,1,1,1,1\n')).blocks
    assert block.last_names.tolist() == ["Abara", "Cho"]
    assert block.first_names.tolist() == ["Ngozi", "Min"]


def test_a_school_code_and_name_may_stand_side_by_side():
    source = table("student,school_id,school_name,Q1,Q2,Q3,Q4\n7,100,Ash,1,1,1,1\n8,,Birch,1,1,1,1\n")
    (block,) = parse(source).blocks
    assert block.schools.tolist() == ["100", "Birch"]
    assert block.school_names.tolist() == ["Ash", "Birch"]


def test_a_missing_question_refuses_the_file_and_is_named():
    found = refusal(table("student,Q1,Q2,Q4\n7,1,1,1\n"))
    assert (found.code, found.column) == ("MISSING_COLUMN", "Q3")


@pytest.mark.parametrize("header", ["student,Q1,1,Q2,Q3,Q4", "student,Q1,Q1,Q2,Q3,Q4", "student,student,Q1,Q2,Q3,Q4"])
def test_a_doubled_column_refuses_the_file(header):
    cells = ",".join("1" for _ in header.split(","))
    assert refusal(table(f"{header}\n{cells}\n")).code == "DUPLICATE_COLUMN"


def test_a_question_too_many_is_said_and_not_read():
    parsed = parse(table("student,Q1,Q2,Q3,Q4,Q5,homeroom\n7,1,1,1,1,1,x\n"))
    assert codes(parsed.notes)[-2:] == ["ITEM_COLUMN_EXTRA", "COLUMN_NOT_USED"]
    assert "homeroom" in parsed.notes[-1].message


def test_more_than_two_hundred_columns_refuse_the_file():
    header = ",".join(["student", *(f"Q{n}" for n in range(1, 201))])
    found = refusal(table(f"{header}\n{','.join('1' * 201)}\n"))
    assert found.code == "TOO_MANY_COLUMNS"


def test_two_administrations_in_one_template_refuse_the_file():
    found = refusal(table("student,administration,Q1,Q2,Q3,Q4\n7,Q1,1,1,1,1\n8,Q2,1,1,1,1\n"))
    assert found.code == "MIXED_ADMINISTRATION"
    (block,) = parse(table("student,window,Q1,Q2,Q3,Q4\n7,Fall 1,1,1,1,1\n8,fall 1,1,1,1,1\n")).blocks
    assert block.term == "Fall 1"


def test_the_file_may_name_its_test():
    twin = AssessmentSpec("TWIN", "Twin", "Mathematics", "form", items=POINTS.items)
    text = "student,assessment,Q1,Q2,Q3,Q4\n7,twin,1,1,1,1\n8,{},1,1,1,1\n"
    assert parse(table(text.format("TWIN")), (POINTS, twin)).blocks[0].assessment == "TWIN"
    assert refusal(table(text.format("MATH5")), (POINTS, twin)).code == "MIXED_ADMINISTRATION"
    parsed = parse(table(text.format("Chemistry")), (POINTS, twin))
    assert codes(parsed.issues) == ["UNKNOWN_SUBJECT"]


def test_a_test_that_cannot_be_told_has_to_be_chosen():
    twin = AssessmentSpec("TWIN", "Twin", "Mathematics", "form", items=POINTS.items)
    text = "student,Q1,Q2,Q3,Q4\n7,1,1,1,1\n"
    found = refusal(table(text), (POINTS, twin))
    assert found.code == "UNKNOWN_ASSESSMENT"
    assert "MATH5, TWIN" in found.message
    assert parse(table(text), (POINTS, twin), assessment="twin").blocks[0].assessment == "TWIN"
    assert refusal(table(text), (POINTS,), assessment="NONE").code == "UNKNOWN_ASSESSMENT"


def test_a_scale_score_is_kept_beside_the_answers():
    parsed = parse(table("student,scale_score,Q1,Q2,Q3,Q4\n7,1450,1,1,1,1\n8,,1,1,1,1\n9,high,1,1,1,1\n"))
    assert parsed.blocks[0].scale_scores[0] == 1450
    assert np.isnan(parsed.blocks[0].scale_scores[1])
    assert [(found.code, found.column) for found in parsed.issues] == [("SCORE_NOT_NUMERIC", "scale_score")]


def test_what_a_person_decided_is_done():
    source = table("student,Add,Volume,Place value,Explain\n7,A,E,C,1\n8,B,B,B,2\n9,A,A,A,x\n")
    decisions = Decisions(blank=(("Volume", "E"),), skip_lines=(4,))
    parsed = parse(source, (CHOICES,), decisions=decisions)
    assert parsed.blocks[0].points[0].tolist() == [4, BLANK, 8, 4]
    assert parsed.ignored.tolist() == [4]
    assert codes(parsed.issues) == ["SKIPPED_BY_PERSON"]
    assert rows_of(parsed) == 3


def test_the_columns_of_an_error_file_are_not_data():
    parsed = parse(table("student,Q1,Q2,Q3,Q4,reason,remedy\n7,1,1,1,1,Not known.,Correct it.\n"))
    assert len(parsed.blocks[0]) == 1
    assert not parsed.notes


def test_labels_come_before_positions():
    crossed = AssessmentSpec("X", "X", "M", "form", items=(ItemSpec(1, "2", 1.0), ItemSpec(2, "1", 1.0)))
    (block,) = parse(table("student,1,2\n7,1,0\n"), (crossed,)).blocks
    assert block.points.tolist() == [[0, 4]]


def test_the_fraction_test_loads_whole():
    source = real("item_level/fraction_subtraction_536x20.csv")
    spec = AssessmentSpec(
        "FRAC", "Fractions", "Mathematics", "form", items=tuple(ItemSpec(n, f"Item {n}", 1.0) for n in range(1, 21))
    )
    parsed = parse(source, (spec,))
    (block,) = parsed.blocks
    expected = source.frame.iloc[:, 1:].to_numpy().astype(int)
    assert block.points.shape == (536, 20)
    assert (block.points == expected * 4).all()
    assert block.tested.all()
    assert not parsed.issues
