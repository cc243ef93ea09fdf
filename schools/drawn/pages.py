"""The door for views: `@drawn_once` shows a page again as it was drawn, until something it shows has changed.

A view goes by the reader, the address and what stands in the database; what it takes from the session is named with
`goes_by`. Whoever is signed in, with a second factor and as whom, is asked before, and each look at students is
written into the access log as if the page were drawn.
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac

from schools.audit import is_ahead, write_access
from schools.drawn import keeping
from schools.drawn.watching import clocks, known, own_rooms, told_by, watched
from schools.models import AccessLog, User
from schools.pages import drawing_of, finished, wants_part

MESSAGES = "components/messages.html"
LOOKED = f'INSERT INTO "{AccessLog._meta.db_table}"'
NOTE_LOOKS_EVERY = timedelta(minutes=10)  # by it the pages are chosen that one reader keeps
log = structlog.get_logger(__name__)
_goes_by: dict[str, Callable] = {}


def goes_by(name: str, how: Callable = lambda value: value) -> None:
    """Say that pages go by the session's value of this name; `how` makes of it what they go by."""
    _goes_by[name] = how


def drawn_once(view: Callable) -> Callable:
    """Decorate a GET view of a page."""

    @functools.wraps(view)
    def shown(request, *args, **kwargs):
        return drawn(request, lambda: view(request, *args, **kwargs))

    shown.is_drawn_once = True
    return shown


def drawn(
    request: HttpRequest, draw: Callable[[], HttpResponse], *, by: str = "", until: datetime | None = None
) -> HttpResponse:
    """The page as it was drawn, or drawn now. `by` is what it goes by and no table holds, until `until`.

    Parts for htmx and what somebody sees as another person are drawn each time; and so is a page amid a transaction,
    whose changes may yet be undone.
    """
    if _is_for_once(request):
        return draw()
    now, at = timezone.now(), slot_of(request)
    found = keeping.look(at.key, by, now)
    if found.body is None:
        return _drawn_now(request, draw, at, by, until, found.moment, now)
    return _again(request, at, found, now, until)


def _is_for_once(request: HttpRequest) -> bool:
    off = not settings.DRAWN_PAGES or connection.in_atomic_block
    return bool(off or wants_part(request) or getattr(request, "viewing", None))


def slot_of(request: HttpRequest) -> keeping.Slot:
    """Where the page that is asked for is kept."""
    session = {name: how(request.session[name]) for name, how in _goes_by.items() if name in request.session}
    return slot(request.user.pk, request.get_full_path(), session)


def slot(user: int, path: str, session: dict) -> keeping.Slot:
    """Where a reader's page is kept; `session` is what it goes by there."""
    words = json.dumps([user, path, session, edition()], sort_keys=True)
    return keeping.Slot(hashlib.sha256(words.encode()).hexdigest(), user, path, session)


@functools.cache
def edition() -> str:
    """This version of the portal: its code, its templates, its static files and its settings, as a digest."""
    found = hashlib.sha256()
    files = [file for room in own_rooms() for file in Path(room.path).rglob("*.py")]
    files += [settings.BASE_DIR / "requirements.lock", *(settings.BASE_DIR / "templates").rglob("*.html")]
    files += [settings.STATIC_ROOT / "staticfiles.json"]
    for file in sorted(files):
        if file.is_file():
            found.update(str(file).encode() + file.read_bytes())
    plain = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    found.update(repr({name: value for name, value in plain.items() if type(value) in (str, int, bool)}).encode())
    return found.hexdigest()


def _again(request, at: keeping.Slot, found: keeping.Found, now: datetime, until: datetime | None) -> HttpResponse:
    """The page as it was drawn; the look is written down like the first."""
    if found.access is not None:
        write_access(request, found.access)
    if is_ahead(request):  # somebody has looked meanwhile
        request.drawing.kept = at.key
        return HttpResponse()
    ends = min(until or found.until, found.until)
    if ends < found.until or now - found.looked_at > NOTE_LOOKS_EVERY:
        with _answered_anyhow():
            keeping.note_look(at.key, now, ends)
    return finished(request, HttpResponse(_with_own(found.body, request)))


def _drawn_now(
    request, draw: Callable, at: keeping.Slot, by: str, until: datetime | None, moment: str, now: datetime
) -> HttpResponse:
    """The page drawn, and kept where it may be."""
    request.drawing = drawing_of(request)
    request.drawing.in_place = {"csrf_token": placeholder(), "messages": []}
    tables = _Tables()
    with connection.execute_wrapper(tables):
        # Read anew, after the moment: what the reader may see was asked of the database a little before it.
        request.user = User.objects.get(pk=at.user)  # unscoped: the reader
        response = draw()
    body, read = response.text, tables.read | {told_by()[one] for one in tables.read & told_by().keys()}
    if not read <= watched().keys():
        log.info("page_not_kept", view=request.resolver_match.view_name, tables=sorted(read - watched().keys()))
    elif response.status_code == 200:
        access, looked_at = getattr(request, "access_recorded", None), request.drawing.looked_at or now
        page = keeping.Drawn(by, body, access, read, moment, _turns(request.user, read, now, until), looked_at)
        with _answered_anyhow():
            keeping.keep(at, page)
            request.drawing.kept = at.key
    response.content = _with_own(body, request)
    return response


@contextmanager
def _answered_anyhow():
    """A page is answered where it cannot be kept: a full disk, a database that is only read."""
    try:
        yield
    except DatabaseError as error:
        log.error("page_not_kept", error=type(error).__name__)


class _Tables:
    """Notes which tables are named in what the database is asked, but for the row that says who looked."""

    def __init__(self) -> None:
        self.read: set[str] = set()

    def __call__(self, execute, sql, params, many, context):
        if not str(sql).startswith(LOOKED):
            self.read |= known().intersection(re.findall(r"\w+", str(sql)))
        return execute(sql, params, many, context)


def _turns(user, tables: set[str], now: datetime, until: datetime | None) -> datetime:
    """When the page turns by the clock: at midnight, the reader's or the portal's, or when a row begins to count."""
    standing = user.standing
    moments = [datetime.combine(standing.today + timedelta(days=1), time.min, standing.zone)]
    moments.append(
        datetime.combine(timezone.localdate() + timedelta(days=1), time.min, timezone.get_current_timezone())
    )
    if until is not None:
        moments.append(until)
    for table in tables & clocks().keys():
        model, column = clocks()[table]
        later = model.objects.filter(**{f"{column}__gt": now}).order_by(column)  # unscoped: a moment, no row
        moments += later.values_list(column, flat=True)[:1]
    return min(moments)


@functools.cache
def placeholder() -> str:
    """What stands in a kept page where each session has a token of its own."""
    return salted_hmac("schools.drawn", "token").hexdigest()


@functools.cache
def _silent() -> str:
    """What stands in a kept page where messages are said."""
    return render_to_string(MESSAGES, {"messages": []})


def _with_own(body: str, request: HttpRequest) -> str:
    """The page with what is this session's own: its token, and what there is to say to it."""
    if told := get_messages(request):
        body = body.replace(_silent(), render_to_string(MESSAGES, {"messages": told}), 1)
    return body.replace(placeholder(), get_token(request))
