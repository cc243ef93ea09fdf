"""Who opened, took away or was refused what shows one student: alone, in a class, a school or a file of the district.

An access to a class counts from the student's first day in it, one to a school from the first day of the enrollment:
rather one line too many than one too few. Pages and files that show no student's row are not among them.
"""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Case, Q, Value, When

from schools.dates import midnight
from schools.models import AccessLog, Student
from schools.privacy.students import enrollments_of

ALONE, CLASS, SCHOOL, DISTRICT = "this student", "the class", "the school", "a file of the district"
REFUSED = AccessLog.Action.REFUSED


def looks_at(student: Student, rows=None):
    """The accesses among `rows` (all where left out) that showed, or were to show, `student`, newest first.

    Each has `reach`: how the student came to be in it. The caller narrows
    `rows` to what the reader may see.
    """
    asked = AccessLog.objects.all() if rows is None else rows  # unscoped: narrowed by the caller
    zone = ZoneInfo(student.district.timezone)
    seats = first_days(student.sections.values_list("section_id", "starts"))
    schools = first_days((row.school_id, row.starts) for row in enrollments_of(student))
    shows = Q(students__gt=0) | Q(action=REFUSED)
    in_class = any_since("section", seats, zone) & shows
    in_school = any_since("school", schools, zone) & shows & Q(section=None, student=None)
    in_file = Q(district=student.district_id, school=None, section=None, student=None, students__gt=0)
    if schools:
        in_file &= Q(at__gte=midnight(min(schools.values()), zone))
    reach = Case(
        When(student=student, then=Value(ALONE)),
        When(section__isnull=False, then=Value(CLASS)),
        When(school__isnull=False, then=Value(SCHOOL)),
        default=Value(DISTRICT),
    )
    found = asked.filter(Q(student=student) | in_class | in_school | in_file)
    return found.annotate(reach=reach).select_related("user", "school", "section")


def first_days(pairs: Iterable[tuple[int, date]]) -> dict[int, date]:
    """The first day in each place."""
    found: dict[int, date] = {}
    for pk, day in pairs:
        found[pk] = min(day, found.get(pk, day))
    return found


def any_since(field: str, first: dict[int, date], zone: ZoneInfo) -> Q:
    """Accesses to one of these places from its first day on; none where there are no places."""
    found = Q(pk__in=[])
    for pk, day in first.items():
        found |= Q((field, pk), at__gte=midnight(day, zone))
    return found
