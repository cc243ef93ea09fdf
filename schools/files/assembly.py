"""From raw cells to a table: headings made unique, footers and blank rows taken off, cells cleaned, rows judged."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from schools.files.cells import Cleaner, clean_cell
from schools.files.grid import Grid
from schools.files.header import fold_heading, unique_headings
from schools.files.issues import FileRefused, Issue, issue
from schools.files.layout import TOTAL_BEGINS, is_footer, is_total_label, repeats_header
from schools.files.limits import Limits
from schools.files.shape import Dialect, Original, Table

FOOT_ROWS = 30
NAMED_AT_MOST = 5
LABEL_COLUMNS, LABEL_SIGNS = 3, 40
MOSTLY = 0.6
DECIMAL_COMMA = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+),[0-9]+")
DECIMAL_POINT = re.compile(r"-?[0-9]*\.[0-9]+")
THOUSANDS_ONLY = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
MOST_TEXTS = 5_000


def assemble(grid: Grid, limits: Limits) -> Table:
    """The table of a grid. Raises FileRefused: NO_DATA_ROWS, NO_VALID_ROWS, REPEATED_HEADER, TOO_MANY_COLUMNS."""
    original = Original(tuple(grid.header), grid.reread)
    header, columns = _named(grid)
    headings = len(grid.header)
    if len(header) > limits.max_columns:
        raise FileRefused(issue("TOO_MANY_COLUMNS", count=len(header), limit=limits.max_columns))
    cleaner = Cleaner()
    too_long: list[tuple[str, np.ndarray]] = []
    if not (grid.clean and grid.longest <= limits.max_field):
        for place, name in enumerate(header):
            columns[place], long = cleaner.column(columns[place], limits.max_field)
            if long is not None:
                too_long.append((name, long))
    keep = ~_blank(columns, len(grid.lines))
    grid.blank_rows += int(len(keep) - keep.sum())
    short = {line: [clean_cell(cell) for cell in row] for line, row in grid.short.items()}
    firsts = pd.unique(columns[0]) if columns else np.empty(0, dtype=object)
    _refuse_repeated(header, columns, firsts, grid.lines, short)
    footers = _footers(columns, firsts, grid.lines, keep, short, len(header))
    keep &= ~np.isin(grid.lines, list(footers))
    row_issues = list(grid.row_issues)
    row_issues += [
        issue("ROW_WIDTH", row=line, count=len(row), width=len(header))
        for line, row in short.items()
        if line not in footers
    ]
    for name, long in too_long:
        row_issues += _too_long(name, columns[header.index(name)], grid.lines, long & keep, limits.max_field)
    row_issues.sort(key=lambda found: found.row or 0)
    bad_lines = {found.row for found in row_issues}
    keep &= ~np.isin(grid.lines, list(bad_lines))
    _refuse_without_rows(int(keep.sum()), row_issues, grid.header_line)
    notes = grid.notes + _notes(grid, len(header) < headings, footers, cleaner)
    frame = _frame(header, columns, keep)
    columns.clear()
    return Table(
        header=tuple(header),
        frame=frame,
        lines=grid.lines[keep].astype(np.int32),
        original=original,
        header_line=grid.header_line,
        notes=tuple(notes),
        row_issues=tuple(row_issues),
        rows_read=int(keep.sum()) + len(bad_lines),
        sheet=grid.sheet,
        dialect=Dialect(grid.encoding, grid.delimiter, _decimal_comma(grid.delimiter, frame)),
    )


def _named(grid: Grid) -> tuple[list[str], list[np.ndarray]]:
    """Unique headings and their columns; columns without a heading and without a cell are left out."""
    cleaned = [" ".join(clean_cell(heading).split()) for heading in grid.header]
    columns, grid.columns = grid.columns, []
    kept = [place for place, heading in enumerate(cleaned) if heading or _has_cells(columns[place])]
    names, notes = unique_headings(cleaned)
    wanted = {names[place] for place in kept}
    grid.notes += [note for note in notes if note.column in wanted]
    changed = [new for old, new in zip(grid.header, cleaned, strict=True) if old != new and new]
    if changed:
        grid.notes.append(issue("HEADER_CLEANED", row=grid.header_line, columns=", ".join(changed[:NAMED_AT_MOST])))
    return [names[place] for place in kept], [columns[place] for place in kept]


def _has_cells(column: np.ndarray) -> bool:
    return any(clean_cell(text) for text in pd.unique(column))


def _blank(columns: Sequence[np.ndarray], count: int) -> np.ndarray:
    """A bool mask of the rows without a cell."""
    rows = np.arange(count)
    for column in columns:
        if not len(rows):
            break
        rows = rows[column[rows] == ""]
    blank = np.zeros(count, dtype=bool)
    blank[rows] = True
    return blank


def _refuse_repeated(
    header: Sequence[str],
    columns: Sequence[np.ndarray],
    firsts: np.ndarray,
    lines: np.ndarray,
    short: dict[int, list[str]],
) -> None:
    """Raises FileRefused, REPEATED_HEADER; `firsts` are the distinct texts of the first column."""
    if not header:
        return
    wanted = fold_heading(header[0])
    begins = wanted[:1]
    like = [text for text in firsts if text[:1].casefold() == begins and fold_heading(text) == wanted]
    places = np.flatnonzero(np.isin(columns[0], like)) if like else []
    again = [int(lines[place]) for place in places if repeats_header([column[place] for column in columns], header)]
    again += [line for line, row in short.items() if len(row) >= len(header) and repeats_header(row, header)]
    if again:
        raise FileRefused(issue("REPEATED_HEADER", row=min(again)))


def _footers(
    columns: Sequence[np.ndarray],
    firsts: np.ndarray,
    lines: np.ndarray,
    keep: np.ndarray,
    short: dict[int, list[str]],
    width: int,
) -> dict[int, str]:
    """The lines that are footers or totals, each with its first text. `firsts`: the distinct of the first column."""
    found = _totals(columns, firsts, lines, keep)
    places = np.flatnonzero(keep)[-FOOT_ROWS:]
    tail: list[tuple[int, list[str], bool]] = [
        (int(lines[place]), [column[place] for column in columns], False) for place in places
    ]
    tail += [(line, row, True) for line, row in sorted(short.items())[-FOOT_ROWS:]]
    numbered = cache(lambda: bool(columns) and _mostly_numbered(columns[0][keep]))  # seldom asked, slow to tell
    for line, row, is_short in sorted(tail, reverse=True):
        if line in found:
            continue
        if not is_footer(row, width, short=is_short, numbered=numbered):
            break
        found[line] = next(cell for cell in row if cell)
    return found


def _totals(columns: Sequence[np.ndarray], firsts: np.ndarray, lines: np.ndarray, keep: np.ndarray) -> dict[int, str]:
    """Rows of totals anywhere: labeled so, and without what every student's row has.

    That is a cell that is filled in all other rows, or an id (a digit) in the column that holds the label.
    """
    labeled = np.zeros(len(lines), dtype=bool)
    label = np.full(len(lines), "", dtype=object)
    first = keep.copy()  # rows that have been blank so far
    for place, column in enumerate(columns[:LABEL_COLUMNS]):
        texts = pd.unique(column[first]) if place else firsts
        like = [text for text in texts if text[:1] in TOTAL_BEGINS and is_total_label(text)]
        if like:
            here = np.isin(column, like) & first
            label[here] = column[here]
            labeled |= here
        first &= column == ""
    others = keep & ~labeled
    if not labeled.any() or not others.any():
        return {}
    always = [column for column in columns if (column[others] != "").all()]
    numbered = [column for column in columns[:LABEL_COLUMNS] if _mostly_numbered(column[others])]
    return {
        int(lines[place]): str(label[place])
        for place in np.flatnonzero(labeled)
        if any(column[place] == "" for column in always) or any(column[place] == label[place] for column in numbered)
    }


def _mostly_numbered(column: np.ndarray) -> bool:
    """Whether most cells hold a digit, as ids do and names do not."""
    places, texts = pd.factorize(column)
    with_digit = np.fromiter((any(map(str.isdigit, text[:LABEL_SIGNS])) for text in texts), bool, count=len(texts))
    return len(column) > 0 and with_digit[places].mean() >= MOSTLY


def _too_long(name: str, column: np.ndarray, lines: np.ndarray, long: np.ndarray, limit: int) -> list[Issue]:
    return [
        issue("FIELD_TOO_LONG", row=int(lines[place]), column=name, value=column[place], limit=limit)
        for place in np.flatnonzero(long)
    ]


def _refuse_without_rows(rows: int, row_issues: Sequence[Issue], header_line: int) -> None:
    if rows:
        return
    if not row_issues:
        raise FileRefused(issue("NO_DATA_ROWS", row=header_line))
    first = row_issues[0]
    raise FileRefused(issue("NO_VALID_ROWS", row=first.row, column=first.column, first=first.message))


def _notes(
    grid: Grid,
    emptied: bool,
    footers: dict[int, str],
    cleaner: Cleaner,
) -> list[Issue]:
    notes = []
    if emptied or grid.trailing:
        notes.append(issue("TRAILING_COMMAS"))
    if grid.blank_rows:
        notes.append(issue("BLANK_ROWS", count=grid.blank_rows))
    if footers:
        first = min(footers)
        notes.append(issue("FOOTER_ROWS", row=first, count=len(footers), value=footers[first]))
    return notes + cleaner.notes()


def _frame(header: Sequence[str], columns: list[np.ndarray], keep: np.ndarray) -> pd.DataFrame:
    """The kept rows as a frame of text (object columns), each column let go once it is in."""
    whole = keep.all()
    data = {name: column if whole else column[keep] for name, column in zip(header, columns, strict=True)}
    return pd.DataFrame(data, columns=list(header), dtype=object, copy=False)


def _decimal_comma(delimiter: str | None, frame: pd.DataFrame) -> bool:
    """Whether a semicolon file writes decimals with a comma throughout: at least one such, and none with a point."""
    if delimiter != ";":
        return False
    comma = False
    for name in frame.columns:
        for text in pd.unique(frame[name])[:MOST_TEXTS]:
            if DECIMAL_POINT.fullmatch(text):
                return False
            comma |= bool(DECIMAL_COMMA.fullmatch(text)) and not THOUSANDS_ONLY.fullmatch(text)
    return comma
