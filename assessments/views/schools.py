"""The one-page picture of a school: its results, and the panels other rooms add."""

from django.urls import reverse
from django.views.decorators.http import require_GET

from assessments import charts
from assessments.panels import school_panels
from assessments.queries.reach import school_export_right, why_school
from assessments.queries.school import SchoolResults, school_in_reach
from assessments.queries.subgroups import sees_subgroups
from assessments.views.asked import address, choice, hides_names, names_switch, window_links
from schools.audit import NotThere, record_access, student_level
from schools.drawn.pages import drawn_once
from schools.models import AccessLog
from schools.pages import render_page


def school_page(request, pk: int) -> SchoolResults:
    """The school, series and window the address names. Raises Http404 out of sight, NotThere without such results."""
    given = request.POST if request.method == "POST" else request.GET
    school = school_in_reach(request.user, pk)
    try:
        return SchoolResults(request.user, school, given.get("series", ""), given.get("window", ""))
    except KeyError:
        raise NotThere("The school is in sight, but has no results of the test or window asked for.") from None


def log_school(request, page: SchoolResults, what: str, action=AccessLog.Action.VIEW, purpose: str = "") -> None:
    """The one row of this access; the page names students where some were not tested."""
    names = len(page.untested) if page.chosen else 0
    when = f": {page.chosen.name}, {page.chosen.window.name}" if page.chosen else ""
    why = why_school(request.user, page.school)
    record_access(request, action, f"{what}{when}", school=page.school, students=names, why=why, purpose=purpose)


@require_GET
@student_level("school results", school="pk")
@drawn_once
def school_results(request, pk):
    """Tested, levels, growth, standards; classes by name."""
    page = school_page(request, pk)
    log_school(request, page, "school results")
    return render_page(request, "assessments/school_results.html", school_context(request, page))


def school_context(request, page: SchoolResults) -> dict:
    """What the page of a school prints."""
    chosen, pk = page.chosen, page.school.pk
    if chosen is None:
        return {"page": page, "choices": []}
    right = school_export_right(request.user, page.school)
    return {
        "page": page,
        "source_url": source_address(page),
        "about_url": address("about_test", page.behind, school=pk) if page.behind else "",
        "choices": test_choices(page, "school_results"),
        "hide_names": names_switch(request, bool(hides_names(request))) if page.whole else None,
        "growth": growth_chart(page),
        "panels": school_panels(request.user, page.school, chosen.window.pk),
        "right": right,
        "tools": tools(page, right),
        "export_url": reverse("assessments:school_export", args=[pk]),
        "asked": {"series": chosen.series, "window": chosen.window.full_code},
    }


def source_address(page: SchoolResults) -> str:
    """Where the figures come from; "" where the reader has no result of them in sight."""
    return address("source", page.behind, school=page.school.pk) if page.behind else ""


def test_choices(page: SchoolResults, name: str) -> list[dict]:
    """The series and windows of the school as groups of the strip; `name` is the page they lead to."""
    chosen, pk = page.chosen, page.school.pk
    windows = window_links(
        page.book.of_series(chosen.series), chosen,
        lambda one: address(name, pk, series=one.series, window=one.window.full_code),
    )  # fmt: skip
    series = [
        {"label": one.name, "url": address(name, pk, series=one.series),
         "current": "true" if one.series == chosen.series else ""}
        for one in page.book.series
    ]  # fmt: skip
    return choice("Test", series) + choice("Window", windows)


def tools(page: SchoolResults, right) -> list[dict]:
    """Explore, where the page has figures to draw; subgroups and the files, for those who may read or take them."""
    asked = {"series": page.chosen.series, "window": page.chosen.window.full_code}
    found = []
    if not page.few_teachers:
        found.append({"label": "Explore", "url": address("school_explore", page.school.pk, **asked)})
    if sees_subgroups(page.user, page.school):
        found.append({"label": "Subgroups", "url": address("subgroups", page.school.pk, **asked)})
    if right:
        found.append({"label": "Download", "url": "#take"})
    return found


def growth_estimates(page: SchoolResults) -> list[tuple[charts.Estimate, int]]:
    """Growth of the school and of its grades of ten students or more, each with its students."""
    return [
        (charts.Estimate(row_name(row.grade), row.mean, row.low, row.high, row.told or ""), row.matched)
        for row in page.growth
        if row.enough
    ]


def growth_chart(page: SchoolResults) -> dict | None:
    """Dots with ranges for the school and its grades of ten students or more."""
    rows = growth_estimates(page)
    if not rows:
        return None
    network = page.beside.growth[0] if page.network_growth else None
    chart = charts.growth_rows([one for one, _ in rows], network=network)
    return {
        "chart": chart,
        "rows": [
            {"mark": mark, "name": one.name, "students": students, "verdict": one.verdict}
            for mark, (one, students) in zip(chart["rows"], rows, strict=True)
        ],
    }


def row_name(grade: str) -> str:
    return f"Grade {grade.lstrip('0')}" if grade else "The school"
