"""Roster packages: what came, what it would change or has changed, and what was there before."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools.access import ScopedQuerySet
from schools.models.people import User
from schools.models.places import District, Network


class RosterImport(models.Model):
    """One roster package and what became of it. The row is the truth; the queue only says that there is work.

    content    the package with only what the portal reads of it, and never a password
    standing   after a package of changes: the whole roster as it stood then; the next such package begins there
    """

    unseen_changes = ("attempts", "rows_known", "rows_done", "moved_at")  # progress, which its own page shows

    class State(models.TextChoices):
        QUEUED = "queued", "waiting to be read"
        CHECKING = "checking", "being read"
        READY = "ready", "checked"
        NEEDS_REVIEW = "needs_review", "needs a person's yes"
        APPLYING = "applying", "being applied"
        REJECTED = "rejected", "refused"
        APPLIED = "published", "applied"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"
        FAILED = "failed", "given up"

    class Source(models.TextChoices):
        PAGE = "page", "sent on the page"
        COMMAND = "command", "sent from the command line"
        FOLDER = "folder", "found in the drop folder"

    MOVING = (State.QUEUED, State.CHECKING, State.APPLYING, State.UNDOING)

    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="roster_imports")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=8, choices=Source, default=Source.COMMAND)
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    standing = models.BinaryField(default=b"")
    state = models.CharField(max_length=12, choices=State)
    approve = models.BooleanField(default=False)  # a person has said yes to its halts
    answer = models.JSONField(default=dict)
    failure = models.TextField(blank=True)  # why it stopped, or was not undone, in words
    attempts = models.PositiveSmallIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    rows_known = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "queued", "checking", "ready", "needs_review", "applying", "rejected", "published",
                        "undoing", "undone", "failed",
                    ]
                ),
                name="rosterimport_state_known",
                violation_error_message="This state does not exist.",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["page", "command", "folder"]),
                name="rosterimport_source_known",
                violation_error_message="A roster comes by the page, the command line or the drop folder.",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["moved_at"],
                condition=Q(state__in=["queued", "checking", "applying", "undoing"]),
                name="rosterimport_moving",
            )
        ]

    def __str__(self):
        return f"roster import {self.pk}"

    @property
    def moving(self) -> bool:
        """Whether it waits for the portal, not for a person."""
        return self.state in self.MOVING

    @staticmethod
    def rows_visible_to(user):
        return Q(district__in=user.standing.admin_district_ids)


class RosterDiff(models.Model):
    """One kind of row that a package adds, changes or ends: how many, and the first of them in words (compressed)."""

    class Act(models.TextChoices):
        NEW = "new", "new"
        CHANGED = "changed", "changed"
        ENDING = "ending", "ending"
        UNTOUCHED = "untouched", "untouched"

    roster_import = models.ForeignKey(RosterImport, models.CASCADE, related_name="diffs")
    kind = models.CharField(max_length=24)
    act = models.CharField(max_length=10, choices=Act)
    count = models.PositiveIntegerField()
    lines = models.BinaryField(default=b"")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["roster_import", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["roster_import", "kind", "act"], name="rosterdiff_once"),
            models.CheckConstraint(
                condition=Q(act__in=["new", "changed", "ending", "untouched"]),
                name="rosterdiff_act_known",
                violation_error_message="A row is new, changed, ending or untouched.",
            ),
        ]

    def __str__(self):
        return f"{self.count} {self.act} {self.kind} of roster import {self.roster_import_id}"

    @staticmethod
    def rows_visible_to(user):
        return Q(roster_import__district__in=user.standing.admin_district_ids)


class RosterTrace(models.Model):
    """One step of an applied roster, so that it can be taken back exactly: ids it added, or rows as they were.

    ids      ranges [first, last] of the rows it added
    before   the rows it changed, as text, compressed: the id first, then `columns`
    """

    roster_import = models.ForeignKey(RosterImport, models.CASCADE, related_name="traces")
    position = models.PositiveSmallIntegerField()
    table = models.CharField(max_length=60)
    ids = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    before = models.BinaryField(default=b"")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["roster_import", "position"]
        constraints = [models.UniqueConstraint(fields=["roster_import", "position"], name="rostertrace_once")]

    def __str__(self):
        return f"step {self.position} of roster import {self.roster_import_id}"


PROGRAMS = ("english_learner", "iep", "economically_disadvantaged")


class RosterFlags(models.Model):
    """Which columns of demographics.csv say that a student is in a program, where the district has said so.

    Nothing else of that file is read: no birth date, no sex, no race.
    """

    district = models.OneToOneField(District, models.CASCADE, related_name="roster_flags")
    english_learner = models.CharField(max_length=100, blank=True)
    iep = models.CharField(max_length=100, blank=True)
    economically_disadvantaged = models.CharField(max_length=100, blank=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self):
        return f"columns of programs of {self.district}"

    def clean(self):
        named = list(self.columns.values())
        if len(set(map(str.casefold, named))) < len(named):
            raise ValidationError("Each program has a column of its own.")

    @property
    def columns(self) -> dict[str, str]:
        """The column of each program that has one."""
        return {name: column for name in PROGRAMS if (column := getattr(self, name))}

    @staticmethod
    def rows_visible_to(user):
        return Q(district__in=user.standing.admin_district_ids)
