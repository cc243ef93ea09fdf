"""PostgreSQL's binary COPY format, written with numpy: columns in, bytes out, without a loop over rows.

The format (PostgreSQL manual, COPY, "Binary Format"): an 11-byte signature, two int32, then per row an int16 count
of fields and per field an int32 length (-1 for NULL) and the value in network byte order; -1 ends it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
POSTGRES_EPOCH = np.datetime64("2000-01-01", "D")
ROWS_A_BLOCK = 20_000
INT4_OID, FLOAT4_OID, FLOAT8_OID = 23, 700, 701


@dataclass(slots=True)
class Column:
    """A column of one PostgreSQL type: `values` in network byte order (n, or n x bytes), `null` a mask or None."""

    values: np.ndarray
    null: np.ndarray | None = None

    def take(self, rows: np.ndarray) -> "Column":
        """The column of those rows, in that order."""
        return Column(self.values[rows], None if self.null is None else self.null[rows])


def integers(values: np.ndarray, *, size: int = 4, none: int | None = None) -> Column:
    """int2, int4 or int8 (`size` bytes); entries equal to `none` become NULL."""
    return Column(values.astype(f">i{size}"), None if none is None else values == none)


def reals(values: np.ndarray) -> Column:
    """float4; NaN becomes NULL."""
    return Column(values.astype(">f4"), np.isnan(values))


def days(values: np.ndarray) -> Column:
    """date; NaT becomes NULL."""
    missing = np.isnat(values)
    since = np.where(missing, 0, (values - POSTGRES_EPOCH).astype(np.int64))
    return Column(since.astype(">i4"), missing)


def raw_bytes(matrix: np.ndarray | None, rows: int, *, null: np.ndarray | None = None) -> Column:
    """bytea of one length: uint8 (n, bytes), NULL where `null` says so; no matrix is a column of NULL."""
    if matrix is None or not matrix.shape[1]:
        return Column(np.zeros((rows, 0), np.uint8), np.ones(rows, bool))
    return Column(np.ascontiguousarray(matrix), null)


def doubles(values: np.ndarray) -> Column:
    """float8; NaN becomes NULL."""
    return Column(values.astype(">f8"), np.isnan(values))


def real_arrays(matrix: np.ndarray | None, rows: int) -> Column:
    """real[] of one length; NaN stays NaN inside the array, a row of nothing else is NULL, as is no matrix."""
    if matrix is None or not matrix.shape[1]:
        return raw_bytes(None, rows)
    return Column(_arrays(matrix, ">f4", FLOAT4_OID).values, np.isnan(matrix).all(axis=1))


def double_arrays(matrix: np.ndarray) -> Column:
    """double precision[] of one length, never NULL; NaN stays NaN inside the array."""
    return _arrays(matrix, ">f8", FLOAT8_OID)


def integer_arrays(matrix: np.ndarray) -> Column:
    """integer[] of one length, never NULL."""
    return _arrays(matrix, ">i4", INT4_OID)


def _arrays(matrix: np.ndarray, kind: str, oid: int) -> Column:
    rows, width = matrix.shape
    if not width:
        empty = np.array([0, 0, oid], ">i4").view(np.uint8)  # an array without dimensions
        return Column(np.tile(empty, (rows, 1)))
    cell = [("size", ">i4"), ("value", kind)]
    packed = np.zeros(rows, np.dtype([("head", ">i4", 5), ("cells", cell, width)]))
    packed["head"] = [1, 0, oid, width, 1]  # dimensions, no NULLs, type, length, lower bound
    packed["cells"]["size"] = np.dtype(kind).itemsize
    packed["cells"]["value"] = matrix
    return Column(packed.view(np.uint8).reshape(rows, -1))


def short_texts(values: np.ndarray) -> Column:
    """Text of at most two ASCII bytes; "" stays empty (the two lengths are told apart by the row's pattern)."""
    return Column(values.astype("S2"))


def binary_rows(columns: list[Column], rows: int) -> Iterator[bytes]:
    """The file of `rows` rows in pieces. Rows are grouped by which fields are NULL or empty: COPY has no order."""
    yield SIGNATURE
    pattern = np.zeros(rows, np.int64)
    for place, column in enumerate(columns):
        if column.null is not None:
            pattern |= column.null.astype(np.int64) << (2 * place)
        if column.values.dtype.kind == "S":
            pattern |= (column.values == b"").astype(np.int64) << (2 * place + 1)
    for kind in np.unique(pattern):
        chosen = np.flatnonzero(pattern == kind)
        for start in range(0, len(chosen), ROWS_A_BLOCK):
            yield _packed(columns, chosen[start : start + ROWS_A_BLOCK], int(kind))
    yield TRAILER


def _packed(columns: list[Column], chosen: np.ndarray, pattern: int) -> bytes:
    """Rows of one pattern: all are equally long, so they are one structured array."""
    layout: list[tuple] = [("fields", ">i2")]
    for place, column in enumerate(columns):
        layout.append((f"size{place}", ">i4"))
        if not _is_empty(column, pattern, place):
            layout.append((f"value{place}", column.values.dtype, column.values.shape[1:]))
    packed = np.zeros(len(chosen), np.dtype(layout))
    packed["fields"] = len(columns)
    for place, column in enumerate(columns):
        if pattern >> (2 * place) & 1:
            packed[f"size{place}"] = -1
        elif not _is_empty(column, pattern, place):
            packed[f"size{place}"] = packed.dtype[f"value{place}"].itemsize
            packed[f"value{place}"] = column.values[chosen]
    return packed.tobytes()


def _is_empty(column: Column, pattern: int, place: int) -> bool:
    return bool(pattern >> (2 * place) & 3) or 0 in column.values.shape[1:]
