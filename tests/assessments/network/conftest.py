"""Releases made by hand: what readers read is told apart from how it was worked out."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from assessments.models import Release, ReleasedCell, ReleasedSchool
from tests import make

OPENED = datetime(2025, 12, 1, 20, tzinfo=UTC)


@pytest.fixture
def released(world):
    """Fall and Winter 1 of the first district's series: Ash and Birch, lettered, open to the network."""
    fall = make.window(world.year, "F", "Fall", opens="2025-09-08", closes="2025-09-26")
    winter = make.window(world.year, "W1", "Winter 1", opens="2025-11-03", closes="2025-11-21")
    made = SimpleNamespace(world=world, fall=fall, winter=winter)
    made.first = release(world, fall, since=None)
    made.newest = release(world, winter, since=fall)
    made.standard = make.standard("CC.2.1.5.C.1", "Add unlike fractions")
    for one, letters in ((made.first, "BA"), (made.newest, "AB")):
        cells(one, world, letters, made.standard)
    return made


def release(world, window, *, since, **changed) -> Release:
    """A release of the series QM that both keys were turned for."""
    values = {
        "network": world.network, "district": world.district, "series": "QM", "window": window, "number": 1,
        "state": "released", "title": "Quarterly Math", "since": since, "growth_kind": "scale" if since else "",
        "mean_unit": "percent", "has_levels": True, "prepared_by": world.admin, "first_key_by": world.admin,
        "second_key_by": world.operator, "opens_at": OPENED + timedelta(days=window.pk % 2),
    }  # fmt: skip
    return Release.objects.create(**values | changed)


def cells(one: Release, world, letters: str, standard) -> None:
    """The network grew 5, Ash 7 (too close to call), Birch is not shown; fractions are the weak standard."""
    grew = {"growth": 5, "growth_low": 4, "growth_high": 6} if one.since_id else {}
    add(one, "network", tested=540, rate="41%", mean=55, **grew)
    add(one, "grade", grade="05", tested=90, rate="38%", mean=52, **grew)
    add(one, "network", standard=standard, tested=90, mean=47)
    own = {"growth": 7, "growth_low": 4, "growth_high": 10, "verdict": "too close to call"} if one.since_id else {}
    add(one, "school", school=world.ash, tested=44, rate=">=90%", mean=60, **own)
    add(one, "school", school=world.birch)
    add(one, "school", school=world.ash, standard=standard, tested=44, mean=61)
    add(one, "school", school=world.birch, standard=standard)
    for school, letter in zip((world.ash, world.birch), letters, strict=True):
        ReleasedSchool.objects.create(release=one, school=school, letter=f"School {letter}")


def add(one: Release, place: str, **figures) -> ReleasedCell:
    return ReleasedCell.objects.create(release=one, place=place, **figures)
