"""How the questions of a test worked: difficulty, discrimination, distractors, reliability. Knows no Django.

Conventions
- A blank and an answer not reached earn 0. An item that was not given counts nowhere: the figures of an
  item are over the students who were given it, and how a student did on "the rest of the test" is the share
  of points earned on the other items given. Where all were given every item, that ranks students as the sum
  of points does.
- Discrimination is the corrected item-rest correlation (the item is taken out of the total). An option's
  correlation is between choosing it and the share of points on the whole test.
- One convention of variance throughout, of a population (divided by n): mixing the two inflates alpha.
- Reliability is Cronbach's alpha (1951), which for items that are right or wrong and worth the same is the
  KR-20 of Kuder and Richardson (1937). It is over the students who were given every item. The standard
  error of measurement is SD * sqrt(1 - alpha), in points.
- What can't be said is None with the reason in words beside it: never 0, never NaN.

Use it for a grade across the network or a whole form, not for a class: with 8 students a correlation is
uncertain by a third.
"""

from collections.abc import Sequence
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
from assessments.sheet import Floats, Ints

FEWEST_FOR_ITEMS = 30
FEWEST_FOR_RELIABILITY = 50
FEWEST_TO_FLAG_OPTION = 5
HARDLY_CHOSEN_BELOW_PERCENT = 5

CHECK_KEY = "check the key"
MORE_THAN_KEY = "chosen more than the key"
BY_STRONGER_STUDENTS = "chosen by stronger students"
HARDLY_CHOSEN = "hardly chosen"
NO_VARIATION = "no variation"

Matrix = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class OptionStatistics:
    """One option of an item: students who chose it, and their share of those given the item.

    correlation is None where too few took the test, or where none or all chose the option. Flags are
    MORE_THAN_KEY, BY_STRONGER_STUDENTS (only from 5 students up) and HARDLY_CHOSEN (under 5 %), on wrong
    options.
    """

    letter: str
    is_key: bool
    students: int
    share: float
    correlation: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One item, named by its column in the matrix.

    students     given the item; blank, not_reached and several (marked more than one) are among them
    p            mean points over the most points, 0 to 1; None where that can't be said
    difficulty   p in a word, or ""
    correlation  item-rest; where it is None, `reason` says why
    discrimination  the correlation in words, or ""
    uncorrected  item-total, only where it was asked for
    options      empty where the file had no choices
    """

    item: int
    students: int
    p: float | None
    difficulty: str
    correlation: float | None
    discrimination: str
    reason: str
    uncorrected: float | None
    blank: int
    not_reached: int
    several: int
    options: tuple[OptionStatistics, ...]


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far the total can be trusted, over the students who were given every item.

    alpha and sem (in points) are None where `reason` says why; `word` is alpha in words: "high", "good",
    "low to moderate", "doubtful", "very low", or "".
    """

    name: str
    students: int
    alpha: float | None
    sem: float | None
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class FormStatistics:
    """A whole form, over all its tested students."""

    students: int
    items: tuple[ItemStatistics, ...]
    reliability: Reliability


def form_statistics(
    points: Matrix,
    worth: Ints,
    *,
    choices: Matrix | None = None,
    keys: Ints | None = None,
    offered: Sequence[str] | None = None,
    with_uncorrected: bool = False,
    fewest_for_items: int = FEWEST_FOR_ITEMS,
    fewest_for_reliability: int = FEWEST_FOR_RELIABILITY,
) -> FormStatistics:
    """Statistics of every item and of the form.

    points, choices  uint8, tested students x items, coded as in `responses`
    worth            the most quarter points of each item
    keys             the option code of each item's key, 0 where it has none
    offered          the letters each item offers ("ABCD"); without it, the key and the letters that someone
                     chose: an option that nobody chose is then not known of

    An item given to fewer than `fewest_for_items` students shows counts and p only, with the reason. Raises
    ValueError where the arrays are not of one size.
    """
    points = np.asfortranarray(points)  # one item after the other: every figure below reads whole items
    items = points.shape[1]
    if len(worth) != items or (keys is not None and len(keys) != items):
        raise ValueError(f"worth and keys must name the {items} items of the form")
    if (choices is not None and choices.shape != points.shape) or (offered is not None and len(offered) != items):
        raise ValueError("choices and the options offered must be those of the same items")
    form = _Form.of(points, worth)
    found = []
    for item in range(items):
        asked = form.asked(item)
        options: tuple[OptionStatistics, ...] = ()
        enough = int(np.count_nonzero(asked)) >= fewest_for_items
        if choices is not None:
            key = NO_CHOICE if keys is None else int(keys[item])
            letters = None if offered is None else offered[item]
            options = _options(choices[asked, item], form.share(asked), key, letters, enough)
        several = 0 if choices is None else int(np.count_nonzero(choices[asked, item] == MULTIPLE))
        found.append(_item(form, item, asked, options, several, fewest_for_items, with_uncorrected))
    return FormStatistics(len(points), tuple(found), _reliability(form, fewest_for_reliability))


def difficulty_word(p: float | None) -> str:
    """Difficulty in a word, p rounded to two places: to .30 hard, to .70 mid, from .71 easy."""
    if p is None:
        return ""
    hundredths = _hundredths(p)
    return "hard" if hundredths <= 30 else "mid" if hundredths <= 70 else "easy"


def discrimination_word(correlation: float | None) -> str:
    """Discrimination in words. Between weak (to .15) and acceptable (from .20) lies borderline."""
    if correlation is None:
        return ""
    if correlation < 0:
        return CHECK_KEY
    if correlation <= 0.15:
        return "weak"
    return "borderline" if correlation < 0.20 else "acceptable" if correlation < 0.30 else "good"


def reliability_word(alpha: float | None) -> str:
    """Reliability in words, alpha rounded to two places: from .90 high, .80 good, .60 low to moderate."""
    if alpha is None:
        return ""
    bands = ((90, "high"), (80, "good"), (60, "low to moderate"), (40, "doubtful"))
    hundredths = _hundredths(alpha)
    return next((word for lowest, word in bands if hundredths >= lowest), "very low")


def _hundredths(value: float) -> int:
    return int(np.floor(value * 100 + 0.5))


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """The matrix, with each student's quarter points: earned in all, and possible on the items given."""

    points: Matrix
    worth: Ints
    total: NDArray[np.int64]
    possible: NDArray[np.int64]

    @classmethod
    def of(cls, points: Matrix, worth: Ints) -> "_Form":
        total, possible = np.zeros(len(points), np.int64), np.zeros(len(points), np.int64)
        for item, full in enumerate(worth.tolist()):
            total += earned(points[:, item])
            possible += np.where(given(points[:, item]), full, 0)
        return cls(points, worth, total, possible)

    def asked(self, item: int) -> NDArray[np.bool_]:
        return given(self.points[:, item])

    def share(self, students: NDArray[np.bool_], without: int | None = None) -> Floats | None:
        """The share of points these students earned, on the whole form or without one item (which they were
        given); None where a student has no other item to go by."""
        everyone = bool(students.all())
        got = self.total if everyone else self.total[students]
        possible = self.possible if everyone else self.possible[students]
        if without is not None:
            got = got - earned(self.points[students, without])
            possible = possible - int(self.worth[without])
        return got / possible if possible.all() else None


def _item(
    form: _Form,
    item: int,
    asked: NDArray[np.bool_],
    options: tuple[OptionStatistics, ...],
    several: int,
    fewest: int,
    with_uncorrected: bool,
) -> ItemStatistics:
    column, full = form.points[asked, item], int(form.worth[item])
    units = earned(column).astype(np.float64)
    p = float(units.mean()) / full if units.size and full else None
    correlation, uncorrected, reason = None, None, f"fewer than {fewest} students"
    if len(column) >= fewest:
        rest = form.share(asked, without=item)
        correlation = None if rest is None else _correlation(units, rest)
        reason = "" if correlation is not None else "no other questions" if rest is None else NO_VARIATION
        whole = form.share(asked) if with_uncorrected else None
        uncorrected = None if whole is None else _correlation(units, whole)
    return ItemStatistics(
        item=item,
        students=len(column),
        p=p,
        difficulty=difficulty_word(p),
        correlation=correlation,
        discrimination=discrimination_word(correlation),
        reason=reason,
        uncorrected=uncorrected,
        blank=int(np.count_nonzero(column == BLANK)),
        not_reached=int(np.count_nonzero(column == NOT_REACHED)),
        several=several,
        options=options,
    )


def _options(
    chosen: Matrix, share: Floats | None, key: int, letters: str | None, enough: bool
) -> tuple[OptionStatistics, ...]:
    """The options of one item, by letter; correlations and flags only where there are enough students."""
    counts = np.bincount(chosen, minlength=MULTIPLE + 1)
    codes = {CHOICE_LETTERS.index(letter) + 1 for letter in letters or ""}
    codes |= {code for code in range(1, MULTIPLE) if counts[code] or code == key}
    correlations = _option_correlations(chosen, share, codes) if enough and share is not None else {}
    options = []
    for code in sorted(codes):
        correlation = correlations.get(code)
        count, is_key = int(counts[code]), code == key
        flags: tuple[str, ...] = ()
        if enough and key != NO_CHOICE and not is_key:
            flags = _flags(count, len(chosen), int(counts[key]), correlation)
        options.append(
            OptionStatistics(
                letter=CHOICE_LETTERS[code - 1],
                is_key=is_key,
                students=count,
                share=count / len(chosen) if len(chosen) else 0.0,
                correlation=correlation,
                flags=flags,
            )
        )
    return tuple(options)


def _option_correlations(chosen: Matrix, share: Floats, codes: set[int]) -> dict[int, float]:
    """The point-biserial correlation of choosing each option with the share of points.

    It is Pearson's with a 0/1 column, worked out from the sum over those who chose the option: one pass for
    all options. Options that none or all chose are left out, and all are where the share does not vary.
    """
    students = len(chosen)
    if not students or share.min() == share.max():
        return {}
    apart = share - share.mean()
    counts = np.bincount(chosen, minlength=MULTIPLE + 1).tolist()
    sums = np.bincount(chosen, weights=apart, minlength=MULTIPLE + 1)
    squares = float((apart**2).sum())
    return {
        code: float(sums[code] / np.sqrt(squares * counts[code] * (students - counts[code]) / students))
        for code in codes
        if 0 < counts[code] < students
    }


def _flags(count: int, students: int, chose_key: int, correlation: float | None) -> tuple[str, ...]:
    """What is odd about a wrong option that `count` of the students chose."""
    flags = []
    if count > chose_key:
        flags.append(MORE_THAN_KEY)
    if correlation is not None and correlation > 0 and count >= FEWEST_TO_FLAG_OPTION:
        flags.append(BY_STRONGER_STUDENTS)
    if 100 * count < HARDLY_CHOSEN_BELOW_PERCENT * students:
        flags.append(HARDLY_CHOSEN)
    return tuple(flags)


def _correlation(one: Floats, other: Floats) -> float | None:
    """Pearson's correlation; None where either does not vary."""
    if not one.size or one.min() == one.max() or other.min() == other.max():
        return None
    left, right = one - one.mean(), other - other.mean()
    # Plain sums, not `@`: BLAS would start threads for these vectors, and wait for a core another task has.
    together, one_alone, other_alone = (left * right).sum(), (left**2).sum(), (right**2).sum()
    return float(together / np.sqrt(one_alone * other_alone))


def _reliability(form: _Form, fewest: int) -> Reliability:
    complete = given(form.points).all(axis=1)
    students, items = int(np.count_nonzero(complete)), form.points.shape[1]
    right_or_wrong = all(
        bool(((units == 0) | (units == worth)).all())
        for units, worth in zip(earned(form.points).T, form.worth, strict=True)
    )
    name = "KR-20" if right_or_wrong and len(set(form.worth.tolist())) == 1 else "Cronbach's alpha"
    reason = ""
    if students < fewest:
        reason = f"fewer than {fewest} students"
    elif items < 2:
        reason = "fewer than 2 questions"
    elif form.total[complete].min() == form.total[complete].max():
        reason = NO_VARIATION
    if reason:
        return Reliability(name, students, None, None, "", reason)
    of_total = float(form.total[complete].var())
    of_items = sum(float(earned(form.points[complete, item]).var(dtype=np.float64)) for item in range(items))
    alpha = items / (items - 1) * (1 - of_items / of_total)
    sem = float(np.sqrt(of_total * (1 - alpha))) / UNITS_PER_POINT
    return Reliability(name, students, alpha, sem, reliability_word(alpha), "")
