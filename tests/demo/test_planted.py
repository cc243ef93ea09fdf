"""The planted truths, found again in the generated results by the portal's own sums."""

import csv
import io

import numpy as np
import pytest

from assessments.crunch import sum_groups
from assessments.growth import Kind, WindowScores, growth_by_group, match
from assessments.itemstats import form_statistics
from assessments.responses import NO_CHOICE, UNITS_PER_POINT
from assessments.sheet import Sheet
from assessments.verdicts import Change, Standing
from pop_network.demo import planted
from pop_network.demo.instruments import LETTERS
from pop_network.demo.network import make_network
from pop_network.demo.places import BY_CODE, SCHOOLS
from tests.demo.database import TODAY

PLACE = {school.code: place for place, school in enumerate(SCHOOLS)}


def window_scores(network, year, window):
    """Quarterly Math of one window, as the sums of growth want it; grouped by school."""
    rounds = [
        each for each in network.rounds if (each.year.index, each.window.code, each.form.series) == (year, window, "QM")
    ]
    return WindowScores(
        students=np.concatenate([each.students for each in rounds]),
        scores=np.concatenate([np.where(each.tested, each.scores, np.nan) for each in rounds]),
        grades=np.concatenate([np.full(len(each.sittings), int(each.form.grade)) for each in rounds]),
        groups={"school": np.concatenate([[PLACE[code] for code in each.schools] for each in rounds])},
    )


def school_growth(network, year, last, school):
    pairs = match(window_scores(network, year, "Q1"), window_scores(network, year, last), Kind.SCALE)
    return growth_by_group(pairs, "school")[PLACE[school]]


def sheet_of(each):
    """One round as the sums want it; standards: fractions, and all others."""
    items = each.form.items
    asks = np.array([item.standard in planted.FRACTIONS_FOLLOWED_UP.standards for item in items])
    return Sheet(
        points=each.answers.points,
        worth=np.array([item.points * UNITS_PER_POINT for item in items]),
        standards=np.array([asks, ~asks]),
        tested=each.tested,
        scores=each.scores,
        levels=np.zeros(len(each.sittings), int),
        choices=each.answers.choices,
    )


def standard_shares(network, year, window, schools):
    """Points earned of points possible in (fractions, others), over grades 3 to 6, of those schools."""
    earned, possible = np.zeros(2), np.zeros(2)
    for each in network.rounds:
        if (each.year.index, each.window.code, each.form.series) != (year, window, "QM") or each.form.grade > "06":
            continue
        inside = np.where(np.isin(each.schools, schools), 0, -1)
        if (inside < 0).all():
            continue
        sums = sum_groups(sheet_of(each), {"inside": inside})["inside"]
        earned += sums.standard_earned[0]
        possible += sums.standard_possible[0]
    return earned / possible


@pytest.mark.parametrize(("year", "last"), [(0, "Q2"), (0, "Q3"), (0, "Q4"), (1, "Q2")])
def test_schools_that_followed_up_on_fractions_gained_on_fractions_and_only_there(network, year, last):
    followed = planted.FRACTIONS_FOLLOWED_UP.schools
    rest = [code for code in BY_CODE if code not in followed]
    gain = {
        name: standard_shares(network, year, last, schools) - standard_shares(network, year, "Q1", schools)
        for name, schools in (("followed", list(followed)), ("rest", rest))
    }
    fractions, others = gain["followed"] - gain["rest"]
    assert fractions > 0.08, "at least 8 points of 100 more than elsewhere"
    assert abs(others) < 0.05, "nothing in the other standards that chance does not do"


@pytest.mark.parametrize("school", planted.FRACTIONS_FOLLOWED_UP.schools)
def test_each_of_them_gained_on_fractions(network, school):
    rest = [code for code in BY_CODE if code not in planted.FRACTIONS_FOLLOWED_UP.schools]
    own = standard_shares(network, 0, "Q3", [school])[0] - standard_shares(network, 0, "Q1", [school])[0]
    elsewhere = standard_shares(network, 0, "Q3", rest)[0] - standard_shares(network, 0, "Q1", rest)[0]
    assert own - elsewhere > 0.06


@pytest.mark.parametrize("year", [0, 1])
def test_one_school_lost(network, year):
    found = school_growth(network, year, "Q2", planted.ONE_SCHOOL_LOST.schools[0])
    assert found.verdict is Change.SLIPPED
    assert found.against is Standing.BELOW


@pytest.mark.parametrize(("year", "last"), [(0, "Q2"), (0, "Q3"), (0, "Q4"), (1, "Q2")])
def test_one_school_is_too_small_to_say(network, year, last):
    found = school_growth(network, year, last, planted.TOO_SMALL_TO_SAY.schools[0])
    assert found.matched <= 9
    assert found.verdict is Change.CLOSE
    assert found.against is Standing.CLOSE


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_large_effects_do_not_hang_on_the_seed(seed):
    other = make_network(TODAY, seed)
    lost = school_growth(other, 0, "Q2", planted.ONE_SCHOOL_LOST.schools[0])
    assert lost.verdict is Change.SLIPPED
    small = school_growth(other, 0, "Q2", planted.TOO_SMALL_TO_SAY.schools[0])
    assert small.high - small.low > 15, "scale points: too wide to say anything"
    followed = list(planted.FRACTIONS_FOLLOWED_UP.schools)
    gain = standard_shares(other, 0, "Q3", followed) - standard_shares(other, 0, "Q1", followed)
    assert gain[0] > gain[1] + 0.05


def test_the_network_itself_grew(network):
    pairs = match(window_scores(network, 0, "Q1"), window_scores(network, 0, "Q4"), Kind.SCALE)
    growth = pairs.difference.mean()
    assert 10 < growth < 20
    assert len(pairs) > 520


@pytest.mark.parametrize("year", [0, 1])
def test_one_question_has_the_wrong_key(network, year):
    effect = planted.WRONG_KEY
    each = next(one for one in network.rounds if one.year.index == year and one.form.code == effect.assessment)
    item = each.form.items[effect.position - 1]
    assert item.stated_key != item.key
    sheet = sheet_of(each)
    found = form_statistics(
        sheet.points[each.tested],
        sheet.worth,
        choices=sheet.choices[each.tested],
        keys=np.array([LETTERS.find(one.stated_key) + 1 if one.stated_key else NO_CHOICE for one in each.form.items]),
    ).items[effect.position - 1]
    assert found.students >= 30
    shares = {option.letter: option.share for option in found.options}
    assert shares[item.key] > 0.6
    assert shares[item.stated_key] < 0.25
    assert found.correlation < 0.05


def test_everywhere_else_the_stated_key_is_right(network):
    wrong = [(form.code, item.position) for form in network.forms for item in form.items if item.key != item.stated_key]
    assert wrong == [(planted.WRONG_KEY.assessment, planted.WRONG_KEY.position)]


def test_make_ups_are_missing_in_one_school_of_the_newest_window(network):
    newest = [each for each in network.rounds if each.newest and each.form.series == "QM"]
    tested = {code: [0, 0] for code in BY_CODE}
    for each in newest:
        for code, was_tested in zip(each.schools, each.tested, strict=True):
            tested[code][0] += was_tested
            tested[code][1] += 1
    shares = {code: done / all_ for code, (done, all_) in tested.items()}
    (late,) = planted.MAKE_UPS_MISSING.schools
    assert shares[late] < 0.8
    assert min(share for code, share in shares.items() if code != late) > 0.85


def test_two_files_of_the_newest_window_wait(network):
    waiting = {file.assessment.split("-")[0]: file for file in network.files if not file.publish}
    assert set(waiting) == {planted.COLUMNS_SHIFTED.assessment, planted.ROWS_TO_FIX.assessment}
    shifted = list(csv.DictReader(io.StringIO(waiting["UC8"].content.decode())))
    for row in shifted:
        if row["school_id"] in planted.COLUMNS_SHIFTED.schools:
            assert row["1"] == ""
    to_fix = list(csv.DictReader(io.StringIO(waiting["UC6"].content.decode())))
    known = {student.number for student in network.roster.students}
    assert sum(row["student_id"] not in known for row in to_fix) == 4
    assert sum("E" in row.values() for row in to_fix) == 2
    numbers = [row["student_id"] for row in to_fix]
    assert len(numbers) - len(set(numbers)) == 1
    assert network.files[-2:] == [file for file in network.files if not file.publish]
