"""Columns of new rows, and the rows as COPY reads them in its binary form where all are of one width. Pure.

Most rows of a roster are numbers and days. So they are laid out by columns, without an object for each cell, and
PostgreSQL need not read them as text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from schools.oneroster.records import FOREVER, NO_DAY, date_of, day_of

HEAD, FOOT = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
NUMBERS = {"integer": ">i4", "bigint": ">i8", "date": ">i4", "boolean": ">i1"}
POSTGRES_EPOCH = day_of(date(2000, 1, 1))
FEW_TEXTS = 100
NULL_LENGTH = -1


@dataclass(frozen=True, slots=True)
class Same:
    """A column that holds one value in all its rows."""

    value: object
    count: int

    def __len__(self) -> int:
        return self.count


@dataclass(frozen=True, slots=True)
class Days:
    """A column of day numbers (`records`); a blank and an open end are NULL."""

    numbers: np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)

    def dates(self) -> list[date | None]:
        """The days as dates."""
        known = {day: date_of(day) for day in pd.unique(self.numbers).tolist()}
        return [known[day] for day in self.numbers.tolist()]


@dataclass(frozen=True, slots=True)
class Laid:
    """A column in binary: how long each cell is (-1: NULL), of what type, and the cells (one for all of a Same)."""

    length: int
    dtype: np.dtype
    cells: object


def binary_blocks(columns: Mapping[str, Sequence], types: Mapping[str, str], rows: int) -> Iterator[bytes] | None:
    """The rows in binary, so many a block; None where they are not all of one width (text is the way then).

    `types` are PostgreSQL's of the columns.
    """
    laid = [laid_out(cells, types[name]) for name, cells in columns.items()]
    if any(column is None for column in laid):
        return None
    return _blocks([column for column in laid if column is not None], len(next(iter(columns.values()))), rows)


def _blocks(laid: list[Laid], count: int, rows: int) -> Iterator[bytes]:
    fields = [("width", np.dtype(">i2"))]
    for place, column in enumerate(laid):
        fields += [(f"length{place}", np.dtype(">i4")), (f"cell{place}", column.dtype)]
    block = np.zeros(min(rows, count), fields)
    block["width"] = len(laid)
    for place, column in enumerate(laid):
        block[f"length{place}"] = column.length
    yield HEAD
    for start in range(0, count, rows):
        part = block[: min(rows, count - start)]
        for place, column in enumerate(laid):
            if column.length > 0:
                cells = column.cells
                part[f"cell{place}"] = cells[start : start + len(part)] if isinstance(cells, np.ndarray) else cells
        yield part.tobytes()
    yield FOOT


def laid_out(cells: Sequence, kind: str) -> Laid | None:
    """A column in binary, None where its cells differ in width."""
    if isinstance(cells, Days):
        blank = (cells.numbers == FOREVER) | (cells.numbers == NO_DAY)
        if blank.any():
            return _null() if blank.all() else None
        return _numbers(cells.numbers - POSTGRES_EPOCH, kind)
    if isinstance(cells, Same):
        if cells.value is None:
            return _null()
        return _text([cells.value], cells.value) if isinstance(cells.value, str) else None
    if isinstance(cells, np.ndarray) and cells.dtype.kind == "i":
        return _numbers(cells, kind)
    if len(cells) and isinstance(cells[0], str):
        texts = pd.unique(np.asarray(cells, object))
        return _text(texts.tolist(), cells) if len(texts) <= FEW_TEXTS else None
    return None


def _null() -> Laid:
    return Laid(NULL_LENGTH, np.dtype("S0"), None)


def _numbers(cells: np.ndarray, kind: str) -> Laid:
    dtype = np.dtype(NUMBERS[kind])
    return Laid(dtype.itemsize, dtype, cells)


def _text(texts: list[str], cells: str | Sequence[str]) -> Laid | None:
    """ASCII texts of one length; `cells` is one of them for all rows, or a column."""
    lengths = {len(text) if text.isascii() else None for text in texts}
    length = lengths.pop()
    if lengths or length is None:
        return None
    dtype = np.dtype(f"S{length}")
    return Laid(length, dtype, cells.encode() if isinstance(cells, str) else np.array(cells, dtype))
