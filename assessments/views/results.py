"""Where results begin: the reader's classes and schools; and the switch that hides names."""

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from assessments.queries.overview import Overview
from assessments.views.asked import HIDDEN
from schools.drawn.pages import drawn_once
from schools.pages import render_page


@require_GET
@drawn_once
def results(request):
    """Own classes and schools, each with its newest test; no result stands beside another here."""
    return render_page(request, "assessments/results.html", {"page": Overview(request.user)})


@require_POST
def hide_names(request):
    """Hide or show students' names for the rest of this session."""
    request.session[HIDDEN] = request.POST.get("hide") == "1"
    to = request.POST.get("next", "")
    known = to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return HttpResponseRedirect(to if known else "/")
