"""What is tested, with what, when, and from which score a level begins."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from assessments.responses import MAX_UNITS, UNITS_PER_POINT
from schools.access import ScopedQuerySet
from schools.models import District, SchoolYear


class Standard(models.Model):
    """What students should know, by the code of a framework (PA Core "CC.2.1.5.C.1")."""

    framework = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    grade = models.CharField(max_length=10, blank=True)
    domain = models.CharField(max_length=200, blank=True)
    short_name = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["framework", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "code"],
                name="standard_code_once",
                violation_error_message="This framework already has a standard of that code.",
            )
        ]

    def __str__(self):
        return self.short_name or self.code

    @staticmethod
    def rows_visible_to(user):
        return Q()  # standards are public texts


class Assessment(models.Model):
    """The instrument: a form with items, a test that reports scores alone, or an adaptive test."""

    class Kind(models.TextChoices):
        FORM = "form", "form with questions"
        SCORES = "scores", "scores only"
        ADAPTIVE = "adaptive", "adaptive test"

    class RetakeRule(models.TextChoices):
        ASK = "ask", "ask a person"
        FIRST = "first", "the first counts"
        LAST = "last", "the last counts"
        BEST = "best", "the best counts"
        VENDOR = "vendor", "the vendor's own flag decides"

    district = models.ForeignKey(District, models.PROTECT, related_name="assessments")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    subject = models.CharField(max_length=60, blank=True)
    grades = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    max_score = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    retake_rule = models.CharField(max_length=8, choices=RetakeRule, default=RetakeRule.ASK)
    # Forms of one programme share a series (grade forms, quarterly forms); growth is looked for inside it.
    series = models.CharField(max_length=60)
    # The name of a scale shared across windows and grades; blank where scores of two windows cannot be subtracted.
    scale = models.CharField(max_length=60, blank=True)
    benchmark_level = models.PositiveSmallIntegerField(null=True, blank=True)
    strands = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "code"],
                name="assessment_code_once",
                violation_error_message="This district already has a test of that code.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["form", "scores", "adaptive"]),
                name="assessment_kind_known",
                violation_error_message="A test is a form with questions, scores only, or adaptive.",
            ),
            models.CheckConstraint(
                condition=Q(retake_rule__in=["ask", "first", "last", "best", "vendor"]),
                name="assessment_retake_rule_known",
                violation_error_message="Say what counts when a student takes the test twice.",
            ),
            models.CheckConstraint(
                condition=Q(max_score__isnull=True) | Q(max_score__gt=0),
                name="assessment_max_score_positive",
                violation_error_message="The highest score must be above 0.",
            ),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def rows_visible_to(user):
        return Q(district__in=user.standing.district_ids)

    @staticmethod
    def rows_editable_by(user):
        return Q(district__in=user.standing.admin_district_ids | user.standing.operated_district_ids)


class Item(models.Model):
    """One question of a form. Its position never changes once there are results."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    points = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    key = models.CharField(max_length=1, blank=True)
    label = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    choices = models.JSONField(default=dict, blank=True)
    standards = models.ManyToManyField(Standard, related_name="items", blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "position"],
                name="item_position_once",
                violation_error_message="Two questions of this test have the same number.",
            ),
            models.CheckConstraint(
                condition=Q(points__gt=0) & Q(points__lte=MAX_UNITS / UNITS_PER_POINT),
                name="item_points_sane",
                violation_error_message="A question is worth more than 0 and at most 62.5 points.",
            ),
            models.CheckConstraint(
                condition=Q(key="") | Q(key__regex=r"^[A-Z]$"),
                name="item_key_is_a_letter",
                violation_error_message="The key is one letter from A to Z, or empty.",
            ),
        ]

    def __str__(self):
        return f"Question {self.label or self.position}"

    @staticmethod
    def rows_visible_to(user):
        return Q(assessment__district__in=user.standing.district_ids)


class CutScore(models.Model):
    """From which score a level begins, for a grade, from a day on."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="cut_scores")
    grade = models.CharField(max_length=2, blank=True)
    level = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    minimum = models.DecimalField(max_digits=9, decimal_places=2)
    valid_from = models.DateField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "grade", "valid_from", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "grade", "level", "valid_from"],
                name="cutscore_once",
                violation_error_message="This level already begins on that day for that grade.",
            ),
            models.CheckConstraint(
                condition=Q(level__range=(1, 9)),
                name="cutscore_level_sane",
                violation_error_message="Levels are numbered 1 to 9.",
            ),
        ]

    def __str__(self):
        return f"{self.level} {self.name}"

    @staticmethod
    def rows_visible_to(user):
        return Q(assessment__district__in=user.standing.district_ids)


class Window(models.Model):
    """When tests are given: "2025-26/Q1", Fall."""

    year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="windows")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    opens = models.DateField()
    closes = models.DateField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "code"],
                name="window_code_once",
                violation_error_message="This school year already has a window of that code.",
            ),
            models.CheckConstraint(
                condition=Q(closes__gte=F("opens")),
                name="window_dates_in_order",
                violation_error_message="A window cannot close before it opens.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def full_code(self) -> str:
        return f"{self.year.code}/{self.code}"

    @staticmethod
    def rows_visible_to(user):
        return Q(year__district__in=user.standing.district_ids)


class Administration(models.Model):
    """A test in a window. `version` counts publications and undoings; whatever is cached names it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="administrations")
    window = models.ForeignKey(Window, models.PROTECT, related_name="administrations")
    version = models.PositiveIntegerField(default=0)
    has_partition = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-window__opens", "assessment__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "window"],
                name="administration_once",
                violation_error_message="This test already stands in this window.",
            )
        ]

    def __str__(self):
        return f"{self.assessment.name}, {self.window.name}"

    @property
    def code(self) -> str:
        return f"{self.assessment.code} {self.window.full_code}"

    @staticmethod
    def rows_visible_to(user):
        return Q(assessment__district__in=user.standing.district_ids)


def day_in_force(rows, day):
    """Cut scores of `rows` in force on `day`: for each grade and level the latest that had begun."""
    latest = {}
    for row in sorted(rows, key=lambda cut: cut.valid_from):
        if row.valid_from <= day:
            latest[row.grade, row.level] = row
    return list(latest.values())
