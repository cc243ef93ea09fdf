"""What a teacher says is wrong with a class list, and what came of it."""

from django.db import models
from django.db.models import Q

from schools import scopes
from schools.access import ScopedQuerySet
from schools.models.people import User
from schools.models.rosters import Section, Student


class ClassListReport(models.Model):
    """One thing wrong with one class list: open until whoever keeps the roster has mended or answered it.

    `student` is whom it is about where they stand on the list; one who is missing is named in `text`.
    """

    class Kind(models.TextChoices):
        NOT_HERE = "not_here", "A student on the list is not in this class"
        MISSING = "missing", "A student of this class is missing"
        NAME = "name", "A name or a number is wrong"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        OPEN = "open", "open"
        MENDED = "mended", "mended"
        ANSWERED = "answered", "answered, nothing to mend"

    section = models.ForeignKey(Section, models.PROTECT, related_name="reports")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    student = models.ForeignKey(Student, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["not_here", "missing", "name", "other"]),
                name="classlistreport_kind_known",
                violation_error_message="Choose what is wrong.",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | Q(state__in=["mended", "answered"], answered_at__isnull=False),
                name="classlistreport_state_known",
                violation_error_message="A report is open, mended or answered; the last two have a day.",
            ),
            models.CheckConstraint(
                condition=Q(student__isnull=False) | ~Q(text=""),
                name="classlistreport_says_what",
                violation_error_message="Choose the student, or write what is wrong.",
            ),
        ]
        indexes = [models.Index(fields=["section"], condition=Q(state="open"), name="classlistreport_open")]

    def __str__(self):
        return f"report {self.pk} on a class list"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.state == self.State.OPEN

    @staticmethod
    def rows_visible_to(user):
        return scopes.class_list_reports(user)

    @staticmethod
    def rows_editable_by(user):
        return scopes.class_lists_kept(user)
