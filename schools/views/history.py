"""What was changed, by whom, when, from what to what: the list, one act in full, and the same as a file."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.http import require_GET

from schools.access import get_visible_or_404
from schools.audit import record_access
from schools.dates import in_days
from schools.exports import REDISCLOSURE, csv_response
from schools.forms_history import HistoryFilter
from schools.history.reading import acts_of, changes_of, may_read_history, name_of, newest, searched, told
from schools.history.words import lines_of
from schools.models import AccessLog, Act, Change, Student
from schools.pages import render_page
from schools.views.listing import asked, page_of

ACTS_A_PAGE = 25
ACTS_IN_A_PANEL = 5
AT_ONCE = 1000
WHY = "Keeps or reviews the records, and what was changed in them."
HEADER = ["When", "Who", "How", "Where", "Done", "What", "Of it", "Before", "After", "Id"]


def _may_read_or_403(request) -> None:
    if not may_read_history(request.user):
        raise PermissionDenied("The history is for those who keep rosters, roles and tests, and for auditors.")


@require_GET
def history(request):
    """Changes in the reader's sight, act by act, newest first; of one thing where the address names it."""
    _may_read_or_403(request)
    form = HistoryFilter(request.GET, user=request.user)
    wanted = asked(form)
    if request.htmx and wanted["of"] and "panel" in request.GET:
        return _panel(request, *_thing(wanted))
    rows = _rows(request.user, wanted)
    page = page_of(request, acts_of(rows), ACTS_A_PAGE)
    found, changes = told(request.user, list(page), rows)
    _record_students(request, changes)
    context = {
        "form": form,
        "page": page,
        "told": found,
        "of": name_of(request.user, *_thing(wanted)) if wanted["of"] and found else "",
        "searched": any(wanted.values()),
        "asked_for": request.GET.urlencode(),
    }
    return render_page(request, "schools/history.html", context, part="list")


def _panel(request, about: str, key: int):
    """The newest changes of one thing, for the page of it; about students only those of a student's own."""
    newest_acts = newest(request.user, about, key)[:ACTS_IN_A_PANEL]
    if about == "student" and newest_acts:
        student = Student.objects.visible_to(request.user).filter(pk=key).first()
        record_access(request, AccessLog.Action.VIEW, "history of changes", student=student, students=1, why=WHY)
    return render_page(request, "schools/history.html", {"newest": newest_acts}, part="panel")


@require_GET
def history_act(request, pk):
    """All that one person, command or job did in one act, row by row."""
    _may_read_or_403(request)
    act = get_visible_or_404(Act, request.user, pk=pk)
    rows = Change.objects.visible_to(request.user).filter(act=act).order_by("pk")
    kind = asked(HistoryFilter(request.GET, user=request.user))["kind"]
    page = page_of(request, rows.filter(kind=kind) if kind else rows)
    changes = list(page)
    lines = lines_of(request.user, changes)
    _record_students(request, changes)
    context = {"act": act, "page": page, "lines": [lines[change.pk] for change in changes]}
    return render_page(request, "schools/history_act.html", context, part="list")


@require_GET
def history_export(request):
    """The changes the page would list, row by row, without those about single students."""
    _may_read_or_403(request)
    rows = _rows(request.user, asked(HistoryFilter(request.GET, user=request.user))).filter(student=None)
    last = Change.objects.visible_to(request.user).order_by("-pk").values_list("pk", flat=True).first() or 0
    record_access(request, AccessLog.Action.EXPORT, "history of changes, without students", why=WHY)
    rows = rows.filter(pk__lte=last).select_related("act").order_by("-pk")
    day = request.user.standing.today
    return csv_response(f"history-{day.isoformat()}.csv", HEADER, _lines(request.user, rows), REDISCLOSURE)


def _lines(user, rows: QuerySet) -> Iterator[list]:
    """A line for each column that was changed; an added or removed row is one line."""
    changes = rows.iterator(chunk_size=AT_ONCE)
    while block := list(islice(changes, AT_ONCE)):
        lines = lines_of(user, block)
        for change in block:
            yield from _cells(change, lines[change.pk])


def _cells(change: Change, line) -> Iterable[list]:
    act = change.act
    head = [
        timezone.localtime(act.at).isoformat(sep=" ", timespec="seconds"),
        act.who,
        act.get_via_display(),
        act.what,
        line.did,
        line.what,
    ]
    if change.op == Change.Op.CHANGED:
        return [[*head, value.label, value.before, value.after, act.request_id] for value in line.values]
    words = "; ".join(line.told)
    cells = ["", words] if change.op == Change.Op.ADDED else [words, ""]
    return [[*head, "", *cells, act.request_id]]


def _thing(wanted: dict) -> tuple[str, int | None]:
    about, _, key = (wanted["of"] or "").partition("-")
    return about, int(key) if key else None


def _rows(user, wanted: dict) -> QuerySet:
    """The changes asked for."""
    rows = searched(changes_of(user, *_thing(wanted)), wanted["q"] or "")
    if wanted["kind"]:
        rows = rows.filter(kind=wanted["kind"])
    return rows.filter(in_days("act__at", wanted["since"], wanted["until"], timezone.get_current_timezone()))


def _record_students(request, changes: list[Change]) -> None:
    """The row of the access log, where the page names students."""
    students = {change.student_id for change in changes} - {None}
    if students:
        record_access(request, AccessLog.Action.VIEW, "history of changes", students=len(students), why=WHY)
