"""What is kept of pages in the database: read, written, marked as changed, and thrown away.

A page was drawn at a moment, and each transaction that changes a table leaves its number with the table's name. The
page is good while no such number of a table it was drawn from became visible since: PostgreSQL's own rule of what a
transaction sees, so that nothing falls between two clocks.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

LOOKED_AT_WITHIN = timedelta(days=100)  # results come every quarter; who reads them then finds them drawn
MOST_OF_ONE_READER = 40
MARKS_LAST = timedelta(hours=1)  # longer than any page takes to draw, or any job to commit

CHANGED = """EXISTS (
    SELECT FROM unnest(d.tables) AS t (name) CROSS JOIN LATERAL (
        SELECT FROM schools_changedtable AS c WHERE c.name = t.name
        AND c.change >= pg_snapshot_xmin(d.moment) AND NOT pg_visible_in_snapshot(c.change, d.moment) LIMIT 1
    ) AS one
)"""
# The moment is read with the page, before anything else: what is drawn then is at least as new.
LOOK = f"""
SELECT pg_current_snapshot()::text, d.body, d.access, d.until, d.looked_at
FROM (SELECT) AS one LEFT JOIN schools_drawnpage AS d
ON d.key = %s AND d.by = %s AND d.until > %s AND d.body <> '' AND NOT {CHANGED}
"""
KEEP = """
INSERT INTO schools_drawnpage (key, user_id, path, session, by, body, access, tables, moment, until, looked_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::pg_snapshot, %s, %s)
ON CONFLICT (key) DO UPDATE SET by = excluded.by, body = excluded.body, access = excluded.access,
tables = excluded.tables, moment = excluded.moment, until = excluded.until, looked_at = excluded.looked_at
"""
EXPECT = """
INSERT INTO schools_drawnpage (key, user_id, path, session, by, body, tables, moment, until, looked_at)
VALUES (%s, %s, %s, %s, '', '', '{}', pg_current_snapshot(), %s, %s) ON CONFLICT DO NOTHING
"""
# What readers who were told of something lately will open, with what their newest page goes by in the session.
TOLD = """
SELECT n.user_id, n.url, d.session FROM schools_notice AS n CROSS JOIN LATERAL (
    SELECT session FROM schools_drawnpage WHERE user_id = n.user_id ORDER BY looked_at DESC LIMIT 1
) AS d
WHERE n.at > %s AND n.at <= %s AND n.read_at IS NULL
AND NOT EXISTS (SELECT FROM schools_drawnpage AS p WHERE p.user_id = n.user_id AND p.path = n.url)
"""
EMPTY = f"UPDATE schools_drawnpage AS d SET body = '' WHERE d.body <> '' AND (d.until <= %s OR {CHANGED})"
TO_DRAW = """
SELECT key, user_id, path, session, looked_at FROM schools_drawnpage WHERE body = '' ORDER BY looked_at DESC LIMIT %s
"""
FORGET = """
DELETE FROM schools_drawnpage WHERE looked_at < %s OR key IN (
    SELECT key FROM (SELECT key, row_number() OVER (PARTITION BY user_id ORDER BY looked_at DESC) AS place
    FROM schools_drawnpage) AS placed WHERE place > %s
)"""
# The newest mark of a table speaks against every page drawn before it. An older one says more only of pages that were
# drawn while its transaction was under way.
FORGET_MARKS = """
DELETE FROM schools_changedtable AS c WHERE c.at < %s
AND c.change < (SELECT max(change) FROM schools_changedtable AS newer WHERE newer.name = c.name)
AND NOT EXISTS (
    SELECT FROM schools_drawnpage
    WHERE c.change >= pg_snapshot_xmin(moment) AND c.change < pg_snapshot_xmax(moment)
)"""


@dataclass(frozen=True)
class Found:
    """What was found under a key.

    moment  now, in transactions
    body    the page; None where none is good
    """

    moment: str
    body: str | None
    access: dict | None
    until: datetime | None
    looked_at: datetime | None


@dataclass(frozen=True)
class Address:
    """Whose page it is, and what tells it from others: `session` holds what it goes by there."""

    key: str
    user: int
    path: str
    session: dict


def look(key: str, by: str, now: datetime) -> Found:
    """The page under `key`, if it is good."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [key, by, now])
        moment, body, access, until, looked_at = cursor.fetchone()
    access = json.loads(access) if isinstance(access, str) else access
    return Found(moment, body, access, until, looked_at)


def keep(at: Address, by: str, body: str, access: dict | None, *, tables, moment, until, looked_at) -> None:
    """Keep a page in place of what stood under its key."""
    kept = json.dumps(access) if access is not None else None
    given = [at.key, at.user, at.path, json.dumps(at.session), by, body, kept, sorted(tables), moment, until, looked_at]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, given)


def told(since: datetime, now: datetime) -> list[tuple[int, str, dict]]:
    """Who was told of something, the address it leads to, and what the pages they opened go by in the session."""
    with connection.cursor() as cursor:
        cursor.execute(TOLD, [since, now])
        return [(user, url, _read(session)) for user, url, session in cursor.fetchall()]


def expect(at: Address, now: datetime) -> None:
    """Let a page be drawn that its reader will open."""
    with connection.cursor() as cursor:
        cursor.execute(EXPECT, [at.key, at.user, at.path, json.dumps(at.session), now, now])


def note_look(key: str, now: datetime, until: datetime) -> None:
    """Somebody looked at the page; it is good until `until` at most."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE schools_drawnpage SET looked_at = %s, until = least(until, %s) WHERE key = %s", [now, until, key]
        )


def to_draw(most: int) -> list[tuple[Address, datetime]]:
    """Pages without words, those looked at last first, with when that was."""
    with connection.cursor() as cursor:
        cursor.execute(TO_DRAW, [most])
        rows = cursor.fetchall()
    return [(Address(key, user, path, _read(session)), looked_at) for key, user, path, session, looked_at in rows]


def empty_stale(now: datetime) -> int:
    """Take the words out of every page that is good no more; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY, [now])
        return cursor.rowcount


def forget(key: str) -> None:
    """Keep this page no longer."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM schools_drawnpage WHERE key = %s", [key])


def forget_old(now: datetime) -> None:
    """Throw away pages that nobody opens, those beyond the most of one reader, and marks that no page needs."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [now - LOOKED_AT_WITHIN, MOST_OF_ONE_READER])
        cursor.execute(FORGET_MARKS, [now - MARKS_LAST])


def _read(value) -> dict:
    return json.loads(value) if isinstance(value, str) else value
