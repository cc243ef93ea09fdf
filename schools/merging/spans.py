"""Dated rows of two that are one: what of the one's days the other does not have already. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

Span = tuple[date, date | None]
DAY = timedelta(days=1)


def left_of(span: Span, others: Iterable[Span]) -> list[Span]:
    """The days of `span` that none of `others` holds, as spans in order; both ends count, an end of None is open."""
    parts = [(span[0], span[1] or date.max)]
    for first, last in ((starts, ends or date.max) for starts, ends in others):
        rest = []
        for starts, ends in parts:
            if last < starts or first > ends:
                rest.append((starts, ends))
                continue
            if starts < first:
                rest.append((starts, first - DAY))
            if last < ends:
                rest.append((last + DAY, ends))
        parts = rest
    return [(starts, None if ends == date.max else ends) for starts, ends in sorted(parts)]
