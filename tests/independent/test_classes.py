"""The page of a class: by standard, who needs what, popular wrong answers, growth, totals."""

import re
from collections import Counter
from html import unescape

import pandas as pd
import pytest
from django.urls import reverse
from scipy import stats

from assessments.queries.classes import read_class
from assessments.queries.section import SectionResults
from tests.independent.facts import EVERY, Facts, half_up, on, verdict_of

pytestmark = [pytest.mark.django_db, pytest.mark.short_form]
EXACT = 1e-9


@pytest.fixture(scope="module")
def pages(demo):
    """Classes of both years with the tests they sat, as their pages make them."""
    pairs = demo.facts.class_sittings()[::EVERY]
    return {pair: SectionResults(read_class(demo.office, *pair, hide_names=False)) for pair in pairs}


def test_there_are_pages_enough(pages):
    assert len(pages) > 150 / EVERY


def test_tested_and_enrolled(facts, pages):
    tested = facts.results[facts.results.tested].groupby("administration").student.agg(set)
    for (section, administration), page in pages.items():
        rows = facts.in_class("results", section, administration)
        sitting = facts.sittings.loc[administration]
        tested_anywhere = tested[administration]
        now = on(facts.of(facts.seats, section=section), min(facts.today, page.section.ends))
        then = on(facts.of(facts.seats, section=section), min(facts.today, sitting.closes))
        absent = set(rows[~rows.tested].student) | (set(now.student) & set(then.student) - tested_anywhere)
        assert page.read.tested == int(rows.tested.sum())
        assert page.read.enrolled == page.read.tested + len(absent - set(rows[rows.tested].student))


def test_points_by_standard(facts, pages):
    compared = 0
    for (section, administration), page in pages.items():
        rows = facts.in_class("by_standard", section, administration)
        expected = rows.groupby("standard").agg(
            questions=("item", "nunique"), earned=("earned", "sum"), possible=("possible", "sum")
        )
        told = {row.standard.pk: row for row in page.rows}
        assert set(told) == set(expected.index)
        for pk, one in expected.iterrows():
            assert told[pk].questions == one.questions
            assert told[pk].earned == pytest.approx(one.earned, abs=EXACT)
            assert told[pk].possible == pytest.approx(one.possible, abs=EXACT)
            assert told[pk].percent == half_up(100 * one.earned / one.possible)
            compared += 1
    assert compared > 1000 / EVERY


def by_student(facts: Facts, section: int, administration: int) -> pd.DataFrame:
    """Points, possible points and questions given, for each student and standard."""
    rows = facts.in_class("by_standard", section, administration)
    return rows.groupby(["standard", "student"]).agg(
        earned=("earned", "sum"), possible=("possible", "sum"), questions=("given", "sum")
    )


def test_students_under_half_and_who_needs_what(facts, pages):
    for (section, administration), page in pages.items():
        sums = by_student(facts, section, administration)
        if sums.empty:
            continue
        given = sums[sums.possible > 0]
        under = given[given.earned < given.possible / 2]
        for row in page.rows:
            assert row.students == len(given.loc[row.standard.pk])
            assert row.under_half == (len(under.loc[row.standard.pk]) if row.standard.pk in under.index else 0)
        needs = under[under.questions >= 3]
        expected = {
            str(standard): Counter(facts.names[student] for student in found.index.get_level_values("student"))
            for standard, found in needs.groupby(level="standard")
        }
        whole = facts.in_class("answers", section, administration).groupby("student")
        whole = whole[["earned", "possible"]].sum()
        ready = set(whole[whole.earned >= 0.8 * whole.possible].index) - set(needs.index.get_level_values("student"))
        if ready:
            expected["ready"] = Counter(facts.names[student] for student in ready)
        assert {group.key: Counter(group.labels) for group in page.groups if group.labels} == expected


def test_popular_wrong_answers(facts, pages):
    named = 0
    for (section, administration), page in pages.items():
        rows = facts.in_class("answers", section, administration)
        missed = rows[rows.missed]
        counts = missed[missed.letter != ""].groupby(["position", "letter"]).size()
        expected = [
            (position, int((missed.position == position).sum()), letter, students)
            for position, letter, students in most_chosen(counts)
            if students >= 5
        ]
        expected.sort(key=lambda one: (-one[3], one[0]))
        told = [(one.position, one.missed, one.letter, one.students) for one in page.popular]
        assert told == expected[: len(told)]
        assert len(told) == min(len(expected), 8)
        named += len(told)
    assert named > 300 / EVERY


def most_chosen(counts: pd.Series):
    """For each question the letter that most chose, the first of them by the alphabet."""
    for position, found in counts.groupby(level="position"):
        letter = min(found.index.get_level_values("letter"), key=lambda one: (-found[position, one], one))
        yield position, letter, int(found[position, letter])


def test_growth_since_the_first_window(facts, pages):
    measured = 0
    for (section, administration), page in pages.items():
        sitting = facts.sittings.loc[administration]
        alike = facts.of(facts.sittings, scale=sitting.scale, series=sitting.series, year=sitting.year)
        sat = facts.of(facts.results, section=section, administration=list(alike.administration))
        sat = sat[sat.tested]
        first = alike.loc[sat.administration.unique()].sort_values("opens").iloc[0] if len(sat) else None
        if not sitting.scale or first is None or first.opens >= sitting.opens:
            assert page.growth is None
            continue
        scores = sat.pivot(index="student", columns="administration", values="scale_score")
        pairs = scores[[first.administration, administration]].dropna()
        if pairs.empty:
            assert page.growth is None
            continue
        assert page.growth.since == first.window_name
        assert Counter((one.before, one.after) for one in page.growth.pairs) == Counter(
            map(tuple, pairs.to_numpy().tolist())
        )
        if len(pairs) < 10:
            assert page.growth.mean is None
            continue
        found = stats.ttest_rel(pairs[administration], pairs[first.administration])
        low, high = found.confidence_interval(0.95)
        mean = (pairs[administration] - pairs[first.administration]).mean()
        assert page.growth.mean == pytest.approx(mean, abs=EXACT)
        assert page.growth.low == pytest.approx(low, abs=EXACT)
        assert page.growth.high == pytest.approx(high, abs=EXACT)
        said = verdict_of(low, high, "grew", "slipped")
        assert said in page.growth.sentence
        measured += 1
    assert measured > 40 / EVERY


def test_scores_and_strands_of_tests_without_questions(facts, pages):
    strands = 0
    for (section, administration), page in pages.items():
        rows = facts.in_class("results", section, administration)
        rows = rows[rows.tested]
        told = [(one.label, one.scale_score, one.level) for one in page.totals.rows]
        levels = facts.levels(rows, administration)
        expected = [
            (facts.names[row.student], None if pd.isna(row.scale_score) else row.scale_score, levels[row.Index] or None)
            for row in rows.itertuples()
        ]
        assert Counter(told) == Counter(expected)
        scored = [values for values in rows.strands if values]
        if scored:
            means = pd.DataFrame(scored, dtype=float).mean().dropna()
            counts = pd.DataFrame(scored, dtype=float).count()
            assert sorted(row.mean for row in page.totals.strands) == pytest.approx(sorted(means), abs=EXACT)
            assert sorted(row.students for row in page.totals.strands) == sorted(counts[counts > 0])
            strands += len(means)
    assert strands > 100 / EVERY


def test_the_page_prints_the_rounded_figures(demo, facts, pages, client):
    """Every fourth class: the whole per cents, the growth and the counts stand in the page's own text."""
    client.force_login(demo.office)
    for (section, administration), page in list(pages.items())[::4]:
        got = client.get(reverse("assessments:section_results", args=[section]), {"administration": administration})
        text = words(got.content.decode())
        assert f"{page.read.tested} of {page.read.enrolled} students" in text
        rows = facts.in_class("by_standard", section, administration)
        sums = rows.groupby("standard")[["earned", "possible"]].sum()
        if page.read.tested >= 10:
            for one in sums.itertuples():
                assert f"{half_up(100 * one.earned / one.possible)} %" in text
        for one in page.popular:
            assert (
                f"{one.students} of {one.missed} chose {one.letter}" in text
                or f"{one.students} of {one.missed}" in text
            )
        if page.growth and page.growth.verdict:
            assert words(page.growth.sentence) in text


def words(html: str) -> str:
    """What a reader reads: without marks, every white space one space, every minus a hyphen."""
    text = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u2212", "-")
    return re.sub(r"\s+", " ", text)
