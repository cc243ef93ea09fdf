"""What question makers share: drawing numbers, writing fractions, and dealing the choices."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

LETTERS = "ABCD"
MINUS = "−"
TRIES = 400


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its right answer, and three wrong ones, each with what it suggests."""

    text: str
    right: str
    wrong: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MultipleChoice:
    """A question with its choices dealt to letters; `choices` as test set-up files have them."""

    text: str
    key: str
    choices: dict[str, dict[str, str]]


class Draw:
    """Numbers for one question."""

    def __init__(self, chance: np.random.Generator):
        self.chance = chance

    def __call__(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return int(self.chance.integers(low, high + 1))

    def pick(self, options):
        """One of a sequence."""
        return options[int(self.chance.integers(len(options)))]


Maker = Callable[[Draw], Question]


def deal(maker: Maker, chance: np.random.Generator, asked: set[tuple[str, str]]) -> MultipleChoice:
    """A question of that maker with four different choices, not yet among those `asked` (text and right answer).

    Raises ValueError where the maker does not manage in many tries.
    """
    draw = Draw(chance)
    for _ in range(TRIES):
        made = maker(draw)
        answers = [(made.right, ""), *made.wrong]
        if len({_value(answer) for answer, _ in answers}) < len(LETTERS) or (made.text, made.right) in asked:
            continue
        asked.add((made.text, made.right))
        order = chance.permutation(len(LETTERS))
        dealt = {LETTERS[place]: answers[which] for place, which in enumerate(order)}
        key = next(letter for letter, answer in dealt.items() if answer[0] == made.right)
        choices = {letter: {"text": text, "suggests": why} for letter, (text, why) in dealt.items()}
        return MultipleChoice(made.text, key, choices)
    raise ValueError(f"{maker.__name__} makes no four different choices")


def _value(answer: str) -> Fraction | str:
    """The number an answer is, so that 2/12 beside 1/6 is no second right answer; the text where it is none."""
    units, _, rest = answer.rpartition(" ")
    try:
        return Fraction(rest) + (int(units) if units else 0)
    except ValueError:
        return answer


def whole(number: int) -> str:
    """A whole number with its thousands apart: 12,400."""
    return f"{number:,}"


def money(cents: int) -> str:
    """Dollars and cents: $3.05."""
    return f"${cents // 100}.{cents % 100:02d}"


def decimal(number: float, places: int = 2) -> str:
    """A decimal without zeros that say nothing: 0.35, 1.2, 4."""
    return f"{number:.{places}f}".rstrip("0").rstrip(".")


def part(top: int, bottom: int) -> str:
    """A fraction as it stands, not reduced: 4/8."""
    return f"{top}/{bottom}"


def reduced(value: Fraction) -> str:
    """A fraction in lowest terms, as a mixed number from 1 up: 1 2/3."""
    units, rest = divmod(value.numerator, value.denominator)
    if not rest:
        return str(units)
    written = part(rest, value.denominator)
    return f"{units} {written}" if units else written


def signed(number: int) -> str:
    """A whole number with a true minus sign."""
    return str(number).replace("-", MINUS)


def term(factor: int, letter: str = "x") -> str:
    """A factor and a letter: 3x, x, −x."""
    return {1: letter, -1: MINUS + letter}.get(factor, signed(factor) + letter)


def sum_of(factor: int, constant: int, letter: str = "x") -> str:
    """A linear expression: 3x + 4, 3x − 4, 3x."""
    if not constant:
        return term(factor, letter)
    sign = "+" if constant > 0 else MINUS
    return f"{term(factor, letter)} {sign} {abs(constant)}"
