"""Looking at the portal as somebody else: why, and the way back."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schools.access import get_visible_or_404
from schools.forms_lists import ViewingForm
from schools.models import User, Viewing
from schools.pages import render_page
from schools.privacy.typed import names_stand
from schools.viewing import LASTS, begin_viewing, end_viewing, may_view_as
from schools.viewing_middleware import VIEWING
from schools.views.listing import page_of


@require_http_methods(["GET", "POST"])
def viewing_begin(request, pk):
    """Say why, and see the portal as this person does."""
    person = get_visible_or_404(User, request.user, pk=pk)
    if not may_view_as(request.user, person):
        raise PermissionDenied(
            "You may look at the portal as people all of whose roles are yours to give, and whose students are yours "
            "to see."
        )
    data = request.POST if request.method == "POST" else None
    form = ViewingForm(data)
    if data is not None and form.is_valid() and names_stand(form, request.user, "reason"):
        row = begin_viewing(by=request.user, person=person, reason=form.cleaned_data["reason"])
        request.session[VIEWING] = row.pk
        return redirect("today")
    context = {"form": form, "person": person, "minutes": LASTS.seconds // 60}
    return render_page(request, "schools/viewing_begin.html", context)


@require_GET
def viewings(request, pk):
    """Who looked at the portal as this person, as far as the reader may know: the person, and their office."""
    person = get_visible_or_404(User, request.user, pk=pk)
    rows = Viewing.objects.visible_to(request.user).filter(person=person).select_related("by")
    context = {"person": person, "name": str(person), "page": page_of(request, rows)}
    return render_page(request, "schools/viewings.html", context)


@require_POST
def viewing_end(request):
    """Back to oneself."""
    key = request.session.pop(VIEWING, None)
    # unscoped: one's own, which ends though the right to it may have ended before
    row = Viewing.objects.filter(pk=key, by=request.user).select_related("person").first()
    if row is None:
        return redirect("today")
    end_viewing(row)
    return redirect("schools:person", row.person_id)
