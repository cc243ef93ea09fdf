"""Pages that readers will look at again are drawn anew by the worker, before they do.

After results were published, or overnight, the pages that people opened lately stand ready; nobody waits for the sums.
"""

import time
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from schools.drawn import keeping
from schools.drawn.pages import slot
from schools.models import User
from schools.pages import Drawing

AT_ONCE = 20
TOLD_LATELY = timedelta(minutes=5)

log = structlog.get_logger(__name__)


def draw_ahead(seconds: float) -> int:
    """Draw what is good no more, for `seconds` at most, what was looked at last first; how many pages were drawn.

    All of it loses its words at once, and has none until it is its turn: no page is kept that was changed.
    """
    if not settings.DRAWN_PAGES:
        keeping.forget_all()
        return 0
    keeping.empty_stale(timezone.now())
    _expect()
    last, drawn = time.monotonic() + seconds, 0
    while time.monotonic() < last and (waiting := keeping.to_draw(AT_ONCE)):
        for at, looked_at in waiting:
            _draw(at, looked_at)
            drawn += 1
            if time.monotonic() >= last:
                break
    return drawn


def _expect() -> None:
    """Who is told of new results opens the page that the letter leads to: it shall stand ready too."""
    now = timezone.now()
    for user, path, session in keeping.told(now - TOLD_LATELY, now):
        if _is_drawn_once(path):
            keeping.expect(slot(user, path, session), now)


def _is_drawn_once(path: str) -> bool:
    try:
        return getattr(resolve(path.partition("?")[0]).func, "is_drawn_once", False)
    except Resolver404:
        return False


def _draw(at: keeping.Slot, looked_at: datetime) -> None:
    """Draw one page as its reader would see it; one that they would not see any more is thrown away."""
    user = User.objects.filter(pk=at.user, is_active=True).first()  # unscoped: whose page it is
    request = _request(at, user, looked_at) if user else None
    if request:
        match = request.resolver_match
        try:
            match.func(request, *match.args, **match.kwargs)
        except (Http404, PermissionDenied):
            pass  # out of sight by now
        except Exception as error:  # the reader will meet it, and it is told then; the other pages wait
            log.warning("page_not_drawn", view=match.view_name, error=type(error).__name__)
    if not request or request.drawing.kept != at.key:
        keeping.forget(at.key)


def _request(at: keeping.Slot, user: User, looked_at: datetime) -> HttpRequest | None:
    """A request for the page as its reader would make it; None where the address leads nowhere by now."""
    path, _, query = at.path.partition("?")
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.META["QUERY_STRING"], request.GET = query, QueryDict(query)
    request.user, request.session = user, SessionBase()
    request.session.update(at.session)
    request.htmx = HtmxDetails(request)
    request.drawing = Drawing(looked_at=looked_at)
    try:
        request.resolver_match = resolve(path)
    except Resolver404:
        return None
    return request
