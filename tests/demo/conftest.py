"""The demo network as of one day: in memory, and a copy of the demo that the run shares."""

import pytest

from pop_network.demo.network import make_network
from tests.demo.database import TODAY, demo_database


@pytest.fixture(scope="session")
def network():
    """In memory; tests must not change it."""
    return make_network(TODAY)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy of the demo that the whole run shares; what a test changes is rolled back after it."""
    with demo_database(django_db_blocker, tmp_path_factory) as demo:
        yield demo
