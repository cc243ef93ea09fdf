"""Rosters: a OneRoster package is checked, looked at, and applied by a person's yes."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schools.access import get_visible_or_404
from schools.audit import record_access
from schools.forms import RosterForm
from schools.models import AccessLog, RosterImport
from schools.pages import render_page
from schools.rosters import DistrictUnclear, NotWaiting, apply_roster, check_roster
from schools.views.listing import page_of

LEVELS = ("error", "warning", "note")
MOST_LINES = 20  # of one kind of issue, named on the page
KINDS = {
    "schools": "Schools",
    "school_years": "School years",
    "sections": "Classes",
    "students": "Students",
    "teachers": "People",
    "teacher_roles": "Roles of teachers",
    "enrollments": "Enrollments in schools",
    "section_enrollments": "Seats in classes",
    "section_staff": "Who teaches a class",
}


def _refuse_others(request):
    if not request.user.standing.admin_district_ids:
        raise PermissionDenied("Rosters are for the district's office to read in.")


@require_GET
def rosters(request):
    """The packages read so far, newest first, and what became of each."""
    _refuse_others(request)
    rows = RosterImport.objects.visible_to(request.user).select_related("district", "by").defer("content", "answer")
    return render_page(request, "schools/rosters.html", {"page": page_of(request, rows.order_by("-at", "-pk"))})


@require_http_methods(["GET", "POST"])
def roster_add(request):
    """Check a package: nothing changes but that its check can be looked at."""
    _refuse_others(request)
    posted = request.method == "POST"
    form = RosterForm(request.POST if posted else None, request.FILES if posted else None, user=request.user)
    if posted and form.is_valid():
        typed = form.cleaned_data
        try:
            row = check_roster(
                typed["district"], typed["file"].read(), typed["file"].name, typed["network"], by=request.user
            )
        except DistrictUnclear as unclear:
            form.add_error("file", str(unclear))
        else:
            return redirect("schools:roster", row.pk)
    return render_page(request, "schools/roster_add.html", {"form": form})


@require_GET
def roster(request, pk):
    """What a package would change or has changed, and what is wrong with it."""
    row = get_visible_or_404(
        RosterImport.objects.select_related("district", "network", "by").defer("content"), request.user, pk=pk
    )
    issues = row.answer.get("issues", [])
    if issues:  # an issue may quote a student's row
        why = "Administers the district."
        record_access(request, AccessLog.Action.VIEW, "issues of a roster", district=row.district, why=why)
    waits = row.state in (RosterImport.State.READY, RosterImport.State.NEEDS_REVIEW)
    context = {
        "roster": row,
        "sentence": _sentence(row),
        "changes": [
            {"label": label, **counts}
            for name, label in KINDS.items()
            if any((counts := row.answer.get("changes", {}).get(name, {})).values())
        ],
        "groups": _groups(issues),
        "left_out": row.answer.get("issues_left_out", 0),
        "waits": waits,
        "halts": row.answer.get("halts", []) if waits else [],
    }
    return render_page(request, "schools/roster.html", context)


def _sentence(row: RosterImport) -> str:
    read, rejected = row.answer.get("rows_read", 0), row.answer.get("rows_rejected", 0)
    usable = f"{read - rejected} of {read} rows"
    return {
        RosterImport.State.REJECTED: "This package was refused as a whole. Nothing was changed.",
        RosterImport.State.APPLIED: f"Applied: {usable}.",
        RosterImport.State.NEEDS_REVIEW: f"Checked: {usable} can be used. It needs your yes; nothing is changed yet.",
        RosterImport.State.READY: f"Checked: {usable} can be used. Nothing is changed yet.",
    }[row.state]


def _groups(issues: list[dict]) -> list[dict]:
    """The issues by kind: how many, the first one's words, and on which lines."""
    groups = []
    for (_, code, _), same in groupby(sorted(issues, key=_kind), key=_kind):
        alike = list(same)
        lines = [str(one["row"]) for one in alike if one["row"]]
        groups.append(
            {
                "level": alike[0]["level"],
                "code": code,
                "count": len(alike),
                "message": alike[0]["message"],
                "lines": ", ".join(lines[:MOST_LINES]) + (" and more" if len(lines) > MOST_LINES else ""),
            }
        )
    return groups


def _kind(issue: dict) -> tuple:
    return LEVELS.index(issue["level"]), issue["code"], issue["file"]


@require_POST
def roster_apply(request, pk):
    """A person's yes: apply what was checked, over its halts where the button said so."""
    row = get_visible_or_404(RosterImport.objects.defer("content"), request.user, pk=pk)
    try:
        applied = apply_roster(row, by=request.user, approve="approve" in request.POST)
    except NotWaiting as refused:
        messages.info(request, str(refused))
    else:
        if applied.state == RosterImport.State.APPLIED:
            messages.success(request, "The roster was applied.")
        elif applied.state == RosterImport.State.NEEDS_REVIEW:
            messages.warning(request, "The portal has changed since the check. Look at what needs your yes now.")
    return redirect("schools:roster", pk)
