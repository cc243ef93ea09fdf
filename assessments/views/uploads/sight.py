"""Finding the upload an address names, for its reader or for somebody who changes it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect

from assessments.models import Upload
from assessments.pipeline.acts import ActRefused
from assessments.queries.uploads import sees_values
from schools.access import get_editable_or_403, get_visible_or_404
from schools.audit import NO_RIGHT, record_access
from schools.models import AccessLog

WHOLE = ("district", "school", "by")


def upload_in_sight(request, pk: int, what: str) -> Upload:
    """The upload for a page that shows students' rows. A refusal is written to the access log and passed on."""
    try:
        return get_visible_or_404(Upload.objects.select_related(*WHOLE), request.user, pk=pk)
    except Http404:
        record_refusal(request, pk, what)
        raise


def upload_with_values(request, pk: int, what: str) -> Upload:
    """As `upload_in_sight`, for those who may read what stands in the file. Raises PermissionDenied for others."""
    upload = upload_in_sight(request, pk, what)
    if not sees_values(request.user, upload):
        record_refusal(request, pk, what)
        raise PermissionDenied("Only states, kinds of issues and row numbers of this file are open to you.")
    return upload


def upload_to_change(request, pk: int) -> Upload:
    """The upload for an act. Raises Http404 out of sight, PermissionDenied where it is not the reader's to change."""
    return get_editable_or_403(Upload.objects.select_related(*WHOLE), request.user, pk=pk)


def log_values(request, upload: Upload, action: str, what: str, students: int, purpose: str = "") -> None:
    """The one row of this access to students' rows of a file."""
    held = request.user.standing
    whole = upload.district_id in held.admin_district_ids
    why = "Administers the district, which owns the data." if whole else "Leads the school the file is from."
    record_access(
        request, action, f"{what}, upload {upload.pk}", district=upload.district, school=upload.school,
        students=students, why=why, purpose=purpose,
    )  # fmt: skip


def do(request, upload: Upload, act, *, settled: tuple[str, ...], said: str = ""):
    """Do `act` and go to the upload's page. A second press that finds it done (`settled` states) is no error."""
    try:
        act()
    except ActRefused as refused:
        upload.refresh_from_db(fields=["state"])
        if upload.state not in settled:
            messages.warning(request, str(refused))
    else:
        if said:
            messages.success(request, said)
    return redirect("assessments:upload", upload.pk)


def record_refusal(request, pk: int, what: str) -> None:
    """The row of a refusal, where there is an upload behind the number."""
    found = Upload.objects.filter(pk=pk).select_related("district", "school").first()  # unscoped: refused
    if found is not None:
        record_access(
            request,
            AccessLog.Action.REFUSED,
            f"{what}, upload {pk}",
            district=found.district,
            school=found.school,
            why=NO_RIGHT,
        )
