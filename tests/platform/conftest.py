import os

import pytest

from tests.platform.running import RunningPortal

LONG = os.environ.get("POP_FAULTS") == "long"


@pytest.fixture
def long_form():
    """Skip unless the long form is asked for."""
    if not LONG:
        pytest.skip("the long form runs with: make faults")


@pytest.fixture
def portal(tmp_path):
    """Makes portals that are gone when the test ends."""
    made = []

    def make(folder=tmp_path / "data", **options):
        made.append(RunningPortal(folder, **options))
        return made[-1]

    yield make
    for running in reversed(made):
        running.close()
