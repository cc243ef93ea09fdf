"""Text files: which sign parts the cells, which lines make a row, and the cells as columns.

The rows are found first, vectorized over the bytes where no quotation mark is in the way, else with the csv module
one record at a time; then pandas' C engine reads the good rows in one go, every cell as text.
"""

import csv
import io
from collections.abc import Iterator

import numpy as np
import pandas as pd

from schools.files import records
from schools.files.cells import clean_cell
from schools.files.decoding import Text, only_line_ends
from schools.files.dialect import choose_delimiter, separator_line
from schools.files.grid import Grid
from schools.files.issues import FileRefused, issue
from schools.files.layout import SAMPLE_ROWS, find_header
from schools.files.limits import Limits

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
LINES_PER_ROW = 5
MOST_TEXT = 250_000_000  # bytes in memory
TEXT_OVERHEAD = 57  # bytes of a text and its place
SAMPLED_ROWS = 1_000
ROWS_A_PIECE = 1 << 16
VARIED = 0.5  # this share of a sample distinct: all of the column is likely to be
QUOTE = b'"'


def read_delimited(text: Text, *, limits: Limits, needed: frozenset[str]) -> Grid:
    """The table of a text file. Raises FileRefused: EMPTY_FILE, NO_DATA_ROWS, UNREADABLE_CSV and the limits."""
    body = text.utf8
    starts = records.line_starts(body, limits)
    named = separator_line(body)
    skip = 1 if named else 0
    delimiter = named or choose_delimiter(body)
    sample = list(_head(body, starts, delimiter, skip))
    if not sample:
        raise FileRefused(issue("EMPTY_FILE"))
    place = find_header([row for _, row in sample], needed)
    header_line, _ = sample[place]
    found = records.find(body, starts, delimiter, header_line)
    header = found.header
    _check_width(len(header), limits)
    named_width = _filled(header)
    grid = Grid(
        header=header,
        header_line=header_line,
        columns=[],
        lines=np.zeros(0, np.int32),
        reread=lambda: reread(body, delimiter),
        notes=list(text.notes),
        delimiter=delimiter,
        encoding=text.encoding,
    )
    if named:
        grid.notes.append(issue("SEP_LINE", row=1))
    if delimiter != ",":
        grid.notes.append(issue("DELIMITER", delimiter=NAMES.get(delimiter, f"sign {delimiter!r}")))
    if place or header_line > 1 + skip:
        grid.notes.append(issue("TITLE_ROWS", row=header_line))
    keep = _sort_out(body, starts, delimiter, found, grid, named_width)
    _check_size(int(keep.sum()) + len(grid.short), max(len(header), 1), limits)
    _read(body, starts, delimiter, found, keep, grid)
    grid.clean = _is_clean(body, delimiter)
    grid.longest = found.longest
    return grid


def reread(body: bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells as they were written) of every record, once more from the bytes."""
    reader = records.csv_reader(body, delimiter)
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def _head(body: bytes, starts: np.ndarray, delimiter: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    """(line, cleaned cells) of the first records that are not blank."""
    end = starts[min(len(starts) - 1, skip + SAMPLE_ROWS * LINES_PER_ROW)]
    count = 0
    try:
        for line, row in reread(body[: int(end)], delimiter):
            cells = [clean_cell(cell) for cell in row]
            if line > skip and any(cells):
                yield line, cells
                count += 1
            if count == SAMPLE_ROWS:
                return
    except csv.Error:
        return


def _filled(cells: list[str]) -> int:
    """How many cells there are up to the last one that is not blank."""
    return max((place for place, cell in enumerate(cells, start=1) if clean_cell(cell)), default=0)


def _check_width(columns: int, limits: Limits) -> None:
    if columns > limits.max_columns:
        raise FileRefused(issue("TOO_MANY_COLUMNS", count=columns, limit=limits.max_columns))


def _check_size(rows: int, columns: int, limits: Limits) -> None:
    if rows > limits.max_rows:
        raise FileRefused(issue("TOO_MANY_ROWS", limit=limits.max_rows))
    if rows * columns > limits.max_cells:
        raise FileRefused(issue("TOO_MANY_CELLS", limit=limits.max_cells))


def _sort_out(
    body: bytes, starts: np.ndarray, delimiter: str, found: records.Records, grid: Grid, named_width: int
) -> np.ndarray:
    """A bool mask of the records that are rows of the right width; the others go to the grid's short rows.

    Right is any width between the last heading and the last cell of the header's line, and more where the cells
    beyond are blank.
    """
    blank = _lengths(body, starts, found) <= np.maximum(found.widths - 1, 0)  # nothing but separators
    grid.blank_rows += int(blank.sum())
    keep = (found.widths >= named_width) & (found.widths <= len(grid.header)) & ~blank
    for place in np.flatnonzero(~keep & ~blank):
        first, last = int(found.first[place]), int(found.last[place])
        piece = body[int(starts[first - 1]) : int(starts[last])]
        row = next(records.csv_reader(piece, delimiter), [])
        filled = _filled(row)
        if not filled:
            grid.blank_rows += 1
        elif len(row) > len(grid.header) >= filled:
            keep[place] = grid.trailing = True
        else:
            grid.short[first] = row
    return keep


def _lengths(body: bytes, starts: np.ndarray, found: records.Records) -> np.ndarray:
    """How many bytes each record has, its line end left out."""
    lengths = starts[found.last] - starts[found.first - 1] - 1
    if len(lengths) and not body.endswith(b"\n"):
        lengths[-1] += 1
    return lengths


def _read(
    body: bytes, starts: np.ndarray, delimiter: str, found: records.Records, keep: np.ndarray, grid: Grid
) -> None:
    """Fill the grid's columns and lines with the kept records, every cell as text."""
    width = len(grid.header)
    grid.lines = found.first[keep]
    if not keep.any():
        grid.columns = [np.empty(0, dtype=object) for _ in range(width)]
        return
    _refuse_too_varied(body, starts, delimiter, found, keep)
    there = min(width, int(found.widths[keep].max()))  # the header may go on with empty cells
    pieces = pd.read_csv(
        _stream(body, starts, found, keep),
        sep=delimiter,
        header=None,
        names=range(there),
        usecols=range(there),
        index_col=False,
        dtype=object,
        na_filter=False,
        skip_blank_lines=False,
        skipinitialspace=True,
        quoting=csv.QUOTE_MINIMAL if found.quoted else csv.QUOTE_NONE,
        lineterminator="\n",
        encoding="utf-8",
        engine="c",
        chunksize=ROWS_A_PIECE,
    )
    count = len(grid.lines)
    blank = np.full(count, "", dtype=object)  # one for all columns without a cell
    grid.columns, done = [blank] * width, 0
    for piece in pieces:
        if done + len(piece) <= count:
            for place in range(there):
                _fill(grid.columns, place, piece[place].to_numpy(dtype=object), done, blank)
        done += len(piece)
    if done != count:  # the two readers disagree about what a row is: a quotation mark is astray
        raise FileRefused(issue("UNREADABLE_CSV", row=int(grid.lines[0])))


def _fill(columns: list[np.ndarray], place: int, cells: np.ndarray, done: int, blank: np.ndarray) -> None:
    """Put the cells of a piece into their column, after those `done`."""
    if columns[place] is blank:
        if cells[0] == "" and (cells == "").all():
            return
        columns[place] = blank.copy()
    columns[place][done : done + len(cells)] = cells


def _stream(body: bytes, starts: np.ndarray, found: records.Records, keep: np.ndarray) -> io.BytesIO:
    """The kept records, in order: runs of them are cut out whole; where they are the rest of the file, no copy."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], keep, [False])).astype(np.int8)))
    runs = [
        (int(starts[found.first[begin] - 1]), int(starts[found.last[end - 1]]))
        for begin, end in zip(edges[0::2], edges[1::2], strict=True)
    ]
    if len(runs) == 1 and runs[0][1] == len(body):
        stream = io.BytesIO(body)
        stream.seek(runs[0][0])
        return stream
    return io.BytesIO(b"".join(body[start:end] for start, end in runs))


def _refuse_too_varied(
    body: bytes, starts: np.ndarray, delimiter: str, found: records.Records, keep: np.ndarray
) -> None:
    """Raises FileRefused, TOO_MANY_CELLS, where the distinct texts, by a sample, would take too much memory."""
    places = np.flatnonzero(keep)
    if int(found.widths[places].sum()) * TEXT_OVERHEAD < MOST_TEXT:
        return
    sample = places[:: max(1, len(places) // SAMPLED_ROWS)]
    texts: dict[int, list[str]] = {}
    for place in sample:
        piece = body[int(starts[found.first[place] - 1]) : int(starts[found.last[place]])]
        for column, cell in enumerate(next(records.csv_reader(piece, delimiter), [])):
            texts.setdefault(column, []).append(cell)
    varied = [column for column in texts.values() if len(set(column)) > len(column) * VARIED]
    each = sum(TEXT_OVERHEAD + sum(map(len, column)) / len(column) for column in varied)
    if each * len(places) > MOST_TEXT:
        raise FileRefused(issue("TOO_MANY_CELLS"))


def _is_clean(body: bytes, delimiter: str) -> bool:
    """Whether plainly no cell needs cleaning: ASCII, no blanks at the edge of a cell, no tabs or control signs."""
    if not body.isascii() or QUOTE in body or (b" " in body and _has_edges(body, delimiter.encode())):
        return False
    if only_line_ends(body):
        return b"\r" not in body
    return (
        not any(sign in body for sign in (b"\v", b"\f", b"\x1a"))
        and (delimiter == "\t" or b"\t" not in body)
        and len(body) == len(body.translate(None, records.CONTROLS))
    )


def _has_edges(body: bytes, edge: bytes) -> bool:
    """Whether a blank stands at the edge of a cell."""
    within = (b" " + edge, edge + b" ", b" \n", b"\n ")
    return body.startswith(b" ") or body.endswith(b" ") or any(sign in body for sign in within)
