"""How a figure is spread in each of many groups: mean, standard deviation, quartiles. Knows no Django.

Standard deviations are of a sample (n - 1). Quartiles are interpolated linearly between neighbors (Hyndman
and Fan 1996, type 7: what a spreadsheet's QUARTILE.INC gives).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How one figure is spread in each group: arrays, one entry per group; NaN where it can't be said."""

    count: NDArray[np.int64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    q1: NDArray[np.float64]
    median: NDArray[np.float64]
    q3: NDArray[np.float64]

    def row(self, group: int) -> "SpreadRow":
        figures = (self.mean, self.sd, self.q1, self.median, self.q3)
        return SpreadRow(int(self.count[group]), *(figure(column[group]) for column in figures))


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One group's entry of a `Spread`: None where it can't be said (sd needs two students)."""

    count: int
    mean: float | None
    sd: float | None
    q1: float | None
    median: float | None
    q3: float | None


def figure(value: float) -> float | None:
    """A plain number for pages and JSON: None in place of NaN."""
    return None if np.isnan(value) else float(value)


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """One figure per student, ranked once, so that each grouping needs only a stable sort of its labels.

    Sums run over ranked values: the order of the rows in the file can't change the last digit.
    """

    values: NDArray[np.float64]  # ascending, without NaN
    row: NDArray[np.int64]  # the student each value belongs to

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> "Ranked":
        known = np.flatnonzero(~np.isnan(values))
        row = known[np.argsort(values[known])]
        return cls(values[row], row)

    def spread(self, group_of_student: NDArray[np.int64], groups: int) -> Spread:
        labels = group_of_student[self.row]
        # Narrow labels are sorted by radix: ten times faster than comparing.
        narrow = labels.astype(np.int16) if groups < np.iinfo(np.int16).max else labels
        order = np.argsort(narrow, kind="stable")
        outside = int(np.count_nonzero(labels < 0))
        values, labels = self.values[order[outside:]], labels[order[outside:]]
        count = np.bincount(labels, minlength=groups)
        last = np.cumsum(count)
        first = last - count
        some = count > 0
        mean, sd = np.full(groups, np.nan), np.full(groups, np.nan)
        if values.size:
            mean[some] = np.add.reduceat(values, first[some]) / count[some]
            squares = np.zeros(groups)
            squares[some] = np.add.reduceat((values - mean[labels]) ** 2, first[some])
            several = count > 1
            sd[several] = np.sqrt(squares[several] / (count[several] - 1))
        q1, median, q3 = (_quantile(values, first, count, share) for share in (0.25, 0.5, 0.75))
        return Spread(count, mean, sd, q1, median, q3)


def _quantile(
    values: NDArray[np.float64], first: NDArray[np.int64], count: NDArray[np.int64], share: float
) -> NDArray[np.float64]:
    """The value below which `share` of each group lies; `values` ascend within groups."""
    found = np.full(len(count), np.nan)
    some = count > 0
    place = (count[some] - 1) * share
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, count[some] - 1)
    low, high = values[first[some] + below], values[first[some] + above]
    found[some] = low + (high - low) * (place - below)
    return found
