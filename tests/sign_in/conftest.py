"""What the tests of signing in share."""

import pytest


@pytest.fixture
def strict(settings):
    """The portal as it runs: a second factor is asked for."""
    settings.SECOND_FACTOR = True
    return settings


@pytest.fixture(scope="session")
def district_server():
    """A provider that knows nia, mallory, and ben, whose private account has the wrong domain."""
    from tests.sign_in.district import provider_running

    people = {
        "nia-1": {"email": "nia@example.org", "hd": "schools.example.org"},
        "mallory-1": {"email": "principal@example.org", "email_verified": True},
        "ben-1": {"email": "ben@mail.example"},
    }
    with provider_running(people) as address:
        yield address
