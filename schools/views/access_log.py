"""Who looked at students' records: the page, and the same rows as a file."""

from datetime import tzinfo

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.views.decorators.http import require_GET

from schools.audit import record_access
from schools.dates import in_days
from schools.exports import REDISCLOSURE, csv_response
from schools.forms import AccessFilter
from schools.models import AccessLog, Role, Student
from schools.pages import render_page
from schools.views.listing import asked, page_of

MAY_EXPORT = frozenset({Role.AUDITOR, Role.DISTRICT_ADMIN, Role.PRINCIPAL})
HEADER = ["When", "Who", "Email", "Action", "What", "School", "Class", "Students", "Student", "Why", "Purpose", "Id"]


@require_GET
def access_log(request):
    """Accesses in the reader's sight, newest first."""
    form = AccessFilter(request.GET, user=request.user)
    wanted = asked(form)
    context = {
        "form": form,
        "page": page_of(request, _rows(request.user, wanted)),
        "may_export": _may_export(request.user),
        "searched": any(wanted.values()),
        "asked_for": request.GET.urlencode(),
    }
    return render_page(request, "schools/access_log.html", context, part="list")


def _rows(user, wanted):
    """The rows asked for; a student's number only where the reader may see the student."""
    rows = AccessLog.objects.visible_to(user).select_related("user", "school", "section")
    number = Student.objects.visible_to(user).filter(pk=OuterRef("student")).values("number")[:1]
    if wanted["school"]:
        rows = rows.filter(school=wanted["school"])
    return accesses_asked(rows.annotate(student_number=Subquery(number)), wanted, timezone.get_current_timezone())


def accesses_asked(rows: QuerySet, wanted: dict, zone: tzinfo) -> QuerySet:
    """Those of `rows` with the words, of the kind and from the days that are asked for, as a place counts days."""
    for word in (wanted["q"] or "").split():
        rows = rows.filter(
            Q(user__given_name__icontains=word)
            | Q(user__family_name__icontains=word)
            | Q(user__email__icontains=word)
            | Q(what__icontains=word)
        )
    if wanted["action"]:
        rows = rows.filter(action=wanted["action"])
    return rows.filter(in_days("at", wanted["since"], wanted["until"], zone))


def _may_export(user) -> bool:
    return bool(MAY_EXPORT & {m.role for m in user.standing.active})


@require_GET
def access_log_export(request):
    """The rows the page would list, all of them, as CSV; itself an export that is written down."""
    if not _may_export(request.user):
        raise PermissionDenied("The log as a file is for principals, the district's office and auditors.")
    rows = _rows(request.user, asked(AccessFilter(request.GET, user=request.user)))
    what = f"access log, {rows.count()} rows"
    this = record_access(request, AccessLog.Action.EXPORT, what, why="Keeps or reviews the access log.")
    rows = rows.filter(pk__lt=this.pk)
    day = request.user.standing.today
    lines = (_line(row) for row in rows.iterator(chunk_size=2000))
    return csv_response(f"access-log-{day.isoformat()}.csv", HEADER, lines, REDISCLOSURE)


def _line(row: AccessLog) -> list:
    return [
        timezone.localtime(row.at).isoformat(sep=" ", timespec="seconds"),
        row.user.get_full_name() if row.user else "",
        row.user.email if row.user else "",
        row.get_action_display(),
        row.what,
        row.school.name if row.school else "",
        str(row.section) if row.section else "",
        row.students,
        row.student_number or ("one student" if row.student_id else ""),
        row.why,
        row.purpose,
        row.request_id,
    ]
