"""What every test may use: a small known world, and the law that queries do not grow with rows."""

import gc
import os
from contextlib import ExitStack
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import databases, make
from tests.kept import kept_world, led_by
from tests.worlds import WINTER, WORLDS, small_world

HERE = Path(__file__).parent

hypothesis_settings.register_profile(
    "quick", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
hypothesis_settings.load_profile("quick")

# Files of these folders take longest: begun first, they leave no core idle at the end; the first loads the demo while
# others begin with what does without it.
FIRST = ("attacker", "browser", "access", "security", "platform", "faults", "honesty", "independent", "demo")


def pytest_collection_modifyitems(items):
    def place(item) -> int:
        folder = item.path.relative_to(HERE).parts[0]
        return FIRST.index(folder) if folder in FIRST else len(FIRST)

    items.sort(key=place)


def pytest_collection_finish():
    """What collecting made stays to the end: the collector of garbage need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """In place of pytest-django's: the migrations run once for all processes, each of which has a copy."""
    name = f"test_{connection.settings_dict['NAME']}_{os.environ.get('PYTEST_XDIST_WORKER', os.getpid())}"
    with django_db_blocker.unblock():
        template = databases.migrated()
    with databases.copied(name, template), databases.behind_django(name):
        for alias in connections:
            if alias != "default":
                connections[alias].creation.set_as_test_mirror(connection.settings_dict)
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """A cheap hash."""
    settings.PASSWORD_HASHERS = make.MD5


@pytest.fixture
def flat(client):
    """Hold that a page asks the database no more often when there are more rows."""

    def queries(url):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    def check(url, add_rows, most=None):
        before = queries(url)
        add_rows()
        after = queries(url)
        assert after <= before, f"{url} asks {after} queries for more rows, {before} for few"
        if most is not None:
            assert after <= most, f"{url} asks {after} queries, more than {most}"

    return check


@pytest.fixture(scope="session")
def kept_worlds(django_db_setup, django_db_blocker, tmp_path_factory):
    """`kept_worlds(name)` is a world of `tests.worlds`, built when it is first asked for."""
    with ExitStack() as built:
        yield cache(lambda name: built.enter_context(kept_world(django_db_blocker, tmp_path_factory, name)))


@pytest.fixture
def begins_in(request, kept_worlds):
    """The kept world in whose database the test begins, or None where it asks for none or commits."""
    asked, marked = set(request.fixturenames), request.node.get_closest_marker("django_db")
    commits = "transactional_db" in asked or (marked and marked.kwargs.get("transaction"))
    if "world" not in asked or commits:
        yield None
        return
    world, own = kept_worlds(next(name for name in WORLDS if name in asked))
    with led_by(own):
        yield world


@pytest.fixture
def _django_db_helper(begins_in, _django_db_helper):
    """The transaction of a test begins after its database was chosen."""
    return _django_db_helper


@pytest.fixture
def world(begins_in, db):
    """The small world, with what the test asks for besides; see `tests.worlds`."""
    return deepcopy(begins_in) if begins_in else small_world()


@pytest.fixture
def in_winter(monkeypatch):
    """It is December 10, 2025: inside the school year of the small world."""
    monkeypatch.setattr(timezone, "now", lambda: WINTER)
