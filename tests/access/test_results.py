"""Every person asks every route of results, uploads, releases and set-up: answered as the table says."""

import pytest

from tests.policy.asking import hold_to_the_table
from tests.test_access import ROUTES

pytestmark = pytest.mark.django_db

OWN = [name for name in ROUTES if name.startswith("assessments:")]


@pytest.mark.parametrize("name", OWN)
def test_each_person_is_answered_as_the_table_says(everyone, name):
    world, readers = everyone
    hold_to_the_table(name, ROUTES[name], world, readers)
