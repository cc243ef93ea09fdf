"""What a column of a layout nobody has seen may mean, and what a mapping lacks.

A mapping says for each column one meaning: a role of `MEANINGS`, a question of the test ("q14"), or "" for a column
that is left out. From the meanings follows the kind of layout: a column per question, a row per answer, or scores.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.formats.seam import AssessmentSpec
from assessments.formats.template import MAX_COLUMNS

LEFT_OUT = ""
WIDE, LONG, SCORES = "wide", "long", "scores"
MEANINGS = {
    "student": "Student number",
    "last_name": "Last name",
    "first_name": "First name",
    "name": "Whole name",
    "school_id": "School code",
    "school_name": "School name",
    "grade": "Grade",
    "test_date": "Test date",
    "administration": "Window",
    "subject": "Test or subject",
    "score": "Score",
    "max_score": "Highest possible score",
    "scale_score": "Scale score",
    "item": "Question of the row",
    "response": "Answer of the row",
    "points": "Points of the row",
}
KINDS = {WIDE: "a column per question", LONG: "a row per answer", SCORES: "plain scores"}
ONLY_IN = {
    "scale_score": (WIDE,),
    "score": (SCORES,),
    "max_score": (SCORES,),
    "item": (LONG,),
    "response": (LONG,),
    "points": (LONG,),
    "subject": (WIDE, SCORES),
}
QUESTION = re.compile(r"q([1-9][0-9]{0,2})")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a mapping says so far. `faults` stop it; `kind` is "" while nothing tells a result."""

    kind: str
    faults: tuple[str, ...]
    questions: int
    read: int
    left_out: int


def is_meaning(word: str) -> bool:
    """Whether a mapping may say this of a column."""
    return word == LEFT_OUT or word in MEANINGS or QUESTION.fullmatch(word) is not None


def question_of(meaning: str) -> int | None:
    """The position of the question that a meaning names, None for another meaning."""
    found = QUESTION.fullmatch(meaning)
    return int(found[1]) if found else None


def words_of(meaning: str) -> str:
    """A meaning as a person reads it."""
    position = question_of(meaning)
    return f"Question {position}" if position else MEANINGS.get(meaning, "Leave out")


def kind_of(meanings: Sequence[str]) -> str:
    """The kind of layout that the meanings describe; "" where none of them is a result."""
    if any(map(question_of, meanings)):
        return WIDE
    found = set(meanings)
    if found & {"item", "response", "points"}:
        return LONG
    return SCORES if "score" in found else ""


def needs(header: Sequence[str], meanings: Sequence[str], spec: AssessmentSpec | None = None) -> Needs:
    """What is still missing or wrong in a mapping, in words; `spec` is the test it is for, where that is known."""
    kind = kind_of(meanings)
    counts = Counter(meaning for meaning in meanings if meaning)
    faults = []
    if "student" not in counts:
        faults.append("No column is the student number. Nothing can be matched without it.")
    if not kind:
        faults.append("No column holds a result: say which are questions, or which one is the score.")
    for meaning, count in counts.items():
        if count > 1:
            columns = [heading for heading, said in zip(header, meanings, strict=True) if said == meaning]
            said = f'{count} columns are said to be "{words_of(meaning)}": {_some(columns)}.'
            faults.append(f"{said} Keep one, leave the others out.")
    faults += _strangers(kind, header, meanings)
    if kind == LONG:
        if "item" not in counts:
            faults.append("No column says which question a row is about.")
        if not counts.keys() & {"response", "points"}:
            faults.append("No column holds the answer marked or the points earned.")
    asked = {position for meaning in counts if (position := question_of(meaning))}
    if len(asked) > MAX_COLUMNS:
        faults.append(f"{len(asked)} columns are questions, and a test has at most {MAX_COLUMNS}.")
    if spec is not None and kind:
        faults += _not_of_test(kind, asked, spec)
    read = sum(counts.values())
    return Needs(kind, tuple(faults), len(asked), read, len(header) - read)


def has_no_place(meaning: str, kind: str) -> bool:
    """Whether a column of this meaning has nothing to say in that kind of layout."""
    return bool(kind) and meaning in ONLY_IN and kind not in ONLY_IN[meaning]


def _strangers(kind: str, header: Sequence[str], meanings: Sequence[str]) -> list[str]:
    """Columns whose meaning has no place in this kind of layout."""
    return [
        f'"{heading}" is said to be "{words_of(meaning)}", which has no place in {KINDS[kind]}. Leave it out.'
        for heading, meaning in zip(header, meanings, strict=True)
        if has_no_place(meaning, kind)
    ]


def _not_of_test(kind: str, asked: set[int], spec: AssessmentSpec) -> list[str]:
    if kind == SCORES:
        return []
    if not spec.items:
        return [f"{spec.name} has no questions: say which column is its score."]
    missing = [str(item.position) for item in spec.items if item.position not in asked]
    if kind == WIDE and missing:
        return [f"{spec.name} has {len(spec.items)} questions, and no column is question {_some(missing)}."]
    return []


def _some(names: Sequence[str], most: int = 6) -> str:
    """A few names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
