"""Rows of a file that need a person, the fixes that fit them, and the students a file changes or leaves out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models import Upload
from assessments.pipeline.acts import choose_again, decide
from assessments.queries.upload_fixes import IssueRows, can_blank, can_match
from assessments.queries.upload_page import UploadPage
from assessments.queries.upload_students import ABSENT, CHANGED, changed_students, students_left_out
from assessments.queries.uploads import may_approve
from assessments.views.uploads.sight import do, log_values, upload_in_sight, upload_to_change, upload_with_values
from schools.files.issues import CATALOGUE
from schools.models import AccessLog, Student
from schools.pages import render_page
from schools.views.listing import words_asked

WITH_YOUR_FIX = "The file is checked again with your fix."


def _rows(request, one: Upload, code: str, page: UploadPage) -> IssueRows:
    search = words_asked(request) if request.method == "POST" else ""
    try:
        return IssueRows(request.user, one, code, reads=page.sees_values, page=request.GET.get("page"), search=search)
    except KeyError:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
def upload_issues(request, pk, code):
    """The rows of one kind of issue, and the fixes that fit it."""
    one = upload_in_sight(request, pk, "rows with issues")
    page = UploadPage(request.user, one)
    rows = _rows(request, one, code, page)
    if not rows.total:
        return redirect("assessments:upload", pk)  # the last of its kind was fixed
    fixable = page.may_change and page.open and rows.kind.level == "error"
    groups = rows.groups()
    if fixable and can_match(code):
        rows.offer_students(groups)
    if page.sees_values:
        log_values(request, one, AccessLog.Action.VIEW, "rows with issues", len(groups))
    context = {
        "page": page,
        "upload": one,
        "rows": rows,
        "advice": _advice(rows, code) if fixable else "",
        "groups": groups,
        "fixable": fixable,
        "match": fixable and can_match(code),
        "add": fixable and code == "UNKNOWN_STUDENT" and may_approve(request.user, one),
        "blank": fixable and can_blank(code, one.answer.get("format", "")),
        "choose": fixable and code == "DUPLICATE_CONFLICT",
        "leave_out": fixable and any(line.number for group in groups for line in group.lines),
    }
    return render_page(request, "assessments/upload_issues.html", context)


def _advice(rows: IssueRows, code: str) -> str:
    """What to do, in one sentence, where this page can do it; else the remedy of the kind."""
    if can_match(code):
        return "Say which student of the roster each number means, leave the rows out, or correct the file."
    if code == "DUPLICATE_CONFLICT":
        return "Say which of the rows counts; the others are left out."
    return rows.remedy


@require_POST
def upload_fix(request, pk, code):
    """Settle rows of one kind: give them a student, read them as blank, choose one of several, or leave them out."""
    one = upload_to_change(request, pk)
    if code not in CATALOGUE:
        raise Http404
    act = request.POST.get("fix", "")
    if act == "add":
        if not may_approve(request.user, one):
            raise PermissionDenied("Students are made by the district's office.")
        return do(
            request, one, lambda: choose_again(one, request.user, create_students=True),
            settled=Upload.MOVING, said=WITH_YOUR_FIX,
        )  # fmt: skip
    makers = {"match": _matched, "blank": _blanked, "choose": _chosen, "leave_out": _left_out}
    if act not in makers:
        raise Http404
    decision = makers[act](request, one, code)
    if not any(decision.values()):
        messages.warning(request, "Nothing was chosen yet. Choose at least one row.")
        return redirect("assessments:upload_issues", pk, code)
    return do(request, one, lambda: decide(one, request.user, decision), settled=Upload.MOVING, said=WITH_YOUR_FIX)


def _issues(request, one: Upload, code: str):
    return one.issues.visible_to(request.user).filter(code=code, level="error").exclude(row=None)


def _whole_numbers(words) -> list[int]:
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 10]


def _matched(request, one: Upload, code: str) -> dict:
    """For each row whose select names a student (`student-12` for the row in line 12): number to student."""
    chosen = {name.removeprefix("student-"): pk for name, pk in request.POST.items() if name.startswith("student-")}
    lines = _whole_numbers(line for line, pk in chosen.items() if pk)
    numbers = dict(_issues(request, one, code).filter(row__in=lines).values_list("row", "value"))
    wanted = {line: int(chosen[str(line)]) for line in numbers if _whole_numbers([chosen[str(line)]])}
    rows = Student.objects.visible_to(request.user).filter(district=one.district_id, pk__in=wanted.values())
    known = set(rows.values_list("pk", flat=True))
    return {"map_student": {numbers[line]: pk for line, pk in wanted.items() if pk in known}}


def _picked(request, one: Upload, code: str):
    """The issues of the ticked groups, or of all of them."""
    found = _issues(request, one, code)
    if request.POST.get("all"):
        return found
    ticked = found.filter(row__in=_whole_numbers(request.POST.getlist("pick")))
    pairs = set(ticked.values_list("column", "value"))
    rows = found.filter(column__in={column for column, _ in pairs}, value__in={value for _, value in pairs})
    return [row for row in rows if (row.column, row.value) in pairs]


def _blanked(request, one: Upload, code: str) -> dict:
    if not can_blank(code, one.answer.get("format", "")):
        raise Http404
    return {"blank": sorted({(row.column, row.value) for row in _picked(request, one, code)})}


def _left_out(request, one: Upload, code: str) -> dict:
    return {"skip_lines": sorted({row.row for row in _picked(request, one, code)})}


def _chosen(request, one: Upload, code: str) -> dict:
    """For each student the row that counts. In the long layout, a row an answer, the others are left out instead."""
    keep, skip = {}, []
    rows = list(_issues(request, one, code).values_list("value", "row"))
    picked = {line for name, line in request.POST.items() if name.startswith("keep-")}
    for number, line in rows:
        if str(line) in picked:
            keep[number] = line
    if one.answer.get("format") == "long":
        skip = sorted({line for number, line in rows if number in keep and keep[number] != line})
        keep = {}
    return {"keep_line": keep, "skip_lines": skip}


@require_http_methods(["GET", "POST"])
def upload_students(request, pk, kind):
    """The students whose results a file changes, or whom a complete file does not name."""
    if kind not in (CHANGED, ABSENT):
        raise Http404
    one = upload_with_values(request, pk, f"{kind} students")
    page = UploadPage(request.user, one)
    if request.method == "POST":
        return _set_aside(request, pk, kind)
    context = {"page": page, "upload": one, "kind": kind}
    if kind == CHANGED:
        context["students"] = changed_students(request.user, one)
        shown = len(context["students"])
    else:
        context |= students_left_out(request.user, one)
        shown = len(context["with_results"]) + len(context["without"])
    log_values(request, one, AccessLog.Action.VIEW, f"{kind} students of a file", shown)
    return render_page(request, "assessments/upload_students.html", context)


def _set_aside(request, pk: int, kind: str):
    """Keep the results of those whose tick was taken away."""
    one = upload_to_change(request, pk)
    if kind != ABSENT:
        raise Http404
    listed = {student.pk for student in students_left_out(request.user, one)["with_results"]}
    ticked = set(_whole_numbers(request.POST.getlist("aside")))
    keep = tuple(sorted(listed - ticked))
    return do(
        request, one, lambda: choose_again(one, request.user, keep_absent=keep),
        settled=Upload.MOVING, said=WITH_YOUR_FIX,
    )  # fmt: skip
