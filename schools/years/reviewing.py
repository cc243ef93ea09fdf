"""Which roles and agreements go on when a year turns: looked through in one list, kept until a day, or ended.

Roles that the roster gives follow the roster and are not in the list; nor are one's own.
"""

from datetime import date

from django.db import transaction

from schools.models import SCOPES, DataAgreement, Membership, SchoolYear, User, YearAct
from schools.oneroster.portal import BY_ROSTER
from schools.rights import grants, may_end, not_over
from schools.search import Folded
from schools.wording import how_many
from schools.years.acts import NotDone, change, lock_year, record

AS_IS, KEEP, END = "", "keep", "end"


def roles_to_review(user: User):
    """Roles in the district in force today or later that a person gave: a queryset, by name."""
    rows = Membership.objects.editable_by(user).filter(not_over(user.standing.today)).exclude(user=user)
    return (
        rows.exclude(reason=BY_ROSTER, granted_by=None)
        .select_related("user", *SCOPES)
        .order_by(Folded("user__family_name"), Folded("user__given_name"), "user_id", "role", "pk")
    )


def agreements_to_review(user: User, year: SchoolYear):
    """Agreements of the year's district in force today or later."""
    rows = DataAgreement.objects.editable_by(user).filter(district=year.district_id, ends__gte=user.standing.today)
    return rows.select_related("organization", "district").order_by("organization__name", "pk")


@transaction.atomic
def decide(
    *, year: SchoolYear, by: User, keep: list[Membership], end: list[Membership | DataAgreement], keep_until: date,
    end_on: date, reason: str,
) -> YearAct | None:  # fmt: skip
    """Keep roles until one day and end roles and agreements on another; None where nothing changes. Raises NotDone."""
    lock_year(year)
    given = grants(by)
    for row in [*keep, *end]:
        if isinstance(row, Membership) and not may_end(by, row, given):
            raise NotDone(f"The role of {row.user}, {row}, is for somebody else to change.")
    changed = [change(row, ends=max(keep_until, row.starts), end_reason="") for row in keep]
    for row in end:
        last = max(row.starts, min(end_on, row.ends) if row.ends else end_on)
        words = {"end_reason" if isinstance(row, Membership) else "ended_early_reason": reason[:200]}
        changed.append(change(row, ends=last, **words))
    lines = [line for line in changed if line]
    if not lines:
        return None
    words = f"{year.code} was reviewed: {how_many(len(keep), 'role', 'roles')} kept, {len(end):,} ended."
    return record(YearAct.Kind.REVIEW, year, by, words, changed=lines)
