"""One class, one test: who needs what, which questions went wrong, and how. Computed live. Knows no Django.

Students and questions are named by their row and column in the sheet. The rules are plain ones that a teacher
can check by counting; no statistic chooses a group.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessments.responses import (
    BLANK,
    CHOICE_LETTERS,
    MULTIPLE,
    NO_CHOICE,
    NOT_REACHED,
    UNITS_PER_POINT,
    earned,
    given,
)
from assessments.sheet import Bools, Sheet

FEWEST_QUESTIONS = 3
NEED_BELOW_PERCENT = 50
READY_FROM_PERCENT = 80
FEWEST_FOR_POPULAR = 5


@dataclass(frozen=True, slots=True)
class Earned:
    """Points earned of the points of the questions given."""

    earned: float
    possible: float

    @property
    def share(self) -> float | None:
        """The share, 0 to 1; None where no question was given."""
        return self.earned / self.possible if self.possible else None


@dataclass(frozen=True, slots=True)
class ClassStandard:
    """One standard in one class.

    questions  how many items of the test ask it; under 3, `needs` stays empty
    points     of the whole class
    students   tested students who were given at least one of its questions
    by_student rows of the sheet in order: None where the student was not tested or was given none
    needs      rows of the students who earned under half of the points of at least 3 questions
    """

    standard: int
    questions: int
    points: Earned
    students: int
    by_student: tuple[Earned | None, ...]
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClassStandards:
    """A class by standard.

    ready  rows of the students ready for more: at least 80 % of the points of all questions given, and in no
           standard's `needs`, so that nobody stands in both lists
    """

    tested: int
    points: Earned
    by_student: tuple[Earned | None, ...]
    standards: tuple[ClassStandard, ...]
    ready: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """An option that students who missed the question chose. Text and suggestion are "" where not on file."""

    letter: str
    students: int
    text: str
    suggests: str


@dataclass(frozen=True, slots=True)
class ClassQuestion:
    """One question in one class.

    given    tested students to whom it was put; the other counts are of these
    right    earned all its points; `partly` some of them; `missed` none (a blank is missed)
    blank    left blank, and not_reached not reached: both are among the missed
    several  marked more than one option
    wrong    what those who missed it chose, commonest first
    """

    item: int
    given: int
    points: Earned
    right: int
    partly: int
    missed: int
    blank: int
    not_reached: int
    several: int
    wrong: tuple[WrongAnswer, ...]


def standards_of_class(sheet: Sheet) -> ClassStandards:
    """The class by standard, with each student's points: who needs what, and who is ready for more."""
    asked = given(sheet.points) & sheet.tested[:, np.newaxis]
    units = np.where(asked, earned(sheet.points), 0).astype(np.int64)
    worth = np.where(asked, sheet.worth, 0).astype(np.int64)
    standards = tuple(
        _standard(number, asked[:, items], units[:, items], worth[:, items])
        for number, items in enumerate(sheet.standards)
    )
    in_need = {row for standard in standards for row in standard.needs}
    got, possible = units.sum(axis=1), worth.sum(axis=1)
    ready = np.flatnonzero((possible > 0) & (100 * got >= READY_FROM_PERCENT * possible)).tolist()
    return ClassStandards(
        tested=int(np.count_nonzero(sheet.tested)),
        points=_points(int(got.sum()), int(possible.sum())),
        by_student=_by_student(got, possible),
        standards=standards,
        ready=tuple(row for row in ready if row not in in_need),
    )


def questions_of_class(
    sheet: Sheet, texts: Sequence[Mapping[str, Mapping[str, str]]] | None = None
) -> tuple[ClassQuestion, ...]:
    """Every question of the class, in the order of the test.

    `texts` holds for each item its choices as the item list does: {"A": {"text": ..., "suggests": ...}}.
    """
    return tuple(
        _question(sheet, item, texts[item] if texts is not None else {}) for item in range(sheet.points.shape[1])
    )


def hardest(questions: Sequence[ClassQuestion]) -> list[ClassQuestion]:
    """The questions by share of points earned, lowest first, ties in test order; without those not given."""
    asked = [(question.points.share, question) for question in questions]
    known = [(share, question) for share, question in asked if share is not None]
    return [question for share, question in sorted(known, key=lambda pair: (pair[0], pair[1].item))]


def popular_wrong_answers(
    questions: Sequence[ClassQuestion], at_least: int = FEWEST_FOR_POPULAR
) -> list[ClassQuestion]:
    """The questions whose commonest wrong answer (`wrong[0]`) 5 students or more chose, most popular first."""
    missed = [question for question in questions if question.wrong]
    popular = [question for question in missed if question.wrong[0].students >= at_least]
    return sorted(popular, key=lambda question: (-question.wrong[0].students, question.item))


def _points(units: int, worth: int) -> Earned:
    return Earned(units / UNITS_PER_POINT, worth / UNITS_PER_POINT)


def _by_student(units: NDArray[np.int64], worth: NDArray[np.int64]) -> tuple[Earned | None, ...]:
    pairs = zip(units.tolist(), worth.tolist(), strict=True)
    return tuple(_points(got, possible) if possible else None for got, possible in pairs)


def _standard(number: int, asked: Bools, units: NDArray[np.int64], worth: NDArray[np.int64]) -> ClassStandard:
    """One standard, given its own columns: students x questions."""
    got, possible, questions = units.sum(axis=1), worth.sum(axis=1), asked.sum(axis=1)
    under_half = (100 * got < NEED_BELOW_PERCENT * possible) & (questions >= FEWEST_QUESTIONS)
    return ClassStandard(
        standard=number,
        questions=asked.shape[1],
        points=_points(int(got.sum()), int(possible.sum())),
        students=int(np.count_nonzero(questions)),
        by_student=_by_student(got, possible),
        needs=tuple(np.flatnonzero(under_half).tolist()),
    )


def _question(sheet: Sheet, item: int, texts: Mapping[str, Mapping[str, str]]) -> ClassQuestion:
    column = sheet.points[:, item]
    asked = given(column) & sheet.tested
    column, units, full = column[asked], earned(column)[asked], int(sheet.worth[item])
    chosen = np.zeros_like(column) if sheet.choices is None else sheet.choices[asked, item]
    missed = (units == 0) & (full > 0)  # a question worth nothing can't be missed
    return ClassQuestion(
        item=item,
        given=len(column),
        points=_points(int(units.sum(dtype=np.int64)), full * len(column)),
        right=int(np.count_nonzero((units >= full) & (full > 0))),
        partly=int(np.count_nonzero((units > 0) & (units < full))),
        missed=int(np.count_nonzero(missed)),
        blank=int(np.count_nonzero(column == BLANK)),
        not_reached=int(np.count_nonzero(column == NOT_REACHED)),
        several=int(np.count_nonzero(chosen == MULTIPLE)),
        wrong=_wrong_answers(chosen[missed], texts),
    )


def _wrong_answers(chosen: NDArray[np.uint8], texts: Mapping[str, Mapping[str, str]]) -> tuple[WrongAnswer, ...]:
    """What was chosen by those who earned nothing, commonest first, ties by letter."""
    letters = chosen[(chosen != NO_CHOICE) & (chosen != MULTIPLE)].tolist()
    counts = Counter(CHOICE_LETTERS[code - 1] for code in letters)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    found = []
    for letter, count in ranked:
        option = texts.get(letter, {})
        found.append(WrongAnswer(letter, count, option.get("text", ""), option.get("suggests", "")))
    return tuple(found)
