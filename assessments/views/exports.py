"""What is on screen, to take away: CSV, a workbook, a PDF, or the page made for paper. Each is one row in the log."""

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments.documents.blocks import Document, Maker
from assessments.documents.classes import class_document
from assessments.documents.item_maps import item_map_document
from assessments.documents.press import pdf
from assessments.documents.schools import school_document
from assessments.exports import CSV, EXCEL, Table, allowed, download, table_file
from assessments.queries.items import BY_NAME, BY_STANDARD, HARDEST, ItemMap
from assessments.queries.reach import export_right, school_export_right, why_school
from assessments.queries.section import SectionResults
from assessments.views.asked import address, class_asked_for, order_asked
from assessments.views.classes import item_map_context, log, section_context
from assessments.views.schools import growth_chart, school_page
from schools.audit import record_access, student_level
from schools.models import AccessLog
from schools.pages import render_page
from schools.taking import ExportRight
from schools.views.listing import one_of
from schools.views.taking import asks_again, checked_right, purpose_of

PDF, PRINT = "pdf", "print"


def kind_asked(request, right: ExportRight) -> str:
    kinds = (CSV, EXCEL, PDF, PRINT) if right.students else (CSV, EXCEL, PDF)
    return one_of(request, "format", kinds)


@require_POST
@student_level("class results, taken away", section="pk")
def section_export(request, pk):
    """The class by standard as a file, or with its students on paper."""
    read = class_asked_for(request, pk)
    right = checked_right(request, export_right(request.user, read.section) if read.sitting else None)
    purpose = purpose_of(request, right)
    if purpose is None:
        context = section_context(request, read)
        return asks_again(request, right, context["asked"], context["page"].title, context["sorts"][0]["url"])
    kind = kind_asked(request, right)
    if kind == PRINT:
        log(request, read, "class results", AccessLog.Action.PRINT, purpose)
        context = section_context(request, read, printing=True, group=request.POST.get("group", ""))
        return render_page(request, "assessments/section_results.html", context)
    page = SectionResults(read, order_asked(request))
    log(request, read, f"class results, {kind}", AccessLog.Action.EXPORT, purpose)
    title = f"{page.title} {read.sitting.test} {read.sitting.window}"
    tables = allowed(page.tables(), students=right.students)
    document = partial(class_document, page, students=right.students)
    return sent(request, kind, title, tables, document, read.section.school.district)


@require_POST
@student_level("item map, taken away", section="pk")
def item_map_export(request, pk):
    """The item map as a file, which follows names, or as it is on screen with its students on paper."""
    read = class_asked_for(request, pk)
    with_questions = bool(read.sitting and read.form.questions)
    right = checked_right(request, export_right(request.user, read.section) if with_questions else None)
    purpose = purpose_of(request, right)
    if purpose is None:
        context = item_map_context(request, read)
        return asks_again(request, right, context["asked"], context["page"].page.title, context["back_url"])
    kind = kind_asked(request, right)
    if kind == PRINT:
        log(request, read, "item map", AccessLog.Action.PRINT, purpose)
        return render_page(request, "assessments/item_map.html", item_map_context(request, read, printing=True))
    page = ItemMap(read, one_of(request, "columns", (BY_STANDARD, HARDEST)), BY_NAME)
    log(request, read, f"item map, {kind}", AccessLog.Action.EXPORT, purpose)
    title = f"Item map {page.page.title} {read.sitting.test} {read.sitting.window}"
    tables = allowed(page.tables(), students=right.students)
    document = partial(item_map_document, page, students=right.students)
    return sent(request, kind, title, tables, document, read.section.school.district)


@require_POST
@student_level("school results, taken away", school="pk")
def school_export(request, pk):
    """The school's page as a file: figures, no student's row."""
    page = school_page(request, pk)
    right = checked_right(request, school_export_right(request.user, page.school) if page.chosen else None)
    purpose = purpose_of(request, right)
    if purpose is None:
        asked = {"series": page.chosen.series, "window": page.chosen.window.full_code}
        return asks_again(request, right, asked, page.school.name, address("school_results", pk, **asked))
    kind = kind_asked(request, right)
    record_access(
        request, AccessLog.Action.EXPORT, f"school results, {kind}: {page.chosen.name}, {page.chosen.window.name}",
        school=page.school, why=why_school(request.user, page.school), purpose=purpose,
    )  # fmt: skip
    title = f"{page.school.name} {page.chosen.name} {page.chosen.window.name}"
    document = partial(school_document, page, growth_chart(page))
    return sent(request, kind, title, page.tables(), document, page.school.district)


def sent(
    request, kind: str, title: str, tables: list[Table], document: Callable[[], Document], district
) -> HttpResponse:
    """The file of the `kind` asked for, named after `title`. A PDF says who made it, and when in the district."""
    if kind == PDF:
        now = timezone.localtime(timezone=ZoneInfo(district.timezone))
        maker = Maker(request.user.get_full_name() or request.user.email, now)
        return download(pdf(document(), maker), title, "pdf", "application/pdf")
    return table_file(kind, title, tables)
