"""The claims over many networks, counted once: the suite looks at the first ones, `make long` at them all."""

import pytest

from tests.honesty.measured import NETWORKS, measured

FEW = 30


@pytest.fixture(scope="session", params=[FEW, pytest.param(NETWORKS, marks=pytest.mark.long)], ids=str)
def counted(request):
    """How many networks were looked at, and what became of every claim in them."""
    return request.param, measured(request.param)


@pytest.fixture
def networks(counted):
    return counted[0]


@pytest.fixture
def tally(counted):
    return counted[1]
