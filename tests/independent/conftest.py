"""The demo in the database, and its facts read with plain SQL: what a second program makes the portal's figures of."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from pop_network.demo.network import make_network
from schools.models import User
from tests.demo.database import TODAY, demo_database
from tests.independent.facts import Facts, table
from tests.independent.released import CELLS, RELEASES

POSITIONS = "SELECT id AS item, assessment_id AS assessment, position FROM assessments_item"


@pytest.fixture(scope="package")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo as of `TODAY`; what a test of this folder changes is rolled back after it."""
    with demo_database(django_db_blocker, tmp_path_factory):
        office = User.objects.get(email="district@example.org")
        yield SimpleNamespace(network=make_network(TODAY), facts=Facts.read(TODAY), office=office)


@pytest.fixture
def facts(demo):
    return demo.facts


@pytest.fixture(scope="package")
def open_cells(demo):
    """The cells of the newest open release of each series and window, beside what the release says of itself."""
    releases = table(RELEASES, timezone.now())
    opened = releases[releases.open].sort_values("number")
    newest = opened.drop_duplicates(["series", "window"], keep="last")
    items = table(POSITIONS)
    return SimpleNamespace(releases=newest.set_index("release", drop=False), cells=table(CELLS), items=items)
