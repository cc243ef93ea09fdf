"""This is wrong: a teacher says so on a class list, whoever keeps the roster answers, and the teacher reads it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from schools import dates
from schools.access import get_editable_or_403, get_visible_or_404
from schools.audit import record_access, student_level
from schools.corrections import AlreadyAnswered, NobodyToTell, answer_report, report_class_list, why_not_reported
from schools.forms_corrections import AnswerForm, ReportForm
from schools.models import AccessLog, ClassListReport, SectionEnrollment
from schools.pages import render_page
from schools.privacy.typed import names_stand
from schools.rights import why_section
from schools.views.listing import page_of
from schools.views.sections import section_with_students

WHAT = "report on a class list"
WHY_LISTED = "Own reports, and those on classes whose roster one keeps."


@require_http_methods(["GET", "POST"])
@student_level("class list to report on", section="pk")
def class_list_wrong(request, pk):
    """Say what is wrong with a class list; it reaches those who keep the roster."""
    one, why = section_with_students(request, pk)
    if closed := why_not_reported(one, request.user.standing.today):
        raise PermissionDenied(closed)
    data = request.POST if request.method == "POST" else None
    form = ReportForm(data, section=one, user=request.user)
    if data is not None and form.is_valid() and names_stand(form, request.user, "text"):
        typed = form.cleaned_data
        try:
            report = report_class_list(
                section=one, by=request.user, kind=typed["kind"], student=typed["student"], text=typed["text"]
            )
        except NobodyToTell as nobody:
            form.add_error(None, str(nobody))
        else:
            messages.success(request, "Sent. You are told here what comes of it.")
            return redirect("schools:correction", report.pk)
    students = form.fields["student"].queryset.count()
    record_access(request, AccessLog.Action.VIEW, "class list to report on", section=one, students=students, why=why)
    return render_page(request, "schools/class_list_wrong.html", {"form": form, "section": one})


@require_GET
def corrections(request):
    """Reports on class lists: those one made, and those that are one's own to answer; open ones first."""
    rows = ClassListReport.objects.visible_to(request.user).select_related("section__school", "by", "student")
    page = page_of(request, rows.order_by(F("answered_at").desc(nulls_first=True), "-at", "-pk"))
    reports = list(page)
    if reports:
        about = {one.student_id for one in reports if one.student_id}
        record_access(request, AccessLog.Action.VIEW, "reports on class lists", students=len(about), why=WHY_LISTED)
    return render_page(request, "schools/corrections.html", {"page": page, "reports": reports})


def _report(request, pk, find) -> ClassListReport:
    related = ("section__school__district", "section__year", "by", "student", "answered_by")
    # unscoped: `find` narrows the rows to the reader
    report = find(ClassListReport.objects.select_related(*related), request.user, pk=pk)
    why = why_section(request.user, report.section) or "Made the report."
    students = 1 if report.student_id else 0
    record_access(request, AccessLog.Action.VIEW, WHAT, section=report.section, students=students, why=why)
    return report


@require_GET
def correction(request, pk):
    """One report, and what came of it."""
    report = _report(request, pk, get_visible_or_404)
    today = request.user.standing.today
    seats = SectionEnrollment.objects.visible_to(request.user).filter(section=report.section, student=report.student_id)
    context = {
        "report": report,
        "may_answer": report.is_open and ClassListReport.objects.editable_by(request.user).filter(pk=pk).exists(),
        "sees_class": why_section(request.user, report.section) is not None,
        "on_list": seats.filter(dates.on(min(today, report.section.ends))).exists() if report.student_id else None,
    }
    return render_page(request, "schools/correction.html", context)


@require_http_methods(["GET", "POST"])
def correction_answer(request, pk):
    """Say what came of a report."""
    report = _report(request, pk, get_editable_or_403)
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data)
    if data is not None and form.is_valid() and names_stand(form, request.user, "answer"):
        typed = form.cleaned_data
        try:
            answer_report(report=report, by=request.user, state=typed["state"], answer=typed["answer"])
        except AlreadyAnswered as first:
            messages.warning(request, str(first))
        else:
            messages.success(request, f"{report.by.get_full_name()} is told.")
        return redirect("schools:correction", pk)
    return render_page(request, "schools/correction_answer.html", {"form": form, "report": report})
