"""NWEA MAP Growth: the AssessmentResults half of a pair, and the combined file of one row per student and test.

An adaptive test has no common questions: a result is a RIT score with its standard error, and a score per
goal area ("strand") where the test gives them. What is one instrument is the measurement scale (in the
combined file the course); each is an administration of its own. `GrowthMeasureYN` says which of several
tests of a term counts. Names and grades come from the StudentsBySchool half, or stay unknown.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from assessments.formats.columns import Findings, by_distinct, cells_of, distinct_terms, refuse_mixed
from assessments.formats.instruments import named_by_code
from assessments.formats.seam import AssessmentSpec, Block, Hints, Instrument, Parsed
from schools.files.header import fold_heading, match_header
from schools.files.issues import Issue, issue
from schools.files.table import Table
from schools.files.values import dates, grades, plain_numbers, student_ids

GOALS = range(1, 9)
WANTED = {
    "TermName": (),
    "StudentID": (),
    "SchoolName": (),
    "TestStartDate": (),
    "TestRITScore": (),
    "School_StateID": (),
    "GrowthMeasureYN": (),
    "TestStandardError": (),
    "Discipline": ("Subject",),
    "MeasurementScale": ("Course",),
    **{f"Goal{goal}{part}": () for goal in GOALS for part in ("Name", "RitScore")},
}
NEEDED = frozenset({"TermName", "StudentID", "TestRITScore", "Discipline"})
ROSTER_WANTED = {
    "StudentID": (),
    "SchoolName": (),
    "StudentLastName": (),
    "StudentFirstName": (),
    "Grade": (),
}
NOT_THE_ONE = frozenset({"false", "f", "no", "n", "0"})
GENERAL = {  # scales and courses that go by another name from file to file, and the instrument each is
    "mathematics": ("MAP-MATH", "Mathematics"),
    "mathk12": ("MAP-MATH", "Mathematics"),
    "math": ("MAP-MATH", "Mathematics"),
    "reading": ("MAP-READING", "Reading"),
    "readingk2": ("MAP-READING", "Reading"),
    "readingk12": ("MAP-READING", "Reading"),
    "languageusage": ("MAP-LANGUAGE", "Language Usage"),
    "languageusagek12": ("MAP-LANGUAGE", "Language Usage"),
    "language": ("MAP-LANGUAGE", "Language Usage"),
    "science": ("MAP-SCIENCE", "General Science"),
    "sciencegeneralscience": ("MAP-SCIENCE", "General Science"),
    "generalscience": ("MAP-SCIENCE", "General Science"),
    "sciencek12": ("MAP-SCIENCE", "General Science"),
}
MORE_DECIMALS = 4


class MapGrowth:
    """See the module."""

    name = "map_growth"
    label = "NWEA MAP Growth"

    def recognises(self, header: Sequence[str], specs: Sequence[AssessmentSpec] = ()) -> bool:
        """Terms, students, RIT scores, and a discipline or subject."""
        folded = {fold_heading(heading) for heading in header}
        return {"termname", "studentid", "testritscore"} <= folded and bool(folded & {"discipline", "subject"})

    def parse(self, table: Table, specs: Sequence[AssessmentSpec], hints: Hints) -> Parsed:
        """A block per instrument and term.

        Raises FileRefused: a needed column missing or doubled, or several terms (or instruments) where the
        sender chose one window (or test).
        """
        columns = match_header(table.header, WANTED, optional=WANTED.keys() - NEEDED, line=table.header_line)
        findings = Findings.of(table, hints)
        people = _people(table, columns, hints, findings)
        comma = table.dialect.decimal_comma
        rit = _numbers(table, columns["TestRITScore"], findings, comma=comma)
        standard_errors = None
        if "TestStandardError" in columns:
            standard_errors = _numbers(table, columns["TestStandardError"], findings, comma=comma)
        goals = _goals(table, columns, findings, comma=comma)
        terms = cells_of(table, columns["TermName"])
        instruments, places = _instruments(table, columns)
        if hints.window:
            refuse_mixed(distinct_terms(terms, findings.usable))
        if hints.assessment:
            refuse_mixed([instruments[place].name for place in np.unique(places[findings.usable])])
        picks = _picks(table, columns)
        blocks = []
        for place, term, rows in _administrations(places, terms, findings.usable):
            strands, strand_scores = _strands(goals, rows)
            spec = _spec_of(instruments[place], specs, hints)
            taken: dict[str, Any] = {name: None if all_ is None else all_[rows] for name, all_ in people.items()}
            blocks.append(
                Block(
                    assessment=spec.code if spec else instruments[place].code,
                    instrument=None if spec else instruments[place],
                    term=term or None,
                    lines=table.lines[rows],
                    tested=~np.isnan(rit[rows]),
                    scale_scores=rit[rows],
                    standard_errors=None if standard_errors is None else standard_errors[rows],
                    strands=strands,
                    strand_scores=strand_scores if strands else None,
                    vendor_pick=None if picks is None else picks[rows],
                    **taken,
                )
            )
        return findings.parsed(self.name, blocks)


def is_roster_half(header: Sequence[str]) -> bool:
    """Whether this is the StudentsBySchool half of a pair: who is where, and no results."""
    folded = {fold_heading(heading) for heading in header}
    return {"termname", "studentid", "studentlastname", "schoolname"} <= folded and "testritscore" not in folded


def instrument_of(discipline: str, scale: str) -> Instrument:
    """The instrument a row belongs to: its measurement scale (or course), the discipline where it names none."""
    code, name = GENERAL.get(_squeezed(scale or discipline), (None, scale or discipline))
    if code is None:
        code = "MAP-" + re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")
    return Instrument(code=code, name=f"MAP Growth {name}", subject=discipline, scale="RIT")


def _squeezed(words: str) -> str:
    """Only the letters and digits: "Science - General Science" and "Science K-12" are keys of GENERAL."""
    return re.sub(r"[^a-z0-9]+", "", words.casefold())


def _instruments(table: Table, columns: dict[str, str]) -> tuple[list[Instrument], np.ndarray]:
    """The instruments of the file, and for each row which one."""
    disciplines = cells_of(table, columns["Discipline"])
    scales = cells_of(table, columns["MeasurementScale"]) if "MeasurementScale" in columns else disciplines
    pair_places, pairs = pd.factorize(pd.Series(disciplines + "\n" + scales, dtype=object))
    found: dict[str, Instrument] = {}
    of_pair = []
    for pair in pairs:
        instrument = instrument_of(*pair.split("\n"))
        found.setdefault(instrument.code, instrument)
        of_pair.append(list(found).index(instrument.code))
    return list(found.values()), np.array(of_pair, np.int64)[pair_places]


def _spec_of(instrument: Instrument, specs: Sequence[AssessmentSpec], hints: Hints) -> AssessmentSpec | None:
    """The configured adaptive test that the instrument is: the one chosen, else by code, name or alias."""
    if hints.assessment and fold_heading(hints.assessment) != fold_heading(instrument.code):
        return named_by_code(specs, hints.assessment)
    words = {fold_heading(instrument.code), fold_heading(instrument.name)}
    adaptive = [spec for spec in specs if spec.kind == "adaptive"]
    return next(
        (spec for spec in adaptive if words & {*map(fold_heading, (spec.code, spec.name, *spec.aliases))}), None
    )


def _people(table: Table, columns: dict[str, str], hints: Hints, findings: Findings) -> dict[str, Any]:
    """Who, where and when, one entry per row, under the names a Block has for them."""
    numbers, codes = student_ids(cells_of(table, columns["StudentID"]))
    findings.note_codes(codes, columns["StudentID"], read=numbers)
    findings.reject("MISSING_ID", numbers == "", columns["StudentID"])
    names = cells_of(table, columns["SchoolName"]) if "SchoolName" in columns else None
    schools = cells_of(table, columns["School_StateID"]) if "School_StateID" in columns else names
    if names is not None and schools is not None:
        schools = np.where(schools == "", names, schools)
    days = None
    if "TestStartDate" in columns:
        days, codes = by_distinct(dates, cells_of(table, columns["TestStartDate"]))
        findings.note_codes(codes, columns["TestStartDate"])
    people = {"numbers": numbers, "schools": schools, "school_names": names, "dates": days}
    if hints.students is not None:
        people |= _from_roster_half(hints.students, numbers, names, findings.issues)
    return people


def _from_roster_half(
    students: Table, numbers: np.ndarray, names: np.ndarray | None, issues: list[Issue]
) -> dict[str, np.ndarray]:
    """Names and grades by student, from the row of the same school where a student has several."""
    optional = ROSTER_WANTED.keys() - {"StudentID"}
    columns = match_header(students.header, ROSTER_WANTED, optional=optional, line=students.header_line)
    known, _ = student_ids(cells_of(students, columns["StudentID"]))
    first = ~pd.Series(known).duplicated().to_numpy()
    row_of = pd.Index(known[first]).get_indexer(pd.Index(numbers, dtype=object))
    rows = np.where(row_of >= 0, np.flatnonzero(first)[row_of], -1)
    if names is not None and "SchoolName" in columns:
        schools = cells_of(students, columns["SchoolName"])
        once = ~pd.Series(known + "\n" + schools).duplicated().to_numpy()
        exact = pd.Index((known + "\n" + schools)[once]).get_indexer(pd.Index(numbers + "\n" + names))
        rows = np.where(exact >= 0, np.flatnonzero(once)[exact], rows)
    found = {}
    for field, heading in (("last_names", "StudentLastName"), ("first_names", "StudentFirstName")):
        if heading in columns:
            found[field] = np.where(rows >= 0, cells_of(students, columns[heading])[rows], "")
    if "Grade" in columns:
        cells = cells_of(students, columns["Grade"])
        levels, codes = grades(cells)
        levels = np.where(levels == None, "", levels)  # noqa: E711  (an array, compared by element)
        found["grades"] = np.where(rows >= 0, levels[rows], "")
        strange, counts = np.unique(cells[codes == "BAD_GRADE"].astype(str), return_counts=True)
        for value, count in zip(strange, counts, strict=True):
            issues.append(issue("GRADE_UNKNOWN", column=columns["Grade"], value=value, count=int(count)))
    return found


def _numbers(table: Table, heading: str, findings: Findings, *, comma: bool) -> np.ndarray:
    values, codes = plain_numbers(cells_of(table, heading), decimal_comma=comma, max_decimals=MORE_DECIMALS)
    findings.note_codes(codes, heading)
    return values


def _goals(
    table: Table, columns: dict[str, str], findings: Findings, *, comma: bool
) -> list[tuple[np.ndarray, np.ndarray]]:
    """The goal areas of the file, each as (names, scores) of all rows."""
    return [
        (cells_of(table, columns[f"Goal{goal}Name"]), _numbers(table, columns[score], findings, comma=comma))
        for goal in GOALS
        if f"Goal{goal}Name" in columns and (score := f"Goal{goal}RitScore") in columns
    ]


def _strands(goals: Sequence[tuple[np.ndarray, np.ndarray]], rows: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """All strands of those rows in order of first mention, and the scores (rows x strands, NaN = none).

    Tests of one instrument differ by grade and course, so that a row has only the strands of its own test.
    """
    strands: dict[str, int] = {}
    found = []
    for names, scores in goals:
        places, words = pd.factorize(names[rows])
        of_word = np.array([strands.setdefault(word, len(strands)) if word else -1 for word in words], np.int64)
        found.append((of_word[places] if len(words) else np.full(len(rows), -1), scores[rows]))
    matrix = np.full((len(rows), len(strands)), np.nan)
    for strand, scores in found:
        told = np.flatnonzero(strand >= 0)
        matrix[told, strand[told]] = scores[told]
    return tuple(strands), matrix


def _picks(table: Table, columns: dict[str, str]) -> np.ndarray | None:
    """Whether the vendor counts the test; only a plain no is one."""
    if "GrowthMeasureYN" not in columns:
        return None
    places, words = pd.factorize(cells_of(table, columns["GrowthMeasureYN"]))
    return np.array([word.strip().casefold() not in NOT_THE_ONE for word in words], bool)[places]


def _administrations(
    instruments: np.ndarray, terms: np.ndarray, usable: np.ndarray
) -> list[tuple[int, str, np.ndarray]]:
    """The usable rows by instrument and term, in order of first mention."""
    rows = np.flatnonzero(usable)
    term_places, words = pd.factorize(pd.Series([" ".join(term.split()) for term in terms[rows]], dtype=object))
    codes, both = pd.factorize(instruments[rows] * max(len(words), 1) + term_places)
    pairs = [divmod(pair, max(len(words), 1)) for pair in both.tolist()]
    return [(instrument, str(words[term]), rows[codes == nth]) for nth, (instrument, term) in enumerate(pairs)]
