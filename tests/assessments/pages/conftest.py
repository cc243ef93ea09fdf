"""The class of fourteen and the class of five; the world in which both sat is built once and copied for each test."""

import time
from copy import deepcopy

import pytest
from allauth.account.internal.flows import login

from tests.assessments.classes import publish_rows, sit, teach
from tests.conftest import small_world
from tests.kept import kept_world, standing_on


@pytest.fixture(scope="session")
def kept_sat(django_db_setup, django_db_blocker):
    """Both classes sat the test: see `classes.sit`."""
    with kept_world(django_db_blocker, "sat", teach, sit) as world:
        yield world


@pytest.fixture
def standing(request, django_db_blocker):
    """The kept world that the test asks for, or None where it makes its own."""
    if "sat" not in request.fixturenames:
        yield None
        return
    kept = request.getfixturevalue("kept_sat")
    with standing_on(django_db_blocker, kept):
        yield kept


@pytest.fixture
def _django_db_helper(standing, _django_db_helper):
    """The transaction of a test begins after its database was chosen."""
    return _django_db_helper


@pytest.fixture
def world(standing, db):
    return deepcopy(standing) if standing else small_world()


@pytest.fixture
def taught(world, standing, in_winter):
    """`world` in December with two classes and a test: see `classes.teach`."""
    if not standing:
        teach(world)
    return world


@pytest.fixture
def publish(taught):
    """`publish(rows, window="2025-26/Q1")`: rows of (student, answers, scale score) become current."""
    return lambda rows, **options: publish_rows(taught, rows, **options)


@pytest.fixture
def sat(taught):
    """Both classes sat the test in Fall and in Winter 1: see `classes.sit`."""
    return taught


@pytest.fixture
def sign_in(client):
    """Sign somebody in; `minutes` ago they typed the password."""

    def sign(person, minutes=0):
        client.force_login(person)
        session = client.session
        session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - 60 * minutes}]
        session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
        session.save()
        return client

    return sign
