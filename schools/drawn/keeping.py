"""What is kept of pages in the database: read, written, found good no more, and thrown away.

A page was drawn at a moment, and each transaction that changes a table leaves its number with the table's name. The
page is good while no such number of a table it was drawn from became visible since: PostgreSQL's own rule of what a
transaction sees, so that nothing falls between two clocks.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models.functions import Least

from schools.models import DrawnPage

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
# With it goes what is beyond the most of one reader: whoever asks for a thousand addresses keeps the last of them.
KEEP = """
WITH beyond AS (
    DELETE FROM schools_drawnpage WHERE key IN (
        SELECT key FROM schools_drawnpage WHERE user_id = %s AND key <> %s ORDER BY looked_at DESC OFFSET %s
    )
)
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
# What somebody else has locked is being drawn anew or emptied by them.
EMPTY = f"""
UPDATE schools_drawnpage SET body = '' WHERE key IN (
    SELECT d.key FROM schools_drawnpage AS d WHERE d.body <> '' AND (d.until <= %s OR {CHANGED})
    FOR UPDATE SKIP LOCKED
)"""
# The newest mark of a table speaks against every page drawn before it. An older one says more only of pages that were
# drawn while its transaction was under way.
FORGET_MARKS = """
WITH meanwhile AS MATERIALIZED (
    SELECT DISTINCT pg_snapshot_xmin(moment) AS first, pg_snapshot_xmax(moment) AS last FROM schools_drawnpage
    WHERE pg_snapshot_xmin(moment) <> pg_snapshot_xmax(moment)
)
DELETE FROM schools_changedtable AS c WHERE c.at < %s
AND EXISTS (SELECT FROM schools_changedtable AS newer WHERE newer.name = c.name AND newer.change > c.change)
AND NOT EXISTS (SELECT FROM meanwhile WHERE c.change >= first AND c.change < last)
"""


@dataclass(frozen=True)
class Slot:
    """Where a page is kept: whose it is, its address, and what it goes by in the session; `key` stands for all."""

    key: str
    user: int
    path: str
    session: dict


@dataclass(frozen=True)
class Found:
    """What was found in a slot.

    moment  now, in transactions
    body    the page; None where none is good
    """

    moment: str
    body: str | None
    access: dict | None
    until: datetime | None
    looked_at: datetime | None


@dataclass(frozen=True)
class Drawn:
    """A page as it was drawn; the fields are those of `DrawnPage`."""

    by: str
    body: str
    access: dict | None
    tables: Collection[str]
    moment: str
    until: datetime
    looked_at: datetime


def look(key: str, by: str, now: datetime) -> Found:
    """The page under `key`, if it is good."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [key, by, now])
        moment, body, access, until, looked_at = cursor.fetchone()
    return Found(moment, body, _read(access), until, looked_at)


def keep(slot: Slot, page: Drawn) -> None:
    """Keep a page in place of what stood there."""
    access = json.dumps(page.access) if page.access is not None else None
    room = [slot.user, slot.key, MOST_OF_ONE_READER - 1]
    place = [slot.key, slot.user, slot.path, json.dumps(slot.session)]
    drawn = [page.by, page.body, access, sorted(page.tables), page.moment, page.until, page.looked_at]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, room + place + drawn)


def told(since: datetime, now: datetime) -> list[tuple[int, str, dict]]:
    """Who was told of something, the address it leads to, and what the pages they opened go by in the session."""
    with connection.cursor() as cursor:
        cursor.execute(TOLD, [since, now])
        return [(user, url, _read(session)) for user, url, session in cursor.fetchall()]


def expect(slot: Slot, now: datetime) -> None:
    """Let a page be drawn that its reader will open."""
    with connection.cursor() as cursor:
        cursor.execute(EXPECT, [slot.key, slot.user, slot.path, json.dumps(slot.session), now, now])


def note_look(key: str, now: datetime, until: datetime) -> None:
    """Somebody looked at the page; it is good until `until` at most."""
    _pages().filter(key=key).update(looked_at=now, until=Least("until", until))


def to_draw(most: int) -> list[tuple[Slot, datetime]]:
    """Pages without words, those looked at last first, with when that was."""
    rows = _pages().filter(body="").order_by("-looked_at")[:most]
    return [(Slot(row.key, row.user_id, row.path, row.session), row.looked_at) for row in rows]


def empty_stale(now: datetime) -> int:
    """Take the words out of every page that is good no more; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY, [now])
        return cursor.rowcount


def forget(key: str) -> None:
    """Keep this page no longer."""
    _pages().filter(key=key).delete()


def forget_all() -> None:
    """Keep no page any longer."""
    _pages().delete()


def forget_old(now: datetime) -> None:
    """Throw away pages that nobody opens, and marks that no page needs."""
    _pages().filter(looked_at__lt=now - LOOKED_AT_WITHIN).delete()
    with connection.cursor() as cursor:
        cursor.execute(FORGET_MARKS, [now - MARKS_LAST])


def _pages():
    return DrawnPage.objects.all()  # unscoped: the portal's own keeping; a reader comes by the key of their slot


def _read(value):
    return json.loads(value) if isinstance(value, str) else value
