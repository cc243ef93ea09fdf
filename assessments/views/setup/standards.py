"""Standards: the codes that questions ask, with the short names that pages show."""

import structlog
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.forms.models import model_to_dict
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from assessments.forms.setup import StandardForm
from assessments.models import Standard
from assessments.queries.setup import asked_elsewhere, districts_to_set_up
from assessments.views.setup.acting import districts_or_403
from schools.access import get_visible_or_404
from schools.pages import render_page
from schools.views.listing import page_of, words_asked

log = structlog.get_logger(__name__)


@require_GET
def standards(request):
    """Every standard, by framework and code."""
    words = words_asked(request)
    rows = Standard.objects.visible_to(request.user).order_by("framework", "code")
    for word in words.split():
        rows = rows.filter(Q(code__icontains=word) | Q(short_name__icontains=word) | Q(domain__icontains=word))
    context = {"page": page_of(request, rows), "q": words, "may_edit": bool(districts_to_set_up(request.user))}
    return render_page(request, "assessments/standards.html", context, part="list")


@require_http_methods(["GET", "POST"])
def standard_add(request):
    """A standard by hand."""
    districts = districts_or_403(request.user)
    data = request.POST if request.method == "POST" else None
    form = StandardForm(data, user=request.user, districts=districts)
    made = form.row() if data is not None else None
    if made:
        log.info("standard_added", standard=made.pk, code=made.code, by=request.user.pk)
        messages.success(request, f"{made} was added.")
        return redirect("assessments:standards")
    return render_page(request, "assessments/standard_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
def standard_edit(request, pk):
    """Names and text of a standard. Its code stays: item lists and files name it."""
    one = get_visible_or_404(Standard, request.user, pk=pk)
    districts = districts_or_403(request.user)
    if asked_elsewhere(one, request.user):
        raise PermissionDenied("Tests of another district ask this standard too. The network's office changes it.")
    before = model_to_dict(one, ["grade", "domain", "short_name", "text"])
    data = request.POST if request.method == "POST" else None
    form = StandardForm(data, instance=one, user=request.user, districts=districts)
    if data is not None and form.row():
        log.info("standard_changed", standard=one.pk, code=one.code, before=before, by=request.user.pk)
        messages.success(request, "Saved. Pages by standard show the new name.")
        return redirect("assessments:standards")
    return render_page(request, "assessments/standard_edit.html", {"form": form, "standard": one})
