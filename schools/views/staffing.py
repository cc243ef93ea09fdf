"""Who teaches a class beside, or instead of, those whom the roster names: kept by the school, with days and reasons."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from schools.access import get_editable_or_403, get_visible_or_404
from schools.forms import EndForm, SectionStaffForm, StaffDaysForm
from schools.models import Section, SectionStaff
from schools.pages import render_page
from schools.privacy.typed import names_stand
from schools.rights import may_staff
from schools.services import change_staffing, end_staffing, remove_staffing, staff_section
from schools.years.acts import closed_years


def _open_year(section: Section) -> None:
    """Raises PermissionDenied for a class of a year that is closed."""
    if closed_years([section.year_id]):
        raise PermissionDenied(
            f"The year {section.year.code} is closed: who taught its classes stays as it is. "
            "The district's office can open the year again."
        )


@require_http_methods(["GET", "POST"])
def staff_add(request, pk):
    """Put a co-teacher, support teacher or substitute before a class."""
    one = get_visible_or_404(Section.objects.select_related("school__district", "year"), request.user, pk=pk)
    if not may_staff(request.user, one):
        raise PermissionDenied("Who teaches a class is for the school's principal or the district's office to say.")
    _open_year(one)
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
    rows = SectionStaff.objects.select_related("section__school", "section__year", "user")  # unscoped: narrowed next
    row = get_editable_or_403(rows, request.user, pk=pk)
    _open_year(row.section)
    return row


def _entered_here(request, pk) -> SectionStaff:
    """Who was put before the class here. Raises PermissionDenied for what the roster says."""
    row = _staffing(request, pk)
    if row.source == SectionStaff.Source.ROSTER:
        raise PermissionDenied("This comes from the district's roster. End it, or have the roster corrected.")
    return row


@require_http_methods(["GET", "POST"])
def staff_change(request, pk):
    """Other days, or another part: a leave that lasts longer, a co-teacher who becomes the substitute."""
    row = _entered_here(request, pk)
    data = request.POST if request.method == "POST" else None
    form = StaffDaysForm(data, staffing=row)
    if data is not None and form.is_valid() and names_stand(form, request.user, "reason"):
        days = {name: form.cleaned_data[name] for name in ("role", "starts", "ends", "reason")}
        try:
            changed = change_staffing(staffing=row, by=request.user, **days)
        except ValidationError as clash:  # the person begins there on that day already
            form.add_error(None, clash.messages)
        else:
            messages.success(request, f"Saved: {changed.user.get_full_name()}, {changed.get_role_display()}.")
            return redirect("schools:section", row.section_id)
    return render_page(request, "schools/staff_change.html", {"form": form, "staffing": row})


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
    row = _entered_here(request, pk)
    remove_staffing(staffing=row, by=request.user)
    messages.success(request, f"{row.user.get_full_name()} was removed from the class.")
    return redirect("schools:section", row.section_id)
