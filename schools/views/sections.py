"""A class: who teaches it, and who sits in it."""

from django.views.decorators.http import require_GET

from schools import dates
from schools.access import get_visible_or_404, not_here
from schools.audit import record_access, student_level
from schools.corrections import why_not_reported
from schools.models import AccessLog, Section, SectionEnrollment, SectionStaff
from schools.pages import render_page
from schools.rights import may_staff, why_section
from schools.search import Folded
from schools.years.acts import closed_years


def _section(request, pk) -> Section:
    return get_visible_or_404(Section.objects.select_related("school__district", "year"), request.user, pk=pk)


@require_GET
def section(request, pk):
    """One class without its students: when it runs, and who teaches it, taught it, will teach it."""
    one = _section(request, pk)
    today = request.user.standing.today
    rows = list(
        SectionStaff.objects.visible_to(request.user)
        .filter(section=one)
        .select_related("user")
        .order_by("starts", "pk")
    )
    context = {
        "section": one,
        "now": [row for row in rows if row.ends is None or row.ends >= today],
        "ended": [row for row in rows if row.ends and row.ends < today],
        "may_staff": may_staff(request.user, one) and not closed_years([one.year_id]),
        "sees_students": why_section(request.user, one) is not None,
    }
    return render_page(request, "schools/section.html", context)


def section_with_students(request, pk) -> tuple[Section, str]:
    """The class and why the reader may see its students. Raises Http404 where they may not, or AccessEnded."""
    one = _section(request, pk)
    why = why_section(request.user, one)
    if why is None:
        raise not_here(request.user, one)
    return one, why


@require_GET
@student_level("class list", section="pk")
def class_list(request, pk):
    """Names and numbers of the students of a class, today or on its last day."""
    one, why = section_with_students(request, pk)
    today = request.user.standing.today
    day = min(max(today, one.starts), one.ends)
    seats = (
        SectionEnrollment.objects.visible_to(request.user)
        .filter(dates.on(day), section=one)
        .select_related("student")
        .order_by(Folded("student__family_name"), Folded("student__given_name"), "student__number")
    )
    students = [seat.student for seat in seats]
    record_access(request, AccessLog.Action.VIEW, "class list", section=one, students=len(students), why=why)
    context = {
        "section": one,
        "students": students,
        "day": day,
        "closed": one.ends < today,
        "may_report": not why_not_reported(one, today),
    }
    return render_page(request, "schools/class_list.html", context)
