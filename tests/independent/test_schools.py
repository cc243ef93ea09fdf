"""The page of a school: tested, levels, growth with its t interval, standards, classes."""

from collections import Counter
from functools import cache

import numpy as np
import pandas as pd
import pytest
from django.urls import reverse
from scipy import stats

from assessments.queries.school import SchoolResults
from schools.models import School
from tests.independent.facts import EVERY, Facts, half_up, on, verdict_of
from tests.independent.test_classes import words

pytestmark = [pytest.mark.django_db, pytest.mark.short_form]
EXACT = 1e-9
BENCHMARK = 3  # the demo's third level is Proficient, and its tests name no other


@pytest.fixture(scope="module")
def pages(demo):
    """Schools with the series and windows they have results of: (school, series, window id) to the page."""
    facts = demo.facts
    tested = facts.results[facts.results.tested].merge(facts.sittings.reset_index(drop=True), on="administration")
    found = {}
    schools = {school.pk: school for school in School.objects.all()}
    columns = tested[["school", "series", "window_id", "year_code", "window_code"]]
    for school, series, window, year, code in sorted(set(columns.itertuples(index=False, name=None)))[::EVERY]:
        found[school, series, window] = SchoolResults(demo.office, schools[school], series, f"{year}/{code}")
    return found


def forms(facts: Facts, series: str, window: int) -> pd.DataFrame:
    return facts.of(facts.sittings, series=series, window_id=window)


def rows_of(facts: Facts, school: int, series: str, window: int) -> pd.DataFrame:
    """The school's results in the window, of all forms of the series."""
    return in_window(facts, series, window).query("school == @school")


@cache
def in_window(facts: Facts, series: str, window: int) -> pd.DataFrame:
    """All results of a series in a window."""
    return facts.of(facts.results, administration=list(forms(facts, series, window).administration))


def test_there_are_pages_enough(pages):
    assert len(pages) > 80 / EVERY


def test_tested_and_enrolled(facts, pages):
    for (school, series, window), page in pages.items():
        rows = rows_of(facts, school, series, window)
        assert page.tested == int(rows.tested.sum())
        sitting = forms(facts, series, window).iloc[0]
        there = on(facts.of(facts.enrolled, school=school), min(sitting.closes, facts.today))
        everywhere = in_window(facts, series, window)
        graded = set(everywhere[everywhere.tested].grade)  # grades that took a form of the series anywhere
        missing = set(facts.of(there, grade=graded).student) - set(everywhere[everywhere.tested].student)
        assert page.enrolled == page.tested + len(missing)
        assert Counter(page.untested) == Counter(facts.names[student] for student in missing)


def test_levels_and_the_share_at_benchmark(facts, pages):
    leveled = 0
    for (school, series, window), page in pages.items():
        rows = rows_of(facts, school, series, window)
        rows = rows[rows.tested]
        levels = pd.concat([facts.levels(found, one) for one, found in rows.groupby("administration")])
        known = levels[levels > 0]
        if known.empty:
            assert page.benchmark_figure == ""
            continue
        reached = int((known >= BENCHMARK).sum())
        assert (page.chosen.sum.at_benchmark, page.chosen.sum.with_level) == (reached, len(known))
        if len(known) >= 10:
            assert page.benchmark_figure.replace("\u00a0", " ") == f"{half_up(100 * reached / len(known))} %"
        counts = Counter(known)
        expected = tuple(counts[level] for level in sorted(range(1, 5)))
        assert sum(sum(form.summary.level_counts) for form in page.chosen.forms) == len(known)
        told = np.sum([[*form.summary.level_counts, 0, 0, 0, 0][:4] for form in page.chosen.forms], axis=0)
        assert tuple(told) == expected
        for grade in page.grades:
            mine = known[rows.grade.loc[known.index] == grade.grade]
            assert (grade.at_benchmark, grade.with_level) == (int((mine >= BENCHMARK).sum()), len(mine))
            assert grade.tested == int((rows.grade == grade.grade).sum())
        leveled += 1
    assert leveled > 40 / EVERY


def changes(facts: Facts, series: str, first: int, last: int) -> pd.DataFrame:
    """Students tested in both windows: school and grade in each, and the change of the scale score."""
    parts = []
    for window in (first, last):
        rows = in_window(facts, series, window)
        parts.append(
            rows[rows.tested & rows.scale_score.notna()].set_index("student")[["school", "grade", "scale_score"]]
        )
    both = parts[0].merge(parts[1], on="student", suffixes=("_before", "_after"))
    return both.assign(change=both.scale_score_after - both.scale_score_before)


def test_growth_with_its_t_interval(facts, pages):
    measured = 0
    for (school, series, window), page in pages.items():
        last = forms(facts, series, window).iloc[0]
        of_year = facts.of(facts.sittings, series=series, year=last.year)
        of_year = of_year[of_year.opens < last.opens]
        firsts = of_year.sort_values("opens").window_id.unique()
        if not last.scale or not len(firsts):
            assert page.growth == []
            continue
        both = changes(facts, series, firsts[0], window)
        stayed = both[(both.school_before == school) & (both.school_after == school)]
        for row in page.growth:
            own = stayed.change
            if row.grade:
                own = stayed[(stayed.grade_before == row.grade) & (stayed.grade_after == row.grade)].change
            assert row.matched == len(own)
            low, high = stats.t.interval(0.95, len(own) - 1, loc=own.mean(), scale=stats.sem(own))
            assert (row.mean, row.low, row.high) == pytest.approx((own.mean(), low, high), abs=EXACT)
            said = verdict_of(low, high, "grew", "slipped")
            assert str(row.verdict) == said
            if len(own) >= 10:
                assert words(row.words) == f"{half_up(own.mean())} ({half_up(low)} to {half_up(high)})"
            measured += 1
    assert measured > 50 / EVERY


def test_standards(facts, pages):
    compared = 0
    for (school, series, window), page in pages.items():
        tests = list(forms(facts, series, window).administration)
        rows = facts.of(facts.by_standard, school=school, administration=tests)
        enough = rows.groupby("administration").student.transform("nunique") >= 10
        sums = (
            rows[enough]
            .groupby(["administration", "standard"])
            .agg(questions=("item", "nunique"), earned=("earned", "sum"), possible=("possible", "sum"))
        )
        judged = sums[(sums.questions >= 3) & (sums.possible > 0)]
        told = sorted((s.standard.pk, s.questions, s.earned, s.possible, s.percent) for s in page.standards)
        expected = sorted(
            (one.Index[1], one.questions, one.earned, one.possible, half_up(100 * one.earned / one.possible))
            for one in judged.itertuples()
        )
        assert len(told) == len(expected)
        for ours, theirs in zip(told, expected, strict=True):
            assert ours == pytest.approx(theirs, abs=EXACT)
        shares = [line.share for line in page.standards]
        assert shares == sorted(shares)
        compared += len(told)
    assert compared > 200 / EVERY


def test_classes_by_name_with_students_tested(facts, pages):
    for (school, series, window), page in pages.items():
        rows = rows_of(facts, school, series, window)
        counts = rows[rows.tested].groupby("section").size()
        assert {line.pk: line.tested for line in page.sections} == {int(pk): n for pk, n in counts.items()}
        assert [line.name for line in page.sections] == sorted(line.name for line in page.sections)


def test_the_page_and_its_file_print_the_rounded_figures(demo, facts, pages, client):
    client.force_login(demo.office)
    for (school, series, _), page in list(pages.items())[::3]:
        asked = {"series": series, "window": page.chosen.window.full_code}
        text = words(client.get(reverse("assessments:school_results", args=[school]), asked).content.decode())
        assert words(page.sentence) in text
        assert f"{page.tested} of {page.enrolled} students" in text
        for row in page.growth:
            if row.words:
                assert words(row.words) in text
        printed = [*page.below, *page.above] if page.beside else [*page.lowest, *page.highest]
        for line in printed:
            assert f"{line.percent} %" in text
        tables = {table.name: table for table in page.tables()}
        if page.standards:
            told = [row[4] for row in tables["Standards"].rows]
            assert told == [half_up(100 * row[5] / row[6]) for row in tables["Standards"].rows]
        assert tables["Classes"].rows == tuple((line.name, line.tested) for line in page.sections)
