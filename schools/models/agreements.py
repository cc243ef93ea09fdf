"""Under what agreement an outside partner may see student records (34 CFR 99.31(a)(1)(i)(B))."""

from django.db import models
from django.db.models import Q

from schools import dates, scopes
from schools.access import ScopedQuerySet
from schools.models.people import User
from schools.models.places import District, Organization, School


class DataAgreement(models.Model):
    """A district's agreement with an organization: for what, in which schools, from when to when.

    Without one in force that names its people as school officials, nobody of the organization sees a student.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="agreements")
    district = models.ForeignKey(District, models.PROTECT, related_name="agreements")
    schools = models.ManyToManyField(School, related_name="agreements")
    function = models.CharField(max_length=300)
    names_school_officials = models.BooleanField(default=False)
    reference = models.CharField(max_length=200, blank=True)  # where the signed paper is to be found
    starts = models.DateField()
    ends = models.DateField()
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_early_reason = models.CharField(max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["organization__name", "-starts"]
        constraints = [
            dates.in_order("dataagreement"),
            models.CheckConstraint(
                condition=~Q(function=""),
                name="dataagreement_has_function",
                violation_error_message="Say what the organization does for the district.",
            ),
        ]

    def __str__(self):
        return f"{self.organization} for {self.district}"

    @staticmethod
    def rows_visible_to(user):
        return scopes.agreements(user)

    @staticmethod
    def rows_editable_by(user):
        return Q(district__in=user.standing.admin_district_ids)
