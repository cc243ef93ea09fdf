"""What was disclosed to whom, how long what is kept, and the proof that it was destroyed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from schools import scopes
from schools.access import ScopedQuerySet
from schools.models.people import User
from schools.models.places import District, School
from schools.models.rosters import Student


class DisclosureRecord(models.Model):
    """A disclosure of student records, or a request that was refused, outside the portal (34 CFR 99.32).

    What partners open inside the portal stands in the access log and is not entered here. `student` is empty where
    it was about all students of the school, or of the district. Rows are added and never changed.
    """

    append_only = True

    class Answer(models.TextChoices):
        GIVEN = "given", "given"
        REFUSED = "refused", "refused"

    class Basis(models.TextChoices):
        OFFICIAL = "official", "contractor acting as a school official, 99.31(a)(1)(i)(B)"
        TRANSFER = "transfer", "school where the student enrolls, 99.31(a)(2)"
        AUDIT = "audit", "audit or evaluation of a program, 99.31(a)(3)"
        STUDY = "study", "study for the district, 99.31(a)(6)"
        COURT = "court", "court order or subpoena, 99.31(a)(9)"
        EMERGENCY = "emergency", "health or safety emergency, 99.31(a)(10)"
        NONE = "none", "no exception applied"

    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    student = models.ForeignKey(Student, models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    party = models.CharField(max_length=200)
    interest = models.CharField(max_length=300)
    basis = models.CharField(max_length=10, choices=Basis)
    what = models.CharField(max_length=300)
    onward = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=7, choices=Answer, default=Answer.GIVEN)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["given", "refused"]),
                name="disclosurerecord_answer_known",
                violation_error_message="Records were given, or the request was refused.",
            ),
            models.CheckConstraint(
                condition=~Q(answer="given", basis="none"),
                name="disclosurerecord_given_on_a_basis",
                violation_error_message="What was given has a basis in 34 CFR 99.31. Name it.",
            ),
        ]

    def __str__(self):
        return f"disclosure {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        return scopes.disclosures(user)


class RetentionRule(models.Model):
    """How many days a district keeps one class of data, where it differs from what the portal proposes."""

    LONGEST = 36_525  # a hundred years

    district = models.ForeignKey(District, models.CASCADE, related_name="retention_rules")
    data_class = models.CharField(max_length=40)
    days = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(LONGEST)])
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["district", "data_class"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "data_class"],
                name="retentionrule_once",
                violation_error_message="This district has a rule for this class of data.",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1),
                name="retentionrule_at_least_a_day",
                violation_error_message="Keep it for at least one day.",
            ),
        ]

    def __str__(self):
        return f"{self.data_class}, {self.days} days"

    @staticmethod
    def rows_visible_to(user):
        return scopes.of_districts_kept(user)

    @staticmethod
    def rows_editable_by(user):
        return Q(district__in=user.standing.admin_district_ids)


class DestructionCertificate(models.Model):
    """That a class of data was destroyed: how much, of which days, by what rule, who and when. Kept for good.

    It holds no name. `sha256` is of all its words and of the certificate before it, so that none can be changed,
    taken out or put between unnoticed.
    """

    append_only = True

    district = models.ForeignKey(District, models.PROTECT, related_name="certificates")
    number = models.PositiveIntegerField()
    data_class = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    rule = models.CharField(max_length=300)
    before = models.DateField()
    counts = models.JSONField()
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    previous = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["district", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "number"],
                name="destructioncertificate_once",
                violation_error_message="This district has a certificate of that number.",
            )
        ]

    def __str__(self):
        return f"certificate {self.number} of {self.district}"

    @staticmethod
    def rows_visible_to(user):
        return scopes.of_districts_kept(user)
