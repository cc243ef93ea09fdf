"""One row per student and administration, the answers as two byte vectors; replaced rows move to the history.

The table is partitioned by administration (see the first migration); `assessments/store.py` alone writes it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assessments.models.instruments import Administration
from assessments.models.uploads import Upload
from schools import scopes
from schools.access import ScopedQuerySet
from schools.models import School, Section, Student


class Result(models.Model):
    """What one student showed in one administration. School, section and grade are those of the test date."""

    # A first load comes as a partition (decision 0003), of which no trigger tells; its administration changes with it.
    told_by = "assessments.Administration"

    NOT_TESTED, TESTED = 0, 1

    pk = models.CompositePrimaryKey("administration", "student")
    administration = models.ForeignKey(Administration, models.PROTECT, related_name="results")
    student = models.ForeignKey(Student, models.PROTECT, related_name="results", db_index=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    # Without a foreign key in the database: attaching a partition would lock both tables (decision 0003).
    # Sections and uploads are ended or undone, never deleted.
    section = models.ForeignKey(Section, models.PROTECT, null=True, related_name="+", db_constraint=False)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="results", db_index=False, db_constraint=False)
    tested_on = models.DateField(null=True)
    points = models.FloatField(null=True)
    scale_score = models.FloatField(null=True)
    status = models.SmallIntegerField(default=TESTED)
    level = models.SmallIntegerField(null=True)
    grade = models.CharField(max_length=2, blank=True)
    points_vector = models.BinaryField(null=True)
    choices_vector = models.BinaryField(null=True)
    strands = ArrayField(models.FloatField(null=True), null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["administration", "student"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[0, 1]),
                name="result_status_known",
                violation_error_message="A result says tested or not tested.",
            )
        ]

    def __str__(self):
        return f"result of student {self.student_id} in administration {self.administration_id}"

    @staticmethod
    def rows_visible_to(user):
        """Own students' results: leaders and coaches by school of the test or of today, teachers by section.

        Of students one teaches no more, only what they showed in the class in the windows one taught it.
        """
        held = user.standing
        found = scopes.any_of(
            school__district=held.admin_district_ids,
            school=held.student_school_ids,
            section=held.current_section_ids,
        )
        found |= scopes.any_of(student=scopes.enrolled_students(user))
        found |= scopes.any_of(student=scopes.students_taught_now(user))
        for row in held.past_staffing:
            last = row.ends or row.section.ends
            taught = Q(administration__window__closes__gte=row.starts, administration__window__opens__lte=last)
            found |= Q(section=row.section_id) & taught
        return found


class ResultHistory(models.Model):
    """A result that a later upload replaced or set aside, kept as it was so that undo is exact."""

    administration = models.ForeignKey(Administration, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.PROTECT, related_name="+")
    school = models.ForeignKey(School, models.PROTECT, related_name="+", db_index=False)
    section = models.ForeignKey(Section, models.PROTECT, null=True, related_name="+", db_index=False)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    replaced_by = models.ForeignKey(Upload, models.PROTECT, related_name="replaced")
    replaced_at = models.DateTimeField(auto_now_add=True)
    tested_on = models.DateField(null=True)
    points = models.FloatField(null=True)
    scale_score = models.FloatField(null=True)
    status = models.SmallIntegerField()
    level = models.SmallIntegerField(null=True)
    grade = models.CharField(max_length=2, blank=True)
    points_vector = models.BinaryField(null=True)
    choices_vector = models.BinaryField(null=True)
    strands = ArrayField(models.FloatField(null=True), null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["administration", "student", "-replaced_at"]
        constraints = [
            models.UniqueConstraint(fields=["administration", "student", "replaced_by"], name="resulthistory_once")
        ]

    def __str__(self):
        return f"earlier result of student {self.student_id} in administration {self.administration_id}"

    @staticmethod
    def rows_visible_to(user):
        return Q(school__district__in=user.standing.admin_district_ids)
