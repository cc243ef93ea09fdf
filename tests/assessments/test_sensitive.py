"""Columns that have no business in a file of results are told by their heading, or by cells that all look alike."""

import pytest

from assessments.sensitive import ADDRESS, BIRTH, NUMBER, sensitive_columns


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("SSN", NUMBER), ("Social Security #", NUMBER), ("soc_sec", NUMBER),
        ("DOB", BIRTH), ("Birth Date", BIRTH), ("date_of_birth", BIRTH), ("StudentDOB", BIRTH),
        ("Home Address", ADDRESS), ("Address 2", ADDRESS), ("ZIP code", ADDRESS), ("Telephone", ADDRESS),
    ],
)  # fmt: skip
def test_by_heading(heading, kind):
    assert sensitive_columns(["student_id", heading], []) == {1: kind}


@pytest.mark.parametrize("heading", ["student_id", "last_name", "test_date", "school", "Q1", "1", "score", "section"])
def test_what_results_need_is_not_sensitive(heading):
    assert sensitive_columns([heading], [["12345"], ["1/31/2026"], ["B"]]) == {}


def test_by_cells_that_all_look_alike():
    header = ["student_id", "code"]
    rows = [["1", "123-45-6789"], ["2", ""], ["3", "987-65-4321"], ["4", "111-22-3333"]]
    assert sensitive_columns(header, rows) == {1: NUMBER}
    assert sensitive_columns(header, [*rows, ["5", "A"]]) == {}
    assert sensitive_columns(header, rows[:2]) == {}  # one cell proves nothing


def test_short_rows_are_no_matter():
    assert sensitive_columns(["a", "DOB"], [["1"]]) == {1: BIRTH}
