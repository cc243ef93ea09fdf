"""Cells of answers become the two byte matrices of `assessments/responses.py`.

A cell of a question holds points ("1", "0.5"), or where the question has a key the option chosen ("B").
Beside these:

    blank                              the student left it blank: earns nothing, and counts
    NR                                 not reached: earns nothing, and counts
    NG, and N/A, NA, ABS, ABSENT, NT   not given to this student: does not count
    M, AB, "A,B"                       several marks on a question with a key: earns nothing, and counts

A student whose every cell is blank or not given was not tested. Blanks after the last answer stay blank:
only NR says that a question was not reached.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessments.formats.seam import ItemSpec
from assessments.responses import (
    BLANK,
    CHOICE_LETTERS,
    MAX_UNITS,
    MULTIPLE,
    NO_CHOICE,
    NOT_GIVEN,
    NOT_REACHED,
    UNITS_PER_POINT,
)
from schools.files.values import NOT_TESTED, plain_numbers

SEVERAL_MARKS = "M"
QUARTERS = 2  # decimals that quarter points need
SEPARATORS = re.compile(r"[\s,;/+&]+")


@dataclass(slots=True)
class Answers:
    """The cells of one question: per row the points and the choice, whether there is an answer, and what is wrong."""

    points: np.ndarray  # uint8
    choices: np.ndarray  # uint8
    answered: np.ndarray  # bool: neither blank nor not given
    wrong: np.ndarray  # int64: the rows whose cell can't be read
    codes: list[str]  # why, along `wrong`


def option_code(option: str) -> int:
    """A = 1 ... Z = 26, and so for the numbers of tests whose options are numbered; NO_CHOICE for anything else."""
    option = option.strip().upper()
    if len(option) == 1 and option in CHOICE_LETTERS:
        return CHOICE_LETTERS.index(option) + 1
    return int(option) if option.isascii() and option.isdigit() and 1 <= int(option) <= 26 else NO_CHOICE


def options_of(item: ItemSpec) -> frozenset[str]:
    """What a student may mark: the item's choices and its key; any letter but M where only the key is known."""
    if not item.key:
        return frozenset()
    known = item.choices or frozenset(CHOICE_LETTERS) - {SEVERAL_MARKS}
    return frozenset(option.upper() for option in known | {item.key})


def read_answers(
    cells: np.ndarray, item: ItemSpec, *, blanks: Sequence[str] = (), decimal_comma: bool = False
) -> Answers:
    """The answers to one item. `blanks` are texts that a person chose to have read as left blank.

    Each distinct text is read once. Whether a keyed item's column holds options or points is what most
    cells say.
    """
    places, texts = pd.factorize(cells)
    reading = _Reading(texts, item, frozenset(blanks), decimal_comma)
    counts = np.bincount(places, minlength=len(texts))
    reading.read(counts)
    is_wrong = np.array([code is not None for code in reading.codes], bool)
    wrong = np.flatnonzero(is_wrong[places]) if is_wrong.any() else np.empty(0, np.int64)
    return Answers(
        points=reading.points[places],
        choices=reading.choices[places],
        answered=reading.answered[places],
        wrong=wrong,
        codes=[reading.codes[place] for place in places[wrong]],
    )


class _Reading:
    """The distinct texts of one column, and what each means."""

    def __init__(self, texts: np.ndarray, item: ItemSpec, blanks: frozenset[str], decimal_comma: bool):
        n = len(texts)
        self.item = item
        self.words = [text.strip().upper() for text in texts]
        self.options = options_of(item)
        self.numbers, self.number_codes = plain_numbers(texts, decimal_comma=decimal_comma, max_decimals=QUARTERS)
        self.blanks = frozenset(text.strip().upper() for text in blanks)
        self.points = np.zeros(n, np.uint8)
        self.choices = np.full(n, NO_CHOICE, np.uint8)
        self.answered = np.ones(n, bool)
        self.codes: list[str | None] = [None] * n

    def read(self, counts: np.ndarray) -> None:
        """`counts` says how many cells have each text."""
        plain = [place for place in range(len(self.words)) if not self._read_word(place)]
        as_options = sum(counts[place] for place in plain if self._marks(place))
        as_points = sum(counts[place] for place in plain if self._points_code(place) is None)
        for place in plain:
            if self.options and as_options >= as_points:
                self._read_option(place)
            else:
                self._read_points(place)

    def _read_word(self, place: int) -> bool:
        """Read a cell that is no answer; False where it is one."""
        word = self.words[place]
        if word in self.options:
            return False
        if word == "" or word in self.blanks:
            self.points[place], self.answered[place] = BLANK, False
        elif word == "NR":
            self.points[place] = NOT_REACHED
        elif word == "NG" or word.casefold() in NOT_TESTED:
            self.points[place], self.answered[place] = NOT_GIVEN, False
        else:
            return False
        return True

    def _marks(self, place: int) -> tuple[str, ...]:
        """The options marked in a cell, each once; none where it holds anything else."""
        word = self.words[place]
        if word in self.options:
            return (word,)
        marks = SEPARATORS.sub(" ", word).split() if SEPARATORS.search(word) else list(word)
        return tuple(dict.fromkeys(marks)) if marks and set(marks) <= self.options else ()

    def _read_option(self, place: int) -> None:
        marks = self._marks(place)
        if (self.words[place] == SEVERAL_MARKS and SEVERAL_MARKS not in self.options) or len(marks) > 1:
            self.choices[place] = MULTIPLE
        elif not marks:
            self.codes[place] = "UNKNOWN_CHOICE"
        else:
            self.choices[place] = option_code(marks[0])
            if marks[0] == self.item.key.upper():
                self.points[place] = round(self.item.points * UNITS_PER_POINT)

    def _points_code(self, place: int) -> str | None:
        """Why the text is no number of points of this item, or None."""
        if self.number_codes[place]:
            return self.number_codes[place]
        if self.numbers[place] > self.item.points or self.numbers[place] * UNITS_PER_POINT > MAX_UNITS:
            return "SCORE_ABOVE_MAX"
        return None if (self.numbers[place] * UNITS_PER_POINT).is_integer() else "SCORE_TOO_PRECISE"

    def _read_points(self, place: int) -> None:
        self.codes[place] = self._points_code(place)
        if self.codes[place] is None:
            self.points[place] = int(self.numbers[place] * UNITS_PER_POINT)
