"""The triggers by which a table tells that it was changed, brought up to the models after every `migrate`.

Every table of the portal's own rooms is watched but those whose model says `never_drawn = True`. A model may name in
`unseen_changes` columns that no page shows (progress, the time of the last visit).
"""

from functools import cache
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

TRIGGER = "drawn_changed"
STANDING = """
SELECT c.relname, t.tgenabled = 'O',
ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (t.tgattr))
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname = %s AND c.relnamespace = 'public'::regnamespace
"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
CREATE = "CREATE TRIGGER {name} AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE {of} ON {table}"
MARK = """
INSERT INTO schools_changedtable (name, change, at)
SELECT name, pg_current_xact_id(), clock_timestamp() FROM unnest(%s::text[]) AS t (name)
"""
EACH = "FOR EACH STATEMENT EXECUTE FUNCTION drawn_changed()"


def own_rooms() -> list[AppConfig]:
    """The portal's own rooms among the installed apps."""
    return [room for room in apps.get_app_configs() if Path(room.path).parent == settings.BASE_DIR]


@cache
def watched() -> dict[str, tuple[str, ...]]:
    """{table: the columns whose change is told}; no column stands for every one."""
    found = [model for room in own_rooms() for model in room.get_models(include_auto_created=True)]
    return {one._meta.db_table: _told(one) for one in found if not getattr(one, "never_drawn", False)}


@cache
def known() -> frozenset[str]:
    """Every table that a model stands for."""
    return frozenset(model._meta.db_table for model in apps.get_models(include_auto_created=True))


@cache
def clocks() -> dict[str, tuple[type[models.Model], str]]:
    """Tables whose rows count from a moment on, with the column of it: a model says so in `counts_from`."""
    marked = [(model, getattr(model, "counts_from", "")) for model in apps.get_models()]
    return {model._meta.db_table: (model, column) for model, column in marked if column}


@cache
def told_by() -> dict[str, str]:
    """Tables that do not tell of all their changes, with the one that does: a model says so in `told_by`."""
    marked = [(model, getattr(model, "told_by", None)) for model in apps.get_models()]
    return {model._meta.db_table: apps.get_model(other)._meta.db_table for model, other in marked if other}


def watch_tables(connection: BaseDatabaseWrapper) -> None:
    """Put the trigger on every watched table, and take it from the others. Safe to repeat.

    A table whose trigger stands as it should is not touched, so nobody waits for it. Of one whose trigger did not, no
    change was told: all its pages are good no more.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = {name for (name,) in cursor.fetchall()}
        if "schools_changedtable" not in tables:
            return
        cursor.execute(STANDING, [TRIGGER])
        standing = {table: enabled and sorted(columns) for table, enabled, columns in cursor.fetchall()}
        wanted = {table: sorted(columns) for table, columns in watched().items() if table in tables}
        wrong = {table for table in standing.keys() | wanted.keys() if standing.get(table) != wanted.get(table)}
        for table in sorted(wrong & standing.keys()):
            cursor.execute(sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(TRIGGER), sql.Identifier(table)))
        for table in sorted(wrong & wanted.keys()):
            cursor.execute(_create(table, wanted[table]))
        cursor.execute(MARK, [sorted(wrong & wanted.keys())])


def _told(model: type[models.Model]) -> tuple[str, ...]:
    unseen = getattr(model, "unseen_changes", ())
    fields = {one.name: one.column for one in model._meta.concrete_fields}
    missing = set(unseen) - fields.keys()
    if missing:
        raise TypeError(f"{model.__name__}.unseen_changes names no column of it: {', '.join(sorted(missing))}")
    return tuple(column for name, column in fields.items() if name not in unseen) if unseen else ()


def _create(table: str, columns: list[str]) -> sql.Composed:
    named = sql.SQL(", ").join(map(sql.Identifier, columns))
    head = sql.SQL(CREATE).format(
        name=sql.Identifier(TRIGGER), table=sql.Identifier(table),
        of=sql.SQL("OF {}").format(named) if columns else sql.SQL(""),
    )  # fmt: skip
    return sql.SQL("{} {}").format(head, sql.SQL(EACH))
