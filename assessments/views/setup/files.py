"""The set-up file: looked at before it is applied, and written out as it stands."""

import json

from django.http import JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from assessments.configuration.exporting import export_configuration
from assessments.configuration.outcome import carry_out, named, preview
from assessments.forms.setup_lists import SetUpFileForm
from assessments.queries.setup import codes_with_closed_keys
from assessments.views.setup.acting import districts_or_403, in_district_or_403, tell
from schools.exports import as_file
from schools.models import District
from schools.pages import render_page

KEYED = ("key", "text", "choices")


@require_http_methods(["GET", "POST"])
def setup_import(request):
    """A set-up file: what it would do, and then its doing."""
    districts = districts_or_403(request.user)
    data = request.POST if request.method == "POST" else None
    files = request.FILES if data is not None else None
    form = SetUpFileForm(data, files, user=request.user, districts=districts)
    context: dict = {"form": form, "outcome": None}
    if data is not None and form.is_valid():
        district, body = form.cleaned_data["district"], form.cleaned_data["body"]
        apply = data.get("act") == "apply"
        problem = district_problem(request.user, district, body)
        outcome = None if problem else (carry_out if apply else preview)(body, district, request.user)
        if outcome and apply and not outcome.problems:
            tell(request, counted(outcome), outcome.rescored)
            return redirect("assessments:tests")
        context |= {
            "outcome": outcome if outcome and not outcome.problems else None,
            "problems": [problem] if problem else [named(one, body) for one in outcome.problems],
            "district": district,
            "read": json.dumps(body, separators=(",", ":")),
        }
    return render_page(request, "assessments/setup_import.html", context)


def district_problem(user, district: District, body) -> str:
    """Name and time zone of a district are its own office's; what is wrong with the file there, or ""."""
    part = body.get("district") if isinstance(body, dict) else None
    if not isinstance(part, dict) or district.pk in user.standing.admin_district_ids:
        return ""
    if any(part.get(name, getattr(district, name)) != getattr(district, name) for name in ("name", "timezone")):
        return "district: its name and time zone are for the district's own office to change. Take that part out."
    return ""


def counted(outcome) -> str:
    """What an applied file did, in one sentence."""
    if not outcome.changes:
        return "Nothing changed: everything in the file stood already."
    told = [f"{number} {act}" for act, number in outcome.counts.items() if number]
    return f"The set-up file was applied: {', '.join(told)}."


@require_GET
def setup_export(request, pk):
    """The set-up of a district as the file that sets it up. Keys the reader may not see yet are left out."""
    district = in_district_or_403(District, request.user, "pk", pk=pk)
    body = export_configuration(district)
    closed = codes_with_closed_keys(request.user, district)
    for test in body["assessments"]:
        if "items" in test and test["code"] in closed:
            test["items"] = [without_keys(item) for item in test["items"]]
    setup = JsonResponse(body, json_dumps_params={"indent": 2, "ensure_ascii": False})
    return as_file(setup, f"test-setup-{_plain(district.code)}.json")


def without_keys(item: dict) -> dict:
    return {name: value for name, value in item.items() if name not in KEYED}


def _plain(code: str) -> str:
    return "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in code)
