"""From abilities to answers, and from answers to scale scores: the logistic model with guessing.

The probability of a right answer is c + (1 - c) / (1 + exp(-a (ability - difficulty))), with c the chance of a lucky
guess (Birnbaum 1968). Who misses a question with choices takes one of the wrong ones, some of which pull harder. A
question worth several points is answered step by step, each step with the same probability.
"""

from dataclasses import dataclass

import numpy as np

from assessments.responses import (
    BLANK,
    CHOICE_LETTERS,
    MULTIPLE,
    NO_CHOICE,
    NOT_REACHED,
    UNITS_PER_POINT,
    score_choices,
)
from pop_network.demo.instruments import LETTERS, DemoItem, scale_score

LEFT_BLANK = 0.05  # of the questions missed
LEFT_OPEN_BLANK = 0.30  # ... where an own answer is asked
SEVERAL_MARKS = 0.003
OUT_OF_TIME = 0.04  # of the students
MOST_NOT_REACHED = 4
PRIOR_SD = 1.6  # of abilities, in logits: so wide that it hardly pulls
GRID = np.linspace(-4.5, 7.5, 161)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One form's answers, as `assessments/responses.py` codes them: uint8, students x items.

    points    as the test set-up file's key scores them
    earned    points in truth, by the right key
    """

    choices: np.ndarray
    points: np.ndarray
    earned: np.ndarray


def answer(chance: np.random.Generator, items: tuple[DemoItem, ...], abilities: np.ndarray) -> Answers:
    """The answers of students with these abilities (students x items, in logits)."""
    probability = right_answers(items, abilities)
    steps = np.array([item.points for item in items])
    earned = chance.binomial(steps, probability)
    marked = np.array([bool(item.key) for item in items])
    blank_share = np.where(marked, LEFT_BLANK, LEFT_OPEN_BLANK)
    blank = (earned == 0) & (chance.random(earned.shape) < blank_share)
    several = marked & ~blank & (chance.random(earned.shape) < SEVERAL_MARKS)
    choices = _choices(chance, items, earned)
    choices[blank] = NO_CHOICE
    choices[several] = MULTIPLE
    not_reached = _not_reached(chance, *earned.shape)
    choices[not_reached] = NO_CHOICE

    def coded(keys: list[str]) -> np.ndarray:
        codes = np.array([LETTERS.index(key) + 1 if key else NO_CHOICE for key in keys])
        points = np.where(marked, score_choices(choices, codes, steps * UNITS_PER_POINT), earned * UNITS_PER_POINT)
        points = np.where(blank, BLANK, points)
        return np.where(not_reached, NOT_REACHED, points).astype(np.uint8)

    return Answers(choices, coded([item.stated_key for item in items]), coded([item.key for item in items]))


def right_answers(items: tuple[DemoItem, ...], abilities: np.ndarray) -> np.ndarray:
    """The probability of each right answer; abilities are ... x items, or of one column."""
    sharpness, difficulty, guessing = (
        np.array([getattr(item, name) for item in items]) for name in ("sharpness", "difficulty", "guessing")
    )
    return guessing + (1 - guessing) / (1 + np.exp(-sharpness * (abilities - difficulty)))


def scores(items: tuple[DemoItem, ...], earned: np.ndarray, mean: float) -> np.ndarray:
    """Scale scores: the expected ability given the answers (students x items, quarter points or codes).

    The prior is normal around the grade's mean; blanks and questions not reached count as missed.
    """
    steps = np.array([item.points for item in items])
    got = np.where(earned > steps * UNITS_PER_POINT, 0, earned) / UNITS_PER_POINT
    probability = right_answers(items, GRID[:, None])
    likelihood = got @ np.log(probability).T + (steps - got) @ np.log1p(-probability).T
    posterior = likelihood - (GRID - mean) ** 2 / (2 * PRIOR_SD**2)
    weight = np.exp(posterior - posterior.max(axis=1, keepdims=True))
    return scale_score(weight @ GRID / weight.sum(axis=1))


def _choices(chance: np.random.Generator, items: tuple[DemoItem, ...], earned: np.ndarray) -> np.ndarray:
    """The letter each student marks; nothing where the question has none."""
    choices = np.zeros(earned.shape, np.uint8)
    for place, item in enumerate(items):
        if not item.key:
            continue
        wrong = [CHOICE_LETTERS.index(letter) + 1 for letter in LETTERS if letter != item.key]
        missed = chance.choice(wrong, size=len(earned), p=item.pull)
        choices[:, place] = np.where(earned[:, place] > 0, CHOICE_LETTERS.index(item.key) + 1, missed)
    return choices


def _not_reached(chance: np.random.Generator, students: int, items: int) -> np.ndarray:
    """The questions at the end that some did not come to: bool, students x items."""
    late = chance.random(students) < OUT_OF_TIME
    last = np.where(late, items - chance.integers(1, MOST_NOT_REACHED + 1, students), items)
    return np.arange(items) >= last[:, None]
