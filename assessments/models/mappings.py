"""What the columns of a layout mean that the portal did not know: said once by a person, kept for the next file."""

from django.db import models
from django.utils import timezone

from schools.access import ScopedQuerySet
from schools.models import District, User


class ColumnMapping(models.Model):
    """The meaning of each column of one layout, for one district; `fingerprint` is what the layout is known by.

    `headers` and `meanings` run side by side: `assessments.formats.meanings` says what a meaning may be.
    """

    district = models.ForeignKey(District, models.PROTECT, related_name="mappings")
    name = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    headers = models.JSONField()
    meanings = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["district", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "fingerprint"],
                name="columnmapping_once_a_layout",
                violation_error_message="A mapping for these columns is kept already.",
            ),
            models.UniqueConstraint(
                fields=["district", "name"],
                name="columnmapping_name_once",
                violation_error_message="Another mapping has this name already.",
            ),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def rows_visible_to(user):
        held = user.standing
        led = {m.school.district_id for m in held.active if m.school_id in held.principal_school_ids}
        return models.Q(district__in=held.admin_district_ids | led)

    @staticmethod
    def rows_editable_by(user):
        return models.Q(district__in=user.standing.admin_district_ids) | models.Q(by=user)
