"""The access policy as two tables: every route by person, every model by the rows each person sees.

A route or model that is missing from the tables fails. `tests/access` asks every route as every person.
"""

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver

from schools.models import User
from tests.policy import routes_assessments, routes_front, routes_lists, routes_privacy, routes_schools, routes_sign_in
from tests.policy.asking import hidden_from
from tests.policy.route import NAMES, WHO
from tests.policy.rows import furnish
from tests.policy.rows_seen import HELD_ELSEWHERE, ROWS, UNSEEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

OWN_APPS = {"pop_network", "coaching", "sessions_pd", "assessments", "schools"}
ROUTES = routes_front.ROUTES | routes_sign_in.ROUTES | routes_schools.ROUTES | routes_assessments.ROUTES
ROUTES |= routes_lists.ROUTES | routes_privacy.ROUTES


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
