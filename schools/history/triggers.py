"""The triggers on the tables that are kept, brought up to the list after every `migrate`."""

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from schools.history.kept import Kept, kept

ROWS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
CREATE = "CREATE TRIGGER {name} AFTER {op} ON {table} REFERENCING {rows} FOR EACH STATEMENT"
STANDING = """
SELECT c.relname, t.tgname, t.tgargs FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE p.proname = 'history_keep' AND c.relnamespace = 'public'::regnamespace
"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"


def keep_tables(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers of the list on its tables, and take away those that are no longer on it.

    Safe to repeat: a table whose triggers stand as they should is not touched, so nobody waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = {name for (name,) in cursor.fetchall()}
        if "schools_change" not in tables:
            return
        standing = triggers_of(cursor)
        wanted = {
            (one.table, f"history_{op}"): (one, op) for one in kept().values() for op in ROWS if one.table in tables
        }
        for table, name in standing.keys() - wanted.keys():
            _drop(cursor, table, name)
        for (table, name), (one, op) in wanted.items():
            if standing.get((table, name)) != as_bytes(one):
                if (table, name) in standing:
                    _drop(cursor, table, name)
                cursor.execute(_create(one, op, name))


def triggers_of(cursor) -> dict[tuple[str, str], bytes]:
    """The arguments of each trigger that keeps history, by table and name."""
    cursor.execute(STANDING)
    return {(table, name): bytes(arguments) for table, name, arguments in cursor.fetchall()}


def as_bytes(one: Kept) -> bytes:
    """The arguments of a table's triggers as PostgreSQL stores them."""
    return b"".join(argument.encode() + b"\0" for argument in one.arguments)


def _create(one: Kept, op: str, name: str) -> sql.Composed:
    head = sql.SQL(CREATE).format(
        name=sql.Identifier(name), op=sql.SQL(op), table=sql.Identifier(one.table), rows=sql.SQL(ROWS[op])
    )
    arguments = sql.SQL(", ").join(sql.Literal(argument) for argument in one.arguments)
    return sql.SQL("{head} EXECUTE FUNCTION history_keep({arguments})").format(head=head, arguments=arguments)


def _drop(cursor, table: str, name: str) -> None:
    cursor.execute(sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(name), sql.Identifier(table)))
