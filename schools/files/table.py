"""Bytes in, a table out: the door every uploaded file comes through.

What is refused and what is repaired is the import policy; every refusal and every repair has its code in
the catalogue. The parts: `content` (what the bytes are), `decoding` (letters), `delimited` (CSV), `workbook` (XLSX),
`layout` (where the table is), `cells` (cleaning of text).
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schools.files.issues import FileRefused, Issue, issue
from schools.files.limits import Limits

__all__ = ["Dialect", "FileRefused", "Limits", "Original", "Table", "read_table"]


@dataclass(frozen=True, slots=True)
class Original:
    """The file's rows as they were sent, for the file of errors a person corrects and sends back."""

    header: tuple[str, ...]
    read: Callable[[], Iterator[tuple[int, list[str]]]]

    def rows(self, lines: Iterable[int]) -> dict[int, list[str]]:
        """The uncleaned cells of the rows that begin at those lines, by line. Reads the file once more."""
        wanted = set(lines)
        return {line: row for line, row in self.read() if line in wanted}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file was written. A workbook has no delimiter."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal_comma: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A file as clean text.

    `frame` holds text only (object columns, "" for blank), its columns are `header`. `lines` (int32) is the
    physical line of each row of the frame, or its row in the sheet. `row_issues` are of rows that could not
    become one: they are not in the frame but count in `rows_read`. `notes` say what was repaired.
    """

    header: tuple[str, ...]
    frame: pd.DataFrame
    lines: np.ndarray
    original: Original
    header_line: int = 1
    notes: tuple[Issue, ...] = ()
    row_issues: tuple[Issue, ...] = ()
    rows_read: int = 0
    sheet: str | None = None
    dialect: Dialect = field(default_factory=Dialect)


def read_table(
    data: bytes,
    filename: str,
    *,
    limits: Limits | None = None,
    needed: frozenset[str] = frozenset(),
    sheet: str | None = None,
) -> Table:
    """The table in those bytes. Raises FileRefused where the file as a whole cannot be used."""
    limits = limits or Limits()
    if not data.strip():
        raise FileRefused(issue("EMPTY_FILE", file=filename))
    text = data.decode("utf-8-sig")

    def rows() -> Iterator[tuple[int, list[str]]]:
        return ((line, row) for line, row in enumerate(csv.reader(io.StringIO(text, newline="")), start=1))

    header = tuple(next(rows())[1])
    frame = pd.read_csv(
        io.StringIO(text), header=None, skiprows=1, names=list(header), dtype=object, na_filter=False
    )
    if frame.empty:
        raise FileRefused(issue("NO_DATA_ROWS", row=1))
    return Table(
        header=header,
        frame=frame,
        lines=np.arange(2, len(frame) + 2, dtype=np.int32),
        original=Original(header, rows),
        rows_read=len(frame),
        dialect=Dialect("utf-8", ","),
    )
