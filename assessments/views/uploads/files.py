"""Files to take away: a test's template, the rows to correct, a file as it was sent. All stand in the access log."""

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from assessments.formats.blank_template import template_csv, template_xlsx
from assessments.forms.uploads import TemplateForm
from assessments.pipeline.district import spec_of
from assessments.pipeline.uploads import file_of
from assessments.queries.upload_files import file_stem, roster_rows, rows_to_correct
from assessments.queries.uploads import may_approve, may_upload, name_of
from assessments.views.uploads.sight import log_values, record_refusal, upload_in_sight, upload_with_values
from schools.audit import record_access
from schools.exports import REDISCLOSURE, as_file, beside_notice, with_notice
from schools.files.issues import FileRefused
from schools.models import AccessLog
from schools.pages import render_page
from schools.taking import FRESH_MINUTES, ExportRight
from schools.views.taking import asks_again, purpose_of, require_fresh_sign_in

CSV = "text/csv; charset=utf-8"
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def template_download(request):
    """The template of a test with the roster filled in; without a choice in the address, the form to choose."""
    if not may_upload(request.user):
        raise PermissionDenied("Templates are for those who send files of results.")
    asked = request.GET if "test" in request.GET else None
    form = TemplateForm(asked, user=request.user)
    if asked is None or not form.is_valid():
        return render_page(request, "assessments/template_download.html", {"form": form})
    require_fresh_sign_in(request, FRESH_MINUTES)
    test, window, school = (form.cleaned_data[name] for name in ("test", "window", "school"))
    rows = roster_rows(request.user, test, window, school)
    in_workbook = form.cleaned_data["as_file"] == "xlsx"
    spec = spec_of(test)
    data = template_xlsx(spec, rows, REDISCLOSURE) if in_workbook else with_notice(template_csv(spec, rows))
    record_access(
        request, AccessLog.Action.EXPORT, f"template of {test.name}, {window.name}", district=test.district,
        school=school, students=len(rows), why="Sends the results of these students.",
        purpose="To fill in their results.",
    )  # fmt: skip
    stem = file_stem(test, window, school, request.user.standing.today)
    return attachment(data, f"{stem}.{'xlsx' if in_workbook else 'csv'}", XLSX if in_workbook else CSV)


@require_GET
def upload_errors(request, pk):
    """The rows that need a person, with reasons: correct them and send this file, it adds to what is published."""
    one = upload_with_values(request, pk, "rows to correct")
    require_fresh_sign_in(request, FRESH_MINUTES)
    try:
        data, rows = rows_to_correct(request.user, one)
    except FileRefused as refused:
        messages.warning(request, f"There are no rows to hand out. {refused.issue.message}")
        return redirect("assessments:upload", pk)
    log_values(request, one, AccessLog.Action.EXPORT, "rows to correct", rows, purpose="To correct these rows.")
    stem = one.filename.rpartition(".")[0] or one.filename
    return attachment(with_notice(data), f"{stem}-to-correct.csv", CSV)


@require_POST
def upload_file(request, pk):
    """The file as it was sent, in a zip with the notice, for the district that owns it; with a purpose."""
    one = upload_in_sight(request, pk, "file as sent")
    if not may_approve(request.user, one):
        record_refusal(request, pk, "file as sent")
        raise PermissionDenied("The file as it was sent is open to the district's office alone.")
    right = ExportRight(students=True, purpose=True, minutes=FRESH_MINUTES)
    require_fresh_sign_in(request, right.minutes)
    purpose = purpose_of(request, right)
    if purpose is None:
        return asks_again(request, right, {}, name_of(request.user, one), redirect("assessments:upload", pk).url)
    rows = one.answer.get("rows_read", 0)
    log_values(request, one, AccessLog.Action.EXPORT, "file as sent", rows, purpose=purpose)
    return attachment(beside_notice(one.filename, file_of(one)), f"{one.filename}.zip", ZIP)


def attachment(data: bytes, filename: str, content_type: str) -> HttpResponse:
    """A download whose name may hold any letter."""
    plain = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "._- ") else "_" for letter in filename
    )
    response = as_file(HttpResponse(data, content_type=content_type), plain)
    response["Content-Disposition"] += f"; filename*=UTF-8''{quote(filename, safe='')}"
    return response
