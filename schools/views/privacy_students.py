"""The privacy of one student: who can see, who has looked, and the record of disclosures that a parent may read."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schools.audit import record_access, student_level
from schools.forms_privacy import DisclosureForm, LooksFilter
from schools.models import AccessLog
from schools.pages import render_page
from schools.privacy import disclosures
from schools.privacy.looks import looks_at
from schools.privacy.readers import readers_of
from schools.privacy.students import student_to_answer_for
from schools.privacy.typed import names_stand
from schools.table_files import CSV, EXCEL, REDISCLOSURE, Table, table_file
from schools.taking import FRESH_MINUTES, ExportRight
from schools.views.access_log import accesses_asked
from schools.views.listing import asked, one_of, page_of
from schools.views.taking import checked_right, purpose_of, wrong_with_purpose

RIGHT = ExportRight(students=False, purpose=True, minutes=FRESH_MINUTES)
HEADER = ("When", "Who", "Email", "Did", "What", "Seen through", "School", "Class", "Why allowed", "Purpose")


def _asked_for(request, pk: int, what: str, action=AccessLog.Action.VIEW, purpose: str = ""):
    """The student and their school, with the one row of this access. Raises Http404 and PermissionDenied."""
    student, school, why = student_to_answer_for(request.user, pk)
    record_access(request, action, what, student=student, school=school, students=1, why=why, purpose=purpose)
    return student, school


def _links(pk: int, current: str) -> list[dict]:
    pages = [
        ("Who can see", "student_readers"),
        ("Who has looked", "student_looks"),
        ("Record of disclosures", "student_disclosures"),
    ]
    return [
        {"label": label, "url": reverse(f"schools:{name}", args=[pk]), "current": name == current}
        for label, name in pages
    ]


@require_GET
@student_level("who can see a student", student="pk")
def student_readers(request, pk):
    """Everybody who can see the student today, with every reason and its dates."""
    student, school = _asked_for(request, pk, "who can see a student")
    readers = readers_of(student)
    partners = sum(1 for one in readers if all(reason.agreement for reason in one.reasons))
    context = {
        "student": student,
        "school": school,
        "links": _links(pk, "student_readers"),
        "readers": readers,
        "rows": [{"person": one.person, "reason": reason} for one in readers for reason in one.reasons],
        "sentence": f"{people_can(len(readers))} see this student's records today, {of_partners(partners)}.",
    }
    return render_page(request, "schools/student_readers.html", context)


def people_can(count: int) -> str:
    """ "1 person can"."""
    return "1 person can" if count == 1 else f"{count} people can"


def of_partners(count: int) -> str:
    """How many come from outside the district."""
    if not count:
        return "none of them from outside the district"
    return f"{count} of them as a partner's, under a data agreement"


@require_GET
@student_level("who has looked at a student", student="pk")
def student_looks(request, pk):
    """Accesses that showed the student, newest first, as far as the reader keeps them."""
    student, school = _asked_for(request, pk, "who has looked at a student")
    form = LooksFilter(request.GET, user=request.user)
    wanted = asked(form)
    context = {
        "student": student,
        "school": school,
        "links": _links(pk, "student_looks"),
        "form": form,
        "page": page_of(request, _looks(request.user, student, wanted)),
        "searched": any(wanted.values()),
        "asked": {name: value for name, value in request.GET.items() if name in wanted and value},
        "sentence": "Every page, print and file with this student's records, and every refusal.",
        "minutes": FRESH_MINUTES,
        "buttons": [{"value": CSV, "label": "CSV"}, {"value": EXCEL, "label": "Excel"}],
        "whole": student.district_id in request.user.standing.admin_district_ids,
    }
    return render_page(request, "schools/student_looks.html", context, part="list")


def _looks(user, student, wanted):
    """The accesses asked for, in the reader's sight."""
    rows = looks_at(student, AccessLog.objects.visible_to(user)).order_by("-at", "-pk")
    return accesses_asked(rows, wanted, ZoneInfo(student.district.timezone))


@require_POST
@student_level("who has looked at a student, taken away", student="pk")
def student_looks_export(request, pk):
    """The accesses that the page would list, all of them, as a file."""
    student, school, why = student_to_answer_for(request.user, pk)
    wanted = asked(LooksFilter(request.POST, user=request.user))
    right = checked_right(request, RIGHT)
    purpose = purpose_of(request, right)
    if purpose is None:
        messages.warning(request, f"Nothing was made. {wrong_with_purpose(request, right)}")
        return redirect("schools:student_looks", pk)
    kind = one_of(request, "format", (CSV, EXCEL))
    this = record_access(
        request, AccessLog.Action.EXPORT, f"who has looked at a student, {kind}", student=student, school=school,
        students=1, why=why, purpose=purpose,
    )  # fmt: skip
    zone = ZoneInfo(student.district.timezone)
    rows = tuple(_line(row, zone) for row in _looks(request.user, student, wanted).filter(pk__lt=this.pk))
    title = f"Who has looked, student {student.number}"
    return table_file(kind, title, [Table("Accesses", HEADER, rows, students=True)], REDISCLOSURE)


def _line(row: AccessLog, zone: ZoneInfo) -> tuple:
    return (
        row.at.astimezone(zone).isoformat(sep=" ", timespec="seconds"),
        row.user.get_full_name() if row.user else "",
        row.user.email if row.user else "",
        row.get_action_display(),
        row.what,
        row.reach,
        row.school.name if row.school else "",
        str(row.section) if row.section else "",
        row.why,
        row.purpose,
    )


@require_GET
@student_level("record of disclosures", student="pk")
def student_disclosures(request, pk):
    """The record of disclosures under 34 CFR 99.32, as the parent may read it."""
    student, school = _asked_for(request, pk, "record of disclosures")
    return render_page(request, "schools/student_disclosures.html", _record(request, student, school))


@require_POST
@student_level("record of disclosures, printed", student="pk")
def student_disclosures_print(request, pk):
    """The record for paper, given to somebody who is named in the access log."""
    student_to_answer_for(request.user, pk)
    right = checked_right(request, RIGHT)
    purpose = purpose_of(request, right)
    if purpose is None:
        messages.warning(request, f"Nothing was made. {wrong_with_purpose(request, right)}")
        return redirect("schools:student_disclosures", pk)
    student, school = _asked_for(request, pk, "record of disclosures", AccessLog.Action.PRINT, purpose)
    context = _record(request, student, school) | {"printing": True, "given_to": purpose}
    return render_page(request, "schools/student_disclosures.html", context)


def _record(request, student, school) -> dict:
    zone = ZoneInfo(student.district.timezone)
    parties = disclosures.parties_of(student)
    return {
        "student": student,
        "school": school,
        "links": _links(student.pk, "student_disclosures"),
        "sentence": "Who outside the district asked for or got this student's records, and why (34 CFR 99.32).",
        "minutes": FRESH_MINUTES,
        "buttons": [{"value": "print", "label": "Make the page for paper"}],
        "parties": parties,
        "entered": list(disclosures.entered_for(student)),
        "exempt": disclosures.EXEMPT,
        "partners": disclosures.PARTNERS,
        "may_enter": student.district_id in request.user.standing.admin_district_ids,
        "made": timezone.now().astimezone(zone).date(),
    }


@require_http_methods(["GET", "POST"])
@student_level("disclosure to enter", student="pk")
def disclosure_add(request, pk):
    """Enter a disclosure that was made by other means, or a request that was refused. It cannot be changed later."""
    student, school, why = student_to_answer_for(request.user, pk)
    if student.district_id not in request.user.standing.admin_district_ids:
        raise PermissionDenied("Disclosures are for the district's office to enter.")
    data = request.POST if request.method == "POST" else None
    form = DisclosureForm(data, today=request.user.standing.today, school=school)
    if data is not None and form.is_valid() and names_stand(form, request.user, "party", "interest", "what", "onward"):
        reach = form.cleaned_data["reach"]
        row = form.save(commit=False)
        row.district, row.by = student.district, request.user
        row.student = student if reach == "student" else None
        row.school = None if reach == "district" else school
        row.save()
        messages.success(request, "The disclosure stands in the record.")
        return redirect("schools:student_disclosures", pk)
    record_access(
        request, AccessLog.Action.VIEW, "disclosure to enter", student=student, school=school, students=1, why=why
    )
    return render_page(request, "schools/disclosure_add.html", {"form": form, "student": student})
