from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.sentences import (
    BasisPicture,
    ClassPicture,
    GrowthPicture,
    ItemMapPicture,
    NetworkPicture,
    QuestionPicture,
    SchoolPicture,
    StandardPicture,
    StrandPicture,
    UploadPicture,
    basis_line,
    class_sentence,
    item_map_sentence,
    network_sentence,
    percent,
    percent_of_points,
    range_words,
    rounded,
    scale_points,
    school_sentence,
    students_at_benchmark,
    upload_sentence,
)
from assessments.sentences.figures import share_of_students, signed_words
from assessments.verdicts import Change, Standing

# Figures in words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "whole"), [(0.5, 1), (1.5, 2), (2.49, 2), (-0.4, 0), (-0.5, -1), (-2.5, -3), (62.5, 63)]
)
def test_halves_go_up_in_size(value, whole):
    assert rounded(value) == whole


def test_a_per_cent_is_exact_before_it_is_rounded():
    assert percent(57, 200) == 29  # 28.5, though 57 / 200 * 100 is 28.499999999999996
    assert percent_of_points(15.5, 25) == "62 % of the points"


@given(st.integers(0, 4000), st.integers(1, 4000))
def test_per_cents_of_a_part_and_its_rest_add_up_but_for_a_shared_half(part, whole):
    part = min(part, whole)
    assert percent(part, whole) + percent(whole - part, whole) - 100 in (0, 1)


def test_under_ten_students_counts_and_not_per_cents():
    assert students_at_benchmark(5, 8) == "5 of 8 students at benchmark"
    assert students_at_benchmark(17, 44) == "39 % of students at benchmark"
    assert share_of_students(5, 8) == "5 of 8 students"
    assert share_of_students(17, 44) == "39 % (17 of 44 students)"


def test_ranges_and_scale_points_are_whole():
    assert range_words(5.6, 3.5, 8.4) == "6 (4 to 8)"
    assert (scale_points(1), scale_points(6)) == ("1 scale point", "6 scale points")


def test_the_basis_line():
    basis = BasisPicture("Quarterly Math 5", "Winter 1", date(2026, 12, 4), tested=27, enrolled=28)
    line = "Quarterly Math 5, Winter 1 · published Dec 4 · 27 of 28 students (1 not tested)"
    assert basis_line(basis) == line
    assert basis_line(replace(basis, tested=28)).endswith("28 of 28 students")
    assert "not published yet" in basis_line(replace(basis, published=None))
    adaptive = basis_line(replace(basis, same_questions=False))
    assert adaptive == f"{line} · questions differ by student, so there is no item map"


# Class -----------------------------------------------------------------------------------------------------

FRACTIONS = StandardPicture("Add unlike fractions", 5, 41, 100, students=27, under_half=12, network=58)
VOLUME = StandardPicture("Volume", 4, 55, 100, students=27, under_half=9, network=61)
PLACE_VALUE = StandardPicture("Place value", 6, 70, 100, students=27, under_half=2, network=69)
LINE_PLOTS = StandardPicture("Line plots", 2, 10, 100, students=27, under_half=27, network=90)
CLASS = ClassPicture(
    "Quarterly Math 5",
    "Winter 1",
    tested=27,
    enrolled=28,
    released=True,
    standards=(PLACE_VALUE, VOLUME, FRACTIONS, LINE_PLOTS),
)


def unreleased(*standards):
    return tuple(replace(standard, network=None) for standard in standards)


def test_a_class_without_results_reads_what_is_due():
    waiting = replace(CLASS, tested=0, standards=(), released=False)
    said = "Quarterly Math 5, Winter 1: no results yet."
    fills = "this page fills itself when they are published."
    assert class_sentence(replace(waiting, due="about Dec 12")) == f"{said} Results are due about Dec 12; {fills}"
    assert class_sentence(waiting) == f"{said} No date is set for the results; {fills}"


def test_a_small_class_reads_counts_only():
    few = replace(CLASS, tested=6, enrolled=8, standards=(replace(FRACTIONS, students=6, under_half=4),))
    assert class_sentence(few) == (
        "6 of 8 students tested. Start with Add unlike fractions: 4 of 6 students earned under half of its points."
    )
    strong = replace(few, standards=(replace(FRACTIONS, under_half=0),))
    assert class_sentence(strong) == (
        "6 of 8 students tested. No student earned under half of the points on any standard."
    )
    assert "%" not in class_sentence(few) + class_sentence(strong)


def test_before_release_a_class_reads_its_lowest_standard():
    before = replace(CLASS, released=False, standards=unreleased(*CLASS.standards))
    assert class_sentence(before) == (
        "Start with Add unlike fractions: your class got 41 % of the points, its lowest. "
        "The network comparison opens when results are released."
    )


def test_after_release_a_class_reads_the_standard_furthest_below():
    said = class_sentence(CLASS)
    assert said == (
        "Start with Add unlike fractions: your class got 41 % of the points, the network 58 % on the same questions."
    )
    assert class_sentence(replace(CLASS, yours=False)) == said.replace("your class", "the class")


def test_furthest_below_is_not_the_lowest():
    further = replace(PLACE_VALUE, network=95)
    assert class_sentence(replace(CLASS, standards=(FRACTIONS, further))).startswith("Start with Place value")


def test_five_points_below_is_far_and_four_is_not():
    assert "Start with" in class_sentence(replace(CLASS, standards=(replace(FRACTIONS, network=46),)))
    near = replace(CLASS, standards=(replace(FRACTIONS, network=45), PLACE_VALUE))
    assert class_sentence(near) == (
        "No standard is far below the network; the lowest is Add unlike fractions, 41 % of the points "
        "(the network 45 % on the same questions)."
    )


def test_released_standards_may_still_not_be_shown():
    hidden = replace(CLASS, standards=unreleased(FRACTIONS, VOLUME))
    assert class_sentence(hidden) == (
        "The network's results by standard are not shown; in your class the lowest is Add unlike fractions, "
        "41 % of the points."
    )


def test_a_standard_of_two_questions_is_never_singled_out():
    said = class_sentence(replace(CLASS, standards=(LINE_PLOTS,)))
    assert said == "27 of 28 students tested. No standard has 3 questions or more, so none is singled out."
    total_only = class_sentence(replace(CLASS, standards=()))
    assert total_only == "27 of 28 students tested. This test has no results by standard."


def test_an_adaptive_test_reads_its_lowest_strand():
    strands = (StrandPicture("Geometry", 212.4), StrandPicture("Algebra", 204.6))
    adaptive = replace(CLASS, standards=(), strands=strands)
    assert class_sentence(adaptive) == (
        "27 of 28 students tested. Start with Algebra: your class has its lowest mean there, 205 scale points."
    )
    few = replace(adaptive, tested=8, enrolled=9)
    assert class_sentence(few) == "8 of 9 students tested: too few for a class mean by strand."


# Item map --------------------------------------------------------------------------------------------------


def item_map(*questions):
    return item_map_sentence(ItemMapPicture(tuple(questions)))


def test_the_most_missed_question_and_its_commonest_wrong_answer():
    seventh = QuestionPicture("7", given=27, missed=19, popular="D", chose=9)
    fourteenth = QuestionPicture("14", given=27, missed=21, popular="B", chose=13)
    assert item_map(seventh, fourteenth) == ("Question 14 was missed by 21 of 27 students; 13 of them chose B.")
    scattered = replace(fourteenth, chose=4)
    assert item_map(seventh, scattered) == "Question 14 was missed by 21 of 27 students."


def test_missed_is_of_those_given_and_ties_go_to_the_first():
    assert item_map(QuestionPicture("1", 27, 13), QuestionPicture("2", 10, 9)).startswith("Question 2 was")
    assert item_map(QuestionPicture("1", 4, 2), QuestionPicture("2", 2, 1)).startswith("Question 1 was")


def test_an_item_map_without_answers_or_without_misses():
    assert item_map(QuestionPicture("1", given=0, missed=0)) == "No answers yet."
    assert item_map(QuestionPicture("1", given=9, missed=0)) == "No student missed a question."


# School ----------------------------------------------------------------------------------------------------

GREW = GrowthPicture("Fall", 41, 6.2, 4.1, 8.3, Change.GREW, Standing.CLOSE, apart=(1.2, -1.6, 4.0))
BELOW = (-3.4, -5.5, -1.2)
SCHOOL = SchoolPicture(
    "Quarterly Math",
    "Winter 1",
    tested=44,
    enrolled=47,
    growth=GREW,
    at_benchmark=17,
    with_level=44,
    network_percent=41,
)


def test_a_school_without_results():
    assert school_sentence(replace(SCHOOL, tested=0)).startswith("Quarterly Math, Winter 1: no results yet.")


def test_under_four_fifths_tested_the_missing_come_first():
    assert school_sentence(replace(SCHOOL, tested=30)) == (
        "17 of 47 students are not tested in Winter 1: see who is missing before you read the results."
    )
    assert school_sentence(replace(SCHOOL, tested=8, enrolled=10)).startswith("8 of 10 students tested.")
    assert school_sentence(replace(SCHOOL, tested=7, enrolled=10)).startswith("3 of 10 students are not tested")


@pytest.mark.parametrize(
    ("growth", "said"),
    [
        (
            GREW,
            "Since Fall they grew 6 (4 to 8) scale points; "
            "against the network that is too close to call, 1 (\u22122 to 4).",
        ),
        (
            replace(GREW, against=Standing.ABOVE, apart=(3.2, 1.1, 5.3)),
            "Since Fall they grew 6 (4 to 8) scale points, above the network by 3 (1 to 5).",
        ),
        (replace(GREW, against=None), "Since Fall they grew 6 (4 to 8) scale points."),
        (
            GrowthPicture("Fall", 41, -3.0, -5.0, -1.0, Change.SLIPPED, Standing.BELOW, apart=BELOW),
            "Since Fall they slipped 3 (1 to 5) scale points, below the network by 3 (1 to 6).",
        ),
        (
            GrowthPicture("Fall", 41, 1.0, -1.0, 3.0, Change.CLOSE),
            "Since Fall their growth is too close to call, 1 (\u22121 to 3) scale points.",
        ),
        (
            replace(GREW, on_scale=False, verdict=None, against=Standing.ABOVE, apart=(0.12, 0.03, 0.21)),
            "Since Fall, by standing in the network, they are above the network by 12 (3 to 21) hundredths of a "
            "standard deviation.",
        ),
    ],
)
def test_growth_and_its_verdict(growth, said):
    assert school_sentence(replace(SCHOOL, growth=growth)) == f"44 of 47 students tested. {said}"


@pytest.mark.parametrize(
    "growth",
    [
        None,
        replace(GREW, matched=9),
        replace(GREW, low=None, high=None, verdict=None),
        replace(GREW, on_scale=False, verdict=None, against=None),
    ],
)
def test_without_growth_the_share_at_benchmark(growth):
    assert school_sentence(replace(SCHOOL, growth=growth)) == (
        "44 of 47 students tested. 39 % of students at benchmark (17 of 44), the network 41 %."
    )


def test_share_at_benchmark_before_release_in_a_small_school_and_without_levels():
    plain = replace(SCHOOL, growth=None, network_percent=None)
    assert school_sentence(plain) == "44 of 47 students tested. 39 % of students at benchmark (17 of 44)."
    small = replace(SCHOOL, growth=None, tested=8, enrolled=8, at_benchmark=5, with_level=8)
    assert school_sentence(small) == "8 of 8 students tested. 5 of 8 students at benchmark."
    assert school_sentence(replace(plain, at_benchmark=None)) == "44 of 47 students tested."
    assert school_sentence(replace(plain, at_benchmark=0, with_level=0)) == "44 of 47 students tested."


# Network ---------------------------------------------------------------------------------------------------

RELEASED = NetworkPicture(
    "Winter 1",
    released=True,
    growth=GrowthPicture("Fall", 500, 5.0, 4.0, 6.0, Change.GREW),
    above=3,
    below=1,
    close=8,
)
SCHOOLS = "Of 12 schools, 3 are above the network, 1 is below the network and 8 are too close to call."


def test_before_release_the_network_reads_when_and_who_holds_it():
    planned = NetworkPicture("Winter 1", planned="Mar 4", waits_for=("the district", "the network"))
    assert network_sentence(planned) == (
        "Nothing is released for Winter 1 yet. The release is planned for Mar 4; "
        "it waits for the district and the network."
    )
    assert network_sentence(NetworkPicture("Winter 1")) == (
        "Nothing is released for Winter 1 yet. No release date is set."
    )


def test_the_released_network_reads_growth_then_schools():
    assert network_sentence(RELEASED) == f"Since Fall the network grew 5 (4 to 6) scale points. {SCHOOLS}"
    hidden = replace(RELEASED, close=6, not_shown=2)
    assert network_sentence(hidden).endswith(
        "3 are above the network, 1 is below the network, 6 are too close to call and 2 are not shown."
    )
    level = replace(
        RELEASED, growth=GrowthPicture("Fall", 500, 0.2, -1.0, 1.4, Change.CLOSE), above=0, below=0, close=0
    )
    assert (
        network_sentence(level)
        == "Since Fall the network's growth is too close to call, 0 (\u22121 to 1) scale points."
    )


def test_on_standing_the_network_itself_has_no_figure():
    standing = replace(RELEASED, growth=replace(GREW, on_scale=False, verdict=None))
    assert network_sentence(standing) == (
        f"{SCHOOLS} This measure compares the schools' standing since Fall; "
        "the network itself cannot rise or fall on it."
    )


def test_a_released_window_without_growth():
    first = NetworkPicture("Fall", released=True, at_benchmark="38 %")
    assert network_sentence(first) == "In Fall 38 % of the network's students were at benchmark."
    mean = NetworkPicture("Fall", released=True, mean="59 % of the points")
    assert network_sentence(mean) == "In Fall the network's mean was 59 % of the points."
    nothing = "Results of Fall are released; the network's own figures are not shown."
    assert network_sentence(NetworkPicture("Fall", released=True)) == nothing
    assert network_sentence(replace(RELEASED, growth=None)) == SCHOOLS
    unsaid = NetworkPicture("Fall", released=True, growth=replace(GREW, verdict=None))
    assert network_sentence(unsaid) == nothing


# Upload ----------------------------------------------------------------------------------------------------

UPLOAD = UploadPicture("needs_review", "northside_w1.xlsx", rows=543, read=543, ready=531, waiting=12)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Ready to publish: 531 of 543 rows. 12 rows need you. Nothing is published yet."),
        (
            {"state": "ready", "ready": 543, "waiting": 0},
            "Ready to publish: 543 of 543 rows. Nothing is published yet.",
        ),
        (
            {"held_by": "R. Lopez", "waiting": 1},
            "Ready to publish: 531 of 543 rows. 1 row needs you. It waits for R. Lopez to approve it. "
            "Nothing is published yet.",
        ),
        (
            {"ready": 0, "waiting": 543},
            "No row of northside_w1.xlsx is ready to publish. 543 rows need you. Nothing is published yet.",
        ),
        (
            {"state": "queued"},
            "northside_w1.xlsx is safe and waits its turn. You can leave; it goes on. Nothing is published yet.",
        ),
        (
            {"state": "checking", "read": 200},
            "Checking northside_w1.xlsx: 200 of 543 rows read. You can leave; it goes on. Nothing is published yet.",
        ),
        (
            {"state": "checking", "rows": 0, "read": 1},
            "Checking northside_w1.xlsx: 1 row read. You can leave; it goes on. Nothing is published yet.",
        ),
        (
            {"state": "publishing"},
            "Publishing 531 rows. You can leave; it goes on. Readers see the earlier results until then.",
        ),
        ({"state": "published"}, "Published: 531 of 543 rows. 12 rows need you."),
        (
            {"state": "rejected", "reason": "It has no column for the student."},
            "northside_w1.xlsx can't be used: It has no column for the student. Nothing is published yet.",
        ),
        ({"state": "failed"}, "Something went wrong with northside_w1.xlsx. Nothing is published yet."),
        ({"state": "undone"}, "Undone: the results are as they were before northside_w1.xlsx."),
        ({"state": "cancelled"}, "northside_w1.xlsx was cancelled. Nothing of it is published."),
    ],
)
def test_an_upload_says_rows_and_whether_anything_is_published(changes, said):
    assert upload_sentence(replace(UPLOAD, **changes)) == said


def test_a_state_nobody_has_named_is_refused():
    with pytest.raises(ValueError, match="no state lost"):
        upload_sentence(replace(UPLOAD, state="lost"))


def test_losses_have_a_true_minus_wherever_a_range_is_said():
    assert range_words(-3, -5.4, -0.6) == "\u22123 (\u22125 to \u22121)"
    assert [signed_words(value) for value in (6.2, -3, 0.4, -0.4)] == ["+6", "\u22123", "0", "0"]
