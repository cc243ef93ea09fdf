"""What a reader finds in a file, before it is cleaned: the same for a CSV file and for a sheet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from schools.files.issues import Issue


@dataclass(slots=True)
class Grid:
    """Raw cells by column, the physical line of each row, and the heading over each column.

    `columns` are object arrays of text, one for each heading. `short` are rows with fewer or more cells than the
    header, by line: not in the columns, and not yet judged (a footer, or an error). `clean` says that no cell needs
    cleaning; `longest` is at least the length of the longest cell. `reread` gives (line, raw cells) once more.
    """

    header: list[str]
    header_line: int
    columns: list[np.ndarray]
    lines: np.ndarray
    reread: Callable[[], Iterator[tuple[int, list[str]]]]
    short: dict[int, list[str]] = field(default_factory=dict)
    row_issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)
    clean: bool = False
    longest: int = 1 << 30
    blank_rows: int = 0
    trailing: bool = False  # rows had empty cells beyond the header's
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
