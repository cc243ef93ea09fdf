"""The list of releases, a new one, and the page of one: figures as readers will see them, audit, keys, history."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.exports import CSV, Table, table_file
from assessments.forms.releases import ChoicesForm, PrepareForm, ReasonForm
from assessments.models import Release
from assessments.releases.acts import ReleaseRefused, choose, prepare
from assessments.releases.pages import (
    LEDGER_HEADER,
    ReleasePage,
    candidates,
    districts_to_release,
    ledger_row,
    listed_releases,
)
from assessments.releases.words import SHAPES, ledger_words, moment_words, state_words
from schools.access import get_editable_or_403, get_visible_or_404
from schools.pages import render_page
from schools.views.listing import page_of

NOT_YOURS = "Releases are prepared by the district's office and by the network's."
NOT_AUDITOR = "What is not shown, and why, is for the network's auditor."
WHOLE = ("network", "district", "window__year", "first_key_by", "second_key_by")


@require_GET
def releases(request):
    """Every release in sight, with its state and date."""
    page = page_of(request, listed_releases(request.user))
    for one in page:
        one.shape, one.words, one.opens = SHAPES[one.state], state_words(one), moment_words(one.opens_at, one)
    return render_page(
        request, "assessments/releases.html", {"page": page, "may_prepare": bool(districts_to_release(request.user))}
    )


@require_http_methods(["GET", "POST"])
def release_new(request):
    """Prepare a release: of which test and window, with which names, to whom, when."""
    if not districts_to_release(request.user):
        raise PermissionDenied(NOT_YOURS)
    offered = candidates(request.user)
    start = {"naming": Release.Naming.LETTERED, "audience": Release.Audience.NETWORK}
    form = PrepareForm(
        request.POST if request.method == "POST" else None, user=request.user, candidates=offered, initial=start
    )
    if form.is_bound and form.is_valid():
        one = form.chosen
        try:
            made = prepare(one.network, one.district, one.series, one.window, request.user, **form.choices)
        except ReleaseRefused as refused:
            form.add_error("what", str(refused))
        else:
            return redirect("assessments:release", made.pk)
    return render_page(request, "assessments/release_new.html", {"form": form, "offered": bool(offered)})


@require_GET
def release(request, pk):
    """One release. While it is worked out the page asks again by itself."""
    one = get_visible_or_404(Release.objects.select_related(*WHOLE), request.user, pk=pk)
    page = ReleasePage(request.user, one)
    context = {"page": page, "release": one, "reason": ReasonForm()}
    if page.audits:
        lines = page_of(request, page.ledger)
        context |= {"lines": lines, "ledger": [ledger_row(line) for line in lines]}
        context["ledger_words"] = ledger_words(lines.paginator.count, one.audit.get("hidden", 0))
    return render_page(request, "assessments/release.html", context, part="life")


@require_http_methods(["GET", "POST"])
def release_choices(request, pk):
    """Other names, readers or time, before the keys are turned."""
    one = release_to_change(request, pk)
    start = {"naming": one.naming, "audience": one.audience, "opens_at": one.opens_at, "district": one.district}
    form = ChoicesForm(request.POST if request.method == "POST" else None, user=request.user, initial=start)
    if form.is_bound and form.is_valid():
        try:
            choose(one, request.user, **form.choices)
        except ReleaseRefused as refused:
            messages.warning(request, str(refused))
        return redirect("assessments:release", pk)
    return render_page(
        request, "assessments/release_choices.html", {"form": form, "page": ReleasePage(request.user, one)}
    )


@require_POST
def release_ledger_export(request, pk):
    """What is not shown and why, as a file."""
    one = get_visible_or_404(Release.objects.select_related(*WHOLE), request.user, pk=pk)
    page = ReleasePage(request.user, one)
    if not page.audits:
        raise PermissionDenied(NOT_AUDITOR)
    rows = tuple(ledger_row(line) for line in page.ledger)
    return table_file(CSV, f"Not shown, {page.title}, release {one.number}", [Table("Not shown", LEDGER_HEADER, rows)])


def release_to_change(request, pk: int) -> Release:
    """The release for an act. Raises Http404 out of sight, PermissionDenied where it is not the reader's to change."""
    return get_editable_or_403(Release.objects.select_related(*WHOLE), request.user, pk=pk)
