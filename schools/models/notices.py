"""What the portal tells a person: on Today, in the list of notices, and by mail. No student, and no result, in it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.access import ScopedQuerySet
from schools.models.people import User


class Notice(models.Model):
    """One thing told to one person, from the moment `at` on.

    about     what it is of, for the portal: nobody is told the same twice
    mail_due  when its mail is to leave; none once it left, was given up, or nobody wanted it
    """

    counts_from = "at"
    unseen_changes = ("mail_due", "mailed_at")

    class Kind(models.TextChoices):
        RESULTS = "results", "Results of my classes and schools: published, corrected, taken back"
        RELEASE = "release", "Results of the network: released"
        ROSTER = "roster", "Class lists: what is said to be wrong, and what came of it"
        AGREEMENT = "agreement", "Data agreements: about to end"

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    about = models.CharField(max_length=60)
    words = models.CharField(max_length=300)
    url = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail_due = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "about"], name="notice_told_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["results", "release", "roster", "agreement"]),
                name="notice_kind_known",
                violation_error_message="This kind of notice does not exist.",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-at"], name="notice_newest"),
            models.Index(fields=["about"], name="notice_about"),
            models.Index(fields=["mail_due"], condition=Q(mail_due__isnull=False), name="notice_to_mail"),
        ]

    def __str__(self):
        return self.words

    @staticmethod
    def rows_visible_to(user):
        """A person's own, once they are told."""
        return Q(user=user, at__lte=timezone.now())

    @staticmethod
    def rows_editable_by(user):
        return Q(user=user)
