"""Students, where they are enrolled, the sections they sit in, and who teaches them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q

from schools import dates, scopes, search
from schools.access import ScopedQuerySet
from schools.models.people import User
from schools.models.places import District, School, SchoolYear

GRADES = ["PK", "KG", *(f"{grade:02d}" for grade in range(1, 13))]


class DaysRange(Func):
    function, output_field = "DATERANGE", DateRangeField()


class OneStudentRange(Func):
    """A range of one id, so that a plain GiST index (no extension) can hold it."""

    function, output_field = "INT4RANGE", IntegerRangeField()


class Student(models.Model):
    """A student of a district, known by the district's number."""

    district = models.ForeignKey(District, models.PROTECT, related_name="students")
    number = models.CharField(max_length=40)
    sourced_id = models.CharField(max_length=255, blank=True)
    family_name = models.CharField(max_length=200, blank=True)
    given_name = models.CharField(max_length=200, blank=True)
    # Set where the row was found to be another's: it then only leads there (`schools/merging`).
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["family_name", "given_name", "number"]
        indexes = search.indexes_of("student", "number", "district")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "number"],
                name="student_number_once",
                violation_error_message="Another student of this district has this number.",
            ),
            models.UniqueConstraint(
                fields=["district", "sourced_id"],
                condition=~Q(sourced_id=""),
                name="student_sourced_id_once",
                violation_error_message="Another student of this district has this OneRoster id.",
            ),
        ]

    def __str__(self):
        # Never the name: this text may end in a log.
        return f"student {self.pk}"

    @property
    def name(self) -> str:
        return f"{self.family_name}, {self.given_name}".strip(", ") or self.number

    @staticmethod
    def rows_visible_to(user):
        return scopes.students(user) & Q(merged_into=None)


class Enrollment(models.Model):
    """A student's time in one school. On any day a student is enrolled in one school at most."""

    student = models.ForeignKey(Student, models.PROTECT, related_name="enrollments")
    school = models.ForeignKey(School, models.PROTECT, related_name="enrollments")
    year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+")
    grade = models.CharField(max_length=2, blank=True, choices=[(grade, grade) for grade in GRADES])
    starts = models.DateField()
    ends = models.DateField()
    english_learner = models.BooleanField(null=True, blank=True)
    iep = models.BooleanField(null=True, blank=True)
    economically_disadvantaged = models.BooleanField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["student", "starts"]
        constraints = [
            dates.in_order("enrollment"),
            models.CheckConstraint(
                condition=Q(grade="") | Q(grade__in=GRADES),
                name="enrollment_grade_known",
                violation_error_message="A grade is PK, KG or 01 to 12.",
            ),
            ExclusionConstraint(
                name="enrollment_one_school_a_day",
                expressions=[
                    (OneStudentRange("student", "student", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                    (DaysRange("starts", "ends", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This student is already enrolled in a school on some of these days.",
            ),
        ]

    def __str__(self):
        return f"enrollment {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        return scopes.of_students(user, "school")


class Section(models.Model):
    """A class in a school year: "501", Math 5."""

    school = models.ForeignKey(School, models.PROTECT, related_name="sections")
    year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=60, blank=True)
    grade = models.CharField(max_length=2, blank=True, choices=[(grade, grade) for grade in GRADES])
    sourced_id = models.CharField(max_length=255, blank=True)
    starts = models.DateField()
    ends = models.DateField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["school__name", "title", "code"]
        constraints = [
            dates.in_order("section"),
            models.UniqueConstraint(
                fields=["school", "year", "code"],
                name="section_code_once",
                violation_error_message="This school already has a section of that code this year.",
            ),
        ]

    def __str__(self):
        return f"{self.title}, section {self.code}"

    @staticmethod
    def rows_visible_to(user):
        return scopes.sections(user)


class SectionEnrollment(models.Model):
    """A student's time in a section."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="enrollments")
    student = models.ForeignKey(Student, models.PROTECT, related_name="sections")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["section", "student"]
        constraints = [
            dates.in_order("sectionenrollment"),
            models.UniqueConstraint(
                fields=["section", "student", "starts"],
                name="sectionenrollment_once",
                violation_error_message="This student already joined the section on that day.",
            ),
        ]

    def __str__(self):
        return f"section enrollment {self.pk}"

    @staticmethod
    def rows_visible_to(user):
        return scopes.of_students(user, "section__school")


class SectionStaff(models.Model):
    """Who teaches a section, as what, from when to when. Rows made in the portal survive a roster sync."""

    class As(models.TextChoices):
        TEACHER = "teacher", "teacher"
        CO_TEACHER = "co_teacher", "co-teacher"
        SUPPORT = "support", "support teacher"
        SUBSTITUTE = "substitute", "long-term substitute"

    class Source(models.TextChoices):
        ROSTER = "roster", "roster file"
        PORTAL = "portal", "entered here"

    section = models.ForeignKey(Section, models.PROTECT, related_name="staff")
    user = models.ForeignKey(User, models.PROTECT, related_name="sections")
    role = models.CharField(max_length=12, choices=As, default=As.TEACHER)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.PORTAL)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["section", "starts"]
        constraints = [
            dates.in_order("sectionstaff"),
            models.UniqueConstraint(
                fields=["section", "user", "starts"],
                name="sectionstaff_once",
                violation_error_message="This person already teaches the section from that day.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["teacher", "co_teacher", "support", "substitute"]),
                name="sectionstaff_role_known",
                violation_error_message="Choose teacher, co-teacher, support teacher or long-term substitute.",
            ),
        ]

    def __str__(self):
        return f"{self.user} in {self.section}"

    @staticmethod
    def rows_visible_to(user):
        return scopes.section_staff(user)

    @staticmethod
    def rows_editable_by(user):
        return Q(section__school__in=user.standing.principal_school_ids) | Q(
            section__school__district__in=user.standing.admin_district_ids
        )
