"""The portal's own template: a row per student, a column per question.

A question's column is headed by its label or its position ("14", "Q14", "Item14"). Who and where, the date,
the administration and a scale score are optional columns; what a cell of a question may hold is in
`answers`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessments.formats.answers import options_of, read_answers
from assessments.formats.columns import (
    PERSON_COLUMNS,
    REPORT_COLUMNS,
    Findings,
    cells_of,
    has_student_column,
    only_term,
    read_people,
    refuse_mixed,
    student_heading,
)
from assessments.formats.instruments import named_by_code, named_by_word, refuse_unnamed
from assessments.formats.seam import AssessmentSpec, Block, Hints, ItemSpec, Parsed
from schools.files.header import NUMBERED, fold_heading, match_header
from schools.files.issues import FileRefused, Issue, issue
from schools.files.table import Table
from schools.files.values import plain_numbers

MAX_COLUMNS = 200
POSITION = re.compile(r"(?:q|item|question|no|#)?0*([1-9][0-9]*)")
OWN_COLUMNS = {"assessment": ("test",), "scale_score": ("scaled score",)}


class Template:
    """See the module."""

    name = "template"
    label = "portal template, wide"

    def recognises(self, header: Sequence[str], specs: Sequence[AssessmentSpec] = ()) -> bool:
        """A table with student numbers and a column headed like a question, or as one of the tests labels one.

        Where no test is known, any other column will do: that no test is set up is what has to be said then.
        """
        if not has_student_column(header) or len(header) < 2:
            return False
        labels = {fold_heading(item.label) for spec in specs for item in spec.items if item.label}
        return not specs or any(like_item(heading) or fold_heading(heading) in labels for heading in header)

    def parse(self, table: Table, specs: Sequence[AssessmentSpec], hints: Hints) -> Parsed:
        """One block. Raises FileRefused: too many columns, a question's column missing or doubled, a test unknown."""
        if len(table.header) > MAX_COLUMNS:
            raise FileRefused(issue("TOO_MANY_COLUMNS", count=len(table.header), limit=MAX_COLUMNS))
        student = student_heading(table)
        wanted = {**PERSON_COLUMNS, **OWN_COLUMNS}
        others = [heading for heading in table.header if heading != student]
        spec = _choose(table, others, specs, hints)
        items = match_items(others, spec.items)
        free = [heading for heading in others if heading not in items.values()]
        columns = match_header(free, wanted, optional=wanted, line=table.header_line)
        extra = [heading for heading in free if heading not in columns.values()]
        columns["student"] = student
        return read_wide(self.name, table, spec, items, columns, specs, hints, notes=_unused(extra))


def read_wide(
    name: str,
    table: Table,
    spec: AssessmentSpec,
    items: dict[int, str],
    columns: dict[str, str],
    specs: Sequence[AssessmentSpec],
    hints: Hints,
    notes: Sequence[Issue] = (),
) -> Parsed:
    """A row per student as one block. `items` maps places in the test to headings, `columns` roles to headings.

    Raises FileRefused: a question without a column (MISSING_COLUMN), two administrations (MIXED_ADMINISTRATION).
    """
    _refuse_missing(items, spec, table)
    findings = Findings.of(table, hints)
    people = read_people(table, findings, columns)
    cells = _read_items(table, spec.items, items, findings, hints)
    scale_scores = _scale_scores(table, columns.get("scale_score"), findings)
    _one_test(table, columns, specs, spec, findings)
    term = only_term(people, findings.usable)
    rows = np.flatnonzero(findings.usable)
    block = Block(
        assessment=spec.code,
        instrument=None,
        term=term,
        lines=table.lines[rows],
        tested=cells.answered[rows],
        points=cells.points[rows],
        choices=cells.choices[rows] if cells.choices is not None else None,
        scale_scores=None if scale_scores is None else scale_scores[rows],
        **people.taken(rows),
    )
    return findings.parsed(name, [block], notes)


def match_items(headings: Sequence[str], items: Sequence[ItemSpec]) -> dict[int, str]:
    """The heading of each item's column, by the item's place in the test; items without a column are left out.

    A label comes before a position. Raises FileRefused (DUPLICATE_COLUMN) where two columns are the same
    item's.
    """
    by_label = {fold_heading(item.label): place for place, item in enumerate(items) if item.label}
    by_position = {str(item.position): place for place, item in enumerate(items)}
    found: dict[int, str] = {}
    for heading in headings:
        doubled = NUMBERED.fullmatch(heading)
        folded = fold_heading(doubled[1] if doubled and doubled[1] in headings else heading)
        numbered = POSITION.fullmatch(folded)
        place = by_label.get(folded, by_position.get(numbered[1]) if numbered else None)
        if place is None:
            continue
        if place in found:
            both = f"{found[place]}, {heading}"
            raise FileRefused(issue("DUPLICATE_COLUMN", column=heading, headings=both))
        found[place] = heading
    return found


def _choose(table: Table, headings: Sequence[str], specs: Sequence[AssessmentSpec], hints: Hints) -> AssessmentSpec:
    """The test the sender named, else the one the file names, else the only one whose questions are all there.

    Raises FileRefused: UNKNOWN_ASSESSMENT, or MIXED_ADMINISTRATION where the file names two tests.
    """
    forms = [spec for spec in specs if spec.items]
    if hints.assessment:
        spec = named_by_code(specs, hints.assessment)
        if spec.items:
            return spec
        raise refuse_unnamed(forms)
    wanted = {"assessment": OWN_COLUMNS["assessment"]}
    column = match_header(headings, wanted, optional=wanted, line=table.header_line).get("assessment")
    return form_of(table, column, forms, lambda spec: _fits(headings, spec))


def form_of(
    table: Table, column: str | None, forms: Sequence[AssessmentSpec], fits: Callable[[AssessmentSpec], bool]
) -> AssessmentSpec:
    """The test that the column of tests names, else the only one there is, else the only one that fits.

    Raises FileRefused: UNKNOWN_ASSESSMENT, or MIXED_ADMINISTRATION where the file names two tests.
    """
    named = tests_named(table, column, forms) if column else []
    refuse_mixed([spec.code for spec in named])
    if named or len(forms) == 1:
        return (named or forms)[0]
    fitting = [spec for spec in forms if fits(spec)]
    if len(fitting) == 1:
        return fitting[0]
    raise refuse_unnamed(forms, fitting)


def tests_named(table: Table, heading: str, forms: Sequence[AssessmentSpec]) -> list[AssessmentSpec]:
    """The tests that a column of tests names, each once; words that mean no one test are left out."""
    meant = [named_by_word(forms, word) for word in pd.unique(cells_of(table, heading)) if word]
    return list({spec.code: spec for tests in meant if len(tests) == 1 for spec in tests}.values())


def _fits(headings: Sequence[str], spec: AssessmentSpec) -> bool:
    try:
        found = match_items(headings, spec.items)
    except FileRefused:
        return False
    left = [heading for heading in headings if heading not in found.values()]
    return len(found) == len(spec.items) and not any(map(like_item, left))


def like_item(heading: str) -> bool:
    """Whether a heading is a question's position: "14", "Q14", "Item 14"."""
    return POSITION.fullmatch(fold_heading(heading)) is not None


def _refuse_missing(items: dict[int, str], spec: AssessmentSpec, table: Table) -> None:
    """A question without a column would make every student's score wrong."""
    missing = [item.label or str(item.position) for place, item in enumerate(spec.items) if place not in items]
    if missing:
        raise FileRefused(issue("MISSING_COLUMN", row=table.header_line, column=", ".join(missing)))


@dataclass(slots=True)
class Cells:
    """All questions: uint8 matrices (rows x items); `choices` is None where no question has a key."""

    points: np.ndarray
    choices: np.ndarray | None
    answered: np.ndarray  # bool, per row: some cell holds an answer


def _read_items(
    table: Table, items: Sequence[ItemSpec], columns: dict[int, str], findings: Findings, hints: Hints
) -> Cells:
    n = len(table.frame)
    points = np.zeros((n, len(items)), np.uint8)
    choices = np.zeros((n, len(items)), np.uint8) if any(item.key for item in items) else None
    answered = np.zeros(n, bool)
    for place, item in enumerate(items):
        heading = columns[place]
        blanks = [value for column, value in hints.decisions.blank if column == heading]
        cells = cells_of(table, heading)
        read = read_answers(cells, item, blanks=blanks, decimal_comma=table.dialect.decimal_comma)
        points[:, place] = read.points
        if choices is not None:
            choices[:, place] = read.choices
        answered |= read.answered
        reject_answers(findings, zip(read.wrong, read.codes, strict=True), cells, item, heading)
    return Cells(points, choices, answered)


def reject_answers(
    findings: Findings, wrong: Iterable[tuple[int, str]], cells: np.ndarray, item: ItemSpec, heading: str
) -> None:
    """Rows whose cell can't be read as an answer to the item, each with its code, are errors."""
    details = {"maximum": f"{item.points:g}", "choices": ", ".join(sorted(options_of(item))) or None}
    for row, code in wrong:
        if not findings.ignored[row]:
            findings.say(code, row, heading, cells[row], **details)
            findings.rejected[row] = True


def _scale_scores(table: Table, heading: str | None, findings: Findings) -> np.ndarray | None:
    if heading is None:
        return None
    cells = cells_of(table, heading)
    values, codes = plain_numbers(cells, decimal_comma=table.dialect.decimal_comma)
    findings.note_codes(codes, heading)
    return values


def _one_test(
    table: Table,
    columns: dict[str, str],
    specs: Sequence[AssessmentSpec],
    spec: AssessmentSpec,
    findings: Findings,
) -> None:
    """Rows that name another test than the file's are errors."""
    if "assessment" not in columns:
        return
    heading = columns["assessment"]
    words = cells_of(table, heading)
    own = {word for word in set(words) if word == "" or spec in named_by_word(specs, word)}
    findings.reject("UNKNOWN_SUBJECT", ~np.isin(words.astype(str), sorted(own)), heading, known=spec.code)


def _unused(headings: Sequence[str]) -> list[Issue]:
    """What is said of columns that are not read."""
    plain = [heading for heading in headings if not like_item(heading)]
    plain = [heading for heading in plain if fold_heading(heading) not in REPORT_COLUMNS]
    found = [issue("ITEM_COLUMN_EXTRA", column=heading) for heading in headings if like_item(heading)]
    return found + ([issue("COLUMN_NOT_USED", columns=", ".join(plain))] if plain else [])
