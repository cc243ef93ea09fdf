"""Files sent through the real pipeline in the foreground, to a small world with one test of four questions."""

import pytest

from tests.assessments.sending import send_to
from tests.worlds import furnish


@pytest.fixture
def tested(world):
    """`world` with a test: see `worlds.set_a_test`."""
    return furnish(world, "tested")


@pytest.fixture
def send(tested):
    """Send a file and work on it in the foreground; `send(text, window=..., publish=True)`."""
    return lambda text, **options: send_to(tested, text, **options)
