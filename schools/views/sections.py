"""A class: who teaches it, and who sits in it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schools import dates
from schools.access import get_editable_or_403, get_visible_or_404, not_here
from schools.audit import record_access, student_level
from schools.forms import EndForm, SectionStaffForm
from schools.models import AccessLog, Section, SectionEnrollment, SectionStaff
from schools.pages import render_page
from schools.privacy.typed import names_stand
from schools.rights import may_staff, why_section
from schools.search import Folded
from schools.services import end_staffing, remove_staffing, staff_section


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
        "may_staff": may_staff(request.user, one),
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
    context = {"section": one, "students": students, "day": day, "closed": one.ends < today}
    return render_page(request, "schools/class_list.html", context)


@require_http_methods(["GET", "POST"])
def staff_add(request, pk):
    """Put a co-teacher, support teacher or substitute before a class."""
    one = _section(request, pk)
    if not may_staff(request.user, one):
        raise PermissionDenied("Who teaches a class is for the school's principal or the district's office to say.")
    data = request.POST if request.method == "POST" else None
    form = SectionStaffForm(data, section=one, user=request.user)
    if data is not None and form.is_valid() and names_stand(form, request.user, "reason"):
        typed = form.cleaned_data
        row = staff_section(
            section=one, user=typed["person"], by=request.user, role=typed["role"],
            starts=typed["starts"], ends=typed["ends"], reason=typed["reason"],
        )  # fmt: skip
        messages.success(request, f"{row.user.get_full_name()} teaches the class as {row.get_role_display()}.")
        return redirect("schools:section", pk)
    return render_page(request, "schools/staff_add.html", {"form": form, "section": one})


def _staffing(request, pk) -> SectionStaff:
    return get_editable_or_403(SectionStaff.objects.select_related("section__school", "user"), request.user, pk=pk)


@require_http_methods(["GET", "POST"])
def staff_end(request, pk):
    """Say on which day somebody teaches the class for the last time."""
    row = _staffing(request, pk)
    latest = min(row.ends or row.section.ends, row.section.ends)
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, today=request.user.standing.today, latest=latest)
    if data is not None and form.is_valid() and names_stand(form, request.user, "reason"):
        ends = form.cleaned_data["ends"]
        if ends < row.starts:
            form.add_error("ends", "That is before the first day. If it was entered by mistake, remove it instead.")
        else:
            end_staffing(staffing=row, by=request.user, last_day=ends, reason=form.cleaned_data["reason"])
            messages.success(request, f"{row.user.get_full_name()} teaches the class until {ends:%b} {ends.day}.")
            return redirect("schools:section", row.section_id)
    return render_page(request, "schools/staff_end.html", {"form": form, "staffing": row})


@require_POST
def staff_remove(request, pk):
    """Take back what was entered by mistake. What the roster file says is ended, not removed."""
    row = _staffing(request, pk)
    if row.source == SectionStaff.Source.ROSTER:
        raise PermissionDenied("This comes from the district's roster. End it, or have the roster corrected.")
    remove_staffing(staffing=row, by=request.user)
    messages.success(request, f"{row.user.get_full_name()} was removed from the class.")
    return redirect("schools:section", row.section_id)
