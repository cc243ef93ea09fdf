"""What dashboards read: sums made once, when results are published. Class pages are computed live instead."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assessments.models.instruments import Administration, Item, Window
from schools.access import ScopedQuerySet
from schools.models import District, Network, School


def inside_own_schools(user) -> Q:
    """Live figures are for those with rights to the whole school or its district; others wait for a release."""
    held = user.standing
    return Q(school__in=held.student_school_ids) | Q(school__district__in=held.admin_district_ids)


class GroupSummary(models.Model):
    """One administration for a school, a network or the whole district; `grade` blank is all grades."""

    administration = models.ForeignKey(Administration, models.CASCADE, related_name="summaries")
    school = models.ForeignKey(School, models.CASCADE, null=True, related_name="+")
    network = models.ForeignKey(Network, models.CASCADE, null=True, related_name="+")
    grade = models.CharField(max_length=2, blank=True)
    tested = models.PositiveIntegerField()
    not_tested = models.PositiveIntegerField()
    points_mean = models.FloatField(null=True)
    points_sd = models.FloatField(null=True)
    points_q1 = models.FloatField(null=True)
    points_median = models.FloatField(null=True)
    points_q3 = models.FloatField(null=True)
    scale_mean = models.FloatField(null=True)
    scale_sd = models.FloatField(null=True)
    scale_q1 = models.FloatField(null=True)
    scale_median = models.FloatField(null=True)
    scale_q3 = models.FloatField(null=True)
    # Students at level 1, 2, ...; by standard and by item in the test's own order.
    level_counts = ArrayField(models.IntegerField(), default=list)
    standard_earned = ArrayField(models.FloatField(), default=list)
    standard_possible = ArrayField(models.FloatField(), default=list)
    item_earned = ArrayField(models.FloatField(), default=list)
    item_given = ArrayField(models.IntegerField(), default=list)
    strand_means = ArrayField(models.FloatField(null=True), default=list)
    strand_counts = ArrayField(models.IntegerField(), default=list)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["administration", "school", "network", "grade"]
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "school", "network", "grade"],
                name="groupsummary_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(school__isnull=True) | Q(network__isnull=True), name="groupsummary_one_place"
            ),
        ]

    def __str__(self):
        return f"summary {self.pk}"

    rows_visible_to = staticmethod(inside_own_schools)


class FormSummary(models.Model):
    """How well a form measured, for a network or the whole district (`network` empty)."""

    administration = models.ForeignKey(Administration, models.CASCADE, related_name="form_summaries")
    network = models.ForeignKey(Network, models.CASCADE, null=True, related_name="+")
    students = models.PositiveIntegerField()
    reliability = models.FloatField(null=True)
    reliability_kind = models.CharField(max_length=40, blank=True)
    sem = models.FloatField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["administration", "network"]
        constraints = [
            models.UniqueConstraint(fields=["administration", "network"], name="formsummary_once", nulls_distinct=False)
        ]

    def __str__(self):
        return f"form summary {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        return Q(administration__assessment__district__in=user.standing.admin_district_ids)


class ItemSummary(models.Model):
    """How one item behaved, for a network or the whole district (`network` empty)."""

    administration = models.ForeignKey(Administration, models.CASCADE, related_name="item_summaries")
    network = models.ForeignKey(Network, models.CASCADE, null=True, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="summaries")
    students = models.PositiveIntegerField()
    difficulty = models.FloatField(null=True)
    item_rest = models.FloatField(null=True)
    uncorrected = models.FloatField(null=True)
    # {"A": {"count": 12, "share": 0.3, "r": -0.1}, "blank": 3, "not_reached": 1, "several": 0}
    choices = models.JSONField(default=dict)
    flags = ArrayField(models.CharField(max_length=40), default=list)
    reason = models.CharField(max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["administration", "network", "item__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "network", "item"], name="itemsummary_once", nulls_distinct=False
            )
        ]

    def __str__(self):
        return f"item summary {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        return Q(administration__assessment__district__in=user.standing.admin_district_ids)


class GrowthSummary(models.Model):
    """What changed between two windows of a series, for students tested in both."""

    class Kind(models.TextChoices):
        SCALE = "scale", "scale points"
        STANDING = "standing", "standing in the network"

    district = models.ForeignKey(District, models.CASCADE, related_name="+")
    series = models.CharField(max_length=60)
    first = models.ForeignKey(Window, models.CASCADE, related_name="+")
    last = models.ForeignKey(Window, models.CASCADE, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, null=True, related_name="+")
    network = models.ForeignKey(Network, models.CASCADE, null=True, related_name="+")
    grade = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    matched = models.PositiveIntegerField()
    mean = models.FloatField(null=True)
    sd = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    effect = models.FloatField(null=True)
    # The group's mean less the network's, with its interval.
    against_mean = models.FloatField(null=True)
    against_low = models.FloatField(null=True)
    against_high = models.FloatField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["series", "first", "last", "school", "network", "grade"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "series", "first", "last", "school", "network", "grade"],
                name="growthsummary_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["scale", "standing"]),
                name="growthsummary_kind_known",
                violation_error_message="Growth is on a scale or a standing in the network.",
            ),
        ]

    def __str__(self):
        return f"growth summary {self.pk}"

    rows_visible_to = staticmethod(inside_own_schools)
