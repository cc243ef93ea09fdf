"""A school's own figures beside its page: subgroups, participation over the windows, schools side by side."""

from collections import Counter

import pandas as pd
import pytest
from django.urls import reverse
from scipy import stats

from assessments.queries.school import SchoolResults
from assessments.queries.side_by_side import SideBySide
from assessments.queries.subgroups import ECONOMIC, EVERYBODY, Subgroups
from schools.models import School, User
from tests.independent.facts import half_up, on, table
from tests.independent.released import FLAGS
from tests.independent.test_classes import words
from tests.independent.test_networks import means, plain
from tests.independent.test_schools import BENCHMARK, changes, forms, in_window, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]
NOT_SHOWN = "not shown"
FIELDS = {"english_learner": "el", "iep": "iep", "economically_disadvantaged": "economic"}


@pytest.fixture(scope="module")
def pages(demo):
    """The page of every school in every window of every series."""
    facts = demo.facts
    tested = facts.results[facts.results.tested].merge(facts.sittings.reset_index(drop=True), on="administration")
    schools = {school.pk: school for school in School.objects.all()}
    keys = tested[["school", "series", "window_id", "year_code", "window_code"]].drop_duplicates()
    return {
        (one.school, one.series, one.window_id): SchoolResults(
            demo.office, schools[one.school], one.series, f"{one.year_code}/{one.window_code}"
        )
        for one in keys.itertuples()
    }


# --- subgroups --------------------------------------------------------------------------------------------------


def shown(group, others) -> bool:
    """A figure stands where ten students or more are in the group and outside it, or none."""
    return all(len(one) == 0 or len(one) >= 10 for one in (group, others))


def flags_of(facts, school: int, sitting) -> pd.DataFrame:
    rows = table(FLAGS.replace("FROM schools_enrollment", "FROM schools_enrollment WHERE school_id = %s"), school)
    rows = rows[(rows.starts <= sitting.closes) & (rows.ends.isna() | (rows.ends >= sitting.opens))]
    return rows.drop_duplicates("student", keep="last").set_index("student")


def test_subgroups(facts, pages):
    compared = hidden = 0
    for (school, series, window), page in list(pages.items())[::2]:
        rows = rows_of(facts, school, series, window)
        rows = rows[rows.tested]
        levels = pd.concat([facts.levels(found, one) for one, found in rows.groupby("administration")])
        rows = rows.assign(level=levels)
        flags = flags_of(facts, school, forms(facts, series, window).iloc[0])
        told = Subgroups(page)
        for flag, (group, others) in zip(told.on_file, told.groups, strict=True):
            column = flags[FIELDS[flag.field]].reindex(rows.student).eq(True).to_numpy()
            inside, outside = rows[column], rows[~column]
            if not shown(inside, outside):
                assert set(group.words) == set(others.words) == {NOT_SHOWN}
                hidden += 1
                continue
            for row, own, rest in ((group, inside, outside), (others, outside, inside)):
                assert row.tested == f"{len(own):,}"
                assert plain(row.at_benchmark) == reached(own, rest, flag is ECONOMIC)
                if flag is not ECONOMIC and told.on_scale:
                    assert row.mean == mean(own, rest)
                compared += 1
            if flag in EVERYBODY and told.with_growth:
                growth_of_groups(facts, told, (school, series, window), flags[FIELDS[flag.field]], group, others)
    assert compared > 60 and hidden > 10


def reached(own: pd.DataFrame, rest: pd.DataFrame, counts_only: bool) -> str:
    known, others = own[own.level > 0], rest[rest.level > 0]
    if not shown(known, others):
        return NOT_SHOWN
    if known.empty:
        return "no levels" if len(own) else "no students"
    students = int((known.level >= BENCHMARK).sum())
    counted = f"{students} of {len(known)} students"
    return counted if counts_only else f"{half_up(100 * students / len(known))} % ({counted})"


def mean(own: pd.DataFrame, rest: pd.DataFrame) -> str:
    scores, others = own.scale_score.dropna(), rest.scale_score.dropna()
    if not shown(scores, others):
        return NOT_SHOWN
    return f"{half_up(scores.mean()):,}" if len(scores) else "no students"


def growth_of_groups(facts, told, key, flag, group, others) -> None:
    """Matched students by their flag; the two rows are shown together or not at all."""
    school, series, window = key
    year = facts.of(facts.sittings, series=series, year=forms(facts, series, window).iloc[0].year)
    mine = [one for one in year.sort_values("opens").window_id.unique() if len(who_sat(facts, school, series, one))]
    both = changes(facts, series, mine[0], window)
    both = both[(both.school_before == school) & (both.school_after == school)]
    inside = flag.reindex(both.index).eq(True)
    parts = [both[inside].change, both[~inside].change]
    for row, own in zip((group, others), parts, strict=True):
        if not shown(*parts):
            assert row.growth == row.compared == NOT_SHOWN
        elif len(own):
            low, high = stats.t.interval(0.95, len(own) - 1, loc=own.mean(), scale=stats.sem(own))
            assert plain(row.growth) == f"{half_up(own.mean())} ({half_up(low)} to {half_up(high)})"
            assert row.compared == f"{len(own):,}"


def who_sat(facts, school: int, series: str, window: int) -> pd.DataFrame:
    rows = rows_of(facts, school, series, window)
    return rows[rows.tested]


def test_the_page_of_subgroups_prints_them(demo, pages, client):
    client.force_login(demo.office)
    for (school, series, _), page in list(pages.items())[::12]:
        asked = {"series": series, "window": page.chosen.window.full_code}
        text = plain(words(client.get(reverse("assessments:subgroups", args=[school]), asked).content.decode()))
        told = Subgroups(page)
        assert plain(told.sentence) in text
        for row in told.rows:
            assert all(plain(cell) in text for cell in told.cells(row))


# --- participation ----------------------------------------------------------------------------------------------


def test_participation_over_the_windows(facts, pages):
    compared = 0
    for (school, series, _), page in pages.items():
        for place, one in enumerate(page.windows):
            everywhere = in_window(facts, series, one.window.pk)
            there = on(facts.of(facts.enrolled, school=school), min(one.window.closes, facts.today))
            graded = set(everywhere[everywhere.tested].grade)
            without = facts.of(there, grade=graded)
            without = without[~without.student.isin(everywhere[everywhere.tested].student)]
            mine = who_sat(facts, school, series, one.window.pk)
            tested, missed = Counter(mine.grade), Counter(without.drop_duplicates("student").grade)
            for row in page.participation:
                took = row.windows[place]
                of_grade = (tested[row.grade], missed[row.grade]) if row.grade else (tested.total(), missed.total())
                assert ((took.tested, took.enrolled) if took else (0, 0)) == (of_grade[0], sum(of_grade))
                compared += 1
    assert compared > 300


# --- side by side -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def coached(demo):
    """Every window of every series that the demo's coach may lay side by side."""
    coach = User.objects.get(email="coach@example.org")
    return coach, [SideBySide(coach, one.series, one.window.full_code) for one in SideBySide(coach).sittings]


def test_schools_side_by_side(facts, coached, open_cells):
    compared = 0
    for page in coached[1]:
        tests = forms(facts, page.chosen.series, page.chosen.window.pk)
        releases = open_cells.releases
        mine = releases[(releases.series == page.chosen.series) & (releases.window == page.chosen.window.pk)]
        network = means(open_cells.cells[open_cells.cells.release.isin(mine.release)])
        assert page.is_released == bool(len(mine))
        grades = {test.test: test.administration for test in tests.itertuples()}
        for block in page.blocks:
            rows = facts.of(facts.by_standard, administration=grades[block.name])
            grade = rows.grade.mode()[0]
            asked = rows.groupby("standard").item.nunique()
            assert {line.standard.pk for line in block.lines} == set(asked[asked >= 3].index)
            for line in block.lines:
                assert line.questions == asked[line.standard.pk]
                assert line.network == network.get((grade, line.standard.pk))
                for school, mark in zip(block.schools, line.marks, strict=True):
                    own = rows[(rows.school == school.pk) & (rows.standard == line.standard.pk)]
                    if own.student.nunique() < 10:
                        assert mark.percent is None and mark.verdict is None
                        continue
                    assert mark.percent == half_up(100 * own.earned.sum() / own.possible.sum())
                    assert str(mark.verdict or "") == verdict(mark.percent, line.network)
                    compared += 1
    assert compared > 60


def verdict(own: int, network: int | None) -> str:
    if network is None:
        return ""
    apart = own - network
    return "above the network" if apart >= 5 else "below the network" if apart <= -5 else "too close to call"


def test_the_sentence_counts_the_standards_below(coached):
    for page in coached[1]:
        below = Counter(
            school.name
            for block in page.blocks
            for line in block.lines
            for school, mark in zip(block.schools, line.marks, strict=True)
            if mark.percent is not None and line.network is not None and mark.percent - line.network <= -5
        )
        for name, count in below.items():
            assert f"{name} {count}" in page.sentence


def test_the_page_side_by_side_prints_them(coached, client):
    client.force_login(coached[0])
    for page in coached[1][::3]:
        asked = {"series": page.chosen.series, "window": page.chosen.window.full_code}
        text = plain(words(client.get(reverse("assessments:side_by_side"), asked).content.decode()))
        assert page.sentence in text
        for mark in (mark for block in page.blocks for line in block.lines for mark in line.marks):
            assert (f"{mark.percent} %" if mark.percent is not None else mark.why_not) in text
