import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.formats.registry import by_name
from assessments.formats.seam import AssessmentSpec, Block, Decisions, Hints
from assessments.matching import (
    UNKNOWN,
    Enrollments,
    Newcomer,
    NewSchool,
    Roster,
    Schools,
    SectionPlaces,
    Students,
    match,
)
from tests.assessments.formats.tables import real

OPENS, CLOSES = "2025-09-22", "2025-10-17"
ASH, BIRCH, CEDAR = 11, 12, 13


def days(*texts):
    return np.array([text or "NaT" for text in texts], dtype="datetime64[D]")


def objects(*values):
    return np.array(values, dtype=object)


def make_roster():
    """Ana and Bo at Ash, Cy moved from Ash to Birch on October 6, Di left in June, Eve and Eva share digits."""
    students = Students(
        ids=np.array([501, 502, 503, 504, 505, 506, 507]),
        numbers=objects("00101", "102", "103", "104", "0055", "055", "00777"),
        last_names=objects("Abara", "Bell", "Cho", "Diaz", "Eze", "Eze", "Gómez"),
        first_names=objects("Ana", "Bo", "Cy", "Di", "Eve", "Eva", "Flor"),
    )
    enrollments = Enrollments(
        student_ids=np.array([503, 501, 502, 503, 504, 505, 506, 507]),
        school_ids=np.array([BIRCH, ASH, ASH, ASH, ASH, ASH, ASH, BIRCH]),
        grades=objects("06", "05", "05", "05", "05", "05", "05", "06"),
        starts=days("2025-10-06", *["2025-08-25"] * 3, "2024-08-26", *["2025-08-25"] * 3),
        ends=days(None, None, "2026-06-12", "2025-10-05", "2025-06-13", None, None, None),
    )
    sections = SectionPlaces(
        student_ids=np.array([501, 503, 503, 501]),
        section_ids=np.array([91, 91, 92, 99]),
        school_ids=np.array([ASH, ASH, BIRCH, CEDAR]),
        starts=days("2025-08-25", "2025-08-25", "2025-10-06", "2025-08-25"),
        ends=days(None, "2025-10-05", None, None),
    )
    codes = [(ASH, "100"), (BIRCH, "200"), (CEDAR, "300"), (ASH, "S-1"), (BIRCH, "S-1")]
    names = [(ASH, "Ash School"), (BIRCH, "Birch School"), (BIRCH, "Birch Elem.")]
    return Roster(students, enrollments, sections, Schools.of(codes, names))


def make_block(*numbers, **columns):
    n = len(numbers)
    defaults = {
        "lines": np.arange(2, n + 2, dtype=np.int32),
        "tested": np.ones(n, bool),
        "scores": np.arange(n, dtype=float) + 10,
    }
    return Block("MATH", None, None, numbers=objects(*numbers), **{**defaults, **columns})


def run(block, **options):
    defaults = {"opens": OPENS, "closes": CLOSES, "retake_rule": "ask"}
    return match(block, make_roster(), **{**defaults, **options})


def said(matched):
    return [(found.code, found.row) for found in matched.issues]


def test_a_student_is_found_by_number_where_enrolled():
    matched = run(make_block("102", "00101"))
    assert matched.student_ids.tolist() == [502, 501]
    assert matched.school_ids.tolist() == [ASH, ASH]
    assert matched.section_ids.tolist() == [UNKNOWN, 91]
    assert matched.grades.tolist() == ["05", "05"]
    assert matched.counts == {"rows_loaded": 2, "rows_not_tested": 0, "rows_ignored": 0, "rows_rejected": 0}
    assert said(matched) == []


def test_an_unknown_number_is_an_error():
    matched = run(make_block("999", "102"))
    assert said(matched) == [("UNKNOWN_STUDENT", 2)]
    assert matched.rejected.tolist() == [0]
    assert matched.keep.tolist() == [1]


def test_zeros_come_back_only_for_one_number_and_the_same_name():
    names = {
        "last_names": objects("ABARA", "Abara", "Eze", "gomez"),
        "first_names": objects("Ana", "Ann", "Eve", "Flor"),
    }
    matched = run(make_block("101", "101", "55", "777", **names))
    assert said(matched) == [
        ("LEADING_ZEROS", 2),
        ("LEADING_ZEROS", 5),
        ("UNKNOWN_STUDENT", 3),
        ("UNKNOWN_STUDENT", 4),
    ]
    assert matched.student_ids.tolist() == [501, 507]


@pytest.mark.parametrize("names", [{}, {"last_names": objects("Abara")}, {"last_names": objects("")}])
def test_zeros_do_not_come_back_without_a_whole_name(names):
    assert said(run(make_block("101", **names))) == [("UNKNOWN_STUDENT", 2)]


def test_zeros_are_never_taken_away():
    names = {"last_names": objects("Bell"), "first_names": objects("Bo")}
    assert said(run(make_block("00102", **names))) == [("UNKNOWN_STUDENT", 2)]


def test_a_name_that_differs_warns_and_the_row_is_kept():
    names = {"last_names": objects("Bell", "GÓMEZ"), "first_names": objects("Bob", "Flor")}
    matched = run(make_block("102", "00777", **names))
    assert said(matched) == [("NAME_DIFFERS", 2)]
    assert "Bell, Bo" in matched.issues[0].message
    assert matched.issues[0].level == "warning"
    assert len(matched.keep) == 2


@pytest.mark.parametrize(
    ("date", "school", "grade", "section"),
    [
        ("2025-10-02", ASH, "05", 91),
        ("2025-10-05", ASH, "05", 91),
        ("2025-10-06", BIRCH, "06", 92),
        (None, BIRCH, "06", 92),
    ],
)
def test_a_mover_counts_where_enrolled_on_the_test_date(date, school, grade, section):
    matched = run(make_block("103", dates=days(date)))
    assert matched.school_ids.tolist() == [school]
    assert matched.grades.tolist() == [grade]
    assert matched.section_ids.tolist() == [section]


def test_without_a_date_the_school_named_is_preferred():
    matched = run(make_block("103", schools=objects("Ash school")))
    assert matched.school_ids.tolist() == [ASH]
    assert said(matched) == []


def test_a_mover_named_under_the_other_school_counts_where_the_student_was():
    matched = run(make_block("103", dates=days("2025-10-08"), schools=objects("100")))
    assert matched.school_ids.tolist() == [BIRCH]
    assert said(matched) == [("COUNTED_ELSEWHERE", 2)]


def test_a_student_of_another_school_is_an_error():
    assert said(run(make_block("102", schools=objects("200")))) == [("STUDENT_NOT_IN_SCHOOL", 2)]
    assert said(run(make_block("104"))) == [("STUDENT_NOT_IN_SCHOOL", 2)]


def test_schools_are_known_by_code_name_and_exact_alias():
    numbers = ("00777",) * 5
    words = objects("200", "birch  SCHOOL", "Birch Elem.", "Birch", "S-1")
    matched = run(make_block(*numbers, schools=words, scores=np.full(5, 7.0)))
    assert [pair for pair in said(matched) if pair[0] == "UNKNOWN_SCHOOL"] == [
        ("UNKNOWN_SCHOOL", 5),
        ("UNKNOWN_SCHOOL", 6),
    ]
    named = run(make_block("00777", schools=objects("9999"), school_names=objects("Birch School")))
    assert named.school_ids.tolist() == [BIRCH]


def test_a_school_for_the_whole_file_serves_rows_without_one():
    matched = run(make_block("103", "102", schools=objects("", "100")), default_school=ASH)
    assert matched.school_ids.tolist() == [ASH, ASH]
    assert run(make_block("103"), default_school="Ash School").school_ids.tolist() == [ASH]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2025-09-22", []),
        ("2025-10-17", []),
        ("2025-10-18", ["DATE_OUTSIDE_WINDOW"]),
        ("2025-10-31", ["DATE_OUTSIDE_WINDOW"]),
        ("2025-11-01", ["DATE_OUT_OF_RANGE"]),
        ("2025-09-08", ["DATE_OUTSIDE_WINDOW"]),
        ("2025-09-07", ["DATE_OUT_OF_RANGE"]),
        ("2035-10-02", ["DATE_OUT_OF_RANGE"]),
    ],
)
def test_a_date_outside_the_window_warns_and_far_outside_is_an_error(date, expected):
    assert [code for code, _ in said(run(make_block("102", dates=days(date))))] == expected


def test_a_date_before_the_first_day_of_enrollment_warns():
    matched = run(make_block("102", dates=days("2025-08-20")), opens="2025-08-18")
    assert said(matched) == [("NOT_ENROLLED_ON_DATE", 2)]
    assert matched.school_ids.tolist() == [ASH]


def test_a_clerk_of_one_school_cannot_write_anothers_student():
    names = {"last_names": objects("Bell", "Wrong"), "first_names": objects("Bo", "Wrong")}
    matched = run(make_block("102", "00777", **names), allowed_schools=frozenset({ASH}))
    assert said(matched) == [("STUDENT_NOT_IN_SCHOOL", 3)]
    assert matched.student_ids.tolist() == [502]
    assert not any("Flor" in found.message for found in matched.issues)
    made = run(make_block("999", schools=objects("200")), allowed_schools=frozenset({ASH}), create_students=True)
    assert said(made) == [("STUDENT_NOT_IN_SCHOOL", 2)]
    assert made.to_create == ()


def test_students_and_schools_are_made_when_asked():
    block = make_block(
        "N1",
        "N2",
        "N1",
        "N3",
        "102",
        schools=objects("900", "100", "900", "901", "100"),
        school_names=objects("Elm", "Ash", "Elm", "Oak", "Ash"),
        last_names=objects("New", "Newer", "New", "", "Bell"),
        first_names=objects("One", "Two", "One", "", "Bo"),
        grades=objects("05", "", "05", "07", "05"),
        scores=np.array([1.0, 2, 1, 3, 4]),
    )
    matched = run(block, create_students=True, decisions=Decisions(skip_lines=(5,)))
    assert matched.keep.tolist() == [0, 1, 4]
    assert matched.to_create == (
        Newcomer("N1", "New", "One", "05", UNKNOWN, new_school=0),
        Newcomer("N2", "Newer", "Two", "", ASH),
    )
    assert matched.new_schools == (NewSchool("900", "Elm"),)
    assert matched.newcomers.tolist() == [0, 1, UNKNOWN]
    assert matched.student_ids.tolist() == [UNKNOWN, UNKNOWN, 502]
    assert matched.school_ids.tolist() == [UNKNOWN, ASH, ASH]
    assert said(matched) == [("SKIPPED_BY_PERSON", 5), ("IDENTICAL_DUPLICATE", 4)]


def test_a_known_student_without_enrollment_gets_one_when_asked():
    matched = run(make_block("104", schools=objects("200")), create_students=True)
    assert matched.to_create == (Newcomer("104", "", "", "", BIRCH, student_id=504),)
    assert matched.student_ids.tolist() == [504]
    assert matched.school_ids.tolist() == [BIRCH]


def test_nobody_is_made_who_may_be_known_or_has_no_school():
    assert said(run(make_block("101", schools=objects("100")), create_students=True)) == [("UNKNOWN_STUDENT", 2)]
    assert said(run(make_block("N1"), create_students=True)) == [("UNKNOWN_SCHOOL", 2)]


def test_a_person_maps_a_number_to_a_student():
    decisions = Decisions(map_student={"X9": 502, "X8": 9999})
    matched = run(make_block("X9", "X8"), decisions=decisions)
    assert matched.student_ids.tolist() == [502]
    assert said(matched) == [("UNKNOWN_STUDENT", 3)]


def test_students_of_another_grade_are_counted_in_one_warning():
    spec = AssessmentSpec("MATH", "Math 5", "Mathematics", "form", grades=("05",))
    matched = run(make_block("102", "00777"), spec=spec)
    assert said(matched) == [("GRADE_NOT_OF_TEST", None)]
    assert "1 students" in matched.issues[0].message


def test_rows_of_the_long_layout_count_with_their_weight():
    block = make_block(
        "102", "999", "00101", tested=np.array([True, True, False]), weights=np.array([40, 40, 3], np.int32)
    )
    assert run(block).counts == {"rows_loaded": 40, "rows_not_tested": 3, "rows_ignored": 0, "rows_rejected": 40}


def nobody():
    """A district without anyone."""
    empty = np.empty(0, np.int64)
    words, dates = np.empty(0, object), np.empty(0, "datetime64[D]")
    return Roster(
        Students(empty, words, words, words),
        Enrollments(empty, empty, words, dates, dates),
        SectionPlaces(empty, empty, empty, dates, dates),
        Schools({}),
    )


def test_an_empty_district_and_an_empty_block_are_no_trouble():
    matched = match(make_block("1", "2"), nobody(), opens=OPENS, closes=CLOSES, retake_rule="ask")
    assert matched.counts["rows_rejected"] == 2
    assert sum(run(make_block()).counts.values()) == 0


def test_the_real_map_pair_counts_every_student_once_per_instrument():
    hints = Hints(students=real("map_growth/Fall2013StudentsBySchool.csv"))
    parsed = by_name("map_growth").parse(real("map_growth/Fall2013AssessmentResults.csv"), (), hints)
    found = {}
    for block in parsed.blocks:
        matched = match(
            block, nobody(), opens="2013-09-03", closes="2013-09-30", retake_rule="vendor", create_students=True
        )
        found[block.assessment] = (matched.counts["rows_loaded"], matched.counts["rows_ignored"])
        assert len(matched.to_create) == matched.counts["rows_loaded"]
        assert {code for code, _ in said(matched)} <= {"RETAKE_IGNORED"}
        assert len(matched.new_schools) <= 4
    assert found == {
        "MAP-MATH": (681, 144),
        "MAP-READING": (684, 17),
        "MAP-LANGUAGE": (633, 0),
        "MAP-SCIENCE": (188, 0),
    }


NUMBERS = st.sampled_from(["00101", "101", "102", "103", "104", "0055", "55", "777", "X", "Y"])
DATES = st.sampled_from(["2025-10-02", "2025-10-08", "2025-10-20", "2025-12-01", None])
WORDS = st.sampled_from(["", "100", "200", "Ash School", "nowhere"])
NAMES = st.sampled_from(["", "Abara", "Bell", "Eze"])
ROWS = st.lists(
    st.tuples(NUMBERS, DATES, WORDS, NAMES, st.booleans(), st.integers(0, 2), st.integers(1, 3)), max_size=25
)


@given(
    rows=ROWS,
    rule=st.sampled_from(["ask", "first", "last", "best", "vendor"]),
    create=st.booleans(),
    allowed=st.sampled_from([None, frozenset({ASH})]),
    picks=st.one_of(st.none(), st.lists(st.booleans(), min_size=25, max_size=25)),
    skip=st.frozensets(st.integers(2, 26), max_size=3),
    default=st.sampled_from([None, BIRCH, "900"]),
)
def test_every_row_is_kept_rejected_or_ignored_and_a_student_counts_once(
    rows, rule, create, allowed, picks, skip, default
):
    numbers, dates, words, names, tested, scores, weights = zip(*rows, strict=True) if rows else ([],) * 7
    block = make_block(
        *numbers,
        dates=days(*dates),
        schools=objects(*words),
        last_names=objects(*names),
        first_names=objects(*["Ana"] * len(rows)),
        tested=np.array(tested, bool),
        scores=np.array(scores, float),
        weights=np.array(weights, np.int32),
        vendor_pick=None if picks is None else np.array(picks[: len(rows)], bool),
    )
    matched = run(
        block,
        retake_rule=rule,
        create_students=create,
        allowed_schools=allowed,
        default_school=default,
        decisions=Decisions(skip_lines=tuple(skip)),
    )
    parts = np.concatenate([matched.keep, matched.rejected, matched.ignored])
    assert sorted(parts.tolist()) == list(range(len(rows)))
    assert sum(matched.counts.values()) == sum(weights)
    whose = [
        (student, newcomer)
        for student, newcomer in zip(matched.student_ids.tolist(), matched.newcomers.tolist(), strict=True)
    ]
    assert len(set(whose)) == len(whose)
    lines = {found.row for found in matched.issues}
    assert {int(block.lines[row]) for row in (*matched.rejected, *matched.ignored)} <= lines
    assert set(matched.newcomers.tolist()) - {UNKNOWN} == set(range(len(matched.to_create)))
    if not create:
        assert (matched.student_ids > 0).all()
        assert (matched.school_ids > 0).all()
    if allowed:
        assert set(matched.school_ids.tolist()) <= allowed
