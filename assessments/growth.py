"""What became of the same students between two windows. Knows no Django.

Two kinds
- `scale`: both tests report on one common scale. A student's growth is the later score less the earlier.
- `standing`: the tests have no common scale. A student's score becomes a z within the grade, among all who
  were tested in that window (mean 0, population standard deviation 1), and the growth is the later z less the
  earlier. The mean of all is zero by construction: the network itself can neither rise nor fall on it, so
  this kind says nothing but how a group stands against the network.

Only students with a score in both windows count, and in a group only those who were in it both times: a
school's growth is of the students it had at both windows, the network's includes those who moved between
its schools.

Formulas
- The interval is the 95 % t interval of a mean of paired differences: mean +- t(n - 1) * SD / sqrt(n).
- The effect is the mean difference over the standard deviation of the same students' earlier scores.
- Against the network: a group is part of its network, so it is compared with the rest of it, by Welch's
  interval for two means with unequal variances (Welch 1947). With n students in the group and N in all,
  group - network = (group - rest) * (N - n) / N exactly, and the interval is scaled by the same factor. So the
  figure is the difference a reader sees between the two means, and the verdict is that of group against rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from assessments.sheet import Floats, Ints
from assessments.verdicts import Change, Standing, change, standing

CONFIDENCE = 0.95
NEGLIGIBLE = 1e-9

Floats64 = NDArray[np.float64]
Ints64 = NDArray[np.int64]


class Kind(StrEnum):
    """How growth is measured."""

    SCALE = "scale"
    STANDING = "standing"


@dataclass(frozen=True, slots=True, eq=False)
class WindowScores:
    """The students of one window, one row each, in any order.

    students  their ids, each once
    scores    NaN for a student without a score
    grades    a label for each row; needed for `standing` only, may be all 0 otherwise
    groups    for each grouping a label per row (0, 1, ..., the same meaning in both windows; -1 for none)

    All rows together are the network. Raises ValueError where lengths differ or a student comes twice.
    """

    students: Ints
    scores: Floats
    grades: Ints
    groups: Mapping[str, Ints]

    def __post_init__(self) -> None:
        rows = len(self.students)
        if any(len(column) != rows for column in (self.scores, self.grades, *self.groups.values())):
            raise ValueError(f"every column of a window has one entry for each of its {rows} students")
        if len(np.unique(self.students)) != rows:
            raise ValueError("a student comes twice in one window: choose one result first")


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Two windows, and the students with a score in both, ordered by student: arrays of one length."""

    kind: Kind
    before: WindowScores
    after: WindowScores
    row_before: Ints64
    row_after: Ints64
    baseline: Floats64
    difference: Floats64

    def __len__(self) -> int:
        return len(self.difference)


@dataclass(frozen=True, slots=True)
class GroupGrowth:
    """The growth of one group. Figures are None where fewer than 2 students are matched, never NaN.

    matched  students of the group with a score in both windows; joined: with a later score only (or who were
             elsewhere before); left: with an earlier score only (or who are elsewhere now)
    mean, sd, low, high   of the differences; the interval is None where all differences are equal
    effect   mean over the SD of the earlier scores; None for `standing`, which is in SDs already
    verdict  grew, slipped, too close to call; None for `standing`
    against_mean, against_low, against_high   the group's mean less the network's, with its interval
    against  above the network, below the network, too close to call
    """

    group: int
    kind: Kind
    matched: int
    joined: int
    left: int
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    effect: float | None
    verdict: Change | None
    against_mean: float | None
    against_low: float | None
    against_high: float | None
    against: Standing | None


def match(before: WindowScores, after: WindowScores, kind: Kind) -> Pairs:
    """Pair the students who have a score in both windows."""
    first, second = _measured(before, kind), _measured(after, kind)
    known_before, known_after = np.flatnonzero(~np.isnan(first)), np.flatnonzero(~np.isnan(second))
    _, in_before, in_after = np.intersect1d(
        before.students[known_before], after.students[known_after], assume_unique=True, return_indices=True
    )
    row_before, row_after = known_before[in_before], known_after[in_after]
    baseline = first[row_before]
    return Pairs(kind, before, after, row_before, row_after, baseline, second[row_after] - baseline)


def growth_by_group(pairs: Pairs, grouping: str, *, within: str | None = None) -> list[GroupGrowth]:
    """The growth of every group of one grouping, in the order of its labels.

    Each group is compared with the whole network, or, with `within`, with those in its own part of another
    grouping: a school's grade 5 with the network's grade 5. Raises KeyError for a grouping the windows lack,
    and ValueError where a group lies in more than one part.
    """
    earlier, later = pairs.before.groups[grouping], pairs.after.groups[grouping]
    size = int(max(earlier.max(initial=-1), later.max(initial=-1))) + 1
    labels = _stayed(pairs, grouping)
    own = _Moments.of(pairs.difference, labels, size)
    baseline = _Moments.of(pairs.baseline, labels, size)
    everyone, part = _comparison(pairs, labels, size, within)
    with_score_before = _labels_with_score(earlier, pairs.before.scores, size)
    with_score_after = _labels_with_score(later, pairs.after.scores, size)
    return [
        _growth(
            pairs.kind,
            own.entry(group),
            baseline.entry(group),
            everyone.entry(part[group]),
            group=group,
            joined=int(with_score_after[group] - own.count[group]),
            left=int(with_score_before[group] - own.count[group]),
        )
        for group in range(size)
    ]


def standing_in_grade(scores: Floats, grades: Ints) -> Floats64:
    """Each score as a z within its grade, with the population standard deviation.

    NaN where there is no score, or where the grade's scores do not vary (or there is only one).
    """
    found = np.full(len(scores), np.nan)
    for grade in np.unique(grades):
        rows = np.flatnonzero((grades == grade) & ~np.isnan(scores))
        # Sorted sums: the order of the rows can't change the last digit.
        values = np.sort(scores[rows].astype(np.float64))
        if values.size and values[0] < values[-1]:
            found[rows] = (scores[rows] - values.mean()) / values.std()
    return found


def _measured(window: WindowScores, kind: Kind) -> Floats64:
    if kind is Kind.STANDING:
        return standing_in_grade(window.scores, window.grades)
    return window.scores.astype(np.float64)


def _labels_with_score(labels: Ints, scores: Floats, size: int) -> Ints64:
    """Students with a score in each group."""
    return np.bincount(labels[(labels >= 0) & ~np.isnan(scores)].astype(np.int64), minlength=size)


def _stayed(pairs: Pairs, grouping: str) -> Ints64:
    """The group of each pair that was in it both times, -1 for the others."""
    earlier = pairs.before.groups[grouping][pairs.row_before]
    later = pairs.after.groups[grouping][pairs.row_after]
    return np.where(earlier == later, later, -1).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Sample:
    """Count, mean and sum of squared distances from the mean of one set of figures."""

    count: int
    mean: float
    squares: float

    @property
    def variance(self) -> float:
        """Of a sample; 0 where what is left is the rounding of equal figures."""
        if self.count < 2:
            return 0.0
        found = self.squares / (self.count - 1)
        return found if found > (NEGLIGIBLE * max(1.0, abs(self.mean))) ** 2 else 0.0

    def without(self, part: "_Sample") -> "_Sample":
        """What is left when `part` is taken out of it (Chan, Golub and LeVeque 1983, solved for the rest)."""
        count = self.count - part.count
        if not count:
            return _Sample(0, 0.0, 0.0)
        mean = self.mean + (self.mean - part.mean) * part.count / count
        squares = self.squares - part.squares - (mean - part.mean) ** 2 * part.count * count / self.count
        return _Sample(count, mean, max(squares, 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """`_Sample`s of many groups, as columns."""

    count: Ints64
    mean: Floats64
    squares: Floats64

    @classmethod
    def of(cls, values: Floats64, labels: Ints64, size: int) -> "_Moments":
        inside = labels >= 0
        values, labels = values[inside], labels[inside]
        count = np.bincount(labels, minlength=size)
        mean = np.bincount(labels, weights=values, minlength=size) / np.maximum(count, 1)
        squares = np.bincount(labels, weights=(values - mean[labels]) ** 2, minlength=size).astype(np.float64)
        return cls(count, mean, squares)

    def entry(self, group: int) -> _Sample:
        return _Sample(int(self.count[group]), float(self.mean[group]), float(self.squares[group]))


def _comparison(pairs: Pairs, labels: Ints64, size: int, within: str | None) -> tuple[_Moments, list[int]]:
    """The samples the groups are compared with, and which of them each group belongs to."""
    if within is None:
        return _Moments.of(pairs.difference, np.zeros(len(pairs), np.int64), 1), [0] * size
    parts = _stayed(pairs, within)
    inside = labels >= 0
    part = np.full(size, -1)
    part[labels[inside]] = parts[inside]
    if (part[labels[inside]] != parts[inside]).any():
        raise ValueError(f"a group lies in more than one part of {within}: it can't be compared within it")
    return _Moments.of(pairs.difference, parts, int(parts.max(initial=0)) + 1), np.maximum(part, 0).tolist()


def _growth(
    kind: Kind, own: _Sample, baseline: _Sample, everyone: _Sample, *, group: int, joined: int, left: int
) -> GroupGrowth:
    if own.count < 2:
        nothing = dict.fromkeys(("mean", "sd", "low", "high", "effect", "verdict"))
        against = dict.fromkeys(("against_mean", "against_low", "against_high", "against"))
        return GroupGrowth(group, kind, own.count, joined, left, **nothing, **against)
    low, high = _interval(own.mean, own.variance / own.count, own.count - 1)
    rest = everyone.without(own)
    against_mean, against_low, against_high = _against(own, rest, everyone)
    spread = float(np.sqrt(baseline.variance))
    on_scale = kind is Kind.SCALE
    return GroupGrowth(
        group=group,
        kind=kind,
        matched=own.count,
        joined=joined,
        left=left,
        mean=own.mean,
        sd=float(np.sqrt(own.variance)),
        low=low,
        high=high,
        effect=own.mean / spread if on_scale and spread else None,
        verdict=change(low, high) if on_scale else None,
        against_mean=against_mean,
        against_low=against_low,
        against_high=against_high,
        against=standing(against_low, against_high, in_deviations=not on_scale),
    )


def _interval(mean: float, variance_of_mean: float, freedom: float) -> tuple[float | None, float | None]:
    """The t interval of a mean; none where there is no spread to judge by."""
    if not variance_of_mean:
        return None, None
    half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * float(np.sqrt(variance_of_mean))
    return mean - half, mean + half


def _against(own: _Sample, rest: _Sample, everyone: _Sample) -> tuple[float | None, float | None, float | None]:
    """The group's mean less everyone's, with Welch's interval (of group against rest, scaled)."""
    if rest.count < 2:
        return None, None, None
    part, other = own.variance / own.count, rest.variance / rest.count
    apart = own.mean - rest.mean
    share = rest.count / everyone.count
    if not part + other:
        return apart * share, None, None
    freedom = (part + other) ** 2 / (part**2 / (own.count - 1) + other**2 / (rest.count - 1))
    low, high = _interval(apart, part + other, freedom)
    return apart * share, None if low is None else low * share, None if high is None else high * share
