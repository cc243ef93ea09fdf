"""One answer for a page and for its htmx part: same URL, same view, a named part of the same template."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_page(
    request: HttpRequest, template: str, context: dict, *, part: str | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or only its `part` where htmx asks for it.

    A boosted link and a return through the history want the whole page. `Vary` keeps a browser from showing
    the bare part when a person comes back or reopens the tab.
    """
    htmx = request.htmx
    wants_part = part and htmx and not htmx.boosted and not htmx.history_restore_request
    response = render(request, f"{template}#{part}" if wants_part else template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    if getattr(request, "access_recorded", False):  # students' records: not to be found by the next at this computer
        response["Cache-Control"] = "no-store"
    return response
