"""Which physical lines of a text file make one row, and into how many cells each falls."""

import csv
import io
from dataclasses import dataclass

import numpy as np

from schools.files.issues import FileRefused, issue
from schools.files.limits import Limits

PIECE = 8 << 20
QUOTE = b'"'
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n") + b"\x7f"
LINES_PER_ROW = 5  # blank lines and lines inside cells, for each row that may be there


@dataclass(frozen=True, slots=True)
class Records:
    """The rows under the header. Arrays of one length: first and last physical line (int32), number of cells."""

    header: list[str]
    first: np.ndarray
    last: np.ndarray
    widths: np.ndarray
    longest: int  # at least the length of the longest cell
    quoted: bool


def csv_reader(body: bytes, delimiter: str, *, strict: bool = False):
    """A csv reader over those bytes: lines end at line feeds only, spaces before a cell are skipped."""
    lines = (line.decode() for line in io.BytesIO(body))
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=strict)


def line_starts(body: bytes, limits: Limits) -> np.ndarray:
    """Where each physical line begins, and after them where the last one ends (int64).

    Raises FileRefused: TOO_MANY_ROWS, LINE_TOO_LONG.
    """
    if body.count(b"\n") > LINES_PER_ROW * limits.max_rows + 1000:
        raise FileRefused(issue("TOO_MANY_ROWS", limit=limits.max_rows))
    signs = np.frombuffer(body, dtype=np.uint8)
    ends = [
        np.flatnonzero(signs[start : start + PIECE] == ord("\n")) + (start + 1) for start in range(0, len(signs), PIECE)
    ]
    starts = np.concatenate([np.zeros(1, np.int64), *ends])
    if starts[-1] != len(body):
        starts = np.append(starts, len(body))
    lengths = np.diff(starts)
    if len(lengths) and lengths.max() > limits.max_line:
        raise FileRefused(issue("LINE_TOO_LONG", row=int(lengths.argmax()) + 1, limit=limits.max_line))
    return starts


def find(body: bytes, starts: np.ndarray, delimiter: str, header_line: int) -> Records:
    """The header of that line, and the rows under it. Raises FileRefused: UNREADABLE_CSV."""
    if QUOTE in body[int(starts[header_line - 1]) :]:
        return _quoted(body, starts, delimiter, header_line)
    header = next(csv_reader(body[int(starts[header_line - 1]) : int(starts[header_line])], delimiter))
    first = np.arange(header_line + 1, len(starts), dtype=np.int32)
    widths = _count(body, starts[header_line:], delimiter) + 1
    longest = int(np.diff(starts[header_line:]).max(initial=0))
    return Records(header, first, first, widths, longest, quoted=False)


def _count(body: bytes, starts: np.ndarray, delimiter: str) -> np.ndarray:
    """How often the sign stands in each of the lines that begin (and end) at `starts`."""
    counts = np.zeros(max(len(starts) - 1, 0), dtype=np.int32)
    signs = np.frombuffer(body, dtype=np.uint8)
    line = 0
    while line < len(counts):
        after = int(np.searchsorted(starts, starts[line] + PIECE, side="right")) - 1
        after = min(max(after, line + 1), len(counts))
        piece = signs[starts[line] : starts[after]] == ord(delimiter)
        counts[line:after] = np.add.reduceat(piece, starts[line:after] - starts[line], dtype=np.int32)
        line = after
    return counts


def _quoted(body: bytes, starts: np.ndarray, delimiter: str, header_line: int) -> Records:
    """Records where quotation marks may hold separators and line breaks: one after the other."""
    offset = int(starts[header_line - 1])
    reader = csv_reader(body[offset:], delimiter)
    header: list[str] = []
    first, last, widths = [], [], []
    longest = 0
    line = header_line
    try:
        for row in reader:
            end = header_line - 1 + reader.line_num
            if end > line or end == len(starts) - 1:
                _refuse_swallowed(body[int(starts[line - 1]) : int(starts[end])], delimiter, row, line, end, header)
            if not header:
                header = row
            else:
                first.append(line)
                last.append(end)
                widths.append(len(row))
            line = end + 1
    except csv.Error as problem:
        raise FileRefused(issue("UNREADABLE_CSV", row=line)) from problem
    ends = np.array(last, dtype=np.int32)
    begins = np.array(first, dtype=np.int32)
    if len(begins):
        longest = int((starts[ends] - starts[begins - 1]).max())
    return Records(header, begins, ends, np.array(widths, dtype=np.int32), longest, quoted=True)


def _refuse_swallowed(piece: bytes, delimiter: str, row: list[str], line: int, end: int, header: list[str]) -> None:
    """Raises FileRefused, UNREADABLE_CSV, where an open quotation mark has swallowed rows.

    Telling are a mark that is never closed, one closed in the middle of a word, and a cell that holds a line with
    as many separators as a row has. A remark of several lines in quotation marks is none of these.
    """
    try:
        list(csv_reader(piece, delimiter, strict=True))
    except csv.Error as problem:
        raise FileRefused(issue("UNREADABLE_CSV", row=line, until=end if end > line else None)) from problem
    separators = max(len(header) - 1, 2)
    for cell in row:
        if "\n" in cell and any(part.count(delimiter) >= separators for part in cell.split("\n")):
            raise FileRefused(issue("UNREADABLE_CSV", row=line, until=end))
