"""The rows of the database as tables: plain SQL and pandas. Nothing of `assessments` is used.

The codes of a response vector are those that `docs/decisions/0001` and the model's comment promise: a byte an item,
quarter points up to 250; 253 not given, 254 not reached, 255 blank. Choices: 1 = A ... 26 = Z, 27 several, 0 none.
"""

import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from django.db import connection

NOT_GIVEN, NOT_REACHED, BLANK, SEVERAL = 253, 254, 255, 27
EVERY = 1 if os.environ.get("POP_FAULTS") == "long" else 3  # the suite reads every third page, `make long` all

SITTINGS = """
    SELECT a.id AS administration, t.id AS assessment, t.name AS test, t.series, t.scale, t.kind, t.benchmark_level,
           w.id AS window_id, w.name AS window_name, w.code AS window_code, w.opens, w.closes,
           y.id AS year, y.code AS year_code
    FROM assessments_administration a
    JOIN assessments_assessment t ON t.id = a.assessment_id
    JOIN assessments_window w ON w.id = a.window_id
    JOIN schools_schoolyear y ON y.id = w.year_id
"""
RESULTS = """
    SELECT administration_id AS administration, student_id AS student, school_id AS school, section_id AS section,
           upload_id AS upload, grade, status = 1 AS tested, points, scale_score, level, strands
    FROM assessments_result
"""
ANSWERS = """
    SELECT r.administration_id AS administration, r.student_id AS student, r.school_id AS school,
           r.section_id AS section, r.grade, i.id AS item, i.position, i.points::float AS worth, i.key,
           get_byte(r.points_vector, i.place) AS code, get_byte(r.choices_vector, i.place) AS choice
    FROM assessments_result r
    JOIN assessments_administration a ON a.id = r.administration_id
    JOIN (
        SELECT *, (row_number() OVER (PARTITION BY assessment_id ORDER BY position) - 1)::int AS place
        FROM assessments_item
    ) i ON i.assessment_id = a.assessment_id
    WHERE r.status = 1 AND length(r.points_vector) > 0
"""
ASKS = "SELECT item_id AS item, standard_id AS standard FROM assessments_item_standards"
CUTS = """
    SELECT assessment_id AS assessment, grade, level, minimum::float AS minimum, valid_from
    FROM assessments_cutscore
"""
SEATS = "SELECT section_id AS section, student_id AS student, starts, ends FROM schools_sectionenrollment"
ENROLLED = "SELECT school_id AS school, student_id AS student, grade, starts, ends FROM schools_enrollment"
STUDENTS = "SELECT id AS student, family_name || ', ' || given_name AS name FROM schools_student"


def table(sql: str, *values) -> pd.DataFrame:
    """The answer of the database to one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description])


@dataclass(frozen=True, eq=False)
class Facts:
    """What stands in the database on `today`, one table for each kind of row.

    answers  one row for each tested student and question: `earned` points, `given`, `missed`, `letter` chosen or ""
    by_standard  the same, once for each standard that the question asks
    """

    today: date
    sittings: pd.DataFrame
    results: pd.DataFrame
    answers: pd.DataFrame
    by_standard: pd.DataFrame
    cuts: pd.DataFrame
    seats: pd.DataFrame
    enrolled: pd.DataFrame
    names: dict[int, str]

    @classmethod
    def read(cls, today: date) -> "Facts":
        answers = _scored(table(ANSWERS))
        names = table(STUDENTS)
        return cls(
            today=today,
            sittings=table(SITTINGS).set_index("administration", drop=False),
            results=table(RESULTS),
            answers=answers,
            by_standard=answers.merge(table(ASKS), on="item"),
            cuts=table(CUTS),
            seats=table(SEATS),
            enrolled=table(ENROLLED),
            names=dict(zip(names.student, names.name, strict=True)),
        )

    def of(self, frame: pd.DataFrame, **where) -> pd.DataFrame:
        """The rows of `frame` whose columns have these values; a list means any of it."""
        for column, value in where.items():
            frame = frame[frame[column].isin(value) if isinstance(value, (list, set)) else frame[column] == value]
        return frame

    def in_class(self, name: str, section: int, administration: int) -> pd.DataFrame:
        """The rows of the table `name` ("answers", "results", ...) of one class in one administration."""
        return self._split[name].get((section, administration), getattr(self, name).iloc[:0])

    @cached_property
    def _split(self) -> dict[str, dict[tuple[int, int], pd.DataFrame]]:
        return {
            name: dict(iter(getattr(self, name).groupby(["section", "administration"])))
            for name in ("answers", "by_standard", "results")
        }

    def class_sittings(self) -> list[tuple[int, int]]:
        """Every (section, administration) with a student tested."""
        pairs = self.results[self.results.tested][["section", "administration"]].drop_duplicates()
        return sorted(pairs.astype(int).itertuples(index=False, name=None))

    def levels(self, rows: pd.DataFrame, administration: int) -> pd.Series:
        """Each row's level by the newest set of cut scores of the grade that had begun when the window opened."""
        sitting = self.sittings.loc[administration]
        cuts = self.of(self.cuts, assessment=sitting.assessment)
        cuts = cuts[cuts.valid_from <= sitting.opens]
        found = pd.Series(0, index=rows.index)
        for grade, mine in rows.groupby("grade"):
            own = cuts[cuts.grade == grade]
            if len(own):
                newest = own[own.valid_from == own.valid_from.max()].sort_values("level")
                scores = mine.scale_score.dropna()
                reached = (scores.to_numpy()[:, None] >= newest.minimum.to_numpy()[None, 1:]).sum(axis=1) + 1
                found.loc[scores.index] = reached
        return found


def _scored(answers: pd.DataFrame) -> pd.DataFrame:
    code = answers.code
    answers["given"] = code != NOT_GIVEN
    answers["earned"] = np.where(code <= 250, code / 4, 0.0)
    answers["possible"] = np.where(answers.given, answers.worth, 0.0)
    answers["missed"] = answers.given & (answers.earned == 0)
    answers["letter"] = [chr(64 + choice) if 1 <= choice <= 26 else "" for choice in answers.choice]
    return answers


def on(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """The dated rows in force on a day: both days count, no end means open."""
    return frame[(frame.starts <= day) & (frame.ends.isna() | (frame.ends >= day))]


def verdict_of(low: float, high: float, up: str, down: str, unit: int = 1) -> str:
    """`up`, `down` or too close to call, by the range as a person reads it, in whole units."""
    return up if half_up(low * unit) > 0 else down if half_up(high * unit) < 0 else "too close to call"


def half_up(value: float) -> int:
    """A whole number, halves away from zero, as a person rounds."""
    whole = int(np.floor(abs(value) + 0.5 + 1e-9))
    return whole if value >= 0 else -whole
