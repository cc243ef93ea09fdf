"""The turning of a year: what an office did, with all it takes to take it back."""

from django.db import models
from django.db.models import Q

from schools.access import ScopedQuerySet
from schools.models.people import User
from schools.models.places import School, SchoolYear


class YearAct(models.Model):
    """One step of the turning of a year.

    year     the year that is closed, carried over or reviewed
    school   whose classes were carried over; none for the other kinds
    words    what was done, in one sentence
    made     ids of the rows it added, by model ("section": [1, 2]), in the order they were added
    changed  rows it changed: [model, id, {field: before}, {field: after}], days as 2026-06-15
    """

    class Kind(models.TextChoices):
        CLOSE = "close", "year closed"
        CARRY = "carry", "classes carried over"
        REVIEW = "review", "roles and agreements reviewed"

    year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=8, choices=Kind)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=300)
    made = models.JSONField(default=dict)
    changed = models.JSONField(default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["close", "carry", "review"]),
                name="yearact_kind_known",
                violation_error_message="A year is closed, carried over or reviewed.",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="yearact_undone_by_somebody",
                violation_error_message="What is undone was undone by somebody.",
            ),
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(kind="close", undone_at=None),
                name="yearact_closed_once",
                violation_error_message="This year is closed already.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.year}"

    @staticmethod
    def rows_visible_to(user):
        return Q(year__district__in=user.standing.admin_district_ids)

    @staticmethod
    def rows_editable_by(user):
        return Q(year__district__in=user.standing.admin_district_ids)
