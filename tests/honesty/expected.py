"""What is true of a network made in memory, and how likely a fair test is to see it. Uses nothing of `assessments`.

From the three-parameter logistic model (Birnbaum 1968) with the generator's own numbers:
- Information of a question, per point: a^2 ((p - c) / (1 - c))^2 (1 - p) / p.
- A score is an expected ability under a normal prior, so a true change is seen shrunken by k = I / (I + 1 / prior^2),
  and a score's error has the variance k^2 / I.
- The power of a t test is that of the noncentral t distribution.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from pop_network.demo.abilities import GROWTH, OCCASION, OWN_PACE
from pop_network.demo.answers import LEFT_BLANK, PRIOR_SD
from pop_network.demo.instruments import LETTERS, SCALE_UNIT, Form, grade_mean
from pop_network.demo.places import SCHOOLS
from pop_network.demo.planted import FRACTIONS_FOLLOWED_UP, ONE_SCHOOL_LOST
from tests.honesty.networks import WINTER, Sat

STUDENT_SD = 0.85  # of abilities within a grade of a school, in logits
PACE_TO_WINTER = OWN_PACE / 3  # Winter 1 is the second of four windows
LEVEL = 0.95
LEAST_EDGE = 0.5  # scale points: an edge of a range that is nearer to zero is printed as 0, and nothing is claimed
LOGISTIC = ("sharpness", "difficulty", "guessing")
POINTS_APART = 4.5  # whole per cents that differ by 5 or more differ by 4.5 or more before rounding, on average


@dataclass(frozen=True, slots=True)
class Group:
    """A group's true change in scale points between two windows, and the variance of its students' changes."""

    students: int
    change: float
    variance: float


class Changes:
    """True changes of a planted network, Fall to Winter 1, by grade and school (by its place), worked out once."""

    def __init__(self, forms: dict[str, Form]):
        self.forms, self._known = forms, {}

    def group(self, parts: dict[tuple[str, int], int]) -> Group:
        """The truth of a group of so many students of each grade and school."""
        counts = np.array(list(parts.values()))
        found = np.array([self._of(*part) for part in parts])
        share = counts / counts.sum()
        mean = float(share @ found[:, 0])
        return Group(int(counts.sum()), mean, float(share @ (found[:, 1] + (found[:, 0] - mean) ** 2)))

    def _of(self, grade: str, school: int) -> tuple[float, float]:
        if (grade, school) not in self._known:
            self._known[grade, school] = _change(self.forms[grade], school)
        return self._known[grade, school]


def _change(form: Form, school: int) -> tuple[float, float]:
    """(true change, variance of a student's change) on a form in a school, in scale points."""
    place = SCHOOLS[school]
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    weights = weights / weights.sum()
    ability = grade_mean(form.grade) + place.strength + STUDENT_SD * nodes
    each = information(form, ability)
    all_of_it = each.sum(axis=0)
    fractions = np.array([item.standard in FRACTIONS_FOLLOWED_UP.standards for item in form.items])
    logits = np.full(len(ability), GROWTH[WINTER])
    if place.code in ONE_SCHOOL_LOST.schools:
        logits += ONE_SCHOOL_LOST.logits[WINTER]
    if place.code in FRACTIONS_FOLLOWED_UP.schools:
        logits += FRACTIONS_FOLLOWED_UP.logits[WINTER] * each[fractions].sum(axis=0) / all_of_it
    pull = all_of_it / (all_of_it + 1 / PRIOR_SD**2)
    noise = 2 * pull**2 / all_of_it + pull**2 * (PACE_TO_WINTER**2 + 2 * OCCASION**2)
    change = pull * logits
    mean = float(weights @ change)
    spread = float(weights @ (noise + (change - mean) ** 2))
    return SCALE_UNIT * mean, SCALE_UNIT**2 * spread + 2 / 12  # whole points: two roundings


def information(form: Form, ability: np.ndarray) -> np.ndarray:
    """Fisher information of each question at each ability: items x abilities."""
    a, b, c, steps = (
        np.array([getattr(item, name) for item in form.items])[:, None]
        for name in ("sharpness", "difficulty", "guessing", "points")
    )
    p = c + (1 - c) / (1 + np.exp(-a * (ability - b)))
    return steps * a**2 * ((p - c) / (1 - c)) ** 2 * (1 - p) / p


def power_of_change(group: Group) -> float:
    """How likely a t test at 5 % finds the group's change, on its true side."""
    return _power(group.change, group.variance / group.students, group.students - 1, LEAST_EDGE)


def power_against(group: Group, rest: Group) -> float:
    """How likely Welch's test at 5 % finds that the group differs from the rest, on its true side."""
    own, other = group.variance / group.students, rest.variance / rest.students
    freedom = (own + other) ** 2 / (own**2 / (group.students - 1) + other**2 / (rest.students - 1))
    to_the_whole = rest.students / (group.students + rest.students)  # the page tells the distance from all
    return _power(group.change - rest.change, own + other, freedom, LEAST_EDGE / to_the_whole)


def _power(change: float, variance: float, freedom: float, edge: float) -> float:
    """The chance that the near end of the interval lies at `edge` or beyond it, on the side of the true change."""
    least = special.stdtrit(freedom, (1 + LEVEL) / 2)
    return float(1 - special.nctdtr(freedom, (abs(change) - edge) / np.sqrt(variance), least))


@lru_cache(maxsize=2)
def right(sat: Sat) -> np.ndarray:
    """The true probability of each student's point on each question: students x items."""
    a, b, c = (np.array([getattr(item, name) for item in sat.form.items]) for name in LOGISTIC)
    return c + (1 - c) / (1 + np.exp(-a * (sat.able - b)))


def power_of_percent(sat: Sat, section: np.ndarray, asks: np.ndarray) -> tuple[float, float]:
    """(true gap in points of 100, how likely the class is shown 5 or more apart on its true side).

    section  bool over students; asks  bool over items. These students' own probabilities are the truth: only the luck
    of their answers is chance.
    """
    steps = np.array([item.points for item in sat.form.items])[asks]
    p = right(sat)[:, asks]
    got, variance = (p * steps).sum(axis=1), (p * (1 - p) * steps).sum(axis=1)
    inside, outside = got[section], got[~section]
    if not outside.size:
        return 0.0, 0.0
    rest = len(outside) / len(got)
    gap = 100 * rest * (inside.mean() - outside.mean()) / steps.sum()
    error = variance[section].sum() / len(inside) ** 2 + variance[~section].sum() / len(outside) ** 2
    spread = np.sqrt((100 * rest / steps.sum()) ** 2 * error + 2 / 12)
    return float(gap), float(special.ndtr((abs(gap) - POINTS_APART) / spread))


def power_of_key(sat: Sat, item: int) -> float:
    """How likely more students choose the right answer of a question than the wrong one its key names."""
    asked = sat.form.items[item]
    wrong = [letter for letter in LETTERS if letter != asked.key]
    p = right(sat)[:, item]
    first = p.sum()
    second = ((1 - p) * (1 - LEFT_BLANK)).sum() * asked.pull[wrong.index(asked.stated_key)]
    spread = np.sqrt(first + second - (first - second) ** 2 / len(p))
    return float(special.ndtr((first - second) / spread))


def power_of_shift(sat: Sat, inside: np.ndarray, before: float, drop: float) -> float:
    """How likely a school whose answers stand one column too far to the right falls by more than `drop` below
    `before`, a share of the points. Every question is taken to have choices and one point."""
    p = right(sat)[inside]
    missed = (1 - p) * (1 - LEFT_BLANK)
    hit = np.zeros_like(p)  # the first column is empty now, and the last answer fell off
    for place in range(1, p.shape[1]):
        key, answered = sat.form.items[place].key, sat.form.items[place - 1]
        wrong = [letter for letter in LETTERS if letter != answered.key]
        same = key == answered.key
        hit[:, place] = p[:, place - 1] if same else missed[:, place - 1] * answered.pull[wrong.index(key)]
    spread = np.sqrt((hit * (1 - hit)).sum()) / hit.size
    return float(special.ndtr((before - drop - hit.mean()) / spread))
