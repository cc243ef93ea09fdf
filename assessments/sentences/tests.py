"""What *About this test* says of a test: how far its scores can be trusted, how its questions worked, in words.

The figures come from `itemstats` (reliability, discrimination, flags) and `growth` (effect size); their words are
those of `itemstats`. No other page says any of this.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.itemstats import (
    BY_STRONGER_STUDENTS,
    CHECK_KEY,
    HARDLY_CHOSEN,
    MORE_THAN_KEY,
    NO_VARIATION,
)
from assessments.sentences.figures import MINUS, listed

WHAT_RELIABILITY_MEANS = {
    "high": "on another form of the test nearly every student would stand where they stand now.",
    "good": "enough to plan for groups of students; a single score can still move on another form.",
    "low to moderate": "enough for a classroom test; look at more than this score before you decide about one student.",
    "doubtful": "read the score of a single student with care, and look at the class as a whole.",
    "very low": "the score of a single student says little; look at the class as a whole.",
}
WHAT_DISCRIMINATION_MEANS = {
    "good": "good",
    "acceptable": "acceptable",
    "borderline": "borderline",
    "weak": "weak",
    CHECK_KEY: "negative: check the key",
}
# Cohen's (1988) conventions, from which size on.
EFFECT_WORDS = ((0.8, "large"), (0.5, "medium"), (0.2, "small"), (0.0, "very small"))


@dataclass(frozen=True, slots=True)
class ReliabilityPicture:
    """How far the scores of a form can be trusted; `word` is "" where `reason` says why there is no figure."""

    word: str
    reason: str = ""
    sem: float | None = None


def reliability_sentence(picture: ReliabilityPicture) -> str:
    """ "Reliability is good: enough to plan for groups of students; ..."."""
    if not picture.word:
        return f"Reliability: no figure, {why_none(picture.reason)}."
    return f"Reliability is {picture.word}: {WHAT_RELIABILITY_MEANS[picture.word]}"


def sem_sentence(picture: ReliabilityPicture) -> str:
    """The standard error of measurement as what it means for a score, in points; "" where there is none."""
    if picture.sem is None:
        return ""
    points = points_words(picture.sem)
    return (
        f"Standard error of measurement: {points}. About two students in three would land within {points} of "
        "their score if they took another form of the test."
    )


def points_words(points: float) -> str:
    """ "1.9 points", "1.0 point"."""
    return f"{points:.1f} point{'' if f'{points:.1f}' == '1.0' else 's'}"


def why_none(reason: str) -> str:
    """Why there is no figure, as it follows a comma."""
    if reason == NO_VARIATION:
        return "no variation: all students earned the same"
    if reason.startswith("fewer than ") and reason.endswith(" students"):
        return f"{reason} took every question"
    return reason or "nothing is worked out yet"


def why_no_discrimination(reason: str) -> str:
    """Why a question has no discrimination: too few students, nothing else to compare with, no variation."""
    return "no variation" if reason == NO_VARIATION else reason or "no figure"


def discrimination_words(word: str) -> str:
    """Discrimination as the page prints it; a negative one asks for a look at the key."""
    return WHAT_DISCRIMINATION_MEANS[word]


def correlation_words(value: float) -> str:
    """A correlation with two places and a true minus: "0.41"."""
    text = f"{abs(value):.2f}"
    return f"{MINUS}{text}" if value < 0 and text != "0.00" else text


def bands_sentence(hard: int, mid: int, easy: int) -> str:
    """ "Of 40 questions 6 were hard, 28 in the middle, 6 easy."."""
    questions = hard + mid + easy
    if not questions:
        return "No question has a figure of its own yet."
    noun = "question" if questions == 1 else "questions"
    return (
        f"Of {questions} {noun} {hard} {_was(hard)} hard (up to 30 % of the points), {mid} in the middle, "
        f"{easy} easy (71 % and more)."
    )


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def flag_sentences(flags: Sequence[str], key: str) -> list[str]:
    """Flags of `itemstats` ("B: chosen more than the key") as one sentence a kind; `key` is the letter of the key."""
    letters: dict[str, list[str]] = {}
    for flag in flags:
        letter, _, what = flag.partition(": ")
        letters.setdefault(what, []).append(letter)
    return [_flagged(what, found, key) for what, found in letters.items()]


def _flagged(what: str, letters: list[str], key: str) -> str:
    one = len(letters) == 1
    who = f"{listed(letters)} {'was' if one else 'were'}"
    return {
        MORE_THAN_KEY: f"{who} chosen more than the key {key}: wrong key?",
        BY_STRONGER_STUDENTS: f"{who} chosen by students who did well on the whole test: right as well?",
        HARDLY_CHOSEN: f"{who} hardly chosen (under 5 %): {'it distracts' if one else 'they distract'} nobody.",
    }[what]


def careful_sentence(labels: Sequence[str], *, looked_at: int) -> str:
    """Which questions to read with care, by number, without a figure.

    `looked_at` is how many questions enough students were given to tell at all.
    """
    if not looked_at:
        return "Whether a key is wrong cannot be told: too few students were given any question."
    if not labels:
        return "No question looks as if its key or its scoring were wrong."
    one = len(labels) == 1
    noun, its = ("Question", "its key or its scoring") if one else ("Questions", "their keys or their scoring")
    return f"{noun} {listed(list(labels))}: read with care, {its} may be wrong. The district's office can correct it."


def effect_sentence(effect: float, since: str) -> str:
    """Growth as a share of how far apart the same students' earlier scores were, in the words of Cohen (1988)."""
    word = next(word for least, word in EFFECT_WORDS if abs(effect) >= least)
    way = "gain" if effect >= 0 else "loss"
    return f"a {word} {way}: {abs(effect):.2f} of the spread (standard deviation) of their scores in {since}"
