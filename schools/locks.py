"""The advisory locks of the whole portal, in one list: two kinds of work never take each other's number."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection


class Lock(IntEnum):
    """The number that a kind of work asks PostgreSQL for; a lock on one row of it takes the row's key beside it."""

    FIRST_LOAD = 7_301_001  # results go into a bare table
    UPLOAD = 7_301_002  # a worker is at one upload
    DEMO = 7_301_003  # the demo network is being loaded
    ROSTER = 7_301_004  # a roster is checked or applied in one district
    RELEASE = 7_301_005  # a worker is at one release
    ROSTER_WORK = 7_301_006  # a worker is at one roster
    RETENTION = 7_301_007  # what is over its time is destroyed in one district


@contextmanager
def alone_at(lock: Lock, key: int) -> Iterator[bool]:
    """Whether this session alone works on the row, until the block ends or the session does; nobody waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [lock, key])
        alone = cursor.fetchone()[0]
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock, key])
