"""An attacker is let loose on random nested tables. It must fail; and where a rule is switched off, it must succeed."""

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.disclosure import Cell, Cube, Equation, Floors, audit, suppress
from schools.disclosure.counts import CountTable
from schools.disclosure.reading import written
from schools.disclosure.suppression import _Links
from tests.disclosure.attacker import Attacker

FLOOR = 10
LONG = os.environ.get("POP_FAULTS") == "long"
FLOORS = Floors(FLOOR, FLOOR)


def nested_table(leaves, groupings, rated=True):
    """A cube of leaves (n, k), of their groups in one or more groupings, and of all of them."""
    cells = {f"x{i}": leaf for i, leaf in enumerate(leaves)}
    sums = []
    for number, grouping in enumerate(groupings):
        groups = {}
        for leaf, group in enumerate(grouping):
            groups.setdefault(f"g{number}{group}", []).append(f"x{leaf}")
        for group, parts in groups.items():
            cells[group] = tuple(sum(cells[part][i] for part in parts) for i in (0, 1))
            sums.append((group, tuple(parts)))
        sums.append(("all", tuple(groups)))
    cells["all"] = tuple(sum(leaf[i] for leaf in leaves) for i in (0, 1))
    cube = Cube.of(
        [Cell(key, n, k if rated else None) for key, (n, k) in cells.items()],
        [Equation(total, parts) for total, parts in sums],
    )
    return cube, sums


@st.composite
def tables(draw):
    size = draw(st.integers(3, 8))
    counts = st.one_of(st.integers(0, 14), st.integers(0, 45))
    leaves = []
    for _ in range(size):
        n = draw(counts)
        leaves.append((n, draw(st.one_of(st.sampled_from([0, n]), st.integers(0, n)))))
    groupings = [[draw(st.integers(0, 2)) for _ in range(size)] for _ in range(draw(st.integers(1, 3)))]
    return nested_table(leaves, groupings, draw(st.booleans()))


def attack(cube, sums):
    """The attacker, in front of the page that comes of the cube."""
    result = suppress(cube, FLOORS)
    return result, Attacker({key: written(cell) for key, cell in result.shown.items()}, sums)


@pytest.mark.short_form
@settings(max_examples=200 if LONG else 10, deadline=None)
@given(tables())
def test_the_attacker_recovers_nothing(table):
    cube, sums = table
    result, attacker = attack(cube, sums)
    assert audit(result.published).clean
    assert attacker.known_counts(FLOOR) == set()
    assert attacker.known_rates() == set()
    for key, cell in result.shown.items():
        assert cell.n is None or cell.n == 0 or cell.n >= FLOOR, key


@settings(max_examples=40, deadline=None)
@given(tables())
def test_what_is_shown_is_true_and_what_is_not_shown_has_a_reason(table):
    cube, _ = table
    result = suppress(cube, FLOORS)
    hidden_reasons = {"small group", "complement", "audit"}
    for key, cell in result.shown.items():
        assert cell.n in (None, cube.cells[key].n)
        reasons = {entry.reason for entry in result.ledger if entry.cell == key}
        assert (cell.n is None) == bool(reasons & hidden_reasons)
        if cell.rated and cell.n and cell.rate is None:
            assert "rate withheld" in reasons


def seeded_tables(count):
    chance = random.Random(5)
    for _ in range(count):
        leaves = []
        for _ in range(5):
            n = chance.choice([chance.randrange(1, 12), chance.randrange(10, 40)])
            leaves.append((n, chance.randrange(n + 1)))
        yield nested_table(leaves, [[chance.randrange(2) for _ in range(5)] for _ in range(2)])


def test_without_partners_the_attacker_would_succeed(monkeypatch):
    monkeypatch.setattr(CountTable, "complete", lambda self, touched=None: None)
    monkeypatch.setattr(CountTable, "protect", lambda self, students: False)
    broken = 0
    for cube, sums in seeded_tables(30):
        _, attacker = attack(cube, sums)
        broken += bool(attacker.known_counts(FLOOR))
    assert broken > 15


def test_two_hidden_in_every_row_and_column_are_not_enough(monkeypatch):
    """The cells left open bind each other around the corner; only the joint audit sees that."""
    sizes = [12, 14, 4, 2, 8, 17, 22, 11, 6]
    by_row, by_column = [i // 3 for i in range(9)], [i % 3 for i in range(9)]
    cube, sums = nested_table([(n, 0) for n in sizes], [by_row, by_column], rated=False)
    result, attacker = attack(cube, sums)
    assert attacker.known_counts(FLOOR) == set()
    assert "audit" in {entry.reason for entry in result.ledger}
    monkeypatch.setattr(CountTable, "protect", lambda self, students: False)
    result, attacker = attack(cube, sums)
    assert attacker.known_counts(FLOOR)
    assert not audit(result.published).clean


@pytest.mark.parametrize(
    "leaves", [[(20, 20), (30, 15)], [(6, 6), (8, 8), (40, 20)]], ids=["a masked 100 %", "a hidden rest of 100 %"]
)
def test_without_withheld_rates_the_attacker_would_succeed(monkeypatch, leaves):
    cube, sums = nested_table(leaves, [[0] * len(leaves)])
    assert attack(cube, sums)[1].known_rates() == set()
    monkeypatch.setattr(_Links, "rate_to_withhold", lambda self, finding, withheld: None)
    result, attacker = attack(cube, sums)
    assert attacker.known_rates()
    assert not audit(result.published).clean
