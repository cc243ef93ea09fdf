"""Taking a file away: who says what for, who typed the password lately, and the page that sends it after the password.

What was asked is kept in the session and sent once the password is typed. The file comes as the answer to a page of
its own, so that the tab does not stay on the form for the password.
"""

import time
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from schools.pages import render_page
from schools.privacy.typed import read_by_overseers
from schools.taking import ExportRight
from schools.wording import printable

ASKED = "file_asked_for"
SHORTEST_PURPOSE = 4


def require_fresh_sign_in(request, minutes: int) -> None:
    """Raise ImmediateHttpResponse, which asks for the password and then goes on, after `minutes` without it."""
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0)
    if minutes and time.time() - latest > 60 * minutes:
        raise ImmediateHttpResponse(password_first(request))


def purpose_of(request, right: ExportRight) -> str | None:
    """What the person says they need it for; None where `wrong_with_purpose` has a sentence."""
    return None if wrong_with_purpose(request, right) else _said(request)


def wrong_with_purpose(request, right: ExportRight) -> str:
    """Why the purpose is not taken: the right asks for it and there is none, or it names a student. "" where it is."""
    said = _said(request)
    if right.purpose and len(said) < SHORTEST_PURPOSE:
        return "Say in a few words what you need it for."
    return read_by_overseers(said, request.user)


def _said(request) -> str:
    return " ".join(printable(request.POST.get("purpose", "")).split())


def asks_again(request, right: ExportRight, asked: dict, title: str, back_url: str) -> HttpResponse:
    """The form once more, with what is missing in it."""
    context = {
        "title": title,
        "right": right,
        "url": request.path,
        "asked": asked,
        "purpose": request.POST.get("purpose", ""),
        "error": wrong_with_purpose(request, right),
        "back_url": back_url,
    }
    return render_page(request, "schools/purpose.html", context, status=422)


def checked_right(request, right: ExportRight | None) -> ExportRight:
    """The right to take this away. Raises PermissionDenied without one, ImmediateHttpResponse after a while."""
    if right is None:
        raise PermissionDenied
    require_fresh_sign_in(request, right.minutes)
    return right


def password_first(request) -> HttpResponse:
    """Keep what was asked, and lead to the password; after it the download page goes on."""
    given = request.POST if request.method == "POST" else request.GET
    request.session[ASKED] = {
        "method": request.method.lower(),
        "url": request.path,
        "fields": [(name, value) for name in given for value in given.getlist(name) if name != "csrfmiddlewaretoken"],
        "back": _came_from(request),
    }
    query = urlencode({"next": reverse("schools:download")})
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
        return redirect("today")
    response = render_page(request, "schools/download.html", asked)
    response["Cache-Control"] = "no-store"
    return response
