"""Nobody who knows some hidden schools works out another: not a principal, not the coach of several."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.releases.insiders import Insiders, circles_of, completed
from tests import make

FLOOR = 11
NOBODY = Insiders({})


def test_a_single_small_school_gets_company():
    assert completed({"small"}, {"small": 9, "a": 20, "b": 40}, NOBODY, FLOOR) == ["a", "b"]


def test_who_knows_the_largest_is_left_with_enough():
    assert completed({"x", "y"}, {"x": 6, "y": 30, "z": 50}, NOBODY, FLOOR) == ["z"]


def test_a_coach_of_the_partners_is_left_with_enough():
    weights = {"dovecote": 9, "juniper": 37, "lanternfield": 20, "far": 45, "kettle": 41}
    schools = {name: place for place, name in enumerate(weights)}
    coach = frozenset({schools["juniper"], schools["lanternfield"], schools["kettle"]})
    more = completed({"dovecote", "juniper", "lanternfield"}, weights, Insiders(schools, (coach,)), FLOOR)
    assert more == ["far"]


def test_enough_is_enough():
    assert completed({"x", "y", "z"}, {"x": 6, "y": 12, "z": 13, "w": 50}, NOBODY, FLOOR) == []


@given(
    st.lists(st.integers(1, 40), min_size=4, max_size=9),
    st.lists(st.frozensets(st.integers(0, 8), min_size=2, max_size=4), max_size=4),
    st.integers(0, 8),
)
def test_nobody_is_left_with_a_small_rest_while_something_is_left_to_hide(sizes, circles, first):
    weights = {f"s{n}": size for n, size in enumerate(sizes)}
    schools = {key: n for n, key in enumerate(weights)}
    hidden = {f"s{first % len(sizes)}"}
    hidden |= set(completed(hidden, weights, Insiders(schools, tuple(circles)), FLOOR))
    if len(hidden) == len(weights):
        return
    known_sets = [set(), *({schools[key]} for key in hidden), *circles]
    for known in known_sets:
        rest = [weights[key] for key in hidden if schools[key] not in known]
        assert not rest or sum(rest) >= FLOOR
    assert len(hidden) > 1


@pytest.mark.django_db
def test_whoever_works_in_several_schools_makes_a_circle(world):
    make.member(world.coach, "psi_coach", school=world.birch)
    make.staff(world.teacher, world.birch_section)
    found = circles_of([world.ash.pk, world.birch.pk], date(2025, 9, 1), date(2025, 12, 10))
    assert found == (frozenset({world.ash.pk, world.birch.pk}),)
    assert circles_of([world.ash.pk], date(2025, 9, 1), date(2025, 12, 10)) == ()


def test_the_known_pairs_of_the_example_leave_the_floor():
    weights = {"a": 9, "b": 20, "c": 37, "d": 45}
    schools = {"a": 1, "b": 2, "c": 3, "d": 4}
    circles = tuple(frozenset(pair) for pair in combinations((2, 3, 4), 2))
    hidden = {"a", *completed({"a"}, weights, Insiders(schools, circles), FLOOR)}
    assert hidden == {"a", "b", "c", "d"}
