"""The demo network as of one day, made once for all tests of the generator."""

from datetime import date

import pytest

from pop_network.demo.network import make_network

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def network():
    """In memory; tests must not change it."""
    return make_network(TODAY)
