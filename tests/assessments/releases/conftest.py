"""A network of a few schools with results, sent through the real pipeline, and releases of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.assessments.pipeline.conftest import send, tested  # noqa: F401  fixtures
from tests.assessments.town import Town
from tests.worlds import furnish


@pytest.fixture
def in_january(monkeypatch):
    """It is January: Fall is over, and Winter 1."""
    moment = timezone.now().replace(year=2026, month=1, day=20)
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def build(tested, in_january):  # noqa: F811
    """`build(sizes, scale)` makes a town of six schools; all of it has sat Fall."""

    def made(sizes=None, scale="", **options) -> Town:
        town = Town(tested, sizes, scale)
        town.sit(**options)
        return town

    return made


@pytest.fixture
def town(world, in_january):
    """The town of `tests.assessments.town`; all of it has sat Fall."""
    return furnish(world, "town").town


def shown(release) -> dict:
    """The whole-test cells of a release, by "network", grade, first word of a school's name, or subgroup."""
    rows = release.cells.filter(standard=None, item=None, strand="").select_related("school")
    return {_name(cell): cell for cell in rows}


def _name(cell) -> str:
    return cell.school.name.split()[0] if cell.school else cell.grade or cell.subgroup or "network"


def later(days: int):
    """A moment in some days from now, by the clock of the test."""
    return timezone.now() + timedelta(days)
