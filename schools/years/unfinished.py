"""What is still open in a year before it is closed: this room's own, and what the rooms above add.

All of it is counted in one question to the database: a room names the columns it asks beside the year's own row, and
makes its lines of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from schools.effective import CountOf
from schools.models import ClassListReport, DataAgreement, Membership, RosterImport, SchoolYear
from schools.today import Line
from schools.wording import how_many

ROUND_THE_END = timedelta(days=31)


@dataclass(frozen=True)
class Part:
    """What a room counts in a year (user, year -> columns), and the lines it makes of the counted row."""

    columns: Callable[[object, SchoolYear], dict]
    lines: Callable[[SchoolYear], list[Line]]


_parts: list[Part] = []


def add_part(part: Part) -> None:
    """Let a room say what of a year is still open there."""
    if part not in _parts:
        _parts.append(part)


def columns(user, year: SchoolYear) -> dict:
    """All that is to be counted of a year, as columns of its row."""
    asked = _own_columns(user, year)
    for part in _parts:
        asked |= part.columns(user, year)
    return asked


def unfinished(row: SchoolYear) -> list[Line]:
    """What waits, by room; a year may be closed all the same. `row` carries the columns."""
    own = [
        *line(row.reports, "report on a class list waits|reports on class lists wait", "for an answer", "corrections"),
        *line(row.rosters, "roster was read and waits|rosters were read and wait", "to be applied", "rosters"),
    ]
    return own + [one for part in _parts for one in part.lines(row)]


def ending(row: SchoolYear) -> list[str]:
    """Roles and agreements that end about when the year does: no fault, but to be looked at."""
    lines = [
        *line(row.roles_ending, "role ends|roles end", "", "years"),
        *line(row.agreements_ending, "data agreement ends|data agreements end", "", "years"),
    ]
    return [one.label for one in lines]


def line(count: int, words: str, rest: str, page: str) -> list[Line]:
    """The line of a count, none for 0: `words` are "roster waits|rosters wait", `page` names a route."""
    told = f"{how_many(count, *words.split('|'))} {rest}".strip()
    return [Line(told, reverse(page if ":" in page else f"schools:{page}"))] if count else []


def counted(rows) -> CountOf:
    """How many rows a queryset has, as a column."""
    return CountOf(rows.order_by().values("pk"))


def _came_in(year: SchoolYear, rosters):
    """Those of the district that came from the year's first day on and before the next year's: each is of one year."""
    later = SchoolYear.objects.filter(district=year.district_id, starts__gt=year.starts)  # unscoped: dates
    since = later.filter(starts__lte=OuterRef("at__date"))
    return rosters.filter(~Exists(since), district=year.district_id, at__date__gte=year.starts)


def _own_columns(user, year: SchoolYear) -> dict:
    days = (year.ends - ROUND_THE_END, year.ends + ROUND_THE_END)
    places = Q(school__district=year.district_id) | Q(district=year.district_id)
    waits = [RosterImport.State.READY, RosterImport.State.NEEDS_REVIEW]
    reports = ClassListReport.objects.visible_to(user).filter(section__year=year, state=ClassListReport.State.OPEN)
    agreements = DataAgreement.objects.visible_to(user).filter(district=year.district_id, ends__range=days)
    return {
        "reports": counted(reports),
        "rosters": counted(_came_in(year, RosterImport.objects.visible_to(user).filter(state__in=waits))),
        "roles_ending": counted(Membership.objects.visible_to(user).filter(places, ends__range=days)),
        "agreements_ending": counted(agreements),
    }
