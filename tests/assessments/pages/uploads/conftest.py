"""The small world with a test of four questions, in December; files go in by the page or through the pipeline."""

import pytest

from tests.assessments.pipeline.conftest import send, tested  # noqa: F401  (fixtures)
from tests.signing_in import sign_in


@pytest.fixture
def w(tested, in_winter):  # noqa: F811
    return tested


@pytest.fixture
def admin(client, w):
    """A browser in which the district's administrator signed in just now."""
    return sign_in(client, w.admin)
