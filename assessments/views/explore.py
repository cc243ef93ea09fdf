"""A school's results drawn large: standards over the windows and growth with its ranges, each beside its table."""

from django.views.decorators.http import require_GET

from assessments import figures
from assessments.charts import growth_rows
from assessments.queries.explore import GradeRuns, standards_over_windows
from assessments.queries.reach import school_export_right, why_school
from assessments.queries.school import SchoolResults
from assessments.views.asked import address
from assessments.views.schools import growth_estimates, row_name, school_page, source_address, test_choices
from schools.audit import record_access, student_level
from schools.models import AccessLog
from schools.pages import render_page

NO_FIGURE = "no figure"
CLOSED = "Standards and growth: not shown."
NOTHING = "Nothing to draw: no standard and no growth has a figure in these windows."


@require_GET
@student_level("school results, explored", school="pk")
def school_explore(request, pk):
    """The figures of the school's page over the windows of the year; no student is named."""
    page = school_page(request, pk)
    when = f": {page.chosen.name}, {page.chosen.window.name}" if page.chosen else ""
    record_access(
        request, AccessLog.Action.VIEW, f"school results, explored{when}",
        school=page.school, why=why_school(request.user, page.school),
    )  # fmt: skip
    return render_page(request, "assessments/school_explore.html", explore_context(request, page))


def explore_context(request, page: SchoolResults) -> dict:
    """The strip, the charts and the files of the page."""
    context = {"page": page, "charts": [], "choices": [], "back_url": address("school_results", page.school.pk)}
    if page.chosen is None:
        return context
    asked = {"series": page.chosen.series, "window": page.chosen.window.full_code}
    context |= {
        "choices": test_choices(page, "school_explore"),
        "back_url": address("school_results", page.school.pk, **asked),
        "source_url": source_address(page),
        "asked": asked,
        "right": school_export_right(request.user, page.school),
        "export_url": address("school_export", page.school.pk),
        "nothing": CLOSED if page.few_teachers else NOTHING,
    }
    if not page.few_teachers:
        context["charts"] = standards_charts(page) + growth_charts(page)
    return context


def standards_charts(page: SchoolResults) -> list[dict]:
    """One chart a grade, with its table: a row a standard, a column a window."""
    return [_standards_chart(place, found) for place, found in enumerate(standards_over_windows(page), 1)]


def _standards_chart(place: int, found: GradeRuns) -> dict:
    columns = [{"label": "Standard"}, *({"label": name, "numeric": True} for name in found.windows)]
    rows = [[run.title, *(NO_FIGURE if share is None else f"{share} %" for share in run.shares)] for run in found.runs]
    return {
        "id": f"standards-{place}",
        "title": f"Standards, {row_name(found.grade).lower()}" if found.grade else "Standards",
        "sentence": figures.standards_sentence(found.windows, found.runs),
        "help": "Share of the points. Each window asks other questions, so a line that rises or falls does not by "
        "itself say that students know more or less. No figure: the test of that window has fewer than 3 questions on "
        "the standard, or fewer than 10 students took it.",
        "figure": figures.runs_figure(found.windows, found.runs),
        "columns": columns,
        "rows": rows,
    }


def growth_charts(page: SchoolResults) -> list[dict]:
    """The chart of growth with its table; none without a common scale or with too few students."""
    found = growth_estimates(page)
    if not found:
        return []
    estimates = [one for one, _ in found]
    marks = growth_rows(estimates)
    labels = [("Group", False), ("Students", True), (f"Scale points since {page.since}", True), ("Verdict", False)]
    return [
        {
            "id": "growth",
            "title": f"Growth since {page.since}",
            "sentence": figures.growth_sentence(estimates),
            "help": "The same students in both windows. The range says where the result would likely land if they "
            "took another form of the test.",
            "figure": figures.growth_figure(estimates),
            "columns": [{"label": label, "numeric": numeric} for label, numeric in labels],
            "rows": [
                [one.name, students, mark["figures"], one.verdict]
                for mark, (one, students) in zip(marks["rows"], found, strict=True)
            ],
        }
    ]
