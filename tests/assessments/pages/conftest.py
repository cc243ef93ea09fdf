"""The class of fourteen and the class of five."""

import time

import pytest
from allauth.account.internal.flows import login

from tests.assessments.classes import publish_rows
from tests.worlds import furnish


@pytest.fixture
def taught(world, in_winter):
    """`world` in December with two classes and a test: see `classes.teach`."""
    return furnish(world, "taught")


@pytest.fixture
def publish(taught):
    """`publish(rows, window="2025-26/Q1")`: rows of (student, answers, scale score) become current."""
    return lambda rows, **options: publish_rows(taught, rows, **options)


@pytest.fixture
def sat(taught):
    """Both classes sat the test in Fall and in Winter 1: see `classes.sit`."""
    return furnish(taught, "sat")


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
