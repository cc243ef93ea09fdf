"""Who may be there twice: the same name but for accents and marks, the same number but for zeros, the same address.

Suggestions for a person to look at, never more. Queries group by what is the same, so that a district of 118,000
students is read once, in the database.
"""

from dataclasses import dataclass

from django.db.models import Count, F, Func, TextField, Value
from django.db.models.functions import Lower

from schools.models import Student, User
from schools.search import FAMILY, GIVEN

MOST = 100  # pairs on the page; more are there when these are done
NEWEST_OF_A_NAME = 4  # a name that very many bear says nothing


@dataclass(frozen=True)
class Double:
    """Two rows that may be one, and what they share."""

    first: object
    second: object
    shared: str


class WithoutZeros(Func):
    function, arity, output_field = "ltrim", 2, TextField()


def student_doubles(user) -> list[Double]:
    """Pairs of students in the districts that `user` administers."""
    rows = Student.objects.visible_to(user).filter(district__in=user.standing.admin_district_ids)
    named = rows.exclude(family_name="").exclude(given_name="")
    found = _pairs(rows.annotate(key=WithoutZeros(Lower("number"), Value("0"))), ["key"], "the number, but for zeros")
    found += _pairs(named.annotate(family=FAMILY, given=GIVEN), ["family", "given"], "the name")
    return found[:MOST]


def person_doubles(user) -> list[Double]:
    """Pairs of people in `user`'s sight."""
    rows = User.objects.visible_to(user).filter(merged_into=None)
    local = Func(F("email"), Value("@"), Value(1), function="split_part", output_field=TextField())
    by_address = rows.annotate(key=Lower(local), family=FAMILY)
    found = _pairs(rows.annotate(family=FAMILY, given=GIVEN), ["family", "given"], "the name")
    found += _pairs(by_address, ["key", "family"], "the address before the @, and the family name")
    seen = {}
    for one in found:
        seen.setdefault((one.first.pk, one.second.pk), one)
    return list(seen.values())[:MOST]


def _pairs(rows, same: list[str], shared: str) -> list[Double]:
    """The rows that agree in the columns `same`, in pairs with the first of them."""
    groups = rows.order_by().values(*same).annotate(times=Count("pk")).filter(times__range=(2, NEWEST_OF_A_NAME))
    keys = [tuple(group[name] for name in same) for group in groups.order_by(*same)[:MOST]]
    if not keys:
        return []
    among = rows.filter(**{f"{same[0]}__in": {key[0] for key in keys}}).order_by("pk")
    by_key: dict[tuple, list] = {key: [] for key in keys}
    for row in among:
        key = tuple(getattr(row, name) for name in same)
        if key in by_key:
            by_key[key].append(row)
    return [Double(first, other, shared) for first, *others in filter(None, by_key.values()) for other in others]
