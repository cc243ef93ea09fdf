"""An applied roster taken back exactly: what it added goes, what it changed is as it was before.

Refused, with the reason, where a later roster changed something since, where somebody has changed one of its rows in
the portal, and where other records (results, notes) already refer to what it brought.
"""

import json
import zlib

import structlog
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg import sql

from schools.history.signing import asked_by
from schools.models import RosterImport, RosterTrace, User
from schools.oneroster.writing import listed
from schools.rosters import lock_rosters

State = RosterImport.State
logger = structlog.get_logger("schools")


CHANGED_SINCE = """
SELECT count(*) FROM {table} WHERE {which} AND xmin NOT IN (
    SELECT xmin FROM schools_rostertrace WHERE id = %s
    UNION ALL SELECT xmin FROM schools_rosterimport WHERE state = 'undone'
)
"""


class NotUndone(Exception):
    """The roster cannot be taken back; the text says why."""


def undo_roster(roster_import: RosterImport, by: User | None) -> RosterImport:
    """Take the roster back here. Raises NotUndone."""
    with asked_by(by), transaction.atomic():
        row = RosterImport.objects.select_for_update(of=("self",)).select_related("district")  # unscoped: caller's own
        row = row.get(pk=roster_import.pk)
        lock_rosters(row.district)
        refuse(row)
        traces = list(RosterTrace.objects.filter(roster_import=row).order_by("-position"))  # unscoped: the import's
        for trace in traces:
            refuse_changed(trace)
        try:
            with transaction.atomic():
                _take_back_all(row, traces, by)
        except IntegrityError as error:
            raise NotUndone(stands_on(error)) from error
    logger.info("roster undone", roster_import=row.pk, by=by.pk if by else None)
    return row


def _take_back_all(row: RosterImport, traces: list[RosterTrace], by: User | None) -> None:
    """Step by step back, then the row; all keys are checked before it is over."""
    later_ones(row).update(state=State.UNDONE, undone_at=timezone.now(), undone_by=by)
    if any(trace.table == "district" for trace in traces):  # it goes with what it was made for
        RosterImport.objects.filter(district=row.district).update(district=None)  # unscoped: the same district's
        row.district = None
    for trace in traces:
        take_back(trace)
    row.state, row.undone_at, row.undone_by = State.UNDONE, timezone.now(), by
    row.failure, row.attempts, row.moved_at = "", 0, timezone.now()
    row.save()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refuse(row: RosterImport) -> None:
    """Raises NotUndone where the roster is not applied, or a later one that changed something stands on it."""
    if row.state not in (State.APPLIED, State.UNDOING):
        raise NotUndone(f"This roster is {row.get_state_display()}; only an applied one can be undone.")
    if not row.applied_at:
        raise NotUndone("This roster was loaded in a way that cannot be undone.")
    later = later_ones(row).order_by("applied_at", "pk")
    standing = next((one for one in later if changed_something(one)), None)
    if standing is not None:
        raise NotUndone(
            f'A later roster, "{standing.filename}" of {standing.applied_at:%B %-d, %Y}, changed people after this '
            "one. Undo that one first."
        )


def later_ones(row: RosterImport):
    """Rosters of the district applied after it; those that changed nothing go with it."""
    later = RosterImport.objects.filter(district=row.district, state=State.APPLIED)  # unscoped: the same district's
    since = Q(applied_at__gt=row.applied_at) | Q(applied_at=row.applied_at, pk__gt=row.pk)
    return later.filter(since).exclude(pk=row.pk)


def changed_something(row: RosterImport) -> bool:
    """Whether applying it wrote a row of the portal."""
    return RosterTrace.objects.filter(roster_import=row).exists()  # unscoped: the same district's


def model_of(trace: RosterTrace) -> type[models.Model]:
    return apps.get_model("schools", trace.table)


def refuse_changed(trace: RosterTrace) -> None:
    """Raises NotUndone where a row the step wrote has been written again since.

    PostgreSQL notes on every row the transaction that wrote it (xmin): it is that of the trace itself, which was
    written beside it and never since; or that of the undoing of a later roster, which put the row back.
    """
    model = model_of(trace)
    statement = sql.SQL(CHANGED_SINCE).format(
        table=sql.Identifier(model._meta.db_table), which=sql.SQL(which_rows(trace))
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values_of(trace), trace.pk])
        changed = cursor.fetchone()[0]
    if changed:
        what = model._meta.verbose_name if changed == 1 else model._meta.verbose_name_plural
        raise NotUndone(
            f"Since this roster {changed} {what} that it wrote {'has' if changed == 1 else 'have'} been changed in the "
            "portal, and undoing it would lose that. End or correct single records on their pages."
        )


def which_rows(trace: RosterTrace) -> str:
    if trace.columns:
        return "id = ANY(%s)"
    return "id IN (SELECT generate_series(lower(r), upper(r) - 1) FROM unnest(%s::int8range[]) AS r)"


def values_of(trace: RosterTrace) -> list:
    if trace.columns:
        return [[int(row[0]) for row in rows_before(trace)]]
    return [[f"[{first},{last}]" for first, last in trace.ids]]


def rows_before(trace: RosterTrace) -> list[list]:
    return json.loads(zlib.decompress(bytes(trace.before)))


def take_back(trace: RosterTrace) -> None:
    """Undo one step: the rows it added go, the rows it changed get the cells they had."""
    model = model_of(trace)
    table = sql.Identifier(model._meta.db_table)
    with connection.cursor() as cursor:
        if not trace.columns:
            delete = sql.SQL("DELETE FROM {table} WHERE {which}")
            cursor.execute(delete.format(table=table, which=sql.SQL(which_rows(trace))), values_of(trace))
            return
        types = {one.column: one.rel_db_type(connection) for one in model._meta.concrete_fields}
        sets = sql.SQL(", ").join(
            sql.SQL("{0} = new.{0}::" + types[column]).format(sql.Identifier(column)) for column in trace.columns[1:]
        )
        arrays = sql.SQL(", ").join([sql.SQL("%s::text[]")] * len(trace.columns))
        statement = sql.SQL(
            "UPDATE {table} AS old SET {sets} FROM unnest({arrays}) AS new ({columns}) WHERE old.id = new.id::integer"
        ).format(table=table, sets=sets, arrays=arrays, columns=listed("{}", trace.columns))
        cursor.execute(statement, [list(column) for column in zip(*rows_before(trace), strict=True)])


def stands_on(error: IntegrityError) -> str:
    """Which kind of record refers to what the roster brought, in words."""
    table = getattr(getattr(error.__cause__, "diag", None), "table_name", "") or ""
    names = {model._meta.db_table: model._meta.verbose_name_plural for model in apps.get_models()}
    what = names.get(table, "other records")
    return (
        f"There are {what} that refer to people, classes or schools which this roster brought, so it cannot be undone. "
        "A corrected roster ends what should not be there."
    )
