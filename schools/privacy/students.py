"""Whose questions about a student's privacy a person answers: the principal of the school, the district's office."""

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects

from schools.access import get_visible_or_404
from schools.models import Enrollment, School, Student


def enrollments_of(student: Student) -> list[Enrollment]:
    """Every enrollment of the student with its school, the earliest first; asked for once."""
    rows = Enrollment.objects.select_related("school__district")  # unscoped: of a student in sight
    prefetch_related_objects([student], Prefetch("enrollments", queryset=rows))
    return sorted(student.enrollments.all(), key=lambda row: row.starts)


def student_to_answer_for(user, pk: int) -> tuple[Student, School | None, str]:
    """The student, the school they are or were last enrolled in, and why `user` may answer for them.

    Raises Http404 out of sight, PermissionDenied where the student is in sight but not theirs to answer for: what
    colleagues opened, and under which agreement, is for the school's principal and the district's office
    (permission matrix, audit_log).
    """
    student = get_visible_or_404(Student.objects.select_related("district"), user, pk=pk)
    enrollments = enrollments_of(student)
    school = enrollments[-1].school if enrollments else None
    why = why_answers(user, student, school)
    if why is not None:
        return student, school, why
    raise PermissionDenied("Who opened a student's records is for the school's principal and the district's office.")


def why_answers(user, student: Student, school: School | None) -> str | None:
    """Why `user` answers for a student of the school, or None where they do not."""
    if student.district_id in user.standing.admin_district_ids:
        return "Administers the district."
    if school is not None and school.pk in user.standing.principal_school_ids:
        return "Leads the school."
    return None


def answers_for_students(user) -> bool:
    """Whether there are students whose parents `user` answers."""
    return bool(user.standing.admin_district_ids or user.standing.principal_school_ids)
