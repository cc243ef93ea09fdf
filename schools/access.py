"""The one place that says who may see and change what.

A model says in `rows_visible_to(user)` which rows a person sees, in terms of `user.standing`: what they hold today.
Views ask `Model.objects.visible_to(user)` and nothing else. A model without a rule raises, it does not leak.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.utils import timezone

from schools import dates
from schools.dates import READABLE_AFTER_YEAR_END
from schools.reasons import ended_right, reasons_to_see


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows narrowed to what a person may see, or change."""

    def visible_to(self, user: Any) -> "ScopedQuerySet":
        """The rows `user` may see; none for anonymous and inactive people."""
        return self._only(user, "rows_visible_to")

    def editable_by(self, user: Any) -> "ScopedQuerySet":
        """The rows `user` may change: never wider than what they may see."""
        return self.visible_to(user)._only(user, "rows_editable_by")

    def visible_to_public(self) -> "ScopedQuerySet":
        """The rows anyone may read without an account. A model without such a rule raises."""
        return self.filter(self.model.rows_visible_to_public())

    def on(self, day: date) -> "ScopedQuerySet":
        """Dated rows in force on `day`."""
        return self.filter(dates.on(day))

    def _only(self, user: Any, rule: str) -> "ScopedQuerySet":
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(getattr(self.model, rule)(user))


class AccessEnded(Http404):
    """Out of sight now, though not before: the sentence says since when and why."""


def get_visible_or_404(rows: Any, user: Any, **lookup: Any) -> Any:
    """The one row of `rows` (a model or queryset) that `user` may see.

    Raises Http404 where it is out of sight, AccessEnded where the person once had it.
    """
    queryset: Any = rows if isinstance(rows, models.QuerySet) else rows.objects.all()
    row = queryset.visible_to(user).filter(**lookup).first()
    if row is None:
        raise not_here(user, queryset.filter(**lookup).first())
    return row


def not_here(user: Any, row: Any) -> Http404:
    """The 404 for a row out of sight; to the person who had it the sentence that says since when and why."""
    sentence = ended_right(user, row) if row is not None else None
    return AccessEnded(sentence) if sentence else Http404()


def get_editable_or_403(rows: Any, user: Any, **lookup: Any) -> Any:
    """As `get_visible_or_404`; raises PermissionDenied where the row is in sight but not to be changed."""
    row = get_visible_or_404(rows, user, **lookup)
    if not type(row).objects.editable_by(user).filter(pk=row.pk).exists():
        raise PermissionDenied
    return row


class Standing:
    """What one person holds today: roles and the ids they reach. Lists of ids, on purpose: a list beats a join.

    Each part is read when first asked for, once a request.
    """

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def memberships(self) -> list[Any]:
        """Every membership of the person, past ones too, with its places."""
        rows = self.user.memberships.select_related("school__district", "district", "network", "organization")
        return list(rows)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the person's district."""
        districts = [m.district or (m.school and m.school.district) for m in self.memberships]
        return ZoneInfo(next((district.timezone for district in districts if district), settings.TIME_ZONE))

    @cached_property
    def today(self) -> date:
        """The day it is there."""
        return timezone.now().astimezone(self.zone).date()

    @cached_property
    def active(self) -> list[Any]:
        """The memberships in force today."""
        return [m for m in self.memberships if m.starts <= self.today and (not m.ends or m.ends >= self.today)]

    @cached_property
    def roles(self) -> frozenset[str]:
        taught = {"teacher"} if self.readable_staffing else set()
        return frozenset({m.role for m in self.active} | taught)

    def _places(self, field: str, *roles: str) -> frozenset[int]:
        ids = (getattr(m, f"{field}_id") for m in self.active if not roles or m.role in roles)
        return frozenset(pk for pk in ids if pk is not None)

    # --- districts and networks ---

    @cached_property
    def admin_district_ids(self) -> frozenset[int]:
        return self._places("district", "district_admin")

    @property
    def only_admin_district_id(self) -> int | None:
        """The one district administered: what an office does is kept as its; None for none or several."""
        ids = self.admin_district_ids
        return next(iter(ids)) if len(ids) == 1 else None

    @cached_property
    def district_ids(self) -> frozenset[int]:
        """Districts in reach: administered or audited, or that of a school or class of one's own."""
        of_schools = {m.school.district_id for m in self.active if m.school}
        of_classes = {row.section.school.district_id for row in self.readable_staffing}
        return self._places("district") | of_schools | of_classes | self._network_district_ids

    @cached_property
    def _network_district_ids(self) -> frozenset[int]:
        return frozenset(district_id for _, _, district_id in self._network_schools)

    @cached_property
    def network_admin_ids(self) -> frozenset[int]:
        return self._places("network", "network_admin")

    @cached_property
    def audited_network_ids(self) -> frozenset[int]:
        return self._places("network", "auditor")

    @cached_property
    def network_ids(self) -> frozenset[int]:
        """Networks held directly, or that a school or district of one's own belongs to today."""
        return self._places("network") | frozenset(self.joined_networks)

    @cached_property
    def joined_networks(self) -> dict[int, models.Model]:
        """Networks that a school or district of one's own belongs to today by id, in the order of their names."""
        joined = self._model("NetworkSchool").objects.on(self.today)
        own = joined.filter(
            models.Q(school__in=self.school_ids) | models.Q(school__district__in=self.admin_district_ids)
        )
        rows = own.select_related("network").order_by("network__name", "network")
        return {row.network_id: row.network for row in rows}

    @cached_property
    def operated_school_ids(self) -> frozenset[int]:
        """Schools of the networks one runs or audits: staff and structure, never students."""
        run = self.network_admin_ids | self.audited_network_ids
        return frozenset(school_id for network_id, school_id, _ in self._network_schools if network_id in run)

    @cached_property
    def _network_schools(self) -> list[tuple[int, int, int]]:
        """(network, school, district) of today's schools of the networks one holds a role in."""
        networks = self._places("network")
        if not networks:
            return []
        rows = self._model("NetworkSchool").objects.on(self.today).filter(network__in=networks)
        return list(rows.values_list("network_id", "school_id", "school__district_id"))

    @cached_property
    def overseen_district_ids(self) -> frozenset[int]:
        """Districts of the schools of the networks one runs or audits."""
        run = self.network_admin_ids | self.audited_network_ids
        return frozenset(district for network, _, district in self._network_schools if network in run)

    @cached_property
    def operated_district_ids(self) -> frozenset[int]:
        """Districts of the schools of the networks one runs."""
        rows = self._network_schools
        return frozenset(district for network, _, district in rows if network in self.network_admin_ids)

    # --- schools ---

    @cached_property
    def school_ids(self) -> frozenset[int]:
        """Schools where one teaches, leads or coaches today."""
        return self._places("school") | {row.section.school_id for row in self.current_staffing}

    @cached_property
    def led_school_ids(self) -> frozenset[int]:
        return self._places("school", "principal", "teacher_leader")

    @cached_property
    def principal_school_ids(self) -> frozenset[int]:
        return self._places("school", "principal")

    @cached_property
    def coached_school_ids(self) -> frozenset[int]:
        return self._places("school", "psi_coach")

    @cached_property
    def agreed_school_ids(self) -> frozenset[int]:
        """Assigned schools whose students a coach may see: a data agreement in force names coaches as officials."""
        return frozenset(agreement.covered for agreement in self.agreements_in_force)

    @cached_property
    def agreements_in_force(self) -> list[Any]:
        """The agreements that open students today: of an organization of one's own, in force, for a school coached."""
        organizations = self._places("organization", "psi_coach")
        return [
            agreement
            for agreement in self.agreements
            if agreement.starts <= self.today <= agreement.ends
            and agreement.organization_id in organizations
            and agreement.covered in self.coached_school_ids
        ]

    @cached_property
    def agreements(self) -> list[Any]:
        """Agreements, past ones too, that name the coach's organizations as officials: one row a school `covered`."""
        coach = [m for m in self.memberships if m.role == "psi_coach"]
        organizations = {m.organization_id for m in coach if m.organization_id}
        schools = {m.school_id for m in coach if m.school_id}
        return list(agreements_covering(organizations, schools)) if organizations and schools else []

    @cached_property
    def student_school_ids(self) -> frozenset[int]:
        """Schools all of whose students one may see."""
        return self.led_school_ids | self.agreed_school_ids

    @cached_property
    def own_schools(self) -> list[Any]:
        """The schools one leads, coaches or administers, by name."""
        ids = self.led_school_ids | self.coached_school_ids
        own = {m.school_id: m.school for m in self.active if m.school_id in ids}
        if self.admin_district_ids:
            administered = self._model("School").objects.visible_to(self.user).select_related("district")
            own |= administered.filter(district__in=self.admin_district_ids).in_bulk()
        return sorted(own.values(), key=lambda school: school.name)

    # --- sections ---

    @cached_property
    def staffing(self) -> list[Any]:
        """Sections of years that ended at most 90 days ago or later; those one is to teach are among them."""
        rows = self.user.sections.filter(section__year__ends__gte=self.today - READABLE_AFTER_YEAR_END)
        return list(rows.select_related("section__school", "section__year"))

    @cached_property
    def readable_staffing(self) -> list[Any]:
        """Sections one teaches today, or taught in a year that ended at most 90 days ago."""
        return [row for row in self.staffing if row.starts <= self.today]

    @cached_property
    def current_staffing(self) -> list[Any]:
        return [row for row in self.readable_staffing if self.last_day(row) >= self.today]

    @cached_property
    def past_staffing(self) -> list[Any]:
        return [row for row in self.readable_staffing if self.last_day(row) < self.today]

    @staticmethod
    def last_day(row: Any) -> date:
        """The last day of somebody before a section."""
        last: date = min(row.ends or row.section.ends, row.section.ends)
        return last

    @cached_property
    def current_section_ids(self) -> frozenset[int]:
        return frozenset(row.section_id for row in self.current_staffing)

    @cached_property
    def section_ids(self) -> frozenset[int]:
        """Sections one may open as their teacher."""
        return frozenset(row.section_id for row in self.readable_staffing)

    @cached_property
    def fingerprint(self) -> tuple[Any, ...]:
        """What the rules of sight go by, as one value: who has an equal one sees the same rows today.

        Without the networks that a school has joined (`joined_networks`): they open no student, role or class.
        """
        held = {
            (m.role, m.school_id, m.school and m.school.district_id, m.district_id, m.network_id, m.organization_id)
            for m in self.active
        }
        past = frozenset(row.section_id for row in self.past_staffing)
        sections = self.section_ids, self.current_section_ids, past
        schools = self.school_ids, self.agreed_school_ids, frozenset(self._network_schools)
        return self.user.pk, self.user.is_active, self.today, frozenset(held), *sections, *schools

    @staticmethod
    def _model(name: str) -> Any:
        from django.apps import apps

        return apps.get_model("schools", name)


def standing_of(user: Any) -> Standing:
    """What `user` holds today."""
    return Standing(user)


def standing_from(
    user: Any, memberships: list[Any], staffing: list[Any], agreements: list[Any] | None = None
) -> Standing:
    """What `user` holds today by rows that were read for many people at once; nothing more is asked for them.

    `staffing` may be of the sections that matter alone; it is narrowed to the years that are still readable.
    `agreements` may be left out where nothing goes by them.
    """
    held = Standing(user)
    held.memberships = memberships
    held.staffing = [row for row in staffing if row.section.year.ends >= held.today - READABLE_AFTER_YEAR_END]
    if agreements is not None:
        organizations = {m.organization_id for m in memberships}
        held.agreements = [agreement for agreement in agreements if agreement.organization_id in organizations]
    return held


def agreements_covering(organizations: Iterable[int], schools: Iterable[int]) -> Any:
    """Agreements that name these organizations' people as officials, once for each of these schools (`covered`)."""
    from django.apps import apps

    agreements = apps.get_model("schools", "DataAgreement").objects.annotate(covered=models.F("schools"))
    named = agreements.filter(organization__in=organizations, names_school_officials=True, covered__in=schools)
    return named.select_related("organization")


def why_can_see(user: Any, student: Any) -> str | None:
    """Why `user` may see `student`'s records today, as a sentence, or None where they may not."""
    if not (user.is_authenticated and user.is_active):
        return None
    enrolled = list(student.enrollments.select_related("school"))
    seats = list(student.sections.filter(section__in=user.standing.section_ids).select_related("section"))
    return next((reason.words for reason in reasons_to_see(user.standing, student, enrolled, seats)), None)
