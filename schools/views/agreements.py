"""Data agreements: under which a partner's people may see students, in which schools, until when."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from schools.access import get_editable_or_403, get_visible_or_404
from schools.dates import day_words
from schools.forms import AgreementForm, EndForm
from schools.models import DataAgreement, Membership
from schools.pages import render_page
from schools.privacy.agreements import MARKS, people_under, state_of
from schools.privacy.typed import names_stand
from schools.search import Folded
from schools.services import end_agreement, sign_agreement


@require_GET
def agreements(request):
    """Agreements in the reader's sight: those in force or to come, then those that ended."""
    today = request.user.standing.today
    rows = list(
        DataAgreement.objects.visible_to(request.user)
        .select_related("organization", "district")
        .prefetch_related("schools")
        .order_by("organization__name", "-starts")
    )
    for row in rows:
        row.state = state_of(row, today)
        row.mark = MARKS[row.state]
    context = {
        "now": [row for row in rows if row.ends >= today],
        "ended": [row for row in rows if row.ends < today],
        "may_add": bool(request.user.standing.admin_district_ids),
    }
    return render_page(request, "schools/agreements.html", context)


@require_GET
def agreement(request, pk):
    """One agreement in words."""
    one = get_visible_or_404(
        DataAgreement.objects.select_related("organization", "district", "signed_by").prefetch_related("schools"),
        request.user,
        pk=pk,
    )
    held = request.user.standing
    day = min(max(held.today, one.starts), one.ends)
    under = people_under(one, day)
    in_sight = Membership.objects.visible_to(request.user).filter(pk__in=under.values("pk"))
    state = state_of(one, held.today)
    context = {
        "agreement": one,
        "state": state,
        "mark": MARKS[state],
        "people": list(in_sight.select_related("user", "school").order_by(Folded("user__family_name"), "school__name")),
        "under": under.values("user").distinct().count(),
        "day": day,
        "over": one.ends < held.today,
        "may_end": one.district_id in held.admin_district_ids and one.ends >= held.today,
    }
    return render_page(request, "schools/agreement.html", context)


@require_http_methods(["GET", "POST"])
def agreement_add(request):
    """Enter an agreement that the district has signed."""
    if not request.user.standing.admin_district_ids:
        raise PermissionDenied("Data agreements are for the district's office to enter.")
    data = request.POST if request.method == "POST" else None
    form = AgreementForm(data, user=request.user)
    if data is not None and form.is_valid() and _names_nobody(request, form):
        typed = form.cleaned_data
        made = sign_agreement(
            by=request.user,
            organization=typed["organization"],
            new_organization=typed["new_organization"],
            schools=typed["schools"],
            district=typed["district"],
            function=typed["function"],
            names_school_officials=typed["names_school_officials"],
            reference=typed["reference"],
            starts=typed["starts"],
            ends=typed["ends"],
        )
        messages.success(request, "The agreement stands. It counts from its first day on.")
        return redirect("schools:agreement", made.pk)
    return render_page(request, "schools/agreement_add.html", {"form": form})


def _names_nobody(request, form) -> bool:
    """Whether what everyone may read of the agreement names no student of the district."""
    return names_stand(form, request.user, "function", "reference", public=[form.cleaned_data["district"].pk])


@require_http_methods(["GET", "POST"])
def agreement_end(request, pk):
    """End an agreement early: the partner's people lose sight of students at the next click."""
    one = get_editable_or_403(DataAgreement.objects.select_related("organization", "district"), request.user, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, today=request.user.standing.today, latest=one.ends)
    if data is not None and form.is_valid() and names_stand(form, request.user, "reason", public=[one.district_id]):
        ends = form.cleaned_data["ends"]
        end_agreement(agreement=one, by=request.user, last_day=ends, reason=form.cleaned_data["reason"])
        messages.success(request, f"The agreement ends, last day {day_words(ends)}.")
        return redirect("schools:agreement", pk)
    return render_page(request, "schools/agreement_end.html", {"form": form, "agreement": one})
