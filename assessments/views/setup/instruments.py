"""Test set-up: everything the district has set up, one test, and its name and rules."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from assessments.configuration.editing import rescored_of
from assessments.forms.setup import AssessmentForm
from assessments.models import Assessment
from assessments.queries.setup import districts_of, overview, picture_of
from assessments.views.setup.acting import districts_or_403, tell
from schools.access import get_editable_or_403, get_visible_or_404
from schools.pages import render_page

# What growth and levels stand on: a change of these reaches results that are published.
REACHES_RESULTS = {"series", "scale", "max_score", "benchmark_level"}


@require_GET
def tests(request):
    """Years with their windows, tests, standards."""
    found = overview(request.user)
    context = {"overview": found, "districts": districts_of(request.user), "today": request.user.standing.today}
    return render_page(request, "assessments/tests.html", context)


@require_GET
def test(request, pk):
    """One test: its questions as far as the reader may see them, cut scores, windows."""
    one = get_visible_or_404(Assessment.objects.select_related("district"), request.user, pk=pk)
    return render_page(request, "assessments/test.html", {"page": picture_of(request.user, one)})


@require_http_methods(["GET", "POST"])
def test_add(request):
    """A test by hand."""
    districts = districts_or_403(request.user)
    data = request.POST if request.method == "POST" else None
    form = AssessmentForm(data, user=request.user, districts=districts)
    made = form.row() if data is not None else None
    if made:
        words = "Now its questions: paste the item list, or add them one by one."
        messages.success(request, f"{made.name} was added. {words if made.kind == made.Kind.FORM else ''}".strip())
        return redirect("assessments:test", made.pk)
    return render_page(request, "assessments/test_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
def test_edit(request, pk):
    """Name, grades and rules of a test."""
    one = get_editable_or_403(Assessment.objects.select_related("district"), request.user, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = AssessmentForm(data, instance=one, user=request.user, districts=[one.district])
    if data is not None and form.row():
        rescored = rescored_of(one, request.user) if REACHES_RESULTS & set(form.changed_data) else []
        tell(request, "Saved.", rescored)
        return redirect("assessments:test", pk)
    return render_page(request, "assessments/test_edit.html", {"form": form, "test": one})
