import numpy as np
import pytest

from assessments.formats.seam import Block, Decisions
from assessments.responses import BLANK
from assessments.retakes import settle

EARLY, LATE = "2025-10-01", "2025-10-08"


def make_block(scores, dates=None, **columns):
    n = len(scores)
    columns.setdefault("tested", np.array([score is not None for score in scores]))
    return Block(
        "MATH",
        None,
        None,
        lines=np.arange(2, n + 2, dtype=np.int32),
        numbers=np.array(["7"] * n, dtype=object),
        scores=np.array([np.nan if score is None else score for score in scores], float),
        dates=None if dates is None else np.array([day or "NaT" for day in dates], "datetime64[D]"),
        **columns,
    )


def run(block, rule, students=None, decisions=None):
    whose = np.zeros(len(block), np.int64) if students is None else np.array(students)
    settled = settle(block, whose, np.ones(len(block), bool), rule, decisions or Decisions())
    kept = np.flatnonzero(~(settled.ignored | settled.rejected)).tolist()
    return kept, [(found.code, found.row) for found in settled.issues]


@pytest.mark.parametrize(
    ("rule", "scores", "dates", "kept"),
    [
        ("first", [10, 20], [EARLY, LATE], [0]),
        ("first", [10, 20], [LATE, EARLY], [1]),
        ("last", [10, 20], [EARLY, LATE], [1]),
        ("best", [10, 20], [EARLY, LATE], [1]),
        ("best", [30, 20], None, [0]),
        ("ask", [10, 20], [EARLY, LATE], []),
        ("vendor", [10, 20], [EARLY, LATE], []),
        ("last", [10, 20], [EARLY, EARLY], []),
        ("last", [10, 20], [EARLY, None], []),
        ("first", [10, 20], None, []),
    ],
)
def test_the_rule_decides_or_all_wait(rule, scores, dates, kept):
    found, issues = run(make_block(scores, dates), rule)
    assert found == kept
    expected = "RETAKE_IGNORED" if kept else "DUPLICATE_CONFLICT"
    assert {code for code, _ in issues} == {expected}
    assert len(issues) == 2 - len(kept)


def test_the_vendors_flag_comes_before_the_rule():
    picks = {"vendor_pick": np.array([False, True, False])}
    assert run(make_block([30, 10, 20], [LATE, EARLY, EARLY], **picks), "best")[0] == [1]
    both = {"vendor_pick": np.array([True, True])}
    assert run(make_block([30, 10], [EARLY, LATE], **both), "last")[0] == []
    none = {"vendor_pick": np.array([False, False])}
    assert run(make_block([30, 10], [EARLY, LATE], **none), "ask")[0] == [1]
    alone = {"vendor_pick": np.array([False])}
    assert run(make_block([30], [EARLY], **alone), "ask") == ([0], [])


def test_rows_with_the_same_content_are_loaded_once():
    assert run(make_block([10, 10, 10]), "ask") == ([0], [("IDENTICAL_DUPLICATE", 3), ("IDENTICAL_DUPLICATE", 4)])
    assert run(make_block([10, 10], [EARLY, LATE]), "ask")[0] == [1]
    assert run(make_block([10, 10], [EARLY, LATE]), "first")[0] == [0]
    assert run(make_block([10, 10, 12]), "ask")[0] == []


def test_answers_that_differ_are_no_duplicates_even_with_the_same_total():
    points = np.array([[4, 0], [0, 4], [4, 0]], np.uint8)
    block = make_block([np.nan] * 3, tested=np.ones(3, bool), points=points)
    assert run(block, "ask")[1] == [("IDENTICAL_DUPLICATE", 4), ("DUPLICATE_CONFLICT", 2), ("DUPLICATE_CONFLICT", 3)]


def test_best_counts_points_where_there_is_no_score():
    points = np.array([[4, BLANK], [4, 4]], np.uint8)
    block = make_block([0, 0], points=points)
    block.scores = None
    assert run(block, "best")[0] == [1]


def test_a_result_beats_not_tested():
    assert run(make_block([None, 10, None]), "ask") == (
        [1],
        [("IDENTICAL_DUPLICATE", 4), ("LATER_TESTED", 2)],
    )
    assert run(make_block([None, None]), "ask")[0] == [0]


def test_a_person_keeps_a_line():
    block = make_block([10, 20, 30])
    assert run(block, "ask", decisions=Decisions(keep_line={"7": 3}))[0] == [1]
    assert run(block, "ask", decisions=Decisions(keep_line={"7": 99}))[0] == []


def test_students_do_not_touch_each_other():
    kept, issues = run(make_block([10, 20, 30, 40, 50]), "best", students=[1, 2, 1, 3, 2])
    assert kept == [2, 3, 4]
    assert sorted(row for _, row in issues) == [2, 3]
