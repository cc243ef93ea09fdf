"""Many rows into one table at once, and what was there before: COPY for new rows, one UPDATE for changed ones.

Every step is noted, so that it can be taken back exactly (`undoing`): the ids that were added, the rows that were
changed as they were.
"""

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import islice, repeat

import numpy as np
from django.db import connection, models
from django.utils import timezone
from psycopg import sql

from schools.history.signing import sign_transaction
from schools.models import RosterImport, RosterTrace
from schools.oneroster.columns import Days, Same, binary_blocks

ROWS_A_BLOCK = 20_000
FAST = 3
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = "\\N"
NEEDS_ESCAPE = re.compile(r"[\\\t\n\r]")


@dataclass(slots=True)
class Writer:
    """Writes rows for one roster, and keeps the traces of it."""

    traces: list[RosterTrace] = field(default_factory=list)

    def add(self, model: type[models.Model], columns: dict[str, Sequence]) -> np.ndarray:
        """Add rows, given as columns of the table; columns that are not given get the field's default. Their ids."""
        count = len(next(iter(columns.values())))
        ids = reserved_ids(model, count)
        if count:
            given = {"id": ids, **columns}
            given |= {name: Same(value, count) for name, value in defaults(model, given).items()}
            copy_columns(model, given)
            self.note_added(model, ids)
        return ids

    def note_added(self, model: type[models.Model], ids: Iterable[int]) -> None:
        """Note rows that were added otherwise."""
        self.traces.append(RosterTrace(table=model._meta.model_name, ids=ranges(ids)))

    def change(self, model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence]) -> None:
        """Set `columns` of the model's rows; the first column is the id, by which a row is found."""
        if not rows:
            return
        ids = [int(row[0]) for row in rows]
        before = json.dumps(rows_as_text(model, columns, ids), separators=(",", ":"))
        update_rows(model, columns, list(zip(*rows, strict=True)))
        self.traces.append(
            RosterTrace(
                table=model._meta.model_name,
                columns=list(columns),
                before=zlib.compress(before.encode(), FAST),
            )
        )

    def keep(self, roster_import: RosterImport) -> None:
        """Keep the traces with the import; in the transaction of the writing itself."""
        for position, trace in enumerate(self.traces):
            trace.roster_import, trace.position = roster_import, position
        RosterTrace.objects.bulk_create(self.traces)


def reserved_ids(model: type[models.Model], count: int) -> np.ndarray:
    """The next ids of the model's table, for rows that are about to be added.

    The sequence is found in a query of its own within: found by name for each id, that costs seven times the ids.
    """
    if not count:
        return np.empty(0, np.int64)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(n), max(n), CASE WHEN max(n) - min(n) >= count(*) THEN array_agg(n) END FROM ("
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass)) AS n FROM generate_series(1, %s)"
            ") AS taken",
            [model._meta.db_table, count],
        )
        first, last, scattered = cursor.fetchone()  # scattered where others took ids between them
    return np.arange(first, last + 1) if scattered is None else np.array(scattered, np.int64)


def defaults(model: type[models.Model], given: dict) -> dict:
    """What the columns that are not given hold in a new row."""
    now = timezone.now()
    return {
        one.column: now if getattr(one, "auto_now_add", False) else one.get_default()
        for one in model._meta.concrete_fields
        if one.column not in given
    }


def copy_columns(model: type[models.Model], columns: dict[str, Sequence]) -> None:
    """Send the columns of new rows by COPY: in binary where all rows are of one width, else as text."""
    blocks = binary_blocks(columns, types_of(model), ROWS_A_BLOCK)
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN (FORMAT {form})").format(
        table=sql.Identifier(model._meta.db_table),
        columns=listed("{}", list(columns)),
        form=sql.SQL("text" if blocks is None else "binary"),
    )
    sign_transaction(connection)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in text_blocks(columns) if blocks is None else blocks:
            copy.write(block)


def text_blocks(columns: dict[str, Sequence]) -> Iterator[str]:
    """The rows as COPY reads them from text, many a block."""
    rows = map("\t".join, zip(*(texts(cells) for cells in columns.values()), strict=True))
    while block := list(islice(rows, ROWS_A_BLOCK)):
        yield "\n".join(block) + "\n"


def texts(cells: Sequence) -> Iterator[str]:
    """Each cell as COPY reads it."""
    if isinstance(cells, Days):
        cells = cells.dates()
    if isinstance(cells, Same):
        return repeat(as_text(cells.value), cells.count)
    if isinstance(cells, np.ndarray) and cells.dtype.kind == "i":
        return map(str, cells.tolist())
    if len(cells) and isinstance(cells[0], date):
        return map(cache(as_text), cells)  # few days, many rows
    if all(isinstance(cell, str) for cell in cells) and not NEEDS_ESCAPE.search("\0".join(cells)):
        return iter(cells)
    return map(as_text, cells)


def as_text(cell) -> str:
    if isinstance(cell, str):
        return cell.translate(ESCAPES)
    if cell is None:
        return NULL
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return "{}" if cell == [] else str(cell)


def update_rows(model: type[models.Model], columns: Sequence[str], cells: Sequence[Sequence]) -> None:
    """Set the columns (the id first) of the rows whose ids are given; `cells` are column by column."""
    types = types_of(model)
    statement = sql.SQL(
        "UPDATE {table} AS old SET {sets} FROM unnest({arrays}) AS new ({columns}) WHERE {match}"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        sets=listed("{0} = new.{0}", columns[1:]),
        arrays=sql.SQL(", ").join(sql.SQL("%s::" + types[column] + "[]") for column in columns),
        columns=listed("{}", columns),
        match=sql.SQL("old.{0} = new.{0}").format(sql.Identifier(columns[0])),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in cells])


def types_of(model: type[models.Model]) -> dict[str, str]:
    """PostgreSQL's type of each column of the model's table."""
    return {one.column: one.rel_db_type(connection) for one in model._meta.concrete_fields}


def rows_as_text(model: type[models.Model], columns: Sequence[str], ids: Sequence[int]) -> list[tuple]:
    """The rows of those ids as they are now, each cell as text (None for NULL)."""
    statement = sql.SQL("SELECT {cells} FROM {table} WHERE id = ANY(%s) ORDER BY id").format(
        cells=listed("{}::text", columns), table=sql.Identifier(model._meta.db_table)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return cursor.fetchall()


def ranges(ids: Iterable[int]) -> list[list[int]]:
    """Ids as ranges, first and last included."""
    numbers = np.sort(ids if isinstance(ids, np.ndarray) else np.fromiter(ids, np.int64))
    if not len(numbers):
        return []
    breaks = np.flatnonzero(np.diff(numbers) > 1)
    firsts, lasts = numbers[np.r_[0, breaks + 1]], numbers[np.r_[breaks, len(numbers) - 1]]
    return [[int(first), int(last)] for first, last in zip(firsts, lasts, strict=True)]


def listed(template: str, columns: Sequence[str]) -> sql.Composed:
    """The template for each column, with commas between."""
    return sql.SQL(", ").join(sql.SQL(template).format(sql.Identifier(column)) for column in columns)
