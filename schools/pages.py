"""One answer for a page and for its htmx part: same URL, same view, a named part of the same template."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part. A boosted link and a return through the history want the whole page."""
    htmx = request.htmx
    return bool(htmx and not htmx.boosted and not htmx.history_restore_request)


def render_page(
    request: HttpRequest, template: str, context: dict, *, part: str | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or only its `part` where htmx asks for it."""
    context = context | getattr(request, "in_place", {})  # of what a page that is kept does not hold (`schools/drawn`)
    named = f"{template}#{part}" if part and wants_part(request) else template
    return finished(request, render(request, named, context, status=status))


def finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page with what a browser must know of it.

    `Vary` keeps a browser from showing the bare part when a person comes back or reopens the tab.
    """
    patch_vary_headers(response, ["HX-Request"])
    if getattr(request, "access_recorded", None):  # students' records: not to be found by the next at this computer
        response["Cache-Control"] = "no-store"
    return response
