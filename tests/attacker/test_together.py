"""Two releases of one window, two windows with their growth, levels beside means, programs: attacked together.

A network of six schools sits its tests through the real pipeline, by lot; `make long` draws more of them.
"""

from random import Random

import pytest
from django.conf import settings
from django.db import connection

from assessments.models import Release
from assessments.releases import correcting
from assessments.releases.acts import ReleaseRefused
from tests.assessments.pipeline.conftest import tested  # noqa: F401  fixture
from tests.assessments.releases.conftest import build, in_january  # noqa: F401  fixtures
from tests.attacker.attack import Insider, Window
from tests.attacker.together import Moment, attack_correction, attack_windows, moment_of
from tests.attacker.truth import GROWN, classes_of_releases, grades_of_standards
from tests.independent.facts import table

pytestmark = pytest.mark.django_db

FALL, WINTER = "2025-26/Q1", "2025-26/Q2"
BENCHMARK = 530.0  # "Proficient" begins there
SCALE = (500.0, 579.0)
LOTS = [pytest.param(n, marks=[] if n == 1 else pytest.mark.long) for n in range(1, 6)]
ALONE = Insider()


class ByLot:
    """Takes a student with a chance of `share`, the same student always alike; remembers who was left."""

    def __init__(self, chance: Random, share: float):
        self.chance, self.share, self.drawn = chance, share, {}

    def __contains__(self, student) -> bool:
        return self.drawn.setdefault(student.pk, self.chance.random() < self.share)


def moment(name: str, release: Release, code: str) -> Moment:
    true = classes_of_releases()["QM", code]
    window = Window(("QM", code), true, {}, grades_of_standards(), SCALE, settings.PUBLIC_MIN_N, by_class=False)
    return moment_of(name, window, release.pk)


def principals(*moments: Moment):
    """Nobody, and for each school who may see all of it."""
    classes = {one for each in moments for one in each.classes}
    return [ALONE, *(Insider({one for one in classes if one.school == name}) for name in {c.school for c in classes})]


def corrected(build, lot: int, *shares: float) -> tuple[Moment, Moment]:  # noqa: F811
    """A release before and after the others took the test late; one of `shares` took it in time.

    Raises ReleaseRefused where the second release does not open.
    """
    chance = Random(lot)
    town = build(scale="QMS", only=ByLot(chance, chance.choice(shares)))
    before = moment("before", town.released(), FALL)
    tested_already = {pk for (pk,) in results("SELECT student_id FROM assessments_result WHERE status = 1")}
    waiting = [one for students in town.students.values() for one in students if one.pk not in tested_already]
    town.sit(only=[one for one in waiting if chance.random() < 0.9])
    return before, moment("after", town.released(), FALL)


def results(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.parametrize("lot", LOTS)
def test_two_releases_of_a_window_tell_no_small_group_and_no_late_few(build, lot):  # noqa: F811
    try:
        before, after = corrected(build, lot, 0.6, 0.75, 0.85, 0.9)
    except ReleaseRefused:
        assert lot > 1  # elsewhere the audit, or too few changes, may keep the second one shut
        return
    readers = principals(before, after) if lot > 1 else [ALONE]
    for insider in readers:
        floors = {"cut": BENCHMARK, "subgroup_floor": settings.SUBGROUP_MIN_N}
        wins = attack_correction(before, after, insider, **floors)
        assert not wins, (insider.classes, wins)


@pytest.mark.parametrize("lot", LOTS)
def test_two_windows_and_the_growth_between_them_tell_no_small_group(build, lot):  # noqa: F811
    first, last = two_windows(build, lot)
    for insider in principals(first, last) if lot > 1 else [ALONE]:
        wins = attack_windows(first, last, insider, cut=BENCHMARK)
        assert not wins, (insider.classes, wins)


def two_windows(build, lot: int) -> tuple[Moment, Moment]:  # noqa: F811
    chance = Random(100 + lot)
    town = build(scale="QMS", only=ByLot(chance, 0.9))
    first = moment("first", town.released(), FALL)
    town.sit(WINTER, only=ByLot(chance, 0.9))
    return first, moment("last", town.released(town.world.winter), WINTER)


# --- the program can win -----------------------------------------------------------------------------------


def test_without_the_rules_of_corrections_late_students_are_found(build, monkeypatch):  # noqa: F811
    """A second release that keeps nothing and is held against nothing: the few who came late are counted."""
    monkeypatch.setattr(correcting, "_kept", lambda live, earlier: {})
    monkeypatch.setattr(correcting, "between", lambda new, old: [])
    before, after = corrected(build, 1, 0.9)
    wins = attack_correction(before, after, ALONE, cut=BENCHMARK, subgroup_floor=settings.SUBGROUP_MIN_N)
    assert any("came late" in win for win in wins), wins


def test_with_the_growth_of_all_but_one_shown_by_count_it_is_found(build):  # noqa: F811
    """Had readers the number of students compared in place of a band, a school below the floor would follow."""
    first, last = two_windows(build, 1)
    true = {row.school: row for row in table(GROWN, FALL, WINTER).groupby("school").sum().reset_index().itertuples()}
    for (place, name), (mean, *_) in last.growth.items():
        n = sum(row.n for row in true.values()) if place == "network" else true[name].n if place == "school" else None
        if n is not None:
            last.growth[place, name] = (mean, n, n)
    small = min(true.values(), key=lambda row: row.n)
    for row in true.values():
        if row is not small:
            last.growth.setdefault(("school", row.school), (round(row.change / row.n), row.n, row.n))
    assert any(small.school in win and "compared" in win for win in attack_windows(first, last, ALONE, cut=BENCHMARK))
