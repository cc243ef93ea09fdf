"""Where this comes from: the page behind every figure."""

from django.views.decorators.http import require_GET

from assessments.queries.source import Source
from assessments.views.asked import address
from schools.pages import render_page


@require_GET
def source(request, pk):
    """Files, rows left out and why, rules and cut scores behind one test; counts alone, no student's row."""
    page = Source(request.user, pk)
    back = back_to(request)
    others = [(str(one), address("source", one.pk, **back_asked(request))) for one in page.others]
    return render_page(request, "assessments/source.html", {"page": page, "back_url": back, "others": others})


def back_asked(request) -> dict[str, str]:
    """The class or school the reader came from."""
    return {name: value for name in ("section", "school") if (value := request.GET.get(name, "")).isdecimal()}


def back_to(request) -> str:
    """The page the reader came from, or ""; that page says itself who may see it."""
    for name, key in back_asked(request).items():
        return address(f"{name}_results", int(key))
    return ""
