"""Plain scores: a row per student and test, with the total only.

One file may hold several tests and several administrations. `subject` says which test by its code, name,
alias or subject (and the grade decides between the tests of one subject); a file without it holds the test
the sender chose.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from assessments.formats.columns import (
    PERSON_COLUMNS,
    Findings,
    People,
    cells_of,
    distinct_terms,
    has_student_column,
    read_people,
    refuse_mixed,
    student_heading,
)
from assessments.formats.instruments import codes_of, named_by_code, named_by_word, refuse_unnamed
from assessments.formats.seam import AssessmentSpec, Block, Hints, Parsed
from schools.files.header import fold_heading, match_header
from schools.files.table import Table
from schools.files.values import plain_numbers

SCORE_ALIASES = ("total score", "raw score", "total points")
OWN_COLUMNS = {
    "score": SCORE_ALIASES,
    "max_score": ("maximum", "maximum score", "points possible"),
    "subject": ("assessment", "test"),
}
NO_TEST = -1


class Scores:
    """See the module."""

    name = "scores"
    label = "plain scores, a row per student and test"

    def recognises(self, header: Sequence[str], specs: Sequence[AssessmentSpec] = ()) -> bool:
        """A table with student numbers and a column of scores."""
        scores = {fold_heading(alias) for alias in ("score", *SCORE_ALIASES)}
        return has_student_column(header) and any(fold_heading(heading) in scores for heading in header)

    def parse(self, table: Table, specs: Sequence[AssessmentSpec], hints: Hints) -> Parsed:
        """A block per test and administration.

        Raises FileRefused: a needed column missing or doubled, the test chosen not set up, or more than one
        test (or administration) where the sender chose one.
        """
        student = student_heading(table)
        wanted = {**PERSON_COLUMNS, **OWN_COLUMNS}
        others = [heading for heading in table.header if heading != student]
        optional = wanted.keys() - {"score"}
        columns = match_header(others, wanted, optional=optional, line=table.header_line)
        columns["student"] = student
        return read_scores(self.name, table, columns, specs, hints)


def read_scores(
    name: str, table: Table, columns: dict[str, str], specs: Sequence[AssessmentSpec], hints: Hints
) -> Parsed:
    """A row per student and test as a block per test and administration; `columns` maps roles to headings.

    Raises FileRefused as `Scores.parse`.
    """
    findings = Findings.of(table, hints)
    people = read_people(table, findings, columns)
    terms = distinct_terms(people.terms, findings.usable)
    if hints.window:
        refuse_mixed(terms)
    tests = _tests(table, columns.get("subject"), people, specs, hints, findings)
    comma = table.dialect.decimal_comma
    scores, codes = plain_numbers(cells_of(table, columns["score"]), decimal_comma=comma)
    findings.note_codes(codes, columns["score"])
    _check_maximum(table, columns, scores, tests, specs, findings)
    blocks = [
        Block(
            assessment=specs[test].code,
            instrument=None,
            term=term,
            lines=table.lines[rows],
            tested=~np.isnan(scores[rows]),
            **{"scale_scores" if specs[test].on_scale else "scores": scores[rows]},
            **people.taken(rows),
        )
        for test, term, rows in _administrations(tests, people, terms, findings)
    ]
    return findings.parsed(name, blocks)


def _tests(
    table: Table,
    heading: str | None,
    people: People,
    specs: Sequence[AssessmentSpec],
    hints: Hints,
    findings: Findings,
) -> np.ndarray:
    """For each row its test (an index into `specs`); NO_TEST, and an error, where the file does not tell."""
    n = len(table.frame)
    chosen = specs.index(named_by_code(specs, hints.assessment)) if hints.assessment else None
    if chosen is None and len(specs) == 1:
        chosen = 0
    if heading is None:
        if chosen is None:
            raise refuse_unnamed(specs)
        return np.full(n, chosen)
    words = cells_of(table, heading)
    grades = np.full(n, "", object) if people.grades is None else people.grades
    places, pairs = pd.factorize(pd.Series(words + "\n" + grades, dtype=object))
    meant = [named_by_word(specs, *pair.split("\n")) if pair[0] != "\n" else [] for pair in pairs]
    found = np.array([specs.index(tests[0]) if len(tests) == 1 else NO_TEST for tests in meant], np.int64)
    tests = found[places] if n else np.full(0, NO_TEST)
    if chosen is not None:
        blank_or_only = (words == "") | (len(set(words) - {""}) == 1)
        tests = np.where((tests == NO_TEST) & blank_or_only, chosen, tests)
    if hints.assessment:
        strangers = sorted(set(tests[findings.usable].tolist()) - {NO_TEST, chosen})
        if strangers:
            refuse_mixed([specs[test].code for test in (chosen, *strangers)])
    findings.reject("UNKNOWN_SUBJECT", tests == NO_TEST, heading, known=codes_of(specs))
    return tests


def _check_maximum(
    table: Table,
    columns: dict[str, str],
    scores: np.ndarray,
    tests: np.ndarray,
    specs: Sequence[AssessmentSpec],
    findings: Findings,
) -> None:
    """Scores above the maximum, and maxima that are not the test's; a blank maximum is the test's own."""
    own = np.array([np.nan if spec.max_score is None else spec.max_score for spec in specs] + [np.nan])[tests]
    maxima = own
    if "max_score" in columns:
        heading = columns["max_score"]
        told, codes = plain_numbers(cells_of(table, heading), decimal_comma=table.dialect.decimal_comma)
        findings.note_codes(codes, heading)
        for maximum in np.unique(own[~np.isnan(own)]):
            differs = (own == maximum) & ~np.isnan(told) & (told != maximum)
            findings.reject("MAX_SCORE_MISMATCH", differs, heading, maximum=f"{maximum:g}")
        maxima = np.where(np.isnan(own), told, own)
    for maximum in np.unique(maxima[scores > maxima]):
        above = (maxima == maximum) & (scores > maximum)
        findings.reject("SCORE_ABOVE_MAX", above, columns["score"], maximum=f"{maximum:g}")


def _administrations(
    tests: np.ndarray, people: People, terms: Sequence[str], findings: Findings
) -> list[tuple[int, str | None, np.ndarray]]:
    """The usable rows by test and administration, in the order of the tests and of first mention."""
    usable = findings.usable
    if people.terms is None:
        told = np.full(len(tests), -1)
    else:
        places, words = pd.factorize(people.terms)
        number = {fold_heading(term): nth for nth, term in enumerate(terms)}
        told = np.array([number.get(fold_heading(word), -1) for word in words], np.int64)[places]
    found = []
    for test in np.unique(tests[usable]):
        for nth in np.unique(told[usable & (tests == test)]):
            rows = np.flatnonzero(usable & (tests == test) & (told == nth))
            found.append((int(test), terms[nth] if nth >= 0 else None, rows))
    return found
