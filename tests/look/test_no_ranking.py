"""No page ranks teachers: where rows are sections or people no result sorts, files follow names, and the foot says so.

By reading the templates and views (what an address may ask an order of), and by asking every page of the portal with
every order one could think of.
"""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.exports import PURPOSE
from assessments.queries.classes import read_class
from assessments.queries.items import BY_NAME, FEWEST, ItemMap
from schools.models import Membership, Section, User
from schools.search import Folded
from schools.views.places import ROLES_IN_ORDER
from tests.browser.town import town_database
from tests.browser.visits import ROUTES, is_page
from tests.look.test_templates import PAGES
from tests.policy.route import WHO

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("assessments", "schools", "pop_network", "coaching", "sessions_pd", "community", "partnership")
ORDERING = re.compile(r"^(?:sort\w*|order\w*|rank\w*|by|o|rows|columns)$")

# What an address may ask an order of, and what is ordered. A new one is a decision, so it must be written here.
ORDERS = {
    ("assessments/views/about_test.py", "order"): "questions of a test",
    ("assessments/views/asked.py", "order"): "standards of one class",
    ("assessments/views/classes.py", "columns"): "questions of one class",
    ("assessments/views/classes.py", "rows"): "students in the map of one class, for its teachers (LOOK 7.2)",
    ("assessments/views/exports.py", "columns"): "questions of one class",
    ("schools/views/people.py", "sort"): "people by name, from A or from Z",
}
FOOT = "For planning instruction. Not a measure of a teacher."
RESULT = re.compile(r"% of the points|scale points|students at benchmark|students tested|class=\"item-map")
WIDEST = ("admin", "principal", "leader", "operator", "auditor", "rep", "teacher", "outsider", "anon")
WISHES = (
    "points",
    "-points",
    "result",
    "lowest",
    "fewest",
    "tested",
    "-tested",
    "score",
    "percent",
    "growth",
    "3",
    "-2",
)
NAMES = ("sort", "order", "ordering", "order_by", "o", "by", "rows", "columns", "rank")


# --- by reading ------------------------------------------------------------------------------------------------


def asked_orders():
    """(module, name) of every parameter of an address or form that could ask for an order."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                name = _parameter(node)
                if name and ORDERING.match(name):
                    yield str(path.relative_to(ROOT)), name


def _parameter(node) -> str:
    """The name a view reads: `one_of(request, "rows", ...)`, `request.GET.get("sort")`, `request.GET["sort"]`."""
    if isinstance(node, ast.Subscript) and _is_query(node.value) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    if not isinstance(node, ast.Call):
        return ""
    texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    called = node.func
    reads = isinstance(called, ast.Name) and called.id == "one_of"
    reads = reads or (
        isinstance(called, ast.Attribute) and called.attr in ("get", "getlist") and _is_query(called.value)
    )
    return texts[0] if reads and texts else ""


def _is_query(node) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("GET", "POST", "query_params")


def test_every_order_an_address_may_ask_is_known():
    assert set(asked_orders()) == set(ORDERS)


def test_only_a_column_of_names_says_that_it_is_sorted():
    """`aria-sort` stands on names alone; the component passes on what it is given, and nobody gives it a result."""
    for name, text in PAGES.items():
        if name == "components/table.html":
            continue
        for head in re.findall(r"<th[^>]*aria-sort[^>]*>(.*?)</th>", text, flags=re.S):
            assert re.sub(r"<[^>]+>", "", head).strip() == "Name", name


def test_no_view_gives_a_table_a_column_to_sort():
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            assert "sort_url" not in path.read_text() or path.name == "style.py", path


# --- by asking -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two schools with results, in December of their school year."""
    with town_database(django_db_blocker, tmp_path_factory) as town:
        yield town


@pytest.fixture(scope="module")
def read(town, django_db_blocker):
    """`read(route, query)`: the page's HTML for the person with the widest sight who gets it; "" for no page."""
    clients = {}

    def of(name: str, query: dict | None = None) -> str:
        answers = dict(zip(WHO, ROUTES[name].answers, strict=True))
        who = next(who for who in WIDEST if answers[who] == 200)
        if who not in clients:
            clients[who] = Client()
            if who in town.cookies:
                clients[who].cookies[settings.SESSION_COOKIE_NAME] = town.cookies[who]
        answer = clients[who].get(reverse(name, kwargs=town.kwargs.get(name, {})), query or {})
        return answer.content.decode() if answer.status_code == 200 else ""

    with django_db_blocker.unblock():
        yield of


ADDRESSES = {
    "section": re.compile(r"/sections/(\d+)/(?:\?|$)"),
    "person": re.compile(r"/people/(\d+)/(?:\?|$)"),
}


class Rows(HTMLParser):
    """Links to sections and people, in the order of each list or table body: {(list, kind): [key, ...]}."""

    def __init__(self, html: str):
        super().__init__()
        self.lists, self._open, self._count = {}, [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in ("tbody", "ul", "ol"):
            self._count += 1
            self._open.append((tag, self._count))
        elif tag == "a" and self._open:
            for kind, pattern in ADDRESSES.items():
                found = pattern.search(dict(attrs).get("href") or "")
                if found:
                    keys = self.lists.setdefault((self._open[-1][1], kind), [])
                    if int(found[1]) not in keys:
                        keys.append(int(found[1]))

    def handle_endtag(self, tag):
        if self._open and self._open[-1][0] == tag:
            self._open.pop()


def several(html: str) -> dict:
    return {place: keys for place, keys in Rows(html).lists.items() if len(keys) > 1}


BY = {
    "section": (Section, [("title", "code"), ("code",), ("school__name", "title", "code"), ("school__name", "code")]),
    "person": (User, [("family_name", "given_name"), ("-family_name", "-given_name")]),
}


def by_role_then_name(school, people: list[int]) -> list[int]:
    """People of a school as its page lists them: who leads it first, by name within a role."""
    rows = Membership.objects.filter(school=school, user__in=people).order_by(
        Folded("user__family_name"), Folded("user__given_name")
    )
    return list(dict.fromkeys(row.user_id for row in sorted(rows, key=lambda row: ROLES_IN_ORDER.index(row.role))))


PAGES_SHOWN = sorted(name for name in ROUTES if is_page(name))


@pytest.mark.django_db
def test_rows_that_are_sections_or_people_follow_names_whatever_is_asked(town, read):
    lists = 0
    for name in PAGES_SHOWN:
        found = several(read(name))
        for (_, kind), keys in found.items():
            model, orders = BY[kind]
            rows = model.objects.filter(pk__in=keys)
            by_name = [list(rows.order_by(*order).values_list("pk", flat=True)) for order in orders]
            if name == "schools:school":
                by_name.append(by_role_then_name(town.ash, keys))
            assert keys in by_name, f"{name}: {kind}s stand in the order {keys}"
            lists += 1
        for wish in WISHES if found else ():
            assert several(read(name, dict.fromkeys(NAMES, wish))) == found, f"{name} follows {wish}"
    assert lists >= 4


@pytest.mark.django_db
def test_every_page_with_results_has_the_foot(town, read):
    told = [name for name in PAGES_SHOWN if RESULT.search(html := read(name)) and FOOT in " ".join(html.split())]
    untold = [name for name in PAGES_SHOWN if RESULT.search(read(name)) and name not in told]
    assert len(told) >= 5
    assert untold == []


@pytest.mark.django_db
def test_students_stand_by_name_in_the_files_of_a_class(town):
    """Whatever stands on the screen: the file of a map asked for by name follows names."""
    teacher = User.objects.get(pk=town.teacher.pk)
    read = read_class(teacher, town.section.pk, town.fall_sitting, hide_names=False)
    (table,) = [one for one in ItemMap(read, rows_by=BY_NAME).tables() if one.students]
    labels = [row[0] for row in table.rows]
    assert labels == sorted(labels, key=str.casefold)
    assert {row.label for row in ItemMap(read, rows_by=FEWEST).rows} == set(labels)


def test_every_file_says_first_what_it_is_not():
    assert PURPOSE == FOOT
