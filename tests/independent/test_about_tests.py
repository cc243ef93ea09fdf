"""About this test: reliability from the covariances, difficulty, discrimination, every choice, and the effect sizes."""

import numpy as np
import pandas as pd
import pytest
from django.urls import reverse
from scipy import stats

from assessments.queries.about_test import AboutTest
from tests.independent.facts import SEVERAL, half_up, table
from tests.independent.test_classes import words
from tests.independent.test_networks import plain
from tests.independent.test_schools import changes

pytestmark = [pytest.mark.django_db, pytest.mark.long]
EXACT = 1e-9
SCHOOLS = "SELECT id AS school, name FROM schools_school"


@pytest.fixture(scope="module")
def pages(demo):
    return {pk: AboutTest(demo.office, pk) for pk in demo.facts.results.administration.unique().tolist()}


@pytest.fixture(scope="module")
def answers(demo):
    """Students x questions of each test: points, letters, and the marks that are no letter."""
    found = {}
    for administration, rows in demo.facts.answers.groupby("administration"):
        assert rows.given.all(), "the demo gives every question to everyone, which keeps these sums simple"
        found[administration] = {
            name: rows.pivot(index="student", columns="position", values=name)
            for name in ("earned", "worth", "letter", "code", "choice")
        }
    return found


def test_reliability_and_the_error_of_a_score(pages, answers):
    """Alpha as the share of the total's variance that lies in the covariances of its questions."""
    told = 0
    for administration, page in pages.items():
        if administration not in answers:
            assert page.form is None and page.questions == []
            continue
        earned = answers[administration]["earned"]
        assert page.form.students == len(earned)
        if len(earned) < 50:
            assert page.form.reliability is None
            continue
        covariances = earned.cov(ddof=0).to_numpy()
        count, between = len(covariances), covariances.sum() - np.trace(covariances)
        alpha = count / (count - 1) * between / covariances.sum()
        assert page.form.reliability == pytest.approx(alpha, abs=EXACT)
        assert page.form.sem == pytest.approx(earned.sum(axis=1).std(ddof=0) * np.sqrt(1 - alpha), abs=EXACT)
        (_, figure), *_ = page.figures
        assert figure.startswith(f"{alpha:.2f}, over {len(earned):,} students")
        told += 1
    assert told > 15


def test_difficulty_and_discrimination_of_every_question(pages, answers):
    compared = negative = 0
    for administration, found in answers.items():
        earned, worth = found["earned"], found["worth"]
        bands = [0, 0, 0]
        assert [line.question.position for line in pages[administration].questions] == sorted(earned)
        for line in pages[administration].questions:
            position = line.question.position
            share = earned[position].mean() / worth[position].iloc[0]
            bands[0 if half_up(100 * share) <= 30 else 2 if half_up(100 * share) > 70 else 1] += 1
            assert line.p == pytest.approx(share, abs=EXACT)
            if len(earned) >= 30:
                rest = earned.drop(columns=position).sum(axis=1)
                assert line.r == pytest.approx(stats.pearsonr(earned[position], rest)[0], abs=EXACT)
                negative += line.r < 0
            compared += 1
        hard, middle, easy = bands
        said = pages[administration].bands
        assert f" {hard} " in said and f", {middle} in the middle, {easy} easy" in said
    assert compared > 500


def test_every_choice_and_the_doubtful_keys(pages, answers):
    compared = doubted = 0
    for administration, found in answers.items():
        whole = found["earned"].sum(axis=1)
        for line in pages[administration].questions:
            position = line.question.position
            letters, codes, choices = (found[name][position] for name in ("letter", "code", "choice"))
            counts = letters[letters != ""].value_counts()
            for one in line.options:
                students = int(counts.get(one.letter, 0))
                assert (one.students, one.share) == (students, pytest.approx(students / len(letters), abs=EXACT))
                if one.correlation is not None:
                    chose = (letters == one.letter).astype(float)
                    assert one.correlation == pytest.approx(stats.pearsonr(chose, whole)[0], abs=EXACT)
                compared += 1
            others = dict(line.without_choice)
            assert others["several"] == int((choices == SEVERAL).sum())
            assert others["blank"] + others["not_reached"] == int(codes.isin((254, 255)).sum())
            more = {letter for letter, students in counts.items() if students > counts.get(line.question.key, 0)}
            flagged = {flag.partition(":")[0] for flag in line.flags if "more than the key" in flag}
            if line.options and len(letters) >= 30:
                assert flagged == more
                doubted += bool(more)
    assert compared > 2000 and doubted


def test_effect_sizes_of_schools(demo, facts, pages):
    names = dict(table(SCHOOLS).itertuples(index=False, name=None))
    told = 0
    for administration, page in pages.items():
        sitting = facts.sittings.loc[administration]
        year = facts.of(facts.sittings, series=sitting.series, year=sitting.year)
        first = year.sort_values("opens").iloc[0]
        if not sitting.scale or first.opens >= sitting.opens:
            assert page.effects == []
            continue
        both = changes(facts, sitting.series, first.window_id, sitting.window_id)
        both = both[both.school_before == both.school_after]
        expected = {}
        for school, own in both.groupby("school_after"):
            if len(own) >= 10:
                expected[names[school]] = (len(own), own.change.mean() / own.scale_score_before.std(ddof=1))
        assert [one.school for one in page.effects] == sorted(expected)
        for one in page.effects:
            matched, effect = expected[one.school]
            assert one.matched == matched
            assert f"{abs(effect):.2f} of the spread" in one.words
            assert (" gain:" in one.words) == (effect >= 0)
            told += 1
    assert told > 40


def test_the_page_prints_them(demo, pages, answers, client):
    client.force_login(demo.office)
    for administration, found in list(answers.items())[::4]:
        got = client.get(reverse("assessments:about_test", args=[administration]))
        text = plain(words(got.content.decode()))
        assert plain(pages[administration].sentence) in text
        for position, column in found["earned"].items():
            share = 100 * column.mean() / found["worth"][position].iloc[0]
            assert f"{half_up(share)} %" in text
            rest = found["earned"].drop(columns=position).sum(axis=1)
            if len(column) >= 30:
                assert plain(f"{pd.Series.corr(column, rest):.2f}") in text
