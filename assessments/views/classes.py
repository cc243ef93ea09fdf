"""A class by standard, its item map, and one question of it."""

from django.views.decorators.http import require_GET

from assessments.queries.items import BY_NAME, BY_STANDARD, FEWEST, HARDEST, ItemDetail, ItemMap
from assessments.queries.reach import export_right
from assessments.queries.section import SectionResults
from assessments.views.asked import address, class_asked_for, names_switch, order_asked, sitting_choice
from schools.audit import NotThere, record_access, student_level
from schools.corrections import why_not_reported
from schools.drawn.pages import drawn_once
from schools.models import AccessLog
from schools.pages import render_page
from schools.rights import why_section
from schools.views.listing import one_of


def log(request, read, what: str, action=AccessLog.Action.VIEW, purpose: str = "") -> None:
    """The one row of this access: which students' records, and why the reader may see them."""
    test = f": {read.sitting.test}, {read.sitting.window}" if read.sitting else ""
    record_access(
        request, action, f"{what}{test}", section=read.section, students=read.shown_students,
        why=why_section(request.user, read.section) or "", purpose=purpose,
    )  # fmt: skip


def tools(right, printing: bool) -> list[dict]:
    """The small links beside the title."""
    return [{"label": "Print or download", "url": "#take"}] if right and not printing else []


@require_GET
@student_level("class results", section="pk")
@drawn_once
def section_results(request, pk):
    """A class by standard: where to start, who needs what, which wrong answers were popular."""
    read = class_asked_for(request, pk)
    log(request, read, "class results")
    return render_page(request, "assessments/section_results.html", section_context(request, read))


def section_context(request, read, *, printing: bool = False, group: str = "") -> dict:
    """What the page of a class prints; `printing` lets students' rows onto paper, `group` is the one to print."""
    page = SectionResults(read, order_asked(request))
    test, pk = read.sitting and read.sitting.pk, read.section.pk
    with_questions = bool(read.sitting and read.form.questions)
    right = export_right(request.user, read.section) if test else None
    return {
        "page": page,
        "read": read,
        "printing": printing,
        "groups": [one for one in page.groups if not group or one.key == group],
        "one_group": bool(group),
        "map_url": address("item_map", pk, administration=test) if with_questions else "",
        "source_url": address("source", test, section=pk) if test else "",
        "choices": sitting_choice(read, "section_results", order=page.order if page.order != page.orders[0][1] else ""),
        "sorts": [
            {"label": label, "url": address("section_results", pk, administration=test, order=order),
             "current": page.order == order}
            for label, order in page.orders
        ],
        "hide_names": names_switch(request, read.hidden),
        "right": right,
        "may_report": not read.sitting and not why_not_reported(read.section, request.user.standing.today),
        "tools": tools(right, printing),
        "export_url": address("section_export", pk),
        "asked": {"administration": test, "order": page.order},
    }  # fmt: skip


@require_GET
@student_level("item map", section="pk")
@drawn_once
def item_map(request, pk):
    """Students by question."""
    read = class_asked_for(request, pk)
    if not (read.sitting and read.form.questions):
        raise NotThere("The class is in sight, but has no results by question.")
    log(request, read, "item map")
    return render_page(request, "assessments/item_map.html", item_map_context(request, read))


def item_map_context(request, read, *, printing: bool = False) -> dict:
    """What the item map prints; `printing` lets students' rows onto paper."""
    columns_by = one_of(request, "columns", (BY_STANDARD, HARDEST))
    rows_by = one_of(request, "rows", (FEWEST, BY_NAME))
    test, pk = read.sitting.pk, read.section.pk
    asked = {"columns": columns_by, "rows": rows_by}
    right = export_right(request.user, read.section)

    def links(name, choices):
        return [
            {"label": label, "url": address("item_map", pk, administration=test, **asked | {name: value}),
             "current": asked[name] == value}
            for label, value in choices
        ]  # fmt: skip

    return {
        "page": ItemMap(read, columns_by, rows_by),
        "read": read,
        "printing": printing,
        "question_query": f"?administration={test}",
        "back_url": address("section_results", pk, administration=test),
        "source_url": address("source", test, section=pk),
        "choices": sitting_choice(read, "item_map"),
        "rows_by": links("rows", (("fewest points", FEWEST), ("name", BY_NAME))),
        "columns_by": links("columns", (("standard", BY_STANDARD), ("hardest", HARDEST))),
        "hide_names": names_switch(request, read.hidden),
        "right": right,
        "tools": tools(right, printing),
        "export_url": address("item_map_export", pk),
        "asked": asked | {"administration": test},
    }


@require_GET
@student_level("question", section="pk")
def item_detail(request, pk, position):
    """One question: its text, who chose what, and the standards it asks."""
    read = class_asked_for(request, pk)
    try:
        page = ItemDetail(read, position)
    except KeyError:
        raise NotThere("The class is in sight, but its test has no such question.") from None
    log(request, read, f"question {page.question.label}")
    test = read.sitting.pk

    def question_url(question):
        return question and address("item_detail", pk, question.position, administration=test)

    context = {
        "page": page,
        "read": read,
        "map_url": address("item_map", pk, administration=test),
        "back_url": address("section_results", pk, administration=test),
        "before_url": question_url(page.before),
        "after_url": question_url(page.after),
        "source_url": address("source", test, section=pk),
        "hide_names": names_switch(request, read.hidden),
    }
    return render_page(request, "assessments/item_detail.html", context)
