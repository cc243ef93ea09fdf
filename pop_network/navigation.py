"""What stands above every page: the reader's four or five places, and the strip that says where they are."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from schools.models import Role

PORTAL_NAME = "Problem of Practice Network"
MOST_PLACES = 5
MOST_LINKS = 12  # a longer strip becomes a select at every width

EVERYONE = frozenset(Role)
RELEASED_ALONE = frozenset({Role.NETWORK_ADMIN, Role.UNION_REP, Role.AUDITOR})  # their figures stand under Network

# (label, URL name, who finds it useful), in the order of the bar. Rights are the pages' own affair.
PLACES = [
    ("Today", "today", EVERYONE),
    ("Results", "assessments:results", EVERYONE - RELEASED_ALONE),
    ("Network", "assessments:network", EVERYONE),
    ("Uploads", "assessments:uploads", frozenset({"district_admin", "principal", "network_admin", "auditor"})),
    ("Releases", "assessments:releases", frozenset({"district_admin", "network_admin", "auditor"})),
    ("Tests", "assessments:tests", EVERYONE - {Role.TEACHER}),
    ("Rosters", "schools:rosters", frozenset({"district_admin"})),
    ("School years", "schools:years", frozenset({"district_admin"})),
    ("Schools", "schools:schools", frozenset({"network_admin", "district_admin", "auditor"})),
    ("People", "schools:people", frozenset({"principal", "district_admin", "network_admin"})),
    ("Students", "schools:students", frozenset({"principal", "teacher_leader", "district_admin"})),
    ("Classes", "schools:sections", frozenset({"principal", "district_admin", "network_admin"})),
    ("Agreements", "schools:agreements", frozenset({"district_admin", "network_admin", "auditor"})),
    ("Access log", "schools:access_log", frozenset({"district_admin", "auditor"})),
    ("History", "schools:history", frozenset({"district_admin", "network_admin", "auditor"})),
]


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: str = ""  # the value of aria-current: "page", "true" or nothing


@dataclass(frozen=True)
class Group:
    label: str
    links: list[Link]


@dataclass(frozen=True)
class Navigation:
    portal_name: str
    places: list[Link]
    further: list[Link]  # places beyond the fifth; they stand in the person's menu
    strip: list[Group]
    many: bool
    go_url: str
    search_url: str


def navigation(request: HttpRequest) -> dict:
    """Context processor: `navigation`, worked out only where a template asks for it."""
    return {"navigation": SimpleLazyObject(lambda: _navigation(request))}


def _navigation(request: HttpRequest) -> Navigation:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    places = _places(user.roles, request.path) if signed_in else []
    strip = _strip(user, request) if signed_in else []
    return Navigation(
        portal_name=PORTAL_NAME,
        places=places[:MOST_PLACES],
        further=places[MOST_PLACES:],
        strip=strip,
        many=sum(len(group.links) for group in strip) > MOST_LINKS,
        go_url=url_of("go"),
        search_url=url_of("search") if signed_in else "",
    )


def url_of(name: str, *args) -> str:
    """The address of a route, or "" where this portal has no such room."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _places(roles: frozenset[str], path: str) -> list[Link]:
    found = [
        (label, url)
        for label, name, useful_to in PLACES
        if (url := url_of(name)) and (label == "Today" or useful_to & roles)
    ]
    here = _place_of(path, [url for _, url in found])
    within = "page" if path == here else "true"
    return [Link(label, url, within if url == here else "") for label, url in found]


def _place_of(path: str, urls: list[str]) -> str:
    """The place a page belongs to: /results/networks/1/ to /results/network/, not to /results/. "" for none."""
    around = [url for url in urls if path == url or (url != "/" and path.startswith(url.rstrip("/")))]
    return max(around, key=len, default="")


def _current(url: str, path: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""


# --- where am I ----------------------------------------------------------------------------------------


def _strip(user, request: HttpRequest) -> list[Group]:
    """The reader's classes and schools, on Today and on pages of results; elsewhere nothing."""
    match = request.resolver_match
    if match is None or not (match.view_name == "today" or request.path.startswith("/results/")):
        return []
    return _class_groups(user, request) + _school_group(user, request)


def _class_groups(user, request: HttpRequest) -> list[Group]:
    """One group a school, this year's classes first; each link leads to the kind of page now in view."""
    match = request.resolver_match
    name = "assessments:item_map" if match.view_name == "assessments:item_map" else "assessments:section_results"
    held = user.standing
    groups: dict[str, list[Link]] = {}
    for row in sorted(held.readable_staffing, key=lambda row: (row.section.ends < held.today, str(row.section))):
        section = row.section
        over = section.ends < held.today
        label = f"{section.school.name}, {section.year.code}" if over else section.school.name
        link = _link_to(f"{section.title}, {section.code}", name, section.pk, request)
        if link and link not in groups.setdefault(label, []):
            groups[label].append(link)
    return [Group(label, links) for label, links in groups.items() if links]


def _school_group(user, request: HttpRequest) -> list[Group]:
    links = [_link_to(one.name, "assessments:school_results", one.pk, request) for one in user.standing.own_schools]
    found = [link for link in links if link]
    return [Group("Schools" if len(found) > 1 else "School", found)] if found else []


def _link_to(label: str, name: str, pk: int, request: HttpRequest) -> Link | None:
    url = url_of(name, pk)
    return Link(label, url, _current(url, request.path)) if url else None


@login_not_required  # where it leads asks for itself who may come in
@require_GET
def go(request: HttpRequest) -> HttpResponseRedirect:
    """Where the strip's select leads: an address of this portal, or Today for anything else."""
    to = request.GET.get("to", "")
    known = to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return HttpResponseRedirect(to if known else "/")
