"""One answer for a page and for its htmx part: same URL, same view, a named part of the same template."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


@dataclass
class Drawing:
    """What is known of a page that is drawn to be kept (`schools/drawn`); it stands at the request.

    looked_at  when its reader looked last, where it is drawn before they ask again
    in_place   what stands in the page where each session has something of its own
    kept       the key it was kept under
    """

    looked_at: datetime | None = None
    in_place: dict = field(default_factory=dict)
    kept: str = ""


def drawing_of(request: HttpRequest) -> Drawing:
    """The drawing that a request makes; an empty one where nothing is kept of it."""
    return getattr(request, "drawing", None) or Drawing()


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part. A boosted link and a return through the history want the whole page."""
    htmx = request.htmx
    return bool(htmx and not htmx.boosted and not htmx.history_restore_request)


def render_page(
    request: HttpRequest, template: str, context: dict, *, part: str | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or only its `part` where htmx asks for it."""
    context = context | drawing_of(request).in_place
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
