"""Districts, networks, schools and years."""

import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from schools import dates, scopes
from schools.access import ScopedQuerySet


def known_time_zone(value: str) -> None:
    """Refuse a time zone no calendar knows."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(f'"{value}" is not a time zone. One that is: America/New_York.')


class District(models.Model):
    """Owner of students, windows, tests and uploads; its time zone decides what day it is."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=60, default="America/New_York", validators=[known_time_zone])

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @staticmethod
    def rows_visible_to(user):
        return scopes.districts(user)

    @staticmethod
    def rows_editable_by(user):
        return Q(pk__in=user.standing.admin_district_ids)


class Network(models.Model):
    """Schools that work on one problem of practice together."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    problem_of_practice = models.TextField(blank=True)
    aim = models.TextField(blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [dates.in_order("network")]

    def __str__(self):
        return self.name

    @staticmethod
    def rows_visible_to(user):
        return Q(pk__in=user.standing.network_ids)

    @staticmethod
    def rows_editable_by(user):
        return Q(pk__in=user.standing.network_admin_ids)

    @staticmethod
    def rows_visible_to_public():
        return Q()  # that a network exists, what it works on and which schools are in it, anyone may read


class School(models.Model):
    """A school of a district. Files are matched on its codes, never on its name but by an exact alias."""

    district = models.ForeignKey(District, models.PROTECT, related_name="schools")
    code = models.CharField(max_length=40)
    state_code = models.CharField(max_length=40, blank=True)
    nces_code = models.CharField(max_length=40, blank=True)
    sourced_id = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=200)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "code"],
                name="school_code_once",
                violation_error_message="Another school of this district has this code.",
            ),
            models.UniqueConstraint(
                fields=["district", "sourced_id"],
                condition=~Q(sourced_id=""),
                name="school_sourced_id_once",
                violation_error_message="Another school of this district has this OneRoster id.",
            ),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def rows_visible_to(user):
        return scopes.schools(user)


class SchoolAlias(models.Model):
    """The exact name a vendor's file uses where it carries no code."""

    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"],
                name="schoolalias_name_once",
                violation_error_message="This name already stands for a school of this district.",
            )
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def rows_visible_to(user):
        return Q(district__in=user.standing.district_ids)


class NetworkSchool(models.Model):
    """A school's time in a network."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="memberships_of_schools")
    school = models.ForeignKey(School, models.PROTECT, related_name="networks")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["school__name"]
        constraints = [
            dates.in_order("networkschool"),
            models.UniqueConstraint(
                fields=["network", "school", "starts"],
                name="networkschool_once",
                violation_error_message="This school already joined the network on that day.",
            ),
        ]

    def __str__(self):
        return f"{self.school} in {self.network}"

    @staticmethod
    def rows_visible_to(user):
        return Q(network__in=user.standing.network_ids)

    @staticmethod
    def rows_editable_by(user):
        held = user.standing
        return Q(network__in=held.network_admin_ids) | Q(school__district__in=held.admin_district_ids)

    @staticmethod
    def rows_visible_to_public():
        return Q()


class Organization(models.Model):
    """An outside partner or the teachers' union."""

    class Kind(models.TextChoices):
        PARTNER = "partner", "outside partner"
        UNION = "union", "union"

    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200, unique=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["partner", "union"]),
                name="organization_kind_known",
                violation_error_message="An organization is an outside partner or a union.",
            )
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def rows_visible_to(user):
        return Q()  # who the partners are is no secret to anyone who signs in


class SchoolYear(models.Model):
    """A district's school year, "2025-26"."""

    district = models.ForeignKey(District, models.PROTECT, related_name="school_years")
    code = models.CharField(max_length=20)
    starts = models.DateField()
    ends = models.DateField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-starts"]
        constraints = [
            dates.in_order("schoolyear"),
            models.UniqueConstraint(
                fields=["district", "code"],
                name="schoolyear_code_once",
                violation_error_message="This district already has a school year of that name.",
            ),
        ]

    def __str__(self):
        return self.code

    @staticmethod
    def rows_visible_to(user):
        return scopes.of_districts_in_reach(user)
