"""The true figures of each release, by plain SQL and pandas, and the rows of what was released."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import stats

from tests.independent.facts import Facts, half_up, table, verdict_of
from tests.independent.test_summaries import scores

RELEASES = """
    SELECT r.id AS release, r.series, r.window_id AS window, r.since_id AS since, r.growth_kind AS kind, r.mean_unit,
           r.has_levels, r.number, r.state, r.naming, r.audience, r.network_id AS network, r.title,
           w.opens, w.closes, w.name AS window_name, w.code AS window_code, y.code AS year_code, w.year_id AS year,
           r.state = 'released' AND r.opens_at <= %s AS open
    FROM assessments_release r
    JOIN assessments_window w ON w.id = r.window_id
    JOIN schools_schoolyear y ON y.id = w.year_id
"""
CELLS = """
    SELECT release_id AS release, place, school_id AS school, grade, subgroup, standard_id AS standard, strand,
           item_id AS item, tested, rate, mean, growth, growth_low, growth_high, matched_band, verdict
    FROM assessments_releasedcell
"""
FLAGS = """
    SELECT student_id AS student, starts, ends, english_learner AS el, iep, economically_disadvantaged AS economic
    FROM schools_enrollment ORDER BY starts
"""
STRANDS = "SELECT id AS assessment, strands, max_score::float AS most FROM assessments_assessment"
BENCHMARK = 3  # the demo's third level is Proficient, and its tests name no other
FIRST_OF_BAND = (11, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class Truth:
    """What a release would show if nothing were hidden; every school of the demo is in its one network."""

    facts: Facts
    release: object  # a row of RELEASES

    @cached_property
    def tests(self) -> pd.DataFrame:
        return self.facts.of(self.facts.sittings, series=self.release.series, window_id=self.release.window)

    @cached_property
    def students(self) -> pd.DataFrame:
        """The tested, once each, with the form that was set up first; their levels and flags beside."""
        rows = self.facts.of(self.facts.results, administration=list(self.tests.administration))
        rows = rows[rows.tested].sort_values(["student", "administration"]).drop_duplicates("student")
        levels = [self.facts.levels(found, one) for one, found in rows.groupby("administration")]
        flags = table(FLAGS)
        flags = flags[(flags.starts <= self.release.closes) & (flags.ends.isna() | (flags.ends >= self.release.opens))]
        flags = flags.drop_duplicates("student", keep="last").drop(columns=["starts", "ends"])
        return rows.assign(reached=pd.concat(levels) >= BENCHMARK).merge(flags, on="student", how="left")

    def _counted(self, name: str) -> pd.DataFrame:
        """The rows of "answers" or "by_standard" of those who count."""
        rows = self.facts.of(getattr(self.facts, name), administration=list(self.tests.administration))
        return rows.merge(self.students[["student", "administration"]], on=["student", "administration"])

    @cached_property
    def answers(self) -> pd.DataFrame:
        return self._counted("answers")

    @cached_property
    def by_standard(self) -> pd.DataFrame:
        return self._counted("by_standard")

    def inside(self, rows: pd.DataFrame, cell) -> pd.DataFrame:
        """The rows of the group that a cell is of."""
        if cell.place == "subgroup":
            name, _, no = cell.subgroup.partition(":")
            return rows[rows[name] == (not no)]
        if cell.place == "school":
            return rows[rows.school == cell.school]
        return rows[rows.grade == cell.grade] if cell.place == "grade" else rows

    def figures(self, cell) -> tuple[int, float | None]:
        """Students tested, and the mean in the release's unit, exactly."""
        if not pd.isna(cell.standard):
            return _share(self.inside(self._split("by_standard", "standard", cell.standard), cell))
        if not pd.isna(cell.item):
            return _share(self.inside(self._split("answers", "item", cell.item), cell))
        rows = self.inside(self.students, cell)
        if cell.strand:
            return _mean(self._strand(rows, cell.strand))
        if self.release.mean_unit == "scale":
            return len(rows), _mean(rows.scale_score.dropna())[1]
        if len(self.answers):
            return len(rows), _share(self.inside(self.answers, cell) if cell.place != "subgroup" else self._of(rows))[1]
        return len(rows), None

    def _of(self, rows: pd.DataFrame) -> pd.DataFrame:
        return self.answers[self.answers.student.isin(rows.student)]

    def _split(self, name: str, column: str, value) -> pd.DataFrame:
        return self._parts[name].get(value, getattr(self, name).iloc[:0])

    @cached_property
    def _parts(self) -> dict[str, dict]:
        return {
            "by_standard": dict(iter(self.by_standard.groupby("standard"))),
            "answers": dict(iter(self.answers.groupby("item"))),
        }

    def _strand(self, rows: pd.DataFrame, strand: str) -> list[float]:
        names = table(STRANDS).set_index("assessment").strands
        found = []
        for test, mine in rows.groupby("administration"):
            place = names[self.facts.sittings.loc[test].assessment].index(strand)
            found += [one[place] for one in mine.strands if one and not pd.isna(one[place])]
        return found

    def rate(self, cell) -> float:
        """Per cent of the group's students at benchmark."""
        return 100 * float(self.inside(self.students, cell).reached.mean())

    @cached_property
    def _changes(self) -> pd.DataFrame:
        series, kind = self.release.series, self.release.kind
        before, after = (scores(self.facts, series, one, kind) for one in (self.release.since, self.release.window))
        both = before.merge(after, on="student", suffixes=("_before", "_after")).dropna()
        return both.assign(change=both.score_after - both.score_before)

    def _split_by(self, cell) -> tuple[pd.Series, pd.Series]:
        """Changes of the matched students of a cell's group, and those of all others."""
        both, stayed = self._changes, pd.Series(True, index=self._changes.index)
        if cell.place == "school":
            stayed = (both.school_before == cell.school) & (both.school_after == cell.school)
        if cell.place == "grade":
            stayed = (both.grade_before == cell.grade) & (both.grade_after == cell.grade)
        return both[stayed].change, both[~stayed].change

    def apart(self, cell) -> tuple[float, float, float]:
        """A school's mean change less the network's, with Welch's interval against the rest."""
        own, rest = self._split_by(cell)
        share = len(rest) / len(self._changes)
        found = stats.ttest_ind(own, rest, equal_var=False).confidence_interval(0.95)
        return own.mean() - self._changes.change.mean(), found.low * share, found.high * share

    def growth(self, cell) -> tuple[int, float, float, float, str]:
        """Matched students, mean change with its t interval, and of a school the verdict against the network."""
        own, _ = self._split_by(cell)
        low, high = stats.t.interval(0.95, len(own) - 1, loc=own.mean(), scale=stats.sem(own))
        if cell.place != "school":
            return len(own), own.mean(), low, high, ""
        _, least, most = self.apart(cell)
        unit = 100 if self.release.kind == "standing" else 1
        said = verdict_of(least, most, "above the network", "below the network", unit)
        return len(own), own.mean(), low, high, said


def _share(rows: pd.DataFrame) -> tuple[int, float | None]:
    given = rows[rows.given]
    possible = given.possible.sum()
    return given.student.nunique(), (100 * given.earned.sum() / possible if possible else None)


def _mean(values) -> tuple[int, float | None]:
    values = np.asarray(list(values), float)
    return len(values), (float(values.mean()) if len(values) else None)


def band(matched: int) -> str:
    """How many students were compared, as the field's readers get it."""
    place = max(n for n, first in enumerate(FIRST_OF_BAND) if first <= matched)
    if place == len(FIRST_OF_BAND) - 1:
        return "1,000 or more students"
    return f"{FIRST_OF_BAND[place]} to {FIRST_OF_BAND[place + 1] - 1} students"


def whole(value: float, unit: int = 1) -> int:
    return half_up(value * unit)
