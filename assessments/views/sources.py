"""Where this comes from: the page behind every figure."""

from django.http import Http404
from django.views.decorators.http import require_GET

from assessments.queries.reach import schools_with_results, sections_with_results
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
    """The page the reader came from, or "". Raises Http404 for one that does not open to the reader."""
    in_reach = {"section": sections_with_results, "school": schools_with_results}
    for name, key in back_asked(request).items():
        if not in_reach[name](request.user).filter(pk=int(key)).exists():
            raise Http404
        return address(f"{name}_results", int(key))
    return ""
