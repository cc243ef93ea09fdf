import numpy as np
import pytest

from assessments.formats.map_growth import instrument_of
from assessments.formats.registry import by_name, recognise
from assessments.formats.seam import AssessmentSpec, Hints
from schools.files.issues import FileRefused
from tests.assessments.formats.tables import codes, real, rows_of, sample, table


def parse(source, specs=(), **hints):
    return by_name("map_growth").parse(source, specs, Hints(**hints))


def by_code(parsed):
    return {block.assessment: block for block in parsed.blocks}


def test_a_file_brings_its_instruments():
    source = sample("map_growth_results.csv")
    assert recognise(source).name == "map_growth"
    parsed = parse(source)
    blocks = by_code(parsed)
    assert list(blocks) == ["MAP-MATH", "MAP-READING", "MAP-SCIENCE"]
    assert blocks["MAP-MATH"].instrument.name == "MAP Growth Mathematics"
    assert blocks["MAP-SCIENCE"].instrument.name == "MAP Growth General Science"
    assert {block.term for block in parsed.blocks} == {"Fall 2025-2026"}
    math = blocks["MAP-MATH"]
    assert math.scale_scores.tolist() == [209, 196, 221, 218]
    assert math.standard_errors.tolist() == [2.7, 3.1, 3.0, 2.9]
    assert math.vendor_pick.tolist() == [True, False, True, True]
    assert str(math.dates[0]) == "2025-09-16"
    assert math.points is None
    assert rows_of(parsed) == 6


def test_strands_are_those_of_the_students_own_test():
    math = by_code(parse(sample("map_growth_results.csv")))["MAP-MATH"]
    assert math.strands == ("Number", "Geometry", "Statistics")
    expected = [[208, 211, np.nan], [190, 201, np.nan], [np.nan] * 3, [220, 219, 214]]
    np.testing.assert_array_equal(math.strand_scores, expected)


def test_the_roster_half_gives_names_and_grades():
    half = sample("map_growth_students.csv")
    parsed = parse(sample("map_growth_results.csv"), students=half)
    math = by_code(parsed)["MAP-MATH"]
    assert math.last_names.tolist() == ["Abara", "Abara", "Bell", "Diaz"]
    assert math.first_names.tolist() == ["Ngozi", "Ngozi", "José", "Ana"]
    assert math.grades.tolist() == ["05", "05", "", "KG"]
    assert [(found.code, found.value, found.level) for found in parsed.issues] == [("GRADE_UNKNOWN", "13", "warning")]


def test_the_roster_half_alone_is_refused():
    with pytest.raises(FileRefused) as refused:
        recognise(sample("map_growth_students.csv"))
    assert refused.value.issue.code == "ROSTER_HALF_ALONE"


def test_a_student_in_two_schools_is_taken_from_the_row_of_the_results_school():
    half = table("StudentID,SchoolName,StudentLastName,Grade\n7,Ash,Old,4\n7,Birch,New,5\n")
    results = (
        "TermName,StudentID,SchoolName,Discipline,TestRITScore\nFall,7,Birch,Reading,200\nFall,8,Birch,Reading,1\n"
    )
    (block,) = parse(table(results), students=half).blocks
    assert block.last_names.tolist() == ["New", ""]
    assert block.grades.tolist() == ["05", ""]


def test_the_combined_file_has_codes_and_courses():
    blocks = by_code(parse(sample("map_growth_combined.csv")))
    assert list(blocks) == ["MAP-MATH", "MAP-ALGEBRA-1", "MAP-READING"]
    assert blocks["MAP-MATH"].schools.tolist() == ["9100"]
    assert blocks["MAP-MATH"].school_names.tolist() == ["Ash School"]
    assert blocks["MAP-ALGEBRA-1"].schools.tolist() == ["Ash School"]
    assert blocks["MAP-READING"].strands == ()
    assert blocks["MAP-READING"].strand_scores is None
    assert blocks["MAP-READING"].vendor_pick.tolist() == [False]


def test_a_configured_test_takes_the_instruments_place():
    own = AssessmentSpec("RIT-M", "MAP Growth Mathematics", "Mathematics", "adaptive", on_scale=True)
    block = parse(sample("map_growth_results.csv"), (own,)).blocks[0]
    assert (block.assessment, block.instrument) == ("RIT-M", None)
    only_math = table("TermName,StudentID,Discipline,TestRITScore\nFall,7,Mathematics,209\n")
    assert parse(only_math, (own,), assessment="RIT-M").blocks[0].assessment == "RIT-M"
    assert parse(only_math, assessment="MAP-MATH").blocks[0].instrument.code == "MAP-MATH"


def test_scores_and_dates_that_cannot_be_read_reject_their_rows():
    rows = (
        "Fall,7,Reading,209,09/16/2025\nFall,8,Reading,*,09/16/2025\nFall,9,Reading,,\nFall,10,Reading,200,16/09/2025\n"
    )
    parsed = parse(table(f"TermName,StudentID,Discipline,TestRITScore,TestStartDate\n{rows}"))
    assert codes(parsed.issues) == ["BAD_DATE", "SCORE_NOT_NUMERIC"]
    assert parsed.rejected.tolist() == [3, 5]
    assert parsed.blocks[0].tested.tolist() == [True, False]


@pytest.mark.parametrize("hints", [{"window": "2025-26/Q1"}, {"assessment": "RIT-M"}])
def test_one_window_or_test_chosen_may_not_meet_two(hints):
    own = AssessmentSpec("RIT-M", "MAP Growth Mathematics", "Mathematics", "adaptive")
    rows = "Fall,7,Reading,209\nWinter,7,Mathematics,211\n"
    with pytest.raises(FileRefused) as refused:
        parse(table(f"TermName,StudentID,Discipline,TestRITScore\n{rows}"), (own,), **hints)
    assert refused.value.issue.code == "MIXED_ADMINISTRATION"


@pytest.mark.parametrize(
    ("discipline", "scale", "code"),
    [
        ("Mathematics", "Mathematics", "MAP-MATH"),
        ("Mathematics", "Math K-12", "MAP-MATH"),
        ("Language Arts", "Reading K-2", "MAP-READING"),
        ("Language", "Language Usage", "MAP-LANGUAGE"),
        ("Science", "Science - General Science", "MAP-SCIENCE"),
        ("Science", "Science - Concepts and Processes", "MAP-SCIENCE-CONCEPTS-AND-PROCESSES"),
        ("Mathematics", "", "MAP-MATH"),
    ],
)
def test_an_instrument_is_a_measurement_scale(discipline, scale, code):
    assert instrument_of(discipline, scale).code == code


def test_the_real_pair_loads_whole():
    source = real("map_growth/Fall2013AssessmentResults.csv")
    parsed = parse(source, students=real("map_growth/Fall2013StudentsBySchool.csv"))
    assert {block.assessment: len(block) for block in parsed.blocks} == {
        "MAP-MATH": 825,
        "MAP-READING": 701,
        "MAP-LANGUAGE": 633,
        "MAP-SCIENCE": 188,
    }
    assert rows_of(parsed) == 2347
    frame = source.frame
    for block in parsed.blocks:
        rows = frame.iloc[block.lines - 2]
        assert block.scale_scores.tolist() == rows["TestRITScore"].astype(float).tolist()
        assert (block.last_names != "").all()
        for row in (0, len(block) // 2, len(block) - 1):
            goals = {
                rows[f"Goal{goal}Name"].iloc[row]: float(rows[f"Goal{goal}RitScore"].iloc[row] or "nan")
                for goal in range(1, 9)
                if rows[f"Goal{goal}Name"].iloc[row]
            }
            told = dict(zip(block.strands, block.strand_scores[row], strict=True))
            assert {strand: score for strand, score in told.items() if not np.isnan(score)} == goals


def test_the_real_combined_file_loads_but_for_the_row_that_lacks_a_cell():
    parsed = parse(real("map_growth/bundle_ComboStudentAssessment_2021.csv"))
    assert {block.assessment: len(block) for block in parsed.blocks} == {"MAP-SCIENCE": 3, "MAP-ALGEBRA-2": 3}
    assert [(found.code, found.row) for found in parsed.issues] == [("ROW_WIDTH", 8)]
    assert parsed.rejected.tolist() == [8]
