"""The small world on a day of one's choice: summer, September, or a day in the year."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from schools.models import User
from tests import make


@pytest.fixture
def on_day(monkeypatch):
    """Let it be another day, at noon in the district."""

    def be(year, month, day):
        monkeypatch.setattr(timezone, "now", lambda: datetime(year, month, day, 17, 0, tzinfo=UTC))

    return be


@pytest.fixture
def summer(on_day, world):
    """The small world on July 20, 2026: its year is over, and the next one is entered."""
    on_day(2026, 7, 20)
    world.next_year = make.year(world.district, "2026-27", date(2026, 8, 24), date(2027, 6, 15))
    return world


@pytest.fixture
def as_admin(client, world):
    client.force_login(world.admin)
    return client


def anew(person):
    """The person as the next request finds them."""
    return User.objects.get(pk=person.pk)
