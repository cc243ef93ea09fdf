"""Files of results: the bytes, what was found in them, and who did what. The row is the truth, Redis rings the bell."""

from django.db import models
from django.db.models import Q

from schools.access import ScopedQuerySet
from schools.models import District, School, User


class Upload(models.Model):
    """One file of results on its way: queued, checked, published, undone."""

    unseen_changes = ("attempts", "rows_known", "rows_done", "moved_at")  # progress, which its own page shows

    class State(models.TextChoices):
        QUEUED = "queued", "waiting to be read"
        CHECKING = "checking", "being read"
        READY = "ready", "ready to publish"
        NEEDS_REVIEW = "needs_review", "needs approval"
        REJECTED = "rejected", "refused"
        PUBLISHING = "publishing", "being published"
        PUBLISHED = "published", "published"
        UNDONE = "undone", "undone"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "failed"

    class Kind(models.TextChoices):
        FILE = "file", "file"
        RESCORE = "rescore", "new scoring after a change of the key"

    MOVING = ("queued", "checking", "publishing")
    WAITING = ("ready", "needs_review")

    district = models.ForeignKey(District, models.PROTECT, related_name="uploads")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FILE)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # What the person said of the file: assessment, window, format, complete_for, create_students, fixes ...
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    rows_known = models.PositiveIntegerField(null=True, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    # The counts, what was recognised and repaired, the preview: what page, JSON and log all tell.
    answer = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "queued",
                        "checking",
                        "ready",
                        "needs_review",
                        "rejected",
                        "publishing",
                        "published",
                        "undone",
                        "cancelled",
                        "failed",
                    ]
                ),
                name="upload_state_known",
                violation_error_message="This state does not exist.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["moved_at"],
                condition=Q(state__in=["queued", "checking", "publishing"]),
                name="upload_moving",
            )
        ]

    def __str__(self):
        return f"upload {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        held = user.standing
        return (
            Q(district__in=held.admin_district_ids)
            | Q(school__in=held.principal_school_ids)
            | Q(by=user, school__in=held.led_school_ids)
            | Q(district__in=held.overseen_district_ids)
        )

    @staticmethod
    def rows_editable_by(user):
        held = user.standing
        return Q(district__in=held.admin_district_ids) | Q(school__in=held.principal_school_ids)


class UploadChunk(models.Model):
    """A compressed piece of an upload's bytes; they are committed together with its row."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="chunks")
    part = models.CharField(max_length=10, default="file", choices=[("file", "file"), ("students", "students")])
    position = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["upload", "part", "position"]
        constraints = [models.UniqueConstraint(fields=["upload", "part", "position"], name="uploadchunk_once")]

    def __str__(self):
        return f"chunk {self.position} of upload {self.upload_id}"


class UploadIssue(models.Model):
    """One thing to know about one row of a file."""

    class Level(models.TextChoices):
        ERROR = "error", "error"
        WARNING = "warning", "warning"
        NOTE = "note", "note"

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="issues")
    level = models.CharField(max_length=8, choices=Level)
    code = models.CharField(max_length=40)
    row = models.PositiveIntegerField(null=True, blank=True)
    column = models.CharField(max_length=200, blank=True)
    message = models.TextField()
    value = models.TextField(blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["upload", "row", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["error", "warning", "note"]),
                name="uploadissue_level_known",
                violation_error_message="An issue is an error, a warning or a note.",
            )
        ]

    def __str__(self):
        return f"{self.code} in row {self.row}"

    @staticmethod
    def rows_visible_to(user):
        held = user.standing
        return (
            Q(upload__district__in=held.admin_district_ids)
            | Q(upload__school__in=held.principal_school_ids)
            | Q(upload__by=user, upload__school__in=held.led_school_ids)
            | Q(upload__district__in=held.overseen_district_ids)
        )


class UploadEvent(models.Model):
    """What a person, or the portal itself, did with an upload. Rows are added and never changed."""

    append_only = True

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    act = models.CharField(max_length=40)
    detail = models.CharField(max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.act}, upload {self.upload_id}"

    @staticmethod
    def rows_visible_to(user):
        return Q(upload__district__in=user.standing.admin_district_ids) | Q(
            upload__school__in=user.standing.principal_school_ids
        )
