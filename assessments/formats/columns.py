"""What the portal's own layouts have in common: the columns that say who, where and when, and the rows they reject."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

import assessments.formats.catalogue  # noqa: F401  (adds the words of results files)
from assessments.formats.seam import Hints, Parsed
from schools.files.header import fold_heading, match_header
from schools.files.issues import FileRefused, Issue, issue
from schools.files.table import Table
from schools.files.values import dates, errors, grades, student_ids

STUDENT_ALIASES = ("student id", "student number", "student no", "local student id")
PERSON_COLUMNS = {
    "last_name": ("student last name", "family name", "surname"),
    "first_name": ("student first name", "given name"),
    "name": ("student name", "full name"),
    "school_id": ("school code", "school number"),
    "school": (),
    "school_name": (),
    "grade": ("grade level", "student grade"),
    "test_date": ("date", "date tested", "tested on"),
    "administration": ("window", "term", "test window"),
    "section": ("section code", "class"),
}
REPORT_COLUMNS = ("reason", "remedy")  # the error file's own, never data


@dataclass(slots=True)
class Findings:
    """What parsing has to say of a table's rows; the masks run along the table's frame."""

    table: Table
    rejected: np.ndarray  # bool
    ignored: np.ndarray  # bool
    issues: list[Issue] = field(default_factory=list)

    @classmethod
    def of(cls, table: Table, hints: Hints) -> "Findings":
        """With the rows left out that a person chose to skip."""
        n = len(table.frame)
        findings = cls(table, np.zeros(n, bool), np.isin(table.lines, np.array(hints.decisions.skip_lines, np.int64)))
        for row in np.flatnonzero(findings.ignored).tolist():
            findings.say("SKIPPED_BY_PERSON", row)
        return findings

    @property
    def usable(self) -> np.ndarray:
        return ~(self.rejected | self.ignored)

    def say(self, code: str, row: int, column: str | None = None, value: object = None, **details: Any) -> None:
        """An issue of one row of the frame."""
        self.issues.append(issue(code, row=self.table.lines[row], column=column, value=value, **details))

    def reject(self, code: str, mask: np.ndarray, column: str, **details: Any) -> None:
        """The rows of the mask are errors, each shown with its cell of that column."""
        cells = cells_of(self.table, column)
        for row in np.flatnonzero(mask & ~self.ignored).tolist():
            self.say(code, row, column, cells[row], **details)
            self.rejected[row] = True

    def note_codes(self, codes: np.ndarray, column: str, read: np.ndarray | None = None) -> None:
        """Per row None or a code, as `schools.files.values` gives them: errors reject the row, notes are said."""
        said = np.flatnonzero((codes != None) & ~self.ignored)  # noqa: E711  (an array, compared by element)
        if not len(said):
            return
        cells = cells_of(self.table, column)
        for row in said.tolist():
            self.say(codes[row], row, column, cells[row], read=None if read is None else read[row])
        self.rejected[said[errors(codes[said])]] = True

    def parsed(self, name: str, blocks: Sequence, notes: Sequence[Issue] = ()) -> Parsed:
        """The answer of a format. Rows the reader could not make a row of count as rejected."""
        unread = [found.row for found in self.table.row_issues if found.level == "error" and found.row is not None]
        rejected = np.union1d(self.table.lines[self.rejected & ~self.ignored], np.array(unread, np.int32))
        return Parsed(
            format=name,
            blocks=tuple(blocks),
            issues=(*self.table.row_issues, *self.issues),
            rejected=rejected.astype(np.int32),
            ignored=self.table.lines[self.ignored].astype(np.int32),
            notes=tuple(notes),
        )


@dataclass(slots=True)
class People:
    """Who, where and when, one entry per row of the frame; None where the file has no such column."""

    numbers: np.ndarray
    last_names: np.ndarray | None
    first_names: np.ndarray | None
    schools: np.ndarray | None
    school_names: np.ndarray | None
    grades: np.ndarray | None
    dates: np.ndarray | None
    terms: np.ndarray | None

    def taken(self, rows: np.ndarray) -> dict[str, Any]:
        """The fields of a Block for those rows."""
        names = ("numbers", "last_names", "first_names", "schools", "school_names", "grades", "dates")
        arrays = {name: getattr(self, name) for name in names}
        return {name: None if array is None else array[rows] for name, array in arrays.items()}


def cells_of(table: Table, column: str) -> np.ndarray:
    """The clean text of a column as an object array."""
    return np.asarray(table.frame.iloc[:, table.header.index(column)], dtype=object)


def by_distinct(
    read: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]], cells: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A cleaner of `schools.files.values` on the distinct texts of a column: (values, codes) of every row."""
    places, texts = pd.factorize(cells)
    values, codes = read(texts)
    return values[places], codes[places]


def has_student_column(header: Sequence[str]) -> bool:
    """Whether a heading says that its column holds student numbers."""
    known = {fold_heading(alias) for alias in ("student", *STUDENT_ALIASES)}
    return any(fold_heading(heading) in known for heading in header)


def student_heading(table: Table) -> str:
    """The heading of the column of student numbers ("student" alone only where no other says so).

    Raises FileRefused: MISSING_COLUMN, or DUPLICATE_COLUMN where two claim it.
    """
    found = match_header(table.header, {"student_id": STUDENT_ALIASES}, optional=["student_id"], line=table.header_line)
    wanted = {"student_id": ("student", *STUDENT_ALIASES)}
    return (found or match_header(table.header, wanted, line=table.header_line))["student_id"]


def read_people(table: Table, findings: Findings, columns: dict[str, str]) -> People:
    """The columns of people, cleaned; what can't be read rejects its row. `columns` maps roles to headings."""
    student = columns["student"]
    numbers, codes = student_ids(cells_of(table, student))
    findings.note_codes(codes, student, read=numbers)
    findings.reject("MISSING_ID", numbers == "", student)
    last, first = _names(table, columns)
    days = levels = None
    if "test_date" in columns:
        days, codes = by_distinct(dates, cells_of(table, columns["test_date"]))
        findings.note_codes(codes, columns["test_date"])
    if "grade" in columns:
        levels, codes = by_distinct(grades, cells_of(table, columns["grade"]))
        levels = np.where(levels == None, "", levels)  # noqa: E711  (an array, compared by element)
        findings.note_codes(codes, columns["grade"])
    terms = cells_of(table, columns["administration"]) if "administration" in columns else None
    schools, school_names = _schools(table, columns)
    return People(numbers, last, first, schools, school_names, levels, days, terms)


def _schools(table: Table, columns: dict[str, str]) -> tuple[np.ndarray | None, np.ndarray | None]:
    """The school's code, or its name where there is none; and beside a code the name."""
    words = [cells_of(table, columns[role]) for role in ("school_id", "school", "school_name") if role in columns]
    if not words:
        return None, None
    schools = words[0]
    for word in words[1:]:
        schools = np.where(schools == "", word, schools)
    return schools, words[-1] if len(words) > 1 else None


def _names(table: Table, columns: dict[str, str]) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Last and first names; one column of whole names is parted at its comma, else before its last word."""
    last, first = (cells_of(table, columns[role]) if role in columns else None for role in ("last_name", "first_name"))
    if last is not None or first is not None or "name" not in columns:
        return last, first
    places, whole = pd.factorize(cells_of(table, columns["name"]))
    parted = [_part(name) for name in whole]
    last, first = (np.array([pair[side] for pair in parted], dtype=object)[places] for side in (0, 1))
    return last, first


def _part(name: str) -> tuple[str, str]:
    last, comma, first = name.partition(",")
    if comma:
        return last.strip(), first.strip()
    first, _, last = name.rpartition(" ")
    return last, first


def only_term(people: People, usable: np.ndarray) -> str | None:
    """The one administration that a file of one administration names, None where it names none.

    Raises FileRefused (MIXED_ADMINISTRATION) where it names two.
    """
    named = distinct_terms(people.terms, usable)
    refuse_mixed(named)
    return named[0] if named else None


def distinct_terms(terms: np.ndarray | None, usable: np.ndarray) -> list[str]:
    """The administrations named, each as first written; case and spacing don't make two of one."""
    if terms is None:
        return []
    words: dict[str, str] = {}
    for word in pd.unique(terms[usable]):
        if word:
            words.setdefault(fold_heading(word), word)
    return list(words.values())


def refuse_mixed(found: Sequence[str]) -> None:
    """Raise FileRefused (MIXED_ADMINISTRATION) where a file meant for one administration names several."""
    if len(found) > 1:
        raise FileRefused(issue("MIXED_ADMINISTRATION", found=", ".join(found)))
