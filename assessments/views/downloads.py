"""A file that asks for the password first: what was asked is kept in the session, and sent once the password is typed.

The file comes as the answer to a page of its own, so that the tab does not stay on the form for the password.
"""

from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from schools.pages import render_page

ASKED = "file_asked_for"


def password_first(request) -> HttpResponse:
    """Keep what was asked, and lead to the password; after it the download page goes on."""
    given = request.POST if request.method == "POST" else request.GET
    request.session[ASKED] = {
        "method": request.method.lower(),
        "url": request.path,
        "fields": [(name, value) for name in given for value in given.getlist(name) if name != "csrfmiddlewaretoken"],
        "back": _came_from(request),
    }
    query = urlencode({"next": reverse("assessments:download")})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")


def _came_from(request) -> str:
    """The page the file was asked from; the one above the file's address where that page was itself an answer."""
    referer = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return reverse("today")
    parts = urlsplit(referer)
    if parts.path == request.path:
        return parts.path.rstrip("/").rpartition("/")[0] + "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@require_GET
def download(request):
    """The page after the password: the file comes by itself, or with the button where there is no script."""
    asked = request.session.pop(ASKED, None)
    if asked is None:
        return redirect("assessments:results")
    response = render_page(request, "assessments/download.html", asked)
    response["Cache-Control"] = "no-store"
    return response
