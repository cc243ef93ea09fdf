"""Which schools are in a network, from when to when: who may say so, and the writing of it."""

from collections.abc import Iterable
from datetime import date

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from schools.models import Network, NetworkSchool, School, User
from schools.rights import districts_for_schools, not_over

logger = structlog.get_logger("schools")


def may_join_schools(user, network: Network) -> bool:
    """Whether `user` may bring schools into this network: who runs it, and the offices of districts that are in it.

    Who sees the network for another reason, and has an office elsewhere, may not.
    """
    held = user.standing
    if network.pk in held.network_admin_ids:
        return True
    if not held.admin_district_ids:
        return False
    stays = NetworkSchool.objects.visible_to(user).on(held.today).filter(network=network)
    return stays.filter(school__district__in=held.admin_district_ids).exists()


def schools_to_join(user, network: Network) -> QuerySet:
    """Schools that `user` may bring into the network: in sight, of their districts, and not in it today or later."""
    there = NetworkSchool.objects.visible_to(user).filter(not_over(user.standing.today), network=network)
    rows = School.objects.visible_to(user).filter(district__in=districts_for_schools(user))
    return rows.exclude(pk__in=there.values("school")).order_by("name")


def in_it_from(network: Network, schools: Iterable[School], starts: date) -> list[School]:
    """Those of the schools that are in the network on some day from `starts` on: they cannot join on that day."""
    rows = NetworkSchool.objects.filter(not_over(starts), network=network)  # unscoped: rows of schools in one's gift
    there = set(rows.values_list("school", flat=True))
    return [school for school in schools if school.pk in there]


def overlaps(stay: NetworkSchool, starts: date, ends: date | None) -> bool:
    """Whether the school is in the network by another row on one of these days."""
    rows = NetworkSchool.objects.filter(network=stay.network_id, school=stay.school_id)  # unscoped: rows of one school
    rows = rows.exclude(pk=stay.pk).filter(Q(ends=None) | Q(ends__gte=starts))
    return (rows.filter(starts__lte=ends) if ends else rows).exists()


@transaction.atomic
def join_schools(*, network: Network, schools: Iterable[School], starts: date, by: User) -> int:
    """Bring schools into a network from `starts` on; pressed twice it does what it did once. How many are new."""
    made = 0
    for school in schools:
        _, new = NetworkSchool.objects.get_or_create(network=network, school=school, starts=starts)
        made += new
    logger.info("schools_joined", network=network.pk, schools=made, by=by.pk)
    return made
