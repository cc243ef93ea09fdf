"""The long layout: a row per student and question, with the option chosen (`response`) or the `points`.

What a cell may hold is in `answers`. A question without a row for a student counts as not given to that
student, with a warning. A row that is an error holds back all rows of its student: a total without it would
be wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from assessments.formats.answers import read_answers
from assessments.formats.columns import (
    PERSON_COLUMNS,
    Findings,
    People,
    cells_of,
    has_student_column,
    only_term,
    read_people,
    student_heading,
)
from assessments.formats.instruments import named_by_code, refuse_unnamed
from assessments.formats.seam import AssessmentSpec, Block, Hints, ItemSpec, Parsed
from assessments.formats.template import match_items, reject_answers
from assessments.responses import NO_CHOICE, NOT_GIVEN
from schools.files.header import fold_heading, match_header
from schools.files.issues import FileRefused, issue
from schools.files.table import Table

OWN_COLUMNS = {
    "item": ("question", "item label", "item number", "item id", "question number"),
    "response": ("answer", "choice", "option"),
    "points": ("points earned", "item score"),
}
NO_ITEM = -1


class Long:
    """See the module."""

    name = "long"
    label = "long, a row per answer"

    def recognises(self, header: Sequence[str], specs: Sequence[AssessmentSpec] = ()) -> bool:
        """A table with student numbers, questions, and answers or points."""
        found = match_header_quietly(header)
        return has_student_column(header) and "item" in found and bool({"response", "points"} & found)

    def parse(self, table: Table, specs: Sequence[AssessmentSpec], hints: Hints) -> Parsed:
        """One block, with an entry per student. Raises FileRefused as the other layouts do."""
        student = student_heading(table)
        wanted = {**PERSON_COLUMNS, **OWN_COLUMNS}
        others = [heading for heading in table.header if heading != student]
        columns = match_header(others, wanted, optional=wanted.keys() - {"item"}, line=table.header_line)
        if not {"response", "points"} & columns.keys():
            raise FileRefused(issue("MISSING_COLUMN", row=table.header_line, column="response"))
        columns["student"] = student
        return read_long(self.name, table, columns, specs, hints)


def read_long(
    name: str, table: Table, columns: dict[str, str], specs: Sequence[AssessmentSpec], hints: Hints
) -> Parsed:
    """A row per answer as one block; `columns` maps roles to headings. Raises FileRefused as the other layouts do."""
    findings = Findings.of(table, hints)
    people = read_people(table, findings, columns)
    places, texts = pd.factorize(cells_of(table, columns["item"]))
    labels = texts.tolist()
    spec = _choose(labels, specs, hints)
    item_of_label = _items_of(labels, spec.items)
    items = item_of_label[places]
    findings.reject("UNKNOWN_ITEM", items == NO_ITEM, columns["item"])
    read = _read(table, columns, items, spec.items, findings, hints)
    term = only_term(people, findings.usable)
    attempts = _attempts(people, items, findings)
    block = _block(table, people, attempts, items, read, spec, findings)
    block.term = term
    return findings.parsed(name, [block])


def match_header_quietly(header: Sequence[str]) -> set[str]:
    """Which of the layout's own columns a header has, whether or not one is there twice."""
    folded = {fold_heading(heading) for heading in header}
    return {name for name, aliases in OWN_COLUMNS.items() if folded & {fold_heading(word) for word in (name, *aliases)}}


def _items_of(labels: Sequence[str], items: Sequence[ItemSpec]) -> np.ndarray:
    """For each text of the item column the item's place in the test; several texts may mean one item."""
    found = np.full(len(labels), NO_ITEM, np.int64)
    for nth, label in enumerate(labels):
        for place in match_items([label], items):
            found[nth] = place
    return found


def _choose(labels: Sequence[str], specs: Sequence[AssessmentSpec], hints: Hints) -> AssessmentSpec:
    """The test the sender named, else the only one that has all the questions of the file."""
    forms = [spec for spec in specs if spec.items]
    if hints.assessment:
        spec = named_by_code(specs, hints.assessment)
        if spec.items:
            return spec
        raise refuse_unnamed(forms)
    fitting = [spec for spec in forms if (_items_of(labels, spec.items) != NO_ITEM).all()]
    fitting = fitting if len(forms) > 1 else forms
    if len(fitting) == 1:
        return fitting[0]
    raise refuse_unnamed(forms, fitting)


@dataclass(slots=True)
class Read:
    """What each row of the file holds."""

    points: np.ndarray  # uint8
    choices: np.ndarray  # uint8
    answered: np.ndarray  # bool


def _read(
    table: Table,
    columns: dict[str, str],
    items: np.ndarray,
    specs: Sequence[ItemSpec],
    findings: Findings,
    hints: Hints,
) -> Read:
    """The answers, question by question; points serve where the response beside them is blank, or there is none."""
    n = len(items)
    read = Read(np.full(n, NOT_GIVEN, np.uint8), np.full(n, NO_CHOICE, np.uint8), np.zeros(n, bool))
    texts = {role: cells_of(table, columns[role]) for role in ("response", "points") if role in columns}
    by_points = np.full(n, "response" not in texts)
    if len(texts) > 1:
        by_points = (texts["response"] == "") & (texts["points"] != "")
    order = np.argsort(items, kind="stable")
    cuts = np.searchsorted(items[order], np.arange(len(specs) + 1))
    for place, item in enumerate(specs):
        of_item = order[cuts[place] : cuts[place + 1]]
        for role, cells in texts.items():
            rows = of_item[by_points[of_item] == (role == "points")]
            asked = replace(item, key="") if role == "points" and len(texts) > 1 else item
            blanks = [value for column, value in hints.decisions.blank if column == columns[role]]
            found = read_answers(cells[rows], asked, blanks=blanks, decimal_comma=table.dialect.decimal_comma)
            read.points[rows], read.choices[rows] = found.points, found.choices
            read.answered[rows] = found.answered
            wrong = zip(rows[found.wrong], found.codes, strict=True)
            reject_answers(findings, wrong, cells, item, columns[role])
    return read


def _attempts(people: People, items: np.ndarray, findings: Findings) -> np.ndarray:
    """For each row its attempt (int64): the student, and where a question comes twice the day too."""
    students = pd.factorize(people.numbers)[0].astype(np.int64)
    if people.dates is None or not len(students):
        return students
    usable = np.flatnonzero(findings.usable)
    answers = students[usable] * (items.max() + 2) + items[usable]
    twice = pd.Series(answers).duplicated(keep=False).to_numpy()
    again = np.isin(students, students[usable[twice]])
    days = pd.factorize(people.dates, use_na_sentinel=False)[0]
    return pd.factorize(students * (days.max() + 1) + np.where(again, days, 0))[0].astype(np.int64)


def _block(
    table: Table,
    people: People,
    attempts: np.ndarray,
    items: np.ndarray,
    read: Read,
    spec: AssessmentSpec,
    findings: Findings,
) -> Block:
    """One entry per attempt that has no error in any of its rows."""
    _drop_repeated(attempts, items, read, people, findings)
    held = np.isin(attempts, attempts[findings.rejected])
    findings.rejected |= held & ~findings.ignored
    rows = np.flatnonzero(findings.usable)
    codes, _ = pd.factorize(attempts[rows])
    first = rows[np.unique(codes, return_index=True)[1]] if len(rows) else rows
    n, k = len(first), len(spec.items)
    points = np.full((n, k), NOT_GIVEN, np.uint8)
    choices = np.full((n, k), NO_CHOICE, np.uint8)
    tested = np.zeros(n, bool)
    points[codes, items[rows]] = read.points[rows]
    choices[codes, items[rows]] = read.choices[rows]
    np.logical_or.at(tested, codes, read.answered[rows])
    weights = np.bincount(codes, minlength=n).astype(np.int32)
    missing = int((k - weights[tested]).sum())
    if missing:
        findings.issues.append(issue("ITEMS_MISSING", count=missing))
    block = Block(
        assessment=spec.code,
        instrument=None,
        term=None,
        lines=table.lines[first],
        tested=tested,
        points=points,
        choices=choices if any(item.key for item in spec.items) else None,
        weights=weights,
        **people.taken(first),
    )
    if block.dates is not None and people.dates is not None and n:
        block.dates = pd.Series(people.dates[rows]).groupby(codes).max().to_numpy().astype("datetime64[D]")
    return block


def _drop_repeated(attempts: np.ndarray, items: np.ndarray, read: Read, people: People, findings: Findings) -> None:
    """The same answer twice is loaded once; two different answers to one question are an error."""
    rows = np.flatnonzero(findings.usable)
    keys = attempts[rows] * (items.max(initial=0) + 1) + items[rows]
    content = read.points[rows].astype(np.int64) * 256 + read.choices[rows]
    frame = pd.DataFrame({"key": keys, "content": content, "row": rows})
    repeated = frame[frame["key"].duplicated(keep=False)]
    for _, group in repeated.groupby("key"):
        at = group["row"].to_numpy()
        lines = findings.table.lines[at]
        if group["content"].nunique() > 1:
            for row in at:
                told = ", ".join(map(str, lines))
                findings.say("DUPLICATE_CONFLICT", row, value=people.numbers[row], lines=told)
            findings.rejected[at] = True
        else:
            for row in at[1:]:
                findings.say("IDENTICAL_DUPLICATE", row, first=int(lines[0]))
            findings.ignored[at[1:]] = True
