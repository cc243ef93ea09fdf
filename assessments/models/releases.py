"""What leaves a school: figures of one window, suppressed, audited, agreed to by two people, and then left alone.

A released cell holds what readers see and nothing else. A figure that is not shown is null there; why it is not stands
in `WithheldFigure`, which only an auditor reads.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from assessments.models.instruments import Item, Standard, Window
from schools.access import ScopedQuerySet
from schools.models import District, Network, School
from schools.scopes import any_of


def is_open(prefix: str = "") -> Q:
    """Releases that both keys were turned for and whose time has come; `prefix` is the path to the release."""
    return Q(**{f"{prefix}state": "released", f"{prefix}opens_at__lte": timezone.now()})


class Release(models.Model):
    """The figures of one series in one window, for one network: who agreed to them, and from when they are open."""

    counts_from = "opens_at"
    unseen_changes = ("attempts", "moved_at")

    class State(models.TextChoices):
        COMPUTING = "computing", "being worked out"
        PREPARED = "prepared", "waits for the district"
        AGREED = "agreed", "waits for the network"
        RELEASED = "released", "released"
        HELD = "held", "held back"
        STOPPED = "stopped", "not released"

    class Naming(models.TextChoices):
        NAMED = "named", "schools by name"
        LETTERED = "lettered", "own school by name, others by letter"

    class Audience(models.TextChoices):
        NETWORK = "network", "the network's people"
        PUBLIC = "public", "everyone"

    network = models.ForeignKey(Network, models.PROTECT, related_name="releases")
    district = models.ForeignKey(District, models.PROTECT, related_name="releases")
    series = models.CharField(max_length=60)
    window = models.ForeignKey(Window, models.PROTECT, related_name="releases")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.COMPUTING)
    naming = models.CharField(max_length=10, choices=Naming, default=Naming.LETTERED)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.NETWORK)
    # What the figures mean, said once for all cells.
    title = models.CharField(max_length=200, blank=True)
    since = models.ForeignKey(Window, models.PROTECT, null=True, related_name="+")
    growth_kind = models.CharField(max_length=10, blank=True)  # "scale", "standing" or none
    mean_unit = models.CharField(max_length=10, blank=True)  # "scale" or "percent"
    has_levels = models.BooleanField(default=False)
    # Which versions of the results the figures were made from, and what the keys were turned for.
    basis = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    audit = models.JSONField(default=dict)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)
    computed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    moved_at = models.DateTimeField(default=timezone.now)
    first_key_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    first_key_at = models.DateTimeField(null=True)
    second_key_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    second_key_at = models.DateTimeField(null=True)
    opens_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-window__opens", "series", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "district", "series", "window", "number"], name="release_number_once"
            ),
            models.UniqueConstraint(
                fields=["network", "district", "series", "window"],
                condition=Q(state__in=["computing", "prepared", "agreed", "held"]),
                name="release_one_at_a_time",
                violation_error_message="A release of this window is being prepared already.",
            ),
            models.CheckConstraint(
                condition=Q(second_key_by__isnull=True) | Q(first_key_by__isnull=False),
                name="release_keys_in_order",
                violation_error_message="The district turns its key first.",
            ),
            models.CheckConstraint(
                condition=~Q(first_key_by=F("second_key_by")),
                name="release_two_people",
                violation_error_message="The two keys of a release are turned by two people.",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(second_key_by__isnull=False, opens_at__isnull=False),
                name="release_needs_both_keys",
                violation_error_message="A release needs both keys and a time.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["computing", "prepared", "agreed", "released", "held", "stopped"]),
                name="release_state_known",
            ),
            models.CheckConstraint(condition=Q(naming__in=["named", "lettered"]), name="release_naming_known"),
            models.CheckConstraint(condition=Q(audience__in=["network", "public"]), name="release_audience_known"),
        ]

    def __str__(self):
        return f"{self.title or self.series}, {self.window}"

    @property
    def is_open(self) -> bool:
        """Whether readers see it now: what the function of this name asks of the database, of a row at hand."""
        return self.state == self.State.RELEASED and self.opens_at <= timezone.now()

    @staticmethod
    def rows_visible_to(user):
        """State and date are for everyone in the network, a district's office its own district's."""
        held = user.standing
        return Q(network__in=held.network_ids, district__in=held.district_ids)

    @staticmethod
    def rows_editable_by(user):
        held = user.standing
        return Q(network__in=held.network_admin_ids) | Q(district__in=held.admin_district_ids)

    @staticmethod
    def rows_visible_to_public():
        return is_open() & Q(audience="public")


class ReleaseEvent(models.Model):
    """What somebody did with a release, and why."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=400)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return self.words

    @staticmethod
    def rows_visible_to(user):
        """The process is for those who turn keys, and for auditors."""
        held = user.standing
        return Q(release__network__in=held.network_admin_ids | held.audited_network_ids) | Q(
            release__district__in=held.admin_district_ids
        )


class ReleaseBasis(models.Model):
    """What a later release of the same window is held against; the portal reads it, and nobody else.

    students   which result of each student the figures were made from, as fingerprints: enough to count how many
               changed since, nothing to read (`assessments/releases/changes.py`)
    published  the table that was audited, as `schools.disclosure.stored` writes it
    """

    release = models.OneToOneField(Release, models.CASCADE, related_name="made_from")
    students = models.BinaryField()
    published = models.JSONField()

    def __str__(self):
        return f"basis of release {self.release_id}"


class ReleasedSchool(models.Model):
    """A school of a release and its letter there, drawn anew each time."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="schools")
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    letter = models.CharField(max_length=40)  # "School B"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["letter"]
        constraints = [
            models.UniqueConstraint(fields=["release", "school"], name="releasedschool_once"),
            models.UniqueConstraint(fields=["release", "letter"], name="releasedschool_letter_once"),
        ]

    def __str__(self):
        return self.letter

    @staticmethod
    def rows_visible_to(user):
        return in_open_releases(user)

    @staticmethod
    def rows_visible_to_public():
        return in_public_releases()


class ReleasedCell(models.Model):
    """One group's figures about one subject, as readers see them: null or "" is "not shown".

    The group is the network, a grade of it, a school (all its grades) or a subgroup of the network. The subject is the
    whole test (standard, strand and item empty), a standard, a strand or, by grade, an item.
    """

    class Place(models.TextChoices):
        NETWORK = "network", "the network"
        GRADE = "grade", "a grade of the network"
        SCHOOL = "school", "a school"
        SUBGROUP = "subgroup", "a subgroup of the network"

    release = models.ForeignKey(Release, models.CASCADE, related_name="cells")
    place = models.CharField(max_length=10, choices=Place)
    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="+")
    grade = models.CharField(max_length=2, blank=True)
    subgroup = models.CharField(max_length=20, blank=True)  # "el", "el:no", "iep", "economic", ...
    standard = models.ForeignKey(Standard, models.PROTECT, null=True, related_name="+")
    strand = models.CharField(max_length=200, blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    tested = models.PositiveIntegerField(null=True)
    rate = models.CharField(max_length=10, blank=True)  # of students at benchmark: "41%", ">=90%"
    mean = models.SmallIntegerField(null=True)  # whole scale points, or whole per cent of the points
    growth = models.SmallIntegerField(null=True)  # whole scale points, or hundredths of a standard deviation
    growth_low = models.SmallIntegerField(null=True)
    growth_high = models.SmallIntegerField(null=True)
    matched_band = models.CharField(max_length=20, blank=True)  # "20 to 49 students"
    verdict = models.CharField(max_length=20, blank=True)  # against the network, by the unrounded figures

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["release", "place", "grade", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "place", "school", "grade", "subgroup", "standard", "strand", "item"],
                name="releasedcell_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(place="school", school__isnull=False) | (~Q(place="school") & Q(school__isnull=True)),
                name="releasedcell_school_where_place_is",
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=True) | Q(place="grade"),
                name="releasedcell_items_by_grade_alone",
                violation_error_message="Questions are released for a grade of the network alone.",
            ),
            models.CheckConstraint(
                condition=~Q(place="school") | Q(grade=""),
                name="releasedcell_no_grade_in_a_school",
                violation_error_message="A school's grades are not released.",
            ),
        ]

    def __str__(self):
        return f"released cell {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        return in_open_releases(user)

    @staticmethod
    def rows_visible_to_public():
        return in_public_releases()


class WithheldFigure(models.Model):
    """What a release does not show, and by which rule: the auditor's ledger."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="withheld")
    cell = models.ForeignKey(ReleasedCell, models.CASCADE, related_name="withheld")
    figure = models.CharField(max_length=10)  # "tested", "rate", "mean" or "growth"
    rule = models.CharField(max_length=30)  # "primary", "complementary", "audit", "few_teachers", "frozen", ...
    words = models.CharField(max_length=300)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["release", "pk"]

    def __str__(self):
        return f"withheld figure {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        return Q(release__network__in=user.standing.audited_network_ids)


def in_open_releases(user) -> Q:
    """Rows of releases that have opened for `user`'s network; who releases or audits may look before."""
    held = user.standing
    opened = is_open("release__")
    early = held.network_admin_ids | held.audited_network_ids
    return (
        (opened & any_of(release__network=held.network_ids))
        | any_of(release__network=early, release__district=held.admin_district_ids)
        | in_public_releases()
    )


def in_public_releases() -> Q:
    """Rows of releases that have opened for everyone."""
    return is_open("release__") & Q(release__audience="public")
