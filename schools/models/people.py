"""Users and the dated places they hold."""

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from schools import dates, scopes, search
from schools.access import ScopedQuerySet, Standing, standing_of
from schools.models.places import District, Network, Organization, School


class UserManager(BaseUserManager.from_queryset(ScopedQuerySet)):
    def create_user(self, email: str, password: str | None = None, **fields):
        """A person who signs in by email; without a password until they accept the invitation."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str):
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person. What they may do follows from dated memberships and section staffing alone."""

    # What no page shows (`schools/drawn`); whether somebody ever signed in is shown, and a trigger of its own tells it.
    unseen_changes = ("password", "last_login", "today_at", "today_before")

    email = models.EmailField(max_length=254)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    sourced_id = models.CharField(max_length=255, blank=True)
    is_active = models.BooleanField(default=True)
    # Set where the account was found to be another's: it then only leads there (`schools/merging`).
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    invited_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When the person began this visit of Today, and the one before it (`schools/visits.py`).
    today_at = models.DateTimeField(null=True, blank=True)
    today_before = models.DateTimeField(null=True, blank=True)
    no_mail_of = ArrayField(models.CharField(max_length=10), default=list, blank=True)  # kinds of notices

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["given_name", "family_name"]

    class Meta:
        ordering = ["family_name", "given_name"]
        indexes = search.indexes_of("user", "email")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="Someone already signs in with this e-mail address.",
            )
        ]

    def __str__(self):
        return self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def get_short_name(self) -> str:
        return f"{self.given_name[:1]}. {self.family_name}".strip()

    @cached_property
    def standing(self) -> Standing:
        """What this person holds today; read once a request."""
        return standing_of(self)

    @property
    def roles(self) -> frozenset[str]:
        return self.standing.roles

    @staticmethod
    def rows_visible_to(user):
        return scopes.people(user)


class Role(models.TextChoices):
    """The names of `permission_matrix.csv`; the public has no account."""

    TEACHER = "teacher", "teacher"
    TEACHER_LEADER = "teacher_leader", "teacher leader"
    PRINCIPAL = "principal", "principal"
    PSI_COACH = "psi_coach", "PSI coach"
    DISTRICT_ADMIN = "district_admin", "district admin"
    NETWORK_ADMIN = "network_admin", "network admin"
    UNION_REP = "union_rep", "union representative"
    AUDITOR = "auditor", "auditor"


SCOPES = ("school", "district", "network", "organization")  # where a role is held


def exactly_one_scope() -> Q:
    """One of school, district, network and organization is filled, the others are empty."""
    one_each = [Q(**{f"{scope}__isnull": scope != filled for scope in SCOPES}) for filled in SCOPES]
    return one_each[0] | one_each[1] | one_each[2] | one_each[3]


class Membership(models.Model):
    """A dated role in exactly one place. A roster sync touches those it made itself (reason "roster"), no others."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="memberships")
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="memberships")
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="memberships")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["user__family_name", "user__given_name", "-starts"]
        constraints = [
            dates.in_order("membership"),
            models.CheckConstraint(
                condition=exactly_one_scope(),
                name="membership_one_place",
                violation_error_message="A role is held in exactly one school, district, network or organization.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="membership_role_known",
                violation_error_message="This role does not exist.",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}, {self.place}"

    @property
    def place(self):
        """The one place this role is held in."""
        return self.school or self.district or self.network or self.organization

    @staticmethod
    def rows_visible_to(user):
        return scopes.memberships(user)

    @staticmethod
    def rows_editable_by(user):
        return scopes.memberships_to_change(user)
