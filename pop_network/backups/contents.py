"""What is in the database, table by table: a count and a checksum that do not depend on the order of rows."""

from psycopg import sql

# Rows that are no loss, and would differ between the counting and the dump.
LEFT_OUT = ("portal_cache", "schools_drawnpage", "schools_changedtable")

# How a row is printed depends on these; the checksum must not.
SAME_EVERYWHERE = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';"
    " SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1"
)

TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL (%s) ORDER BY relname
"""

# The first 8 bytes of each row's MD5 as a whole number, summed: a changed, lost or doubled row changes it.
CONTENTS = """
SELECT count(*), coalesce(sum(('x' || left(md5(row_of_table::text), 16))::bit(64)::bigint::numeric), 0)::text
FROM {table} AS row_of_table
"""


def contents(cursor):
    """{table: {"rows": n, "checksum": text}} of every table, partitions one by one, cache aside.

    Needs an open transaction, whose snapshot it reads.
    """
    cursor.execute(SAME_EVERYWHERE)
    cursor.execute(TABLES, [list(LEFT_OUT)])
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL(CONTENTS).format(table=sql.Identifier(table)))
        rows, checksum = cursor.fetchone()
        found[table] = {"rows": rows, "checksum": checksum}
    return found


def differences(expected, found):
    """Sentences, one for each table in which the two disagree."""
    sentences = []
    for table in sorted(expected.keys() | found.keys()):
        before, after = expected.get(table), found.get(table)
        if before is None or after is None:
            sentences.append(f"{table} is only in the {'backup' if after is None else 'database'}")
        elif before["rows"] != after["rows"]:
            sentences.append(f"{table} has {after['rows']} rows instead of {before['rows']}")
        elif before["checksum"] != after["checksum"]:
            sentences.append(f"{table} has other values than the backup")
    return sentences
