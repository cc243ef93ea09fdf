"""What a person does with an upload: publish, send for approval, cancel, undo, have it read anew."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.telling import TellForm
from assessments.forms.uploads import ChangeForm
from assessments.models import Upload
from assessments.pipeline.acts import (
    ask_approval,
    cancel_upload,
    choose_again,
    publish_upload,
    undo_upload,
)
from assessments.queries.upload_page import UploadPage
from assessments.queries.uploads import may_approve
from assessments.views.uploads.sight import do, upload_to_change
from schools.models import School
from schools.pages import render_page

State = Upload.State
CHECKED_AGAIN = "The file is checked again."


@require_POST
def upload_publish(request, pk):
    """Publish the rows that are ready; over a limit only with the district's yes."""
    one = upload_to_change(request, pk)
    yes = False
    if one.state == State.NEEDS_REVIEW:
        if not may_approve(request.user, one):
            raise PermissionDenied("A file over a limit is published by the district's office.")
        yes = bool(request.POST.get("yes"))
        if not yes:
            messages.warning(
                request, "Nothing was published. Tick the box first if it is to be published all the same."
            )
            return redirect("assessments:upload", pk)
    telling = TellForm(request.POST, district=one.district)
    if not telling.is_valid():
        messages.warning(request, f"Nothing was published. {telling.problem}")
        return redirect("assessments:upload", pk)
    seen, tell_at = request.POST.get("seen", ""), telling.cleaned_data["tell_at"]
    return do(
        request, one, lambda: publish_upload(one, request.user, approve=yes, seen=seen, tell_at=tell_at),
        settled=(State.PUBLISHING, State.PUBLISHED),
    )  # fmt: skip


@require_POST
def upload_approval(request, pk):
    """Ask the district's office for its yes to a file over a limit."""
    one = upload_to_change(request, pk)
    said = "Sent for approval. It stands on the Today page of the district's office."
    return do(request, one, lambda: ask_approval(one, request.user), settled=(), said=said)


@require_POST
def upload_cancel(request, pk):
    """Put a file away unpublished."""
    one = upload_to_change(request, pk)
    return do(request, one, lambda: cancel_upload(one, request.user), settled=(State.CANCELLED,))


@require_POST
def upload_undo(request, pk):
    """Put back what stood before a published file."""
    one = upload_to_change(request, pk)
    return do(request, one, lambda: undo_upload(one, request.user), settled=(State.UNDONE,))


@require_POST
def upload_again(request, pk):
    """Check a file once more as it is: after a failure, or when the roster was corrected."""
    one = upload_to_change(request, pk)
    return do(request, one, lambda: choose_again(one, request.user), settled=Upload.MOVING, said=CHECKED_AGAIN)


@require_POST
def upload_unfix(request, pk):
    """Take back all fixes made to rows of a file; its rows stand again as they were sent."""
    one = upload_to_change(request, pk)
    return do(
        request, one, lambda: choose_again(one, request.user, decisions={}, create_students=False),
        settled=Upload.MOVING, said=f"The fixes were taken back. {CHECKED_AGAIN}",
    )  # fmt: skip


@require_POST
def upload_complete(request, pk):
    """Say whether students whom the file does not name keep their results, or whether it is complete for schools."""
    one = upload_to_change(request, pk)
    codes: tuple[str, ...] = ()
    if request.POST.get("kind") == "complete":
        schools = School.objects.visible_to(request.user).filter(district=one.district_id)
        if one.school_id:
            schools = schools.filter(pk=one.school_id)
        chosen = set(request.POST.getlist("school"))
        codes = tuple(code for code in schools.values_list("code", flat=True) if code in chosen)
        if not codes:
            messages.warning(request, "Choose the schools the file is complete for.")
            return redirect("assessments:upload", pk)
    return do(
        request, one, lambda: choose_again(one, request.user, complete_for=codes, keep_absent=()),
        settled=Upload.MOVING, said=CHECKED_AGAIN,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def upload_change(request, pk):
    """Have the file read as another test, window or layout."""
    one = upload_to_change(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ChangeForm(data, user=request.user, upload=one)
    if data is not None and form.is_valid():
        typed = form.cleaned_data
        changes = {
            "assessment": typed["test"].code if typed["test"] else "",
            "window": typed["window"].full_code if typed["window"] else "",
            "format": typed["layout"],
        }
        if "create_students" in typed:
            changes["create_students"] = typed["create_students"]
        return do(
            request, one, lambda: choose_again(one, request.user, **changes),
            settled=Upload.MOVING, said=CHECKED_AGAIN,
        )  # fmt: skip
    context = {"form": form, "page": UploadPage(request.user, one), "upload": one}
    return render_page(request, "assessments/upload_change.html", context)
