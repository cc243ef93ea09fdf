"""Rows that wait for a worker: what the sweep finds of them. Their tables have `moved_at`."""

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
