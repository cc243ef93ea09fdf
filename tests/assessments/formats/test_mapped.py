"""A file read by a mapping is the same file read by the portal's own layout."""

import random
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.formats.guesses import guessed
from assessments.formats.mapped import Mapped, fingerprint
from assessments.formats.meanings import MEANINGS, kind_of, needs
from assessments.formats.registry import recognise
from assessments.formats.seam import Block, Hints
from schools.files.issues import FileRefused
from tests.assessments.formats.tables import CHOICES, POINTS, SPECS, codes, rows_of, sample, table

WIDE = """student_id,last_name,first_name,school_id,grade,test_date,1,2,3,4
0007,Ito,Ana,100,6,2025-10-02,A,B,2,1
0008,Null,Bo,100,06,10/03/2025,C,,0,NR
0009,Cruz,Cy,100,6,,AB,B,1,0.5
0010,Diaz,Di,100,6,2025-10-02,,,,
0011,Eve,Ed,100,6,2025-10-02,E,B,1,9
"""
LONG = """student_id,item,response,points
0007,1,A,
0007,2,C,
0007,3,,2
0007,4,,1
0008,1,B,
0008,9,A,
"""
SCORES = """student_id,last_name,first_name,grade,subject,administration,test_date,score,max_score
0007,Ito,Ana,05,READ5,Fall,2025-10-02,31,40
0008,Cruz,Cy,05,READ5,Fall,2025-10-02,N/A,40
0009,Diaz,Di,05,MATH5,Fall,2025-10-02,44,50
0010,Eve,Ed,05,READ5,Fall,2025-10-02,41,40
"""
HEADINGS = {
    "student_id": "Pupil Ref",
    "last_name": "Nachname",
    "first_name": "Rufname",
    "school_id": "Bldg",
    "grade": "Yr",
    "test_date": "When",
    "subject": "What",
    "administration": "Season of test",
    "score": "Mark (raw)",
    "max_score": "Of",
    "item": "Task",
    "response": "Ticked",
    "points": "Won",
} | {str(n): f"A{n}.x" for n in range(1, 10)}


def renamed(text: str) -> tuple[str, Mapped]:
    """The same rows under other headings, with a column nobody needs, and the mapping that reads them."""
    own, *rows = text.splitlines()
    headings = [HEADINGS[name] for name in own.split(",")]
    meanings = [
        "student" if name == "student_id" else f"q{name}" if name.isdigit() else name for name in own.split(",")
    ]
    lines = [",".join([*headings, "Remarks"]), *(f"{row},x" for row in rows)]
    return "\n".join(lines) + "\n", Mapped("a mapping", (*headings, "Remarks"), (*meanings, ""))


def contents(block: Block) -> dict:
    """What stands in a block, to be compared."""
    found = {each.name: getattr(block, each.name) for each in fields(block)}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in found.items()}


@pytest.mark.parametrize(
    ("text", "hints"),
    [(WIDE, Hints(assessment="MATH6")), (LONG, Hints(assessment="MATH6")), (SCORES, Hints())],
    ids=["wide", "long", "scores"],
)
def test_a_mapping_reads_what_the_own_layout_reads(text, hints):
    native = table(text)
    other, mapping = renamed(text)
    assert recognise(table(other), SPECS) is None
    told = recognise(native, SPECS).parse(native, SPECS, hints)
    read = mapping.parse(table(other), SPECS, hints)
    assert [repr(contents(one)) for one in read.blocks] == [repr(contents(one)) for one in told.blocks]
    assert told.blocks
    assert (read.rejected.tolist(), read.ignored.tolist()) == (told.rejected.tolist(), told.ignored.tolist())
    assert told.rejected.size
    assert codes(read.issues) == codes(told.issues)
    assert rows_of(read) == table(other).rows_read


def test_issues_name_the_columns_of_the_file():
    other, mapping = renamed(WIDE)
    wrong = [one for one in mapping.parse(table(other), SPECS, Hints(assessment="MATH6")).issues if one.column]
    assert {one.column for one in wrong} >= {"A1.x", "A4.x"}
    assert '"E"' in next(one.message for one in wrong if one.column == "A1.x")


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_columns_does_not_matter(randomly: random.Random):
    other, mapping = renamed(WIDE)
    rows = [line.split(",") for line in other.splitlines()]
    order = list(range(len(rows[0])))
    randomly.shuffle(order)
    moved = "\n".join(",".join(row[place] for place in order) for row in rows) + "\n"
    hints = Hints(assessment="MATH6")
    one, two = (mapping.parse(table(text), SPECS, hints).blocks[0] for text in (other, moved))
    assert repr(contents(one)) == repr(contents(two))


def test_a_layout_is_known_again_whatever_its_case_spaces_and_order():
    mark = fingerprint(["Pupil Ref", "A1.x", "Mark"])
    assert (
        mark
        == fingerprint(["MARK", " pupil_ref", "a1.X"])
        == fingerprint(["reason", "Pupil Ref", "A1.x", "Mark", "remedy"])
    )
    assert mark != fingerprint(["Pupil Ref", "A1.x"]) != fingerprint(["Pupil Ref", "A1.x", "A1.x"])


def test_two_columns_of_one_name_are_told_apart_by_their_order():
    mapping = Mapped("", ("Id", "Mark", "mark"), ("student", "score", ""))
    assert mapping.headings(["Id", "MARK", "Mark"]) == {"student": "Id", "score": "MARK"}


def test_a_file_of_other_columns_is_not_read_by_it():
    _, mapping = renamed(WIDE)
    with pytest.raises(FileRefused) as refused:
        mapping.parse(sample("scores.csv"), SPECS, Hints())
    assert refused.value.issue.code == "MAPPING_UNFIT"


def test_a_question_without_a_column_refuses_the_file_and_one_too_many_is_said():
    text = "Ref,a,b,c,d,e\n7,A,B,1,1,1\n"
    heads = ("Ref", "a", "b", "c", "d", "e")
    with pytest.raises(FileRefused) as refused:
        Mapped("", heads, ("student", "q1", "q2", "q3", "", "")).parse(table(text), SPECS, Hints(assessment="MATH6"))
    assert refused.value.issue.code == "MISSING_COLUMN"
    read = Mapped("", heads, ("student", "q1", "q2", "q3", "q4", "q5")).parse(table(text), [CHOICES], Hints())
    assert (read.blocks[0].assessment, codes(read.notes)) == ("MATH6", ["ITEM_COLUMN_EXTRA"])


def test_which_test_it_is_the_file_may_say():
    heads = ("Ref", "Which", "a", "b", "c", "d")
    mapping = Mapped("", heads, ("student", "subject", "q1", "q2", "q3", "q4"))
    read = mapping.parse(table("Ref,Which,a,b,c,d\n7,MATH5,1,2,0,1\n"), SPECS, Hints())
    assert read.blocks[0].assessment == "MATH5"
    with pytest.raises(FileRefused, match="could be MATH5, MATH6"):
        mapping.parse(table("Ref,Which,a,b,c,d\n7,,1,2,0,1\n"), SPECS, Hints())


@pytest.mark.parametrize(
    ("meanings", "words"),
    [
        (["student", "student", "score"], '2 columns are said to be "Student number": a, b'),
        (["", "", "score"], "No column is the student number"),
        (["student", "", ""], "No column holds a result"),
        (["student", "q1", "score"], "no place in a column per question"),
        (["student", "item", ""], "No column holds the answer marked"),
        (["student", "response", ""], "which question a row is about"),
        (["student", "q1", "q2"], "no column is question 3, 4"),
    ],
)
def test_what_a_mapping_lacks_is_said(meanings, words):
    assert words in " ".join(needs("abc", meanings, CHOICES).faults)


def test_a_whole_mapping_lacks_nothing():
    found = needs("abcde", ["student", "q1", "q2", "q3", "q4"], POINTS)
    assert (found.faults, found.kind, found.questions, found.read, found.left_out) == ((), "wide", 4, 5, 0)
    assert not needs("ab", ["student", "score"]).faults
    assert not needs("abc", ["student", "item", "points"]).faults


@pytest.mark.parametrize(
    ("header", "meanings"),
    [
        ("USID,Lname,Fname,Total", "student,last_name,first_name,score"),
        ("Pupil Number,Math Q01 Response,Math Q01 Points,Math Q02 Response,Total", "student,q1,,q2,"),
        ("SIS ID,Question No,Selected,Earned", "student,item,response,points"),
        ("SIS ID,Volume,Item 1", "student,q2,q1"),
        ("Remark,Colour", ","),
    ],
)
def test_what_headings_suggest(header, meanings):
    assert guessed(header.split(","), spec=CHOICES) == meanings.split(",")


def test_a_sensitive_column_is_never_suggested():
    assert guessed(["Student ID", "Score"], hidden={0}) == ["", "score"]


@given(st.lists(st.sampled_from([*MEANINGS, *MEANINGS.values(), "Q1", "q 2 points", "x"])))
def test_a_suggestion_never_gives_one_meaning_twice(header):
    found = [meaning for meaning in guessed(header) if meaning]
    assert len(found) == len(set(found))
    faults = " ".join(needs(header, guessed(header)).faults)
    assert "no place" not in faults and "said to be" not in faults
    assert kind_of(found) in ("", "wide", "long", "scores")
