"""Whether the rows of an act are still in the gift of who takes it back: roles and places have moved on since."""

from collections import defaultdict
from collections.abc import Iterable

from schools.bulk.changes import Change
from schools.models import SCOPES, Enrollment, Membership, SectionEnrollment, User
from schools.rights import grants, may_end, may_staff


def may_change_all(user: User, changes: Iterable[Change]) -> bool:
    """Whether `user` might change every one of these rows today. Rows that are gone ask for no right."""
    keys: dict[type, set[int]] = defaultdict(set)
    for change in changes:
        keys[change.model].add(change.pk)
    if keys.keys() - RULES.keys():
        return False
    return all(rule(user, keys[model]) for model, rule in RULES.items() if model in keys)


def _roles(user: User, keys: set[int]) -> bool:
    """Roles in one's gift, and never one's own."""
    given = grants(user)
    rows = Membership.objects.filter(pk__in=keys).select_related(*SCOPES)  # unscoped: asked about, not shown
    return all(may_end(user, row, given) for row in rows)


def _stays(user: User, keys: set[int]) -> bool:
    """Who leaves a school is for the district's office."""
    rows = Enrollment.objects.filter(pk__in=keys)  # unscoped: asked about, not shown
    return not rows.exclude(school__district__in=user.standing.admin_district_ids).exists()


def _seats(user: User, keys: set[int]) -> bool:
    """Who sits in a class: the school's principal, the district's office."""
    rows = SectionEnrollment.objects.filter(pk__in=keys)  # unscoped: asked about, not shown
    return all(may_staff(user, row.section) for row in rows.select_related("section__school"))


RULES = {Membership: _roles, Enrollment: _stays, SectionEnrollment: _seats}
