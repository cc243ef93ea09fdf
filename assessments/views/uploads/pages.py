"""The list of uploads, a new one, and the one page of an upload's whole life."""

import hashlib

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from assessments.forms.uploads import NewUploadForm, UploadFilter
from assessments.models import Upload
from assessments.pipeline.uploads import Options, accept_upload
from assessments.queries.upload_page import UploadPage
from assessments.queries.uploads import listed_uploads, may_upload, name_of, shape_of, word_of
from assessments.views.uploads.sight import log_values, upload_in_sight
from schools.models import AccessLog, User
from schools.pages import render_page
from schools.views.listing import asked, page_of

NOT_YOURS = "Files of results are sent by the district's office, or by the principal of a school."


@require_GET
def uploads(request):
    """Files of results: those that wait for the reader first."""
    form = UploadFilter(request.GET)
    wanted = asked(form)
    words, show = (wanted["q"] or "").strip(), wanted["show"] or ""
    page = page_of(request, listed_uploads(request.user, words, show))
    for upload in page:
        upload.shown_name, upload.shape = name_of(request.user, upload), shape_of(upload)
        upload.word = word_of(upload, upload.unmapped)
    context = {"form": form, "page": page, "may_upload": may_upload(request.user), "searched": bool(words or show)}
    return render_page(request, "assessments/uploads.html", context, part="list")


@require_http_methods(["GET", "POST"])
def upload_new(request):
    """Send a file of results."""
    if not may_upload(request.user):
        raise PermissionDenied(NOT_YOURS)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = NewUploadForm(data, files, user=request.user)
    if data is not None and form.is_valid():
        upload, known = _send(request.user, form.cleaned_data)
        if known:
            messages.info(request, "This file is here already, and was not taken a second time.")
        return redirect("assessments:upload", upload.pk)
    return render_page(request, "assessments/upload_new.html", {"form": form})


def _send(user, typed: dict) -> tuple[Upload, bool]:
    """Keep the file. Returns the upload, and whether it was here already: the button may be pressed twice."""
    test, window, school = typed["test"], typed["window"], typed["school"]
    options = Options(
        assessment=test.code if test else "",
        window=window.full_code if window else "",
        school=school.code if school else "",
        create_students=bool(typed.get("create_students")),
        asks_columns=True,
    )
    data = typed["file"].read()
    half = typed["students"].read() if typed["students"] else None
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # unscoped: oneself; the second press waits here
        digest = hashlib.sha256(data).hexdigest()
        same = Upload.objects.visible_to(user).filter(
            by=user, sha256=digest, district=typed["district"], state__in=[*Upload.MOVING, *Upload.WAITING]
        )
        for upload in same.order_by("-pk"):
            if Options.of(upload) == options and upload.chunks.filter(part="students").exists() == bool(half):
                return upload, True
        upload = accept_upload(
            district=typed["district"], data=data, filename=typed["file"].name, by=user, options=options,
            students=half, school=typed["only_school"],
        )  # fmt: skip
    return upload, False


@require_GET
def upload(request, pk):
    """One upload, from the first row read to the undoing. While it moves the page asks for news every two seconds."""
    one = upload_in_sight(request, pk, "check of a file")
    page = UploadPage(request.user, one)
    shows_rows = bool(page.first_rows) and not page.moving and page.open
    if shows_rows:
        log_values(request, one, AccessLog.Action.VIEW, "check of a file", len(page.first_rows))
    part = "progress" if page.moving else "life"
    context = {"page": page, "upload": one, "shows_rows": shows_rows}
    response = render_page(request, "assessments/upload.html", context, part=part)
    if request.htmx and not page.moving:
        response["HX-Retarget"], response["HX-Reswap"] = "#upload", "outerHTML"
    return response
