"""The claims over 200 networks, counted once."""

import pytest

from tests.honesty.measured import measured


@pytest.fixture(scope="session")
def tally():
    return measured()
