"""Rosters: a OneRoster package is read by a worker, looked at, applied by a person's yes, and may be undone."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from schools.access import get_visible_or_404
from schools.audit import record_access
from schools.exports import as_file, notice_added
from schools.forms_rosters import ExportForm, ProgramsForm, RosterForm
from schools.models import AccessLog, District, RosterDiff, RosterFlags, RosterImport, Student
from schools.oneroster.diff import MOST_LINES, unpacked_lines
from schools.oneroster.export import whole_package
from schools.pages import render_page
from schools.privacy.typed import names_stand
from schools.rosters import DistrictUnclear, NotWaiting
from schools.rosters_undo import NotUndone, changed_something
from schools.rosters_work import accept_roster, ask_to_apply, ask_to_undo
from schools.taking import FRESH_MINUTES
from schools.views.listing import page_of, words_asked
from schools.views.taking import require_fresh_sign_in

LEVELS = ("error", "warning", "note")
MOST_LINES_NAMED = 20  # of one kind of issue, named on the page
FIRST_ROWS = 3  # of each kind and act, on the page of the roster
WHY = "Administers the district."
NOTHING_CHANGED = "Read. The portal had all of it already, so there is nothing to apply."
State = RosterImport.State
KINDS = {
    "schools": "Schools",
    "school_years": "School years",
    "sections": "Classes",
    "students": "Students",
    "teachers": "People",
    "teacher_roles": "Roles of teachers",
    "enrollments": "Enrollments in schools",
    "programs": "Programs of students",
    "section_enrollments": "Seats in classes",
    "section_staff": "Who teaches a class",
}
ACTS = {act.value: act.label for act in RosterDiff.Act if act != RosterDiff.Act.UNTOUCHED}


def _refuse_others(request):
    if not request.user.standing.admin_district_ids:
        raise PermissionDenied("Rosters are for the district's office to read in.")


@require_GET
def rosters(request):
    """The packages read so far, newest first, and what became of each."""
    _refuse_others(request)
    rows = RosterImport.objects.visible_to(request.user).select_related("district", "by")
    rows = rows.defer("content", "standing", "answer")
    districts = District.objects.visible_to(request.user).filter(pk__in=request.user.standing.admin_district_ids)
    context = {"page": page_of(request, rows.order_by("-at", "-pk")), "districts": districts}
    return render_page(request, "schools/rosters.html", context)


@require_http_methods(["GET", "POST"])
def roster_add(request):
    """Take a package in, to be read by a worker: nothing changes but that it can be looked at."""
    _refuse_others(request)
    posted = request.method == "POST"
    form = RosterForm(request.POST if posted else None, request.FILES if posted else None, user=request.user)
    if posted and form.is_valid():
        typed = form.cleaned_data
        file = typed["file"]
        try:
            row = accept_roster(
                data=file.read(), filename=file.name, district=typed["district"], network=typed["network"],
                by=request.user,
            )  # fmt: skip
        except DistrictUnclear as unclear:
            form.add_error("file", str(unclear))
        else:
            return redirect("schools:roster", row.pk)
    return render_page(request, "schools/roster_add.html", {"form": form})


def _seen(request, pk) -> RosterImport:
    # unscoped: narrowed to the reader on the next line
    rows = RosterImport.objects.select_related("district", "network", "by", "undone_by")
    return get_visible_or_404(rows.defer("content", "standing"), request.user, pk=pk)


@require_GET
def roster(request, pk):
    """What a package would change or has changed, and what is wrong with it; while it is read, how far it is."""
    row = _seen(request, pk)
    polled = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    if polled and not row.moving:
        return HttpResponseClientRefresh()  # the bar has done its work: the page says the rest
    issues = row.answer.get("issues", [])
    diffs = list(RosterDiff.objects.visible_to(request.user).filter(roster_import=row).order_by("pk"))
    shown = [] if row.moving else _first_rows(diffs)
    if issues or shown:  # an issue may quote a student's row
        rows = len(issues) + len(shown)
        record_access(request, AccessLog.Action.VIEW, "rows of a roster", district=row.district, students=rows, why=WHY)
    waits = row.state in (State.READY, State.NEEDS_REVIEW)
    applied = row.state == State.APPLIED and row.applied_at is not None
    idle = applied and not changed_something(row)
    context = {
        "roster": row,
        "sentence": NOTHING_CHANGED if idle else _sentence(row),
        "changes": _changes(diffs),
        "shown": shown,
        "groups": [] if row.moving else _groups(issues),
        "left_out": row.answer.get("issues_left_out", 0),
        "waits": waits,
        "halts": row.answer.get("halts", []) if waits else [],
        "may_undo": applied and not idle,
    }
    return render_page(request, "schools/roster.html", context, part="progress")


def _sentence(row: RosterImport) -> str:
    read, rejected = row.answer.get("rows_read", 0), row.answer.get("rows_rejected", 0)
    usable = f"{read - rejected:,} of {read:,} rows"
    return {
        State.QUEUED: "Waiting to be read. Nothing is changed yet.",
        State.CHECKING: "Being read. Nothing is changed yet.",
        State.APPLYING: f"Being applied: {usable}.",
        State.REJECTED: "This package was refused as a whole. Nothing was changed.",
        State.APPLIED: f"Applied: {usable}.",
        State.NEEDS_REVIEW: f"Checked: {usable} can be used. It needs your yes; nothing is changed yet.",
        State.READY: f"Checked: {usable} can be used. Nothing is changed yet.",
        State.UNDOING: "Being taken back.",
        State.UNDONE: "Undone: what it changed is as it was before.",
        State.FAILED: "Given up. Nothing was changed.",
    }[row.state]


def _changes(diffs: list[RosterDiff]) -> list[dict]:
    """By kind, how many rows are new, changed, ending and untouched."""
    found: dict[str, dict] = {}
    for diff in diffs:
        counts = found.setdefault(diff.kind, {"kind": diff.kind, "label": KINDS[diff.kind]})
        counts[diff.act] = diff.count
    return [
        dict.fromkeys(RosterDiff.Act.values, 0) | found[kind] | {"moves": bool(found[kind].keys() & ACTS.keys())}
        for kind in KINDS
        if kind in found
    ]


def _first_rows(diffs: list[RosterDiff]) -> list[dict]:
    return [
        {"kind": diff.kind, "label": KINDS[diff.kind], "act": diff.act, "who": who, "was": was, "becomes": becomes}
        for diff in diffs
        if diff.act in ACTS
        for who, was, becomes in unpacked_lines(diff)[:FIRST_ROWS]
    ]


@require_http_methods(["GET", "POST"])
def roster_changes(request, pk):
    """The rows a package adds, changes or ends, one kind at a time; searched by name or number."""
    row = _seen(request, pk)
    diffs = RosterDiff.objects.visible_to(request.user).filter(roster_import=row, act__in=ACTS).order_by("pk")
    kinds = list(dict.fromkeys(diffs.values_list("kind", flat=True)))
    kind = next((one for one in (request.GET.get("kind"), *kinds) if one in kinds), None)
    words = words_asked(request)
    lines = [
        {"act": diff.get_act_display(), "who": who, "was": was, "becomes": becomes}
        for diff in diffs
        if diff.kind == kind
        for who, was, becomes in unpacked_lines(diff)
        if words.casefold() in f"{who} {was} {becomes}".casefold()
    ]
    record_access(
        request, AccessLog.Action.VIEW, "changes of a roster", district=row.district, students=len(lines), why=WHY
    )
    context = {
        "roster": row,
        "kind": kind,
        "label": KINDS.get(kind, ""),
        "kinds": [{"kind": one, "label": KINDS[one]} for one in kinds],
        "page": page_of(request, lines),
        "words": words,
        "most": MOST_LINES,
        "cut": any(diff.count > MOST_LINES for diff in diffs if diff.kind == kind),
    }
    return render_page(request, "schools/roster_changes.html", context)


@require_POST
def roster_apply(request, pk):
    """A person's yes: a worker applies what was checked, over its halts where the button said so."""
    row = _seen(request, pk)
    try:
        ask_to_apply(row, request.user, approve="approve" in request.POST)
    except NotWaiting as refused:
        messages.info(request, str(refused))
    return redirect("schools:roster", pk)


@require_POST
def roster_undo(request, pk):
    """Take an applied roster back."""
    row = _seen(request, pk)
    try:
        ask_to_undo(row, request.user)
    except NotUndone as refused:
        messages.warning(request, str(refused))
    return redirect("schools:roster", pk)


@require_http_methods(["GET", "POST"])
def roster_export(request):
    """The portal's roster as a OneRoster package; the access log says what for.

    It holds every student of the district, so that the password must have been typed just now.
    """
    _refuse_others(request)
    form = ExportForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid() and _purpose_stands(request, form):
        require_fresh_sign_in(request, FRESH_MINUTES)
        district = form.cleaned_data["district"]
        try:
            data = whole_package(district)
        except ValueError as problem:
            form.add_error("district", str(problem))
        else:
            purpose = form.cleaned_data["purpose"]
            record_access(
                request, AccessLog.Action.EXPORT, "roster as OneRoster", district=district, why=WHY, purpose=purpose,
                students=Student.objects.visible_to(request.user).filter(district=district).count(),
            )  # fmt: skip
            package = HttpResponse(notice_added(data), content_type="application/zip")
            return as_file(package, f"oneroster-{district.pk}.zip")
    return render_page(request, "schools/roster_export.html", {"form": form})


def _purpose_stands(request, form) -> bool:
    """Whether what everyone may read of the export names no student of the district."""
    return names_stand(form, request.user, "purpose", public=[form.cleaned_data["district"].pk])


@require_http_methods(["GET", "POST"])
def roster_programs(request, pk):
    """Which columns of demographics.csv mark the programs of students."""
    held = request.user.standing.admin_district_ids
    district = get_visible_or_404(District.objects.filter(pk__in=held), request.user, pk=pk)
    flags = RosterFlags.objects.visible_to(request.user).filter(district=district).first()
    form = ProgramsForm(request.POST or None, instance=flags or RosterFlags(district=district))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Kept. The next roster is read that way.")
        return redirect("schools:rosters")
    return render_page(request, "schools/roster_programs.html", {"form": form, "district": district})


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
                "lines": ", ".join(lines[:MOST_LINES_NAMED]) + (" and more" if len(lines) > MOST_LINES_NAMED else ""),
            }
        )
    return groups


def _kind(issue: dict) -> tuple:
    return LEVELS.index(issue["level"]), issue["code"], issue["file"]
