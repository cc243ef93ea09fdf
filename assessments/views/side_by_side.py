"""A coach's or leader's schools side by side: standards against the network, and the figures as a file."""

from django.http import Http404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from assessments.exports import CSV, EXCEL, table_file
from assessments.queries.side_by_side import SideBySide
from assessments.views.asked import address, choice, window_links
from schools.audit import record_access
from schools.drawn.pages import drawn_once
from schools.models import AccessLog
from schools.pages import render_page
from schools.views.listing import one_of


def _page(request) -> SideBySide:
    """The page the address asks for. Raises Http404 with fewer than two schools, and for what has no results."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        return SideBySide(request.user, given.get("series", ""), given.get("window", ""))
    except LookupError:
        raise Http404 from None


@require_GET
@drawn_once
def side_by_side(request):
    """Standards by school, marked against the network."""
    page = _page(request)
    context = {"page": page, "choices": [], "asked": {}}
    if page.chosen:
        context["asked"] = {"series": page.chosen.series, "window": page.chosen.window.full_code}
        context["choices"] = _choices(page)
        context["export_url"] = reverse("assessments:side_by_side_export")
        context["tools"] = [{"label": "Download", "url": "#take"}]
        window = page.chosen.window
        context["basis"] = [f"{page.chosen.name}, {window.name} {window.year.code}"]
    return render_page(request, "assessments/side_by_side.html", context)


def _choices(page: SideBySide) -> list[dict]:
    """Tests and windows that one of the schools has sat, as groups of the strip."""
    names = {one.series: one.name for one in reversed(page.sittings)}
    tests = [
        {"label": name, "url": address("side_by_side", series=series),
         "current": "true" if series == page.chosen.series else ""}
        for series, name in sorted(names.items(), key=lambda pair: pair[1])
    ]  # fmt: skip
    windows = window_links(
        [one for one in page.sittings if one.series == page.chosen.series], page.chosen,
        lambda one: address("side_by_side", series=one.series, window=one.window.full_code),
    )  # fmt: skip
    return choice("Test", tests) + choice("Window", windows)


@require_POST
def side_by_side_export(request):
    """The marks of the page as a file: school figures, no student."""
    page = _page(request)
    if page.chosen is None:
        raise Http404
    what = f"schools side by side: {page.chosen.name}, {page.chosen.window.name}"
    record_access(request, AccessLog.Action.EXPORT, what, why="Leads or coaches these schools.")
    title = f"Side by side {page.chosen.name} {page.chosen.window.name}"
    return table_file(one_of(request, "format", (CSV, EXCEL)), title, page.tables())
