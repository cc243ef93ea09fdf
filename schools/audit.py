"""Who looked at which students' records, and why they could: one row an access, written before the page is sent.

A view of student-level data is wrapped in `student_level`, which writes the row of a refusal and will not let a page
out that wrote none. The view itself calls `record_access` once, when it knows what it shows.
"""

import functools

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404

from schools.models import AccessLog, School, Section, Student
from schools.pages import drawing_of

NO_RIGHT = "No right to it on that day."
LOGGED = {"section": Section, "school": School, "student": Student}


def record_access(
    request, action, what, *, district=None, school=None, section=None, student=None, students=0, why="", purpose=""
) -> AccessLog | None:
    """Write the one row of this access.

    `action` is an AccessLog.Action; `what` names the page or file, never a student; `students` is how many students'
    records were shown; `why` the reason the reader may see them; `purpose` what they said they need it for. A
    section brings its school, a school or student its district; else it is the one district the reader reaches.
    """
    if section is not None and school is None:
        school = section.school
    viewing = getattr(request, "viewing", None)  # who looks as somebody else is written down under the own name
    user = viewing.by if viewing else request.user if request.user.is_authenticated else None
    why = f"Looks as {viewing.person.get_full_name()}: {why}" if viewing else why
    owned = school or student
    district_id = district.pk if district else owned.district_id if owned else _only_district(user)
    access = {
        "user_id": user and user.pk,
        "action": str(action),
        "what": what[:200],
        "why": why[:300],
        "purpose": purpose[:300],
        "district_id": district_id,
        "school_id": school and school.pk,
        "section_id": section and section.pk,
        "student_id": student and student.pk,
        "students": students,
    }
    return write_access(request, access)


def write_access(request, access: dict) -> AccessLog | None:
    """Write the row of an access, which stays at the request: a page shown again as it was drawn writes the same.

    A page drawn before anybody looks writes none: the look will.
    """
    request.access_recorded = access
    if is_ahead(request):
        return None
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    return AccessLog.objects.create(**access, request_id=request_id)  # unscoped: adding a row is not reading one


def is_ahead(request) -> bool:
    """Whether the page is drawn before its reader asks for it (`schools/drawn/ahead.py`)."""
    return drawing_of(request).looked_at is not None


def _only_district(user) -> int | None:
    """The district of somebody who reaches exactly one."""
    reached = user.standing.district_ids if user else ()
    return next(iter(reached)) if len(reached) == 1 else None


class NotThere(Http404):
    """The record is in sight, but has nothing of what the address asks: a test that the class never sat.

    The sentence is for the log; the page says what it says of every address that leads nowhere.
    """


class NotRecorded(RuntimeError):
    """A page of student-level data was about to leave without a row in the access log."""


def student_level(what: str, **of: str):
    """Decorate a view that shows students: `@student_level("class list", section="pk")`.

    `of` says which argument of the address holds the key of the section, school or student. A refusal (404 or 403)
    of something that exists is written down with its reason and passed on. A page (status 200) without a row raises
    NotRecorded.
    """
    unknown = of.keys() - LOGGED.keys()
    if unknown:
        raise TypeError(f"student_level knows section, school and student, not {', '.join(sorted(unknown))}")

    def decorate(view):
        @functools.wraps(view)
        def recorded(request, *args, **kwargs):
            try:
                response = view(request, *args, **kwargs)
            except (Http404, PermissionDenied) as refusal:
                _record_refusal(request, what, why_refused(refusal), {name: kwargs[key] for name, key in of.items()})
                raise
            if response.status_code == 200 and not getattr(request, "access_recorded", None):
                raise NotRecorded(f"{view.__module__}.{view.__name__} showed student records without an access row")
            return response

        return recorded

    return decorate


def why_refused(refusal: Http404 | PermissionDenied) -> str:
    """What the log says of a refusal: its own sentence where the page is in sight but not to be had, else no right."""
    said = str(refusal) if isinstance(refusal, (NotThere, PermissionDenied)) else ""
    return said or NO_RIGHT


def _record_refusal(request, what: str, why: str, keys: dict):
    """The row of a refusal, where there is something behind the address: a guessed number refuses nothing."""
    found = {name: LOGGED[name].objects.filter(pk=pk).first() for name, pk in keys.items()}  # unscoped: refused
    if all(found.values()):
        record_access(request, AccessLog.Action.REFUSED, what, why=why, **found)
