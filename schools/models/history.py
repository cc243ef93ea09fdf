"""What was changed, by whom, when, from what to what. The database writes these rows itself and lets nobody alter them.

`schools/history/` says which tables are kept, who signs, and how a change reads.
"""

from django.db import models
from django.db.models import Q

from schools import scopes
from schools.access import ScopedQuerySet
from schools.models.people import User
from schools.models.places import District, Network, School
from schools.models.rosters import Section, Student


def to(model):
    """A reference that outlives what it names: no key holds it, and a purge of the one leaves the other alone."""
    return models.ForeignKey(model, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+")


class Act(models.Model):
    """What one person, command or job did in one transaction. `what` names the page, command or task."""

    append_only = True
    never_drawn = True  # it changes with what it tells of
    written_by_database = True  # the application's role cannot even add a row

    class Via(models.TextChoices):
        PAGE = "page", "on a page"
        COMMAND = "command", "from the command line"
        JOB = "job", "by a job"
        PORTAL = "portal", "by the portal itself"

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    user = to(User)
    who = models.CharField(max_length=250)  # the person's name then, or the portal's
    via = models.CharField(max_length=8, choices=Via)
    what = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(via__in=["page", "command", "job", "portal"]),
                name="act_via_known",
                violation_error_message="A change is made on a page, by a command, by a job or by the portal itself.",
            )
        ]

    def __str__(self):
        return f"act {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        return Q(pk__in=Change.objects.filter(scopes.history(user)).values("act"))


class Change(models.Model):
    """One row of one table as it was and as it became; of a changed row only the columns that changed.

    kind          the model, in small letters; `row` its key
    label         what the row is called, where that is no student's name
    page, thing   the thing on whose page it is told, where that is none of the columns: ("assessment", 5)
    """

    append_only = True
    never_drawn = True
    written_by_database = True

    class Op(models.TextChoices):
        ADDED = "I", "added"
        CHANGED = "U", "changed"
        REMOVED = "D", "removed"

    id = models.BigAutoField(primary_key=True)
    act = models.ForeignKey(Act, models.DO_NOTHING, db_constraint=False, related_name="changes")
    kind = models.CharField(max_length=40)
    op = models.CharField(max_length=1, choices=Op)
    row = models.BigIntegerField()
    label = models.CharField(max_length=255, blank=True)
    district = to(District)
    network = to(Network)
    school = to(School)
    section = to(Section)
    student = to(Student)
    person = to(User)
    page = models.CharField(max_length=20, blank=True)
    thing = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(op__in=["I", "U", "D"]),
                name="change_op_known",
                violation_error_message="A row is added, changed or removed.",
            )
        ]
        indexes = [
            models.Index(fields=["student", "-id"], condition=Q(student__isnull=False), name="change_of_student"),
            models.Index(fields=["section", "-id"], condition=Q(section__isnull=False), name="change_of_section"),
            models.Index(
                fields=["school", "-id"],
                condition=Q(school__isnull=False, student__isnull=True),
                name="change_of_school",
            ),
            models.Index(fields=["person", "-id"], condition=Q(person__isnull=False), name="change_of_person"),
            models.Index(fields=["page", "thing", "-id"], condition=~Q(page=""), name="change_of_thing"),
            models.Index(
                fields=["district", "-id"],
                condition=Q(district__isnull=False, student__isnull=True),
                name="change_of_district",
            ),
        ]

    def __str__(self):
        return f"change {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        return scopes.history(user)
