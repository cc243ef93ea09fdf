"""Over 200 networks: planted effects are found where power allows, and what is not there is not claimed.

The networks are those of the seeds 0 to 199, so these numbers are the same on every run; the suite looks at the first
of them, and a bound is that of chance: a count passes where it lies within the central 99.9 % of the binomial of the
promised share. What is held to a fixed distance needs them all.
"""

import re
from pathlib import Path

import pytest

from tests.honesty import class_claims, form_claims
from tests.honesty.measured import INFERRED, NETWORKS, table

PROMISED, FALSE = 0.95, 0.05
DOCS = Path(__file__).resolve().parents[2] / "docs" / "honesty.md"
HAVE_EFFECTS = [name for name in INFERRED if "standing" not in name]

OF_THEM_ALL = pytest.mark.parametrize("counted", [pytest.param(NETWORKS, marks=pytest.mark.long)], indirect=True)


@pytest.mark.parametrize("name", HAVE_EFFECTS)
def test_planted_effects_are_found_where_power_allows(tally, networks, name):
    claim = tally[name]
    assert claim.powerful.of >= networks
    assert claim.powerful.at_least(PROMISED), claim.powerful


@pytest.mark.parametrize("name", INFERRED)
def test_what_is_not_there_is_not_claimed(tally, networks, name):
    claim = tally[name]
    assert claim.false.of >= networks
    assert claim.false.at_most(FALSE), claim.false


@pytest.mark.parametrize("name", [*HAVE_EFFECTS, class_claims.AGAINST])
def test_the_chance_to_find_an_effect_is_as_calculated(tally, name):
    """The calculation says which effects must be found; where it is off, so is the first test above."""
    claim = tally[name]
    assert abs(claim.true.share - claim.power / claim.true.of) < 0.02


@pytest.mark.parametrize("name", HAVE_EFFECTS)
def test_the_opposite_of_the_truth_is_hardly_ever_said(tally, name):
    assert tally[name].reversed.at_most(0.01), tally[name].reversed


@OF_THEM_ALL
def test_up_to_one_school_in_twenty_looks_clear_by_chance(tally):
    """The line under the chart of the network, as LOOK 7.4 has it."""
    found = tally["school: above or below the network"].false
    assert 1 / 50 < found.share < 1 / 20


@OF_THEM_ALL
def test_a_network_of_twelve_often_has_a_school_that_looks_clear_by_chance(tally, networks):
    """Which is why that line stands there: with 12 schools it happens in three networks of ten."""
    found = tally["network: some school of twelve looks clear"].false
    assert found.of == networks
    assert 0.2 < found.share < 0.4


def test_five_points_are_what_was_counted_and_no_proof(tally, networks):
    """The rule of the class page compares counts of these students on these questions; chance alone often does it.

    So its words may say no more than the two counts, and this test would tell if the rule had become a proof.
    """
    for world in ("drawn by lot", "of equals"):
        assert tally[f"{class_claims.AGAINST}, {world}"].false.share > FALSE
    claim = tally[class_claims.AGAINST]
    assert claim.powerful.of >= networks
    assert claim.powerful.at_least(PROMISED), claim.powerful


def test_the_most_popular_wrong_answer_is_mostly_the_one_that_pulls_most(tally):
    assert tally[class_claims.POPULAR].false.share < 0.07


def test_a_negative_discrimination_is_rare_where_the_key_is_right(tally):
    assert tally[form_claims.NEGATIVE].false.at_most(FALSE)


@OF_THEM_ALL
def test_the_docs_say_what_was_measured(tally):
    """Within half a point, for another release of numpy may draw other numbers."""
    told = dict(_rows(DOCS.read_text()))
    for name, figures in _rows(table(tally)):
        assert name in told, f"docs/honesty.md lacks {name}: python -m tests.honesty.measured prints the table"
        for ours, theirs in zip(figures, told[name], strict=True):
            assert abs(ours - theirs) <= 0.5, (name, figures, told[name])


def _rows(text: str):
    """Each line of the table of claims: its name, and its per cents."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and re.search(r"\d %", line) and "found where" not in line:
            yield cells[0], [float(found) for found in re.findall(r"([\d.]+) %", " ".join(cells[1:]))]
