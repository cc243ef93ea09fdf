"""School years and the windows in which tests are given."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from assessments.configuration.editing import rescored_in
from assessments.forms.setup import WindowForm, YearForm
from assessments.models import Administration, Window
from assessments.views.setup.acting import districts_or_403, in_district_or_403, tell
from schools.models import SchoolYear
from schools.pages import render_page


@require_http_methods(["GET", "POST"])
def year_add(request):
    """A school year."""
    districts = districts_or_403(request.user)
    data = request.POST if request.method == "POST" else None
    form = YearForm(data, user=request.user, districts=districts)
    made = form.row() if data is not None else None
    if made:
        messages.success(request, f"School year {made.code} was added. Now its windows.")
        return redirect("assessments:tests")
    return render_page(request, "assessments/year_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
def year_edit(request, pk):
    """First and last day of a school year."""
    one = in_district_or_403(SchoolYear.objects.select_related("district"), request.user, "district_id", pk=pk)
    data = request.POST if request.method == "POST" else None
    form = YearForm(data, instance=one, user=request.user, districts=[one.district])
    if data is not None and form.row():
        messages.success(request, "Saved.")
        return redirect("assessments:tests")
    return render_page(request, "assessments/year_edit.html", {"form": form, "year": one})


@require_http_methods(["GET", "POST"])
def window_add(request):
    """A window of a school year."""
    districts = districts_or_403(request.user)
    data = request.POST if request.method == "POST" else None
    years = SchoolYear.objects.visible_to(request.user).filter(district__in=[one.pk for one in districts])
    newest = years.order_by("-starts").first()
    form = WindowForm(data, user=request.user, districts=districts, initial={"year": newest})
    made = form.row() if data is not None else None
    if made:
        messages.success(request, f"{made.name} was added.")
        return redirect("assessments:tests")
    return render_page(request, "assessments/window_add.html", {"form": form, "years": newest is not None})


@require_http_methods(["GET", "POST"])
def window_edit(request, pk):
    """Name and days of a window."""
    one = in_district_or_403(Window.objects.select_related("year__district"), request.user, "year__district_id", pk=pk)
    data = request.POST if request.method == "POST" else None
    form = WindowForm(data, instance=one, user=request.user, districts=[one.year.district])
    if data is not None and form.row():
        tell(request, "Saved.", rescored_in(one, request.user) if "opens" in form.changed_data else [])
        return redirect("assessments:tests")
    published = Administration.objects.visible_to(request.user).filter(window=one, has_partition=True)
    context = {"form": form, "window": one, "published": published.select_related("assessment")}
    return render_page(request, "assessments/window_edit.html", context)
