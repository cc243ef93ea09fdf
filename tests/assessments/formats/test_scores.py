import numpy as np
import pytest

from assessments.formats.registry import by_name, recognise
from assessments.formats.seam import AssessmentSpec, Hints
from schools.files.issues import FileRefused
from tests.assessments.formats.tables import READING, SPECS, codes, rows_of, sample, table

HEADER = "student_id,grade,subject,administration,score,max_score"


def parse(source, specs=SPECS, **hints):
    return by_name("scores").parse(source, specs, Hints(**hints))


def refusal(source, specs=SPECS, **hints):
    with pytest.raises(FileRefused) as refused:
        parse(source, specs, **hints)
    return refused.value.issue


def issues_of(row, specs=SPECS):
    parsed = parse(table(f"{HEADER}\n{row}\n1,5,MATH5,Q1,10,50\n"), specs)
    assert rows_of(parsed) == 2
    return [(found.code, found.row, found.column) for found in parsed.issues]


def test_a_file_feeds_several_tests_and_administrations():
    source = sample("scores.csv")
    assert recognise(source).name == "scores"
    parsed = parse(source)
    found = {(block.assessment, block.term): block for block in parsed.blocks}
    assert {key: len(block) for key, block in found.items()} == {
        ("MATH5", "2025-26 Q1"): 2,
        ("MATH5", "2025-26 Q2"): 1,
        ("MATH6", "2025-26 Q1"): 1,
        ("READ5", "2025-26 Q1"): 1,
    }
    assert found["MATH5", "2025-26 Q1"].scores.tolist() == [41, 38.5]
    assert found["MATH5", "2025-26 Q1"].schools.tolist() == ["100", "100"]
    assert found["READ5", "2025-26 Q1"].tested.tolist() == [False]
    assert np.isnan(found["READ5", "2025-26 Q1"].scores).all()
    assert not parsed.issues


@pytest.mark.parametrize("word", ["", "n/a", "NA", "abs", "Absent", "NT"])
def test_not_tested_is_never_zero(word):
    (block,) = parse(table(f"student_id,subject,score\n1,MATH5,{word}\n")).blocks
    assert block.tested.tolist() == [False]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2,5,MATH5,Q1,51,50", [("SCORE_ABOVE_MAX", 2, "score")]),
        ("2,5,MATH5,Q1,-1,50", [("SCORE_NEGATIVE", 2, "score")]),
        ("2,5,MATH5,Q1,80%,50", [("SCORE_IS_PERCENT", 2, "score")]),
        ("2,5,MATH5,Q1,1.2345,50", [("SCORE_TOO_PRECISE", 2, "score")]),
        ("2,5,MATH5,Q1,#N/A,50", [("SCORE_NOT_NUMERIC", 2, "score")]),
        ("2,5,MATH5,Q1,40,40", [("MAX_SCORE_MISMATCH", 2, "max_score")]),
        ("2,5,MATH5,Q1,40,all", [("SCORE_NOT_NUMERIC", 2, "max_score")]),
        ("2,5,Chemistry,Q1,40,50", [("UNKNOWN_SUBJECT", 2, "subject")]),
        ("2,,Mathematics,Q1,40,50", [("UNKNOWN_SUBJECT", 2, "subject")]),
        ("2,5,,Q1,40,50", [("UNKNOWN_SUBJECT", 2, "subject")]),
        ("2,5,Mathematics,Q1,40,", []),
    ],
)
def test_a_row_is_an_error_with_line_and_column(row, expected):
    assert issues_of(row) == expected


def test_the_files_own_maximum_serves_a_test_without_one():
    free = AssessmentSpec("QUIZ", "Quiz", "Quiz", "scores")
    parsed = parse(table("student_id,score,max_score\n1,9,10\n2,11,10\n3,99,\n"), (free,))
    assert [(found.code, found.row) for found in parsed.issues] == [("SCORE_ABOVE_MAX", 3)]
    assert parsed.blocks[0].scores.tolist() == [9, 99]


def test_the_test_chosen_serves_a_file_that_names_none():
    parsed = parse(table("student_id,score\n1,9\n"), assessment="READ5")
    assert parsed.blocks[0].assessment == "READ5"
    assert parse(table("student_id,subject,score\n1,ELA spring,9\n"), assessment="READ5").blocks
    assert parse(table("student_id,score\n1,9\n"), (READING,)).blocks
    assert refusal(table("student_id,score\n1,9\n")).code == "UNKNOWN_ASSESSMENT"


def test_a_file_meant_for_one_administration_may_not_hold_two():
    windows = table("student_id,subject,administration,score\n1,MATH5,Q1,9\n2,MATH5,Q2,9\n")
    assert refusal(windows, window="2025-26/Q1").code == "MIXED_ADMINISTRATION"
    tests = table("student_id,subject,score\n1,MATH5,9\n2,READ5,9\n")
    assert refusal(tests, assessment="MATH5").code == "MIXED_ADMINISTRATION"
    other = table("student_id,subject,score\n1,READ5,9\n")
    assert refusal(other, assessment="MATH5").code == "MIXED_ADMINISTRATION"
    assert len(parse(windows).blocks) == 2


def test_a_needed_column_missing_refuses_the_file():
    assert refusal(table("student_id,subject,scor\n1,MATH5,9\n")).code == "MISSING_COLUMN"
    assert refusal(table("name,subject,score\nAna,MATH5,9\n")).code == "MISSING_COLUMN"


def test_administrations_differ_by_more_than_case_and_spacing():
    parsed = parse(table("student_id,subject,administration,score\n1,MATH5,Fall 1,9\n2,MATH5,fall  1,8\n3,MATH5,,7\n"))
    assert [(block.term, block.numbers.tolist()) for block in parsed.blocks] == [(None, ["3"]), ("Fall 1", ["1", "2"])]
    assert codes(parsed.issues) == []
