"""The simple rival on the same file: COPY of the wide rows into a bare table, then one GROUP BY class by item."""

import time

from django.db import connections, transaction

from benchmarks.synthetic import ITEMS


def floor(data: bytes) -> float:
    """Seconds from the bytes to (class, item, students, share right) rows in a table, committed."""
    columns = ", ".join(f"q{n} smallint" for n in range(1, ITEMS + 1))
    values = ", ".join(f"({n}, w.q{n})" for n in range(1, ITEMS + 1))
    return _timed(
        data,
        columns,
        "INSERT INTO floor_sums SELECT w.section, v.item, count(*), avg(coalesce(v.earned, 0)) "
        f"FROM floor_wide w CROSS JOIN LATERAL (VALUES {values}) v(item, earned) GROUP BY w.section, v.item",
    )


def _timed(data: bytes, columns: str, statement: str) -> float:
    owner = "owner" if "owner" in connections.databases else "default"  # the application may not make tables
    connection = connections[owner]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS floor_wide, floor_sums")
        cursor.execute(f"CREATE UNLOGGED TABLE floor_wide (student text, section integer, {columns})")
        cursor.execute("CREATE TABLE floor_sums (section integer, item integer, students bigint, share numeric)")
    started = time.perf_counter()
    with transaction.atomic(owner), connection.cursor() as cursor:
        with cursor.copy("COPY floor_wide FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(data)
        cursor.execute(statement)
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE floor_wide, floor_sums")
    return seconds
