"""What the rules of a district would take away today: counted, and never touched."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateField, F, Subquery

from schools.effective import CountOf
from schools.models import District, RetentionRule
from schools.retention.classes import DataClass, Part, data_classes


@dataclass(frozen=True)
class Planned:
    """One class of data under the rule of a district: what is older than `before`, and of which days."""

    data_class: DataClass
    days: int
    changed: RetentionRule | None
    before: date
    counts: dict[str, int]
    first: date | None
    last: date | None

    @property
    def rows(self) -> int:
        """How many rows of all kinds would go."""
        return sum(self.counts.values())

    @property
    def rule(self) -> str:
        """The rule as a sentence."""
        return f"Kept for {in_words(self.days)} from {self.data_class.since}."


class FirstDay(Subquery):
    """The earliest day of a queryset of days, as a column of another."""

    template = "(SELECT MIN(dated.day) FROM (%(subquery)s) AS dated)"
    output_field = DateField()


class LastDay(FirstDay):
    """The latest day."""

    template = "(SELECT MAX(dated.day) FROM (%(subquery)s) AS dated)"


def in_words(days: int) -> str:
    """ "7 years", "90 days": years where it comes out even."""
    if days % 365 == 0:
        return "1 year" if days == 365 else f"{days // 365} years"
    return "1 day" if days == 1 else f"{days} days"


def rules_of(district: District) -> dict[str, RetentionRule]:
    """The rules the district made itself, by class."""
    rows = RetentionRule.objects.filter(district=district).select_related("changed_by")  # unscoped: one district's
    return {row.data_class: row for row in rows}


def plan_of(district: District, today: date, only: str | None = None, using: str = "default") -> list[Planned]:
    """Every class of data with what is over its time in `district` on `today`. Two questions, however many classes."""
    rules = rules_of(district)
    asked = []
    for name, one in data_classes().items():
        if only in (None, name):
            rule = rules.get(name)
            days = rule.days if rule else one.days
            before = today - timedelta(days=days)
            asked.append((one, days, rule, before, one.parts(district, before)))
    columns = {}
    for at, (*_, parts) in enumerate(asked):
        for nth, part in enumerate(parts):
            columns |= _columns(f"p{at}_{nth}", part)
    row = District.objects.using(using).filter(pk=district.pk).values(**columns).get()  # unscoped: one district's
    return [
        Planned(one, days, rule, before, *_counted(f"p{at}", parts, row))
        for at, (one, days, rule, before, parts) in enumerate(asked)
    ]


def _columns(prefix: str, part: Part) -> dict:
    days = part.rows.order_by().values(day=F(part.day))
    return {f"{prefix}_count": CountOf(days), f"{prefix}_first": FirstDay(days), f"{prefix}_last": LastDay(days)}


def _counted(prefix: str, parts: list[Part], row: dict) -> tuple[dict[str, int], date | None, date | None]:
    counts = {part.label: row[f"{prefix}_{nth}_count"] or 0 for nth, part in enumerate(parts)}
    days = [row[f"{prefix}_{nth}_{end}"] for nth in range(len(parts)) for end in ("first", "last")]
    known = [day for day in days if day is not None]
    return counts, min(known, default=None), max(known, default=None)
