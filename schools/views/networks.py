"""A network: what it says of itself, which schools are in it from when to when; a district's name and time zone."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from schools.access import get_editable_or_403, get_visible_or_404, standing_of
from schools.forms_networks import DistrictForm, JoinForm, NetworkForm, StayForm
from schools.models import District, Network, NetworkSchool
from schools.networks import join_schools, may_join_schools
from schools.pages import render_page
from schools.privacy.typed import names_stand
from schools.wording import how_many


@require_GET
def network(request, pk):
    """A network in its own words, the schools in it and those that were."""
    user = request.user
    one = get_visible_or_404(Network, user, pk=pk)
    today = user.standing.today
    stays = NetworkSchool.objects.visible_to(user).filter(network=one).select_related("school__district")
    stays = list(stays.order_by("school__name", "starts"))
    mine = set(NetworkSchool.objects.editable_by(user).filter(network=one).values_list("pk", flat=True))
    for stay in stays:
        stay.may_change = stay.pk in mine
    here = [stay for stay in stays if not stay.ends or stay.ends >= today]
    context = {
        "network": one,
        "here": here,
        "gone": [stay for stay in stays if stay not in here],
        "districts": sorted({stay.school.district.name for stay in here}),
        "several": len({stay.school.district_id for stay in stays}) > 1,
        "changes": bool(mine),
        "may_edit": one.pk in user.standing.network_admin_ids,
        "may_join": may_join_schools(user, one),
    }
    return render_page(request, "schools/network.html", context)


@require_http_methods(["GET", "POST"])
def network_edit(request, pk):
    """Name, problem of practice and aim; anyone reads them, so they name no student."""
    one = get_editable_or_403(Network, request.user, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = NetworkForm(data, instance=one, user=request.user)
    if data is not None and form.is_valid() and _names_nobody(request, form, one):
        form.save()
        messages.success(request, "Saved. The public page says it from now on.")
        return redirect("schools:network", pk)
    return render_page(request, "schools/network_edit.html", {"form": form, "network_pk": pk})


def _names_nobody(request, form, one) -> bool:
    """Whether the words name no student of a district whose schools are or were in the network."""
    stays = NetworkSchool.objects.visible_to(request.user).filter(network=one)
    districts = set(stays.values_list("school__district", flat=True)) | request.user.standing.district_ids
    return names_stand(form, request.user, "name", "problem_of_practice", "aim", public=districts)


@require_http_methods(["GET", "POST"])
def network_join(request, pk):
    """Schools that join the network."""
    one = get_visible_or_404(Network, request.user, pk=pk)
    if not may_join_schools(request.user, one):
        raise PermissionDenied("Schools join a network by their district's office, or by those who run the network.")
    data = request.POST if request.method == "POST" else None
    form = JoinForm(data, user=request.user, network=one)
    if data is not None and form.is_valid():
        typed = form.cleaned_data
        made = join_schools(network=one, schools=typed["schools"], starts=typed["starts"], by=request.user)
        messages.success(request, f"{how_many(made, 'school joins', 'schools join')} {one}.")
        return redirect("schools:network", pk)
    context = {"form": form, "network": one, "any": form.fields["schools"].queryset.exists()}
    return render_page(request, "schools/network_join.html", context)


@require_http_methods(["GET", "POST"])
def network_stay(request, pk):
    """From when to when a school is in a network: where it leaves, and where a day was typed wrong."""
    stay = get_editable_or_403(NetworkSchool.objects.select_related("network", "school"), request.user, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = StayForm(data, instance=stay)
    if data is not None and form.is_valid():
        form.save()
        if stay.network_id in standing_of(request.user).network_ids:
            messages.success(request, "Saved.")
            return redirect("schools:network", stay.network_id)
        messages.success(request, f"Saved. No school of yours is in {stay.network} today. Who runs it can change that.")
        return redirect("schools:schools")
    return render_page(request, "schools/network_stay.html", {"form": form, "stay": stay})


@require_http_methods(["GET", "POST"])
def district_edit(request, pk):
    """Name and time zone of a district."""
    one = get_editable_or_403(District, request.user, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = DistrictForm(data, instance=one)
    if data is not None and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("schools:schools")
    return render_page(request, "schools/district_edit.html", {"form": form, "district": one})
