"""What a person's dated rows become when a roster says where they are now.

A roster tells the present, seldom the past. So rows that stand for days gone by are kept, a row is ended rather than
removed, and a day comes from the roster only where the roster itself names it. Days are numbers (`records`).
"""

from dataclasses import dataclass
from itertools import pairwise

NEW = 0


@dataclass(slots=True)
class Span:
    """A row in force from `starts` to `ends`, both included: `place` and `label` are what it says of those days."""

    id: int
    place: int
    label: str
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the roster says. `starts_known` where it names the first day itself (else it is the term's)."""

    place: int
    label: str
    starts: int
    ends: int
    starts_known: bool = False


def lay(now: list[Span], wanted: list[Wanted], day: int, *, follow_starts: bool = True) -> list[Span]:
    """The rows as they should be: those of `now` changed in place, new ones with the id NEW.

    `now` and `wanted` share no day among themselves; neither does what comes back. With `follow_starts` a first day
    that the roster names is taken even where it shortens a row that stands.
    """
    rows = sorted((Span(s.id, s.place, s.label, s.starts, s.ends) for s in now), key=lambda span: span.starts)
    held: set[int] = set()
    free = min((want.starts for want in wanted), default=0)
    for want in sorted(wanted, key=lambda one: one.starts):
        lay_one(rows, want, first_day(rows, want, day, free), follow_starts, held)
        rows.sort(key=lambda span: span.starts)
        free = want.ends + 1
    for span in rows:
        if id(span) not in held:
            span.ends = ended(span.starts, span.ends, day)
    return sorted(rows, key=lambda span: span.starts)


def ended(starts: int, ends: int, day: int) -> int:
    """The last day of what is no longer there on `day`: the day before, but never before the first."""
    return min(ends, max(starts, day - 1))


def first_day(rows: list[Span], want: Wanted, day: int, free: int) -> int:
    """The first day of what the roster wants: named, or that of the rows it goes on from, or today for a mover.

    Never before `free`, the first day that an earlier wish leaves; and not after today where it holds today.
    """
    if want.starts_known:
        return want.starts
    same = [span for span in rows if span.place == want.place and free <= span.starts <= want.ends]
    if same and same[-1].ends >= min(day - 1, want.ends):
        since = same[-1].starts
        for span in reversed(same[:-1]):
            since = span.starts if span.ends == since - 1 else since
        return min(since, max(day, want.starts))
    gone_by = same or [span for span in rows if span.ends >= want.starts]
    if any(span.starts < day for span in gone_by) and want.starts < day <= want.ends:
        return day  # came back, or moved here, since the last roster
    return want.starts


def lay_one(rows: list[Span], want: Wanted, starts: int, follow_starts: bool, held: set[int]) -> None:
    """Make room for one wanted span, then put it there in the rows that say so already, or in a new one."""
    kept = []
    for span in rows:
        if span.ends < starts or span.starts > want.ends:
            continue
        inside = starts <= span.starts and span.ends <= want.ends
        if span.place == want.place or inside:
            kept.append(span)
        elif span.starts < starts:
            span.ends = starts - 1
        else:
            span.starts = want.ends + 1
    if not kept:
        kept = [Span(NEW, want.place, want.label, starts, want.ends)]
        rows.append(kept[0])
    first, last = kept[0], kept[-1]
    first.starts = starts if follow_starts and want.starts_known else min(first.starts, starts)
    for span, following in pairwise(kept):
        span.ends = following.starts - 1
    last.ends = want.ends
    for span in kept:
        span.place, span.label = want.place, want.label or span.label
        held.add(id(span))
