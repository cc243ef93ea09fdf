"""What a reader of files gives: clean text by column, and where each row stood in the file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schools.files.issues import Issue


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
