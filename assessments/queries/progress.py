"""What became of the students of a class since the first window of the year, on one common scale."""

from dataclasses import dataclass

import numpy as np

from assessments.exports import Table
from assessments.growth import Kind, WindowScores, growth_by_group, match
from assessments.queries.sittings import History, Score, Sitting
from assessments.sentences import rounded
from assessments.sentences.figures import FEWEST_FOR_PERCENT
from assessments.sentences.growth import class_growth_sentence
from assessments.verdicts import Change


@dataclass(frozen=True, slots=True)
class Pair:
    """One student's scores in both windows."""

    label: str
    before: float
    after: float

    @property
    def change(self) -> int:
        """Whole points, so that the three figures of a row agree with each other."""
        return rounded(self.after) - rounded(self.before)


@dataclass(frozen=True)
class ClassGrowth:
    """Growth of the students who were tested in the class both times; `pairs` by name.

    All four figures are None where fewer than ten are compared; low, high and verdict where all changed alike.
    """

    since: str
    now: str
    tested: int
    pairs: tuple[Pair, ...]
    mean: float | None
    low: float | None
    high: float | None
    verdict: Change | None

    @property
    def sentence(self) -> str:
        """ "22 of 27 students compared; the class grew 6 (3 to 9) scale points"."""
        compared = len(self.pairs)
        return class_growth_sentence(compared, self.tested, self.mean, self.low, self.high, self.verdict)

    def table(self) -> Table:
        rows = tuple((pair.label, rounded(pair.before), rounded(pair.after), pair.change) for pair in self.pairs)
        return Table(f"Since {self.since}", ("Student", self.since, self.now, "Change"), rows, students=True)


def growth_of_class(history: History, sitting: Sitting, labels: dict[int, str], tested: int) -> ClassGrowth | None:
    """Growth since the first sitting of the year; None where there is none on the same scale, or nobody in both."""
    first = history.before(sitting)
    if first is None:
        return None
    before, after = _scores(history.scores[first.pk]), _scores(history.scores[sitting.pk])
    both = [pk for pk in labels if pk in before and pk in after]
    if not both:
        return None
    pairs = tuple(Pair(labels[pk], before[pk], after[pk]) for pk in both)
    found = growth_by_group(match(_window(both, before), _window(both, after), Kind.SCALE), "class")[0]
    enough = len(both) >= FEWEST_FOR_PERCENT
    mean, low, high, verdict = (found.mean, found.low, found.high, found.verdict) if enough else (None,) * 4
    return ClassGrowth(first.window, sitting.window, tested, pairs, mean, low, high, verdict)


def _scores(scores: list[Score]) -> dict[int, float]:
    """Scale scores by student, of those tested in the class."""
    return {one.student: one.scale_score for one in scores if one.here and one.tested and one.scale_score is not None}


def _window(students: list[int], scores: dict[int, float]) -> WindowScores:
    everyone = np.zeros(len(students), np.int64)
    values = np.array([scores[pk] for pk in students], float)
    return WindowScores(np.array(students, np.int64), values, everyone, {"class": everyone})
