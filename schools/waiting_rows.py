"""Rows that wait for a worker: what the sweep finds of them, and how a worker goes about one.

Their tables have `moved_at`, those of files also `rows_done` and `rows_known`.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

MOST_AT_ONCE = 100


def take_stale(waiting: QuerySet) -> list[int]:
    """The keys of the rows that have not moved for a while, the longest first; each is noted as moved now."""
    limit = timezone.now() - timedelta(seconds=settings.UPLOAD_STALE_SECONDS)
    stale = waiting.filter(moved_at__lt=limit).order_by("moved_at")
    found = list(stale.values_list("pk", flat=True)[:MOST_AT_ONCE])
    waiting.filter(pk__in=found).update(moved_at=timezone.now())
    return found


def teller(one: QuerySet) -> Callable[[int, int], None]:
    """Progress as a fact in the database; to be told outside the transaction that writes, so that others see it."""

    def told(done: int, known: int) -> None:
        one.update(rows_done=min(done, known), rows_known=known, moved_at=timezone.now())

    return told


@contextmanager
def collector_waiting() -> Iterator[None]:
    """Python's cycle collector off for one file: it would walk a district's cells again and again for nothing.

    Measured on a district file: a tenth of the time. What has no cycles is freed all the same.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
