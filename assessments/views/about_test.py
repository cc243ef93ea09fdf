"""About this test: how far its scores can be trusted, how its questions worked."""

from django.views.decorators.http import require_GET, require_POST

from assessments.charts import StandardBar, standard_bars
from assessments.exports import CSV, EXCEL, table_file
from assessments.queries.about_test import BY_POSITION, BY_STANDARD, HARDEST, ORDERS, AboutTest
from assessments.views.asked import address
from assessments.views.sources import back_asked, back_to
from schools.audit import record_access
from schools.models import AccessLog
from schools.pages import render_page
from schools.views.listing import one_of
from schools.views.taking import checked_right

ORDER_NAMES = {BY_POSITION: "order of the test", BY_STANDARD: "standard", HARDEST: "hardest first"}


def page_asked_for(request, pk: int) -> AboutTest:
    """The test in its window, its questions in the order the address asks for. Raises Http404."""
    return AboutTest(request.user, pk, one_of(request, "order", ORDERS))


@require_GET
def about_test(request, pk):
    """Reliability and error in words; for the district's office every question with its choices. No student's row."""
    page = page_asked_for(request, pk)
    bars = standard_bars(
        [StandardBar(f"Question {line.label}", line.p or 0.0) for line in page.questions],
        group="the district's students",
    )
    came_from = back_asked(request)
    context = {
        "page": page,
        "rows": [
            {"line": line, "bar": None if line.p is None else bar}
            for line, bar in zip(page.questions, bars, strict=True)
        ],
        "back_url": back_to(request),
        "source_url": address("source", pk, **came_from),
        "orders": [
            {"label": ORDER_NAMES[order], "url": address("about_test", pk, order=order, **came_from),
             "current": page.order == order}
            for order in ORDERS
        ],
        "others": [(str(one), address("about_test", one.pk, **came_from)) for one in page.others],
        "tools": [{"label": "Download", "url": "#take"}] if page.right else [],
        "right": page.right,
        "export_url": address("about_test_export", pk),
        "asked": {"order": page.order},
    }  # fmt: skip
    return render_page(request, "assessments/about_test.html", context)


@require_POST
def about_test_export(request, pk):
    """The questions as a file, in the order on screen: figures of the district, no student's row."""
    page = page_asked_for(request, pk)
    checked_right(request, page.right)
    kind = one_of(request, "format", (CSV, EXCEL))
    record_access(
        request, AccessLog.Action.EXPORT, f"questions of a test, {kind}: {page.title}",
        district=page.assessment.district, why="Administers the district.",
    )  # fmt: skip
    return table_file(kind, f"Questions of {page.title}", page.tables())
