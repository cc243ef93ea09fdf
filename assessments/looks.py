"""What a person should look at before a file is published: keys and columns that may be wrong. Knows no Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assessments.responses import CHOICE_LETTERS, NO_CHOICE, UNITS_PER_POINT, earned, given
from assessments.sentences.figures import percent

FEWEST_TO_DOUBT_A_KEY = 10
FEWEST_TO_DOUBT_A_SCHOOL = 5
SHIFTED_BY = 0.25


class Asked(Protocol):
    """A question: `key` is the letter of the right choice, "" where it has none."""

    @property
    def points(self) -> float: ...
    @property
    def key(self) -> str: ...


@dataclass(frozen=True, slots=True)
class DoubtfulKey:
    """A question by its place in the test, and the letter that `percent` of those who chose anything chose."""

    place: int
    letter: str
    percent: int


@dataclass(frozen=True, slots=True)
class DoubtfulSchool:
    """A school by its id, and the whole per cent of the points it earned now."""

    school: int
    percent: int


def doubtful_keys(items: Sequence[Asked], choices: np.ndarray) -> list[DoubtfulKey]:
    """Questions where another option was chosen more often than the key.

    `choices` is students x questions in the codes of `responses`, of the tested alone.
    """
    found = []
    for place, item in enumerate(items):
        chosen = choices[choices[:, place] != NO_CHOICE, place]
        if not item.key or len(chosen) < FEWEST_TO_DOUBT_A_KEY:
            continue
        counts = np.bincount(chosen, minlength=len(CHOICE_LETTERS) + 1)[1 : len(CHOICE_LETTERS) + 1]
        most = int(counts.argmax())
        if counts[most] > counts[CHOICE_LETTERS.index(item.key)]:
            found.append(DoubtfulKey(place, CHOICE_LETTERS[most], percent(int(counts[most]), len(chosen))))
    return found


def doubtful_schools(
    items: Sequence[Asked], points: np.ndarray, schools: np.ndarray, earlier: Mapping[int, float]
) -> list[DoubtfulSchool]:
    """Schools that earned far less of the points than before, in the order of their ids.

    points   students x questions in the codes of `responses`, of the tested alone; schools: the id of each one's
    earlier  by school, the share of the points (0 to 1) its students earned before on the same kind of test
    """
    worth = np.array([item.points * UNITS_PER_POINT for item in items])
    found = []
    for school in sorted(earlier.keys() & set(np.unique(schools).tolist())):
        rows = points[schools == school]
        possible = float((given(rows) * worth).sum())
        if len(rows) < FEWEST_TO_DOUBT_A_SCHOOL or not possible:
            continue
        got = float(earned(rows).sum())
        if earlier[school] - got / possible > SHIFTED_BY:
            found.append(DoubtfulSchool(school, percent(got, possible)))
    return found
