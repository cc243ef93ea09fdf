"""What the address of a results page asks for, and the choices a page offers as links."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django.urls import reverse

from assessments.queries.classes import ClassRead, read_class
from assessments.queries.section import FURTHEST, LOWEST_FIRST, TEACHING
from schools.audit import NotThere
from schools.views.listing import one_of

HIDDEN = "names_hidden"
NOTHING = 0  # the key of no row


def hides_names(request) -> bool | None:
    """The reader's own choice in this session; None where they made none."""
    return request.session.get(HIDDEN)


def class_asked_for(request, pk: int) -> ClassRead:
    """The class and the test the address names. Raises Http404 out of sight, NotThere for a test it has not sat."""
    given = request.POST if request.method == "POST" else request.GET
    number = given.get("administration", "")
    readable = number.isascii() and number.isdigit() and len(number) < 10
    asked = int(number) if readable else NOTHING if number else None
    try:
        return read_class(request.user, pk, asked, hides_names(request))
    except KeyError:
        raise NotThere("The class is in sight, but has no results of the test asked for.") from None


def order_asked(request) -> str:
    return one_of(request, "order", (FURTHEST, LOWEST_FIRST, TEACHING))


def address(name: str, *args, **asked) -> str:
    """The address of a page with what is asked of it; what is empty or None is left out."""
    query = urlencode({key: value for key, value in asked.items() if value not in (None, "")})
    return reverse(f"assessments:{name}", args=args) + (f"?{query}" if query else "")


def choice(label: str, links: list[dict]) -> list[dict]:
    """A group of links for the strip; none where there is nothing to choose."""
    return [{"label": label, "links": links}] if len(links) > 1 else []


def window_links(offered: Sequence, chosen, url_of: Callable[[object], str]) -> list[dict]:
    """The windows of one test as links, newest first; the year stands where it is not that of the newest.

    `offered` are objects with a `window`, `chosen` the one on screen, `url_of` leads to the page of each.
    """
    newest = offered[0].window.year_id
    return [
        {"label": one.window.name if one.window.year_id == newest else f"{one.window.name} {one.window.year.code}",
         "url": url_of(one), "current": "page" if one is chosen else ""}
        for one in offered
    ]  # fmt: skip


def sitting_choice(read: ClassRead, name: str, **asked) -> list[dict]:
    """The tests the class has sat, newest first, as a group of the strip."""
    sittings = read.history.sittings
    several = len({one.test for one in sittings}) > 1
    links = []
    for one in sittings:
        words = [one.window] + ([one.year] if one.year != sittings[0].year else []) + ([one.test] if several else [])
        url = address(name, read.section.pk, administration=one.pk, **asked)
        links.append({"label": ", ".join(words), "url": url, "current": "page" if one is read.sitting else ""})
    return choice("Test", links)


def names_switch(request, hidden: bool) -> dict:
    """What the strip's Hide names needs; a page that answers a POST leads back to the one it was sent from."""
    back = request.get_full_path() if request.method == "GET" else request.path.removesuffix("export/")
    return {"url": reverse("assessments:hide_names"), "hidden": hidden, "next": back}
