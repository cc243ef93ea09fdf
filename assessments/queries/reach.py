"""Whose class results a person may open, and whether they may carry students' rows away.

Sections are visible to more people than their results are: whoever runs a network sees that a class exists, and
nothing of its students.
"""

from django.db.models import Q

from assessments.models import Result
from schools.models import School, Section
from schools.scopes import any_of
from schools.taking import FRESH_MINUTES, SIGNED_IN_MINUTES, ExportRight


def sections_with_results(user):
    """Sections whose students' results `user` may see: own classes, those of a school led, coached, administered."""
    held = user.standing
    return Section.objects.visible_to(user).filter(
        any_of(pk=held.section_ids, school=held.student_school_ids, school__district=held.admin_district_ids)
    )


def results_of_students(user, section_id: int, student_ids: list[int]):
    """The results a class page may read: those taken in the class, and those of the students who sit in it now."""
    return Result.objects.visible_to(user).filter(Q(section=section_id) | Q(student__in=student_ids))


def schools_with_results(user):
    """Schools whose results page `user` may open: schools in full sight, and those one teaches in."""
    held = user.standing
    return School.objects.visible_to(user).filter(any_of(pk=_own_school_ids(held), district=held.admin_district_ids))


def opens_school(user, school: School) -> bool:
    """Whether `user` may open the results page of a school: `schools_with_results`, asked of one without a query."""
    held = user.standing
    return school.pk in _own_school_ids(held) or school.district_id in held.admin_district_ids


def _own_school_ids(held) -> frozenset[int]:
    """Schools in full sight, and those one teaches in."""
    taught = {row.section.school_id for row in held.current_staffing}
    own = {m.school_id for m in held.active if m.role == "teacher" and m.school_id}
    return held.student_school_ids | taught | own


def sees_whole_school(user, school: School) -> bool:
    """Whether every figure of the school is open to `user`, and the names of its students."""
    held = user.standing
    return school.pk in held.student_school_ids or school.district_id in held.admin_district_ids


def why_school(user, school: School) -> str:
    """Why `user` may open the results of a school, as a sentence for the access log."""
    held = user.standing
    if school.pk in held.led_school_ids:
        return "Leads the school."
    if school.district_id in held.admin_district_ids:
        return "Administers the district."
    if school.pk in held.agreed_school_ids:
        return "Coaches the school under a data agreement in force."
    return "Teaches in the school; figures of the whole, without names."


def teaches(user, section: Section) -> bool:
    """Whether the class is one of the reader's own."""
    return section.pk in user.standing.section_ids


def export_right(user, section: Section) -> ExportRight | None:
    """What `user` may take away of a class they can see; None for nothing."""
    held = user.standing
    if teaches(user, section):
        return ExportRight(students=True, purpose=False, minutes=SIGNED_IN_MINUTES)
    if section.school_id in held.principal_school_ids or section.school.district_id in held.admin_district_ids:
        return ExportRight(students=True, purpose=True, minutes=FRESH_MINUTES)
    if section.school_id in held.led_school_ids:
        return ExportRight(students=False, purpose=False, minutes=0)
    return None


def school_export_right(user, school: School) -> ExportRight | None:
    """What `user` may take away of a school's page, which holds no student's row; None for nothing."""
    held = user.standing
    if school.pk in held.principal_school_ids:
        return ExportRight(students=False, purpose=True, minutes=FRESH_MINUTES)
    if school.pk in held.led_school_ids or school.district_id in held.admin_district_ids:
        return ExportRight(students=False, purpose=False, minutes=0)
    return None
