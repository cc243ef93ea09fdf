"""Who looked at what about students, and why they could. Rows are added and never changed."""

from django.db import models
from django.db.models import Q

from schools import scopes
from schools.access import ScopedQuerySet
from schools.models.people import User
from schools.models.places import District, School
from schools.models.rosters import Section, Student


class AccessLog(models.Model):
    """One view, print or export of student-level data, or the refusal of one."""

    append_only = True  # the application's database role may add and read, nothing else
    never_drawn = True  # no page that is kept (`schools/drawn`) shows it

    class Action(models.TextChoices):
        VIEW = "view", "viewed"
        EXPORT = "export", "exported"
        PRINT = "print", "printed"
        REFUSED = "refused", "refused"

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=8, choices=Action)
    what = models.CharField(max_length=200)
    why = models.CharField(max_length=300, blank=True)
    purpose = models.CharField(max_length=300, blank=True)
    # Whose records these are; none where the reader reaches several districts and the access names no school.
    district = models.ForeignKey(District, models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="+")
    section = models.ForeignKey(Section, models.PROTECT, null=True, related_name="+")
    student = models.ForeignKey(Student, models.PROTECT, null=True, related_name="+")
    students = models.PositiveIntegerField(default=0)
    request_id = models.CharField(max_length=64, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=["view", "export", "print", "refused"]),
                name="accesslog_action_known",
                violation_error_message="This action does not exist.",
            )
        ]

    def __str__(self):
        return f"access {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        return scopes.access_log(user)
