"""What the town's network has released: Fall to the network, Winter 1 to everyone, with some figures not shown."""

from datetime import UTC, datetime

from assessments.models import Release
from tests import make
from tests.assessments.network.conftest import add, release

OPENED = datetime(2025, 12, 8, 20, tzinfo=UTC)


def release_results(town):
    """Two releases of the town's form, and a second school for its coach to lay beside the first."""
    fall, winter = town.year.windows.get(code="Q1"), town.year.windows.get(code="Q2")
    words = {"series": "NQ", "title": 'Quarterly <b>Math</b> & "more"', "mean_unit": "scale", "opens_at": OPENED}
    for one in (
        release(town, fall, since=None, **words),
        release(town, winter, since=fall, audience="public", **words),
    ):
        _fill(town, one)
    make.member(town.coach, "psi_coach", school=town.birch)


def _fill(town, one: Release):
    """The network and grade 5 are shown whole; Ash stands clear above, Birch is not shown."""
    grew = {"growth": 5, "growth_low": 4, "growth_high": 6} if one.since_id else {}
    ash = {"growth": 9, "growth_low": 7, "growth_high": 11, "verdict": "above the network"} if one.since_id else {}
    add(one, "network", tested=540, rate="41%", mean=512, **grew)
    add(one, "grade", grade="05", tested=94, rate="<=20%", mean=508, **grew)
    add(one, "school", school=town.ash, tested=44, rate=">=90%", mean=519, **ash)
    add(one, "school", school=town.birch)
    for place, standard in enumerate(town.standards):
        shown = {"tested": 94, "mean": 30 + 15 * place} if place else {}
        add(one, "network", standard=standard, **shown)
        add(one, "grade", grade="05", standard=standard, **shown)
        add(one, "school", school=town.ash, standard=standard)
        add(one, "school", school=town.birch, standard=standard)
    for item in town.form.items.all():
        add(one, "grade", grade="05", item=item, tested=94, mean=40 + item.position)
    for letter, school in zip("AB", (town.birch, town.ash), strict=True):
        one.schools.create(school=school, letter=f"School {letter}")
