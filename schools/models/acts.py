"""What admins do to many rows at once, or to two that are one: kept so that it can be told, and taken back."""

from django.db import models
from django.db.models import Q

from schools.access import ScopedQuerySet
from schools.models.people import User
from schools.models.places import District
from schools.models.rosters import Student


def of_own_office(user) -> Q:
    """What was done in a district one administers, and what one did oneself in no one district, while one still
    changes people somewhere: who holds no such role any more reads nothing of it, and takes nothing back."""
    held = user.standing
    keeps_people = held.principal_school_ids or held.admin_district_ids or held.network_admin_ids
    own = Q(by=user, district=None) if keeps_people else Q(pk__in=[])
    return own | Q(district__in=held.admin_district_ids)


class BulkEdit(models.Model):
    """One act on many rows, with each row before and after it. `asked` holds what was typed."""

    act = models.CharField(max_length=20)
    asked = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    # None where what was changed lies in several districts, or in none.
    district = models.ForeignKey(District, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.act} of {len(self.lines)} rows"

    @staticmethod
    def rows_visible_to(user):
        return of_own_office(user)


class Merge(models.Model):
    """Two rows that were one person or one student. `moved` says exactly what went over, and what was put away.

    The row that is gone stays as a pointer: its number, address and OneRoster id lead to the one that is kept, and
    the access log names whom it named.
    """

    kept_student = models.ForeignKey(Student, models.PROTECT, null=True, related_name="+")
    gone_student = models.ForeignKey(Student, models.PROTECT, null=True, related_name="+")
    kept_person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    gone_person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    moved = models.JSONField(default=dict)
    district = models.ForeignKey(District, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kept_student__isnull=False, gone_student__isnull=False, kept_person=None, gone_person=None)
                | Q(kept_student=None, gone_student=None, kept_person__isnull=False, gone_person__isnull=False),
                name="merge_of_one_kind",
                violation_error_message="Two students or two people are merged, not one of each.",
            )
        ]

    def __str__(self):
        return f"merge {self.pk}"

    @property
    def kept(self):
        return self.kept_student or self.kept_person

    @property
    def gone(self):
        return self.gone_student or self.gone_person

    @staticmethod
    def rows_visible_to(user):
        return of_own_office(user)


class Viewing(models.Model):
    """An admin looking at the portal as somebody else: who, as whom, why, from when to when."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="viewings")
    reason = models.CharField(max_length=200)
    district = models.ForeignKey(District, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"viewing {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        """Those of oneself, and those of one's own office."""
        return of_own_office(user) | Q(person=user)
