"""Many rows into one table at once: COPY for new ones, one UPDATE for changed ones."""

from collections.abc import Iterable, Sequence

from django.db import connection, models
from psycopg import sql


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    """Add rows to the model's table; `columns` are the table's."""
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN").format(
        table=sql.Identifier(model._meta.db_table), columns=listed("{}", columns)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence]) -> None:
    """Set `columns` of the model's rows; the first column is the id, by which a row is found."""
    if not rows:
        return
    types = {field.column: field.rel_db_type(connection) for field in model._meta.concrete_fields}
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
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def listed(template: str, columns: Sequence[str]) -> sql.Composed:
    """The template for each column, with commas between."""
    return sql.SQL(", ").join(sql.SQL(template).format(sql.Identifier(column)) for column in columns)
