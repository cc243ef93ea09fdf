"""A class without questions to look at: each student's scores by name, and the means by strand of an adaptive test."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assessments.charts import axis_ticks, scale_for
from assessments.exports import Table
from assessments.queries.classes import Person, Tested
from assessments.sentences import rounded
from assessments.sentences.figures import FEWEST_FOR_PERCENT

AXIS_MARGIN = 10  # scale points: a small difference must not fill the axis


@dataclass(frozen=True)
class StrandRow:
    """What an adaptive test reports in place of a standard: the mean of the students who have a score in it."""

    name: str
    mean: float
    students: int


@dataclass(frozen=True)
class StudentRow:
    """One student's totals; `strands` in the order of `Totals.strand_names`."""

    label: str
    points: float | None
    scale_score: float | None
    level: int | None
    strands: tuple[float | None, ...]


class Totals:
    """The scores of the students tested in a class; `names` are the test's strands."""

    def __init__(self, tested: Tested, names: Sequence[str], whose: str, *, lowest_first: bool):
        self.people, self.sheet, self.whose = tested.people, tested.sheet, whose
        self._names, self._lowest_first = names, lowest_first

    @cached_property
    def _used(self) -> list[int]:
        """Positions of the strands that at least one tested student has."""
        strands = self.sheet.strands
        if strands is None or not self.sheet.tested.any():
            return []
        return np.flatnonzero(~np.isnan(strands[self.sheet.tested]).all(axis=0)).tolist()

    @property
    def strand_names(self) -> list[str]:
        return [self._names[n] for n in self._used]

    @cached_property
    def strands(self) -> list[StrandRow]:
        """Means by strand, lowest first or in the order of the test."""
        found = []
        for n in self._used:
            column = self.sheet.strands[self.sheet.tested, n]
            known = column[~np.isnan(column)]
            found.append(StrandRow(self._names[n], float(known.mean()), int(known.size)))
        return sorted(found, key=lambda row: row.mean) if self._lowest_first else found

    @cached_property
    def shown_strands(self) -> list[StrandRow]:
        """Strands in which ten students or more have a score; a smaller class has no means."""
        return [row for row in self.strands if row.students >= FEWEST_FOR_PERCENT]

    @cached_property
    def chart(self) -> dict:
        """Dots on one axis for `parts/strands.html`."""
        means = [row.mean for row in self.shown_strands]
        scale = scale_for([min(means) - AXIS_MARGIN, max(means) + AXIS_MARGIN])
        rows = [
            {
                "name": row.name,
                "x": scale.at(row.mean),
                "mean": rounded(row.mean),
                "students": row.students,
                "sentence": f"{row.name}: {self.whose} {rounded(row.mean)} scale points",
            }
            for row in self.shown_strands
        ]
        return {"ticks": axis_ticks(scale), "rows": rows}

    @cached_property
    def rows(self) -> list[StudentRow]:
        """Each tested student, by name."""
        points, found = self.sheet.total_points(), []
        for n in np.flatnonzero(self.sheet.tested).tolist():
            strands = tuple(_figure(self.sheet.strands[n, strand]) for strand in self._used)
            score, level = _figure(self.sheet.scores[n]), int(self.sheet.levels[n]) or None
            found.append(StudentRow(self.people[n].label, _figure(points[n]), score, level, strands))
        return found

    def strands_table(self) -> Table:
        rows = tuple((row.name, rounded(row.mean), row.students) for row in self.shown_strands)
        return Table("By strand", ("Strand", "Mean in scale points", "Students"), rows)

    def students_table(self, untested: Sequence[Person]) -> Table:
        """Every student of the class, the untested ones too, by name."""
        rows = [
            (row.label, "tested", row.points, _whole(row.scale_score), row.level, *map(_whole, row.strands))
            for row in self.rows
        ]
        rows += [(person.label, "not tested", *[None] * (3 + len(self.strand_names))) for person in untested]
        header = ("Student", "Status", "Points", "Scale score", "Level", *self.strand_names)
        return Table("Students", header, tuple(sorted(rows, key=lambda row: row[0].casefold())), students=True)


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _whole(value: float | None) -> int | None:
    return None if value is None else rounded(value)
