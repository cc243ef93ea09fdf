"""The access policy as two tables: every route by person, every model by the rows each person sees.

A route or model that is missing from the tables fails. Every page that is answered is also searched for the text of
rows its reader may not see, holds to the number of queries a page may ask, and is made by the template of its name.
"""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse

from assessments import models as results
from schools.models import ClassListReport, DataAgreement, Notice, Student, User
from tests.policy import routes_assessments, routes_front, routes_lists, routes_privacy, routes_schools, routes_sign_in
from tests.policy.route import NAMES, WHO
from tests.policy.rows import furnish
from tests.policy.rows_seen import HELD_ELSEWHERE, ROWS, UNSEEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

MOST_QUERIES = 12
OWN_APPS = {"pop_network", "coaching", "sessions_pd", "assessments", "schools"}
ROUTES = routes_front.ROUTES | routes_sign_in.ROUTES | routes_schools.ROUTES | routes_assessments.ROUTES
ROUTES |= routes_lists.ROUTES | routes_privacy.ROUTES
# Text by which a row would be found on a page whose reader must not see it.
TELLING = {
    Student: ["family_name", "number"], DataAgreement: ["function"], results.Upload: ["filename"],
    Notice: ["words"], ClassListReport: ["text"],
}  # fmt: skip


def named_routes(patterns=None, space="") -> dict[str, URLPattern]:
    """Every route of the portal by its full name; one without a name stands under its path."""
    found = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            found[f"{space}{pattern.name}" if pattern.name else f"unnamed {pattern.pattern}"] = pattern
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found |= named_routes(pattern.url_patterns, inner)
    return found


def test_every_route_stands_in_the_table():
    assert named_routes().keys() == ROUTES.keys()


def test_a_route_is_named_like_its_view():
    for name, pattern in named_routes().items():
        if name.partition(":")[2]:
            assert pattern.callback.__name__ == name.partition(":")[2]


KEPT = {}  # what everyone was answered, by route; asked once, for the world behind it takes long to make


@pytest.fixture
def answered(request):
    """By route: the status each person gets by (who, method), and what is wrong with the pages."""
    if not KEPT:
        world = request.getfixturevalue("world")
        furnish(world)
        readers = [_reader(world, who) for who in WHO]
        for name, route in ROUTES.items():
            KEPT[name] = _ask(name, route, world, readers)
    return KEPT


def _reader(world, who):
    client, user = Client(raise_request_exception=False), None  # a page that fails is a 500 in the table
    if who != "anon":
        user = User.objects.get(pk=getattr(world, NAMES[who]).pk)
        client.force_login(user)
    return who, client, hidden_from(user)


def _ask(name, route, world, readers):
    """Every person's answers on one route; whatever a request changes is taken back at once."""
    url = reverse(name, kwargs=route.of(world))
    statuses, faults = {}, []
    for who, client, hidden in readers:
        for method in route.methods:
            with transaction.atomic(), CaptureQueriesContext(connection) as asked:
                response = client.get(url, route.data) if method == "GET" else client.post(url, route.data)
                body = b"".join(response).decode()
                transaction.set_rollback(True)
            statuses[who, method] = response.status_code
            if response.status_code == 200 and method == "GET":
                faults += [f"{who}: {fault}" for fault in _faults(name, response, body, asked, hidden)]
    return statuses, faults


def _faults(name, response, body, asked, hidden):
    """What holds for every page: its template, its number of queries, and nothing of what its reader may not see."""
    app, _, short = name.rpartition(":")
    made_by = {template.name for template in response.templates}
    if app and made_by and f"{app}/{short}.html" not in made_by:
        yield f"is not made by {app}/{short}.html"
    queries = [q["sql"] for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
    is_page = response["Content-Type"].startswith("text/html")  # a file to keep may ask a few more
    if is_page and len(queries) > MOST_QUERIES:
        yield f"asks {len(queries)} queries:\n" + "\n".join(f"  {sql[:60]} ... {sql[-120:]}" for sql in queries)
    yield from (f"{word} must not stand there" for word in hidden if word in body)


@pytest.mark.parametrize("name", ROUTES)
def test_each_person_is_answered_as_the_table_says(answered, name):
    route = ROUTES[name]
    statuses, faults = answered[name]
    expected = {(who, m): answer for who, answer in zip(WHO, route.answers, strict=True) for m in route.methods}
    assert statuses == expected
    assert not faults, "\n".join(faults)


def hidden_from(user) -> set[str]:
    """Telling words of the rows that `user` (None: nobody signed in) may not see."""
    words = set()
    for model, fields in TELLING.items():
        rows = model.objects.all()
        if user is not None:
            rows = rows.exclude(pk__in=model.objects.visible_to(user).values("pk"))
        for row in rows.values_list(*fields):
            words.update(row)
    return words


def test_a_leak_would_be_found(world):
    furnish(world)
    assert world.students[3].family_name in hidden_from(world.teacher)
    assert world.students[0].family_name not in hidden_from(world.teacher)
    assert "results-far.csv" in hidden_from(world.admin)


# --- rows ------------------------------------------------------------------------------------------------


def test_each_person_sees_as_many_rows_as_the_table_says(world):
    furnish(world)
    people = [User.objects.get(pk=getattr(world, NAMES[who]).pk) for who in WHO if who != "anon"]
    assert {model: [model.objects.visible_to(user).count() for user in people] for model in ROWS} == ROWS


def test_every_model_stands_in_the_table():
    own = {m for m in apps.get_models() if m.__module__.split(".")[0] in OWN_APPS}
    assert own == ROWS.keys() | UNSEEN.keys() | HELD_ELSEWHERE.keys()


def test_a_model_that_nobody_sees_has_no_rule():
    for model, why in UNSEEN.items():
        assert why
        assert not hasattr(model, "rows_visible_to")
