"""The subgroups of one school: a page of its own, with the file of what is on it."""

from django.http import Http404
from django.views.decorators.http import require_GET, require_POST

from assessments.exports import CSV, EXCEL, table_file
from assessments.queries.reach import school_export_right, why_school
from assessments.queries.school import SchoolResults
from assessments.queries.subgroups import Subgroups, sees_subgroups
from assessments.views.asked import address
from assessments.views.schools import school_page, source_address, test_choices
from schools.audit import record_access, student_level
from schools.models import AccessLog
from schools.pages import render_page
from schools.views.listing import one_of
from schools.views.taking import asks_again, checked_right, purpose_of


def page_asked_for(request, pk: int) -> SchoolResults:
    """The school in the window the address names. Raises Http404 where the reader has no subgroups to see there."""
    page = school_page(request, pk)
    if not sees_subgroups(request.user, page.school):
        raise Http404
    return page


def log(request, page: SchoolResults, action, what: str, purpose: str = "") -> None:
    """The one row of this access: figures of groups, no student's record by itself."""
    when = f": {page.chosen.name}, {page.chosen.window.name}" if page.chosen else ""
    why = why_school(request.user, page.school)
    record_access(request, action, f"{what}{when}", school=page.school, why=why, purpose=purpose)


@require_GET
@student_level("subgroups of a school", school="pk")
def subgroups(request, pk):
    """English learners, students with an IEP and economic status beside all others, in one window."""
    page = page_asked_for(request, pk)
    log(request, page, AccessLog.Action.VIEW, "subgroups")
    return render_page(request, "assessments/subgroups.html", subgroups_context(request, page))


def subgroups_context(request, page: SchoolResults) -> dict:
    """What the page prints; without results only that there are none."""
    if page.chosen is None:
        return {"page": page, "choices": [], "back_url": address("school_results", page.school.pk)}
    found = Subgroups(page)
    asked = {"series": page.chosen.series, "window": page.chosen.window.full_code}
    return {
        "page": page,
        "found": found,
        "columns": [{"label": label, "numeric": place > 0} for place, label in enumerate(found.columns)],
        "rows": [found.cells(row) for row in found.rows],
        "choices": test_choices(page, "subgroups"),
        "back_url": address("school_results", page.school.pk, **asked),
        "source_url": source_address(page),
        "right": school_export_right(request.user, page.school),
        "export_url": address("subgroups_export", page.school.pk),
        "asked": asked,
    }


@require_POST
@student_level("subgroups of a school, taken away", school="pk")
def subgroups_export(request, pk):
    """The table as a file."""
    page = page_asked_for(request, pk)
    right = checked_right(request, school_export_right(request.user, page.school) if page.chosen else None)
    purpose = purpose_of(request, right)
    title = f"Subgroups of {page.school.name}"
    if purpose is None:
        context = subgroups_context(request, page)
        return asks_again(request, right, context["asked"], title, address("subgroups", pk, **context["asked"]))
    kind = one_of(request, "format", (CSV, EXCEL))
    log(request, page, AccessLog.Action.EXPORT, f"subgroups, {kind}", purpose)
    title = f"{title} {page.chosen.name} {page.chosen.window.name}"
    return table_file(kind, title, Subgroups(page).tables())
