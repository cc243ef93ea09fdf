"""Rows that hold from one day to another: the constraint they share, and how to ask for those of a day."""

from datetime import date, datetime, time, timedelta, tzinfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

READABLE_AFTER_YEAR_END = timedelta(days=90)  # a teacher may still open the classes of a year that is over


def in_order(model: str) -> models.CheckConstraint:
    """The check that `ends`, where there is one, is not before `starts`."""
    return models.CheckConstraint(
        condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
        name=f"{model}_dates_in_order",
        violation_error_message="The last day cannot be before the first day.",
    )


def on(day: date, prefix: str = "") -> Q:
    """Rows in force on `day`: begun, and not yet ended (both ends are included)."""
    started = Q(**{f"{prefix}starts__lte": day})
    open_end = Q(**{f"{prefix}ends__isnull": True}) | Q(**{f"{prefix}ends__gte": day})
    return started & open_end


def overlapping(first: date, last: date, prefix: str = "") -> Q:
    """Rows in force on at least one day from `first` to `last`."""
    started = Q(**{f"{prefix}starts__lte": last})
    open_end = Q(**{f"{prefix}ends__isnull": True}) | Q(**{f"{prefix}ends__gte": first})
    return started & open_end


def day_words(day: date | None) -> str:
    """ "Dec 4, 2025"; "open" for a last day that is not set."""
    return f"{day:%b} {day.day}, {day.year}" if day else "open"


def moment_words(moment: datetime) -> str:
    """ "Dec 4, 2025, 3:05 PM", in the reader's time."""
    local = timezone.localtime(moment)
    return f"{day_words(local)}, {local:%I:%M %p}".replace(", 0", ", ")


def midnight(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day in a place."""
    return datetime.combine(day, time.min, tzinfo=zone)


def in_days(field: str, since: date | None, until: date | None, zone: tzinfo) -> Q:
    """Moments from the first day to the last in a place (both are included); None leaves that end open."""
    found = Q(**{f"{field}__gte": midnight(since, zone)}) if since else Q()
    if until and until < date.max:  # the calendar has no day after that one
        found &= Q(**{f"{field}__lt": midnight(until + timedelta(days=1), zone)})
    return found
