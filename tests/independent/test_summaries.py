"""What dashboards read: the summaries of schools, grades, networks and the district, growth, and how questions worked.

The pages of the network, of a release and "About this test" print these.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.independent.facts import EVERY, Facts, table

pytestmark = [pytest.mark.django_db, pytest.mark.short_form]
EXACT = 1e-9

GROUPS = """
    SELECT administration_id AS administration, school_id AS school, network_id AS network, grade, tested, not_tested,
           points_mean, points_sd, points_q1, points_median, points_q3, scale_mean, scale_sd, scale_q1, scale_median,
           scale_q3, level_counts, standard_earned, standard_possible, item_earned, item_given
    FROM assessments_groupsummary
"""
GROWTH = """
    SELECT series, first_id AS first, last_id AS last, school_id AS school, network_id AS network, grade, kind, matched,
           mean, sd, low, high, effect, against_mean, against_low, against_high
    FROM assessments_growthsummary
"""
# Of the district and of its one network, which has all of its schools.
ITEMS = """
    SELECT administration_id AS administration, item_id AS item, students, difficulty, item_rest, choices
    FROM assessments_itemsummary
"""
FORMS = """
    SELECT administration_id AS administration, students, reliability, sem FROM assessments_formsummary
"""


def same(ours, theirs) -> bool:
    """Equal to 1e-9, relative where figures are large; both unknown is equal."""
    if pd.isna(ours) or pd.isna(theirs):
        return bool(pd.isna(ours) and pd.isna(theirs))
    return ours == pytest.approx(theirs, abs=EXACT, rel=EXACT)


def inside(rows: pd.DataFrame, summary) -> pd.DataFrame:
    """The rows that a summary is of; every school of the demo is in its one network."""
    if not pd.isna(summary.school):
        rows = rows[rows.school == summary.school]
    return rows[rows.grade == summary.grade] if summary.grade else rows


def test_scores_and_their_spread(facts):
    by_test = dict(iter(facts.results.groupby("administration")))
    summaries = table(GROUPS)
    for one in summaries.itertuples():
        rows = inside(by_test[one.administration], one)
        tested = rows[rows.tested]
        assert (one.tested, one.not_tested) == (len(tested), int((~rows.tested).sum()))
        for name, column in (("points", "points"), ("scale", "scale_score")):
            values = tested[column].dropna().astype(float)
            expected = {
                "mean": values.mean(), "sd": values.std(ddof=1), "q1": values.quantile(0.25),
                "median": values.median(), "q3": values.quantile(0.75),
            }  # fmt: skip
            for part, value in expected.items():
                assert same(getattr(one, f"{name}_{part}"), value), (name, part)
    assert len(summaries) > 300


def test_points_by_question_and_standard(facts):
    items = dict(iter(facts.answers.groupby("administration")))
    standards = dict(iter(facts.by_standard.groupby("administration")))
    for one in table(GROUPS).iloc[::EVERY].itertuples():
        if one.administration not in items:
            assert not any(one.item_earned)
            continue
        by_item = inside(items[one.administration], one).groupby("position")
        assert np.allclose(one.item_earned, by_item.earned.sum(), rtol=0, atol=EXACT) or not one.tested
        assert list(one.item_given) == by_item.given.sum().tolist() or not one.tested
        # Standards stand in the order in which the questions first ask them.
        rows = inside(standards[one.administration], one)
        by_standard = rows.groupby("standard").agg(
            earned=("earned", "sum"), possible=("possible", "sum"), first=("position", "min")
        )
        by_standard = by_standard.sort_values("first")
        if one.tested:
            assert np.allclose(one.standard_earned, by_standard.earned, rtol=0, atol=EXACT)
            assert np.allclose(one.standard_possible, by_standard.possible, rtol=0, atol=EXACT)


def scores(facts: Facts, series: str, window: int, kind: str) -> pd.DataFrame:
    """The tested students of a window: school, grade and score; by standing a z within the grade."""
    tests = facts.of(facts.sittings, series=series, window_id=window).administration
    rows = facts.of(facts.results, administration=list(tests))
    column = "scale_score" if kind == "scale" else "points"
    rows = rows[rows.tested & rows[column].notna()]
    rows = rows.sort_values(["student", "administration"]).drop_duplicates("student")
    found = rows.set_index("student")[["school", "grade"]].assign(score=rows.set_index("student")[column].astype(float))
    if kind == "standing":
        by_grade = found.groupby("grade").score
        found["score"] = (found.score - by_grade.transform("mean")) / by_grade.transform("std", ddof=0)
    return found


def test_growth_and_how_it_stands_against_the_network(facts):
    summaries, compared = table(GROWTH), 0
    for (series, first, last, kind), rows in summaries.groupby(["series", "first", "last", "kind"]):
        windows = [scores(facts, series, window, kind) for window in (first, last)]
        both = windows[0].merge(windows[1], on="student", suffixes=("_before", "_after")).dropna()
        both["change"] = both.score_after - both.score_before
        for one in rows.itertuples():
            stayed = pd.Series(True, index=both.index)
            if not pd.isna(one.school):
                stayed &= (both.school_before == one.school) & (both.school_after == one.school)
            if one.grade:
                stayed &= (both.grade_before == one.grade) & (both.grade_after == one.grade)
            own, rest = both[stayed], both[~stayed]
            assert one.matched == len(own)
            if len(own) < 2:
                assert pd.isna(one.mean)
                continue
            low, high = stats.t.interval(0.95, len(own) - 1, loc=own.change.mean(), scale=stats.sem(own.change))
            assert same(one.mean, own.change.mean())
            assert same(one.sd, own.change.std(ddof=1))
            assert same(one.low, low)
            assert same(one.high, high)
            effect = own.change.mean() / own.score_before.std(ddof=1) if kind == "scale" else None
            assert same(one.effect, effect)
            if len(rest) > 1:
                found = stats.ttest_ind(own.change, rest.change, equal_var=False).confidence_interval(0.95)
                share = len(rest) / len(both)
                assert same(one.against_mean, own.change.mean() - both.change.mean())
                assert same(one.against_low, found.low * share)
                assert same(one.against_high, found.high * share)
                compared += 1
    assert compared > 100


def test_how_questions_worked(facts):
    answers = dict(iter(facts.answers.groupby("administration")))
    summaries = table(ITEMS)
    for administration, items in summaries.groupby("administration"):
        rows = answers[administration]
        earned = rows.pivot(index="student", columns="item", values="earned")
        assert rows.given.all(), "the demo gives every question to everyone, which keeps the rest of the test simple"
        for one in items.iloc[::EVERY].itertuples():
            own, rest = earned[one.item], earned.drop(columns=one.item).sum(axis=1)
            worth = rows[rows.item == one.item].worth.iloc[0]
            assert one.students == len(own)
            assert same(one.difficulty, own.mean() / worth)
            if len(own) >= 30:
                assert same(one.item_rest, np.corrcoef(own, rest)[0, 1])
            else:
                assert pd.isna(one.item_rest)
    assert len(summaries) > 500


def test_how_forms_worked(facts):
    answers = dict(iter(facts.answers.groupby("administration")))
    for one in table(FORMS).itertuples():
        earned = answers[one.administration].pivot(index="student", columns="item", values="earned")
        assert one.students == len(earned)
        if len(earned) < 50:
            assert pd.isna(one.reliability)
            continue
        count, whole = earned.shape[1], earned.sum(axis=1).var(ddof=0)
        alpha = count / (count - 1) * (1 - earned.var(ddof=0).sum() / whole)
        assert same(one.reliability, alpha)
        assert same(one.sem, np.sqrt(whole * (1 - alpha)))
