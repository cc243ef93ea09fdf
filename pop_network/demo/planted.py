"""What is known to be true of the demo: the effects that are put into its results, so that pages can be checked.

The generator reads this list, the tests find each effect again, and `docs/demo.md` tells how to see it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pop_network.demo.places import BELLWETHER, DOVECOTE, ELMSWORTH, FOXGLOVE, GRANARY, HOLLIS, IRONBRIDGE
from pop_network.demo.standards import FRACTIONS


class Kind(StrEnum):
    """What an effect changes."""

    STANDARDS = "what students of some schools can do in some standards"
    SCHOOL = "what students of a school can do in everything"
    SIZE = "nothing: the school is too small for its growth to be told from chance"
    KEY = "the key of one question"
    ABSENT = "who was tested in the newest window"
    WAITING = "a file of the newest window that waits for a person"


@dataclass(frozen=True, slots=True)
class Effect:
    """One planted truth.

    logits     what is added to the ability of the schools' students in each window, both years: 1 logit moves a
               student from half of the questions right to almost three quarters
    standards  the standards it is limited to; empty means all
    assessment, position   the question with the wrong key, or the test whose file waits
    """

    name: str
    kind: Kind
    truth: str
    schools: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    logits: Mapping[str, float] = field(default_factory=dict)
    assessment: str = ""
    position: int = 0


FRACTIONS_FOLLOWED_UP = Effect(
    "fractions-followed-up",
    Kind.STANDARDS,
    "Bellwether, Elmsworth and Granary Lane followed up on the fractions sessions of October: from Winter 1 on their "
    "students gain on the fractions standards, and only there.",
    schools=(BELLWETHER, ELMSWORTH, GRANARY),
    standards=FRACTIONS,
    logits={"Q2": 0.8, "Q3": 1.1, "Q4": 1.2},
)
ONE_SCHOOL_LOST = Effect(
    "one-school-lost",
    Kind.SCHOOL,
    "Ironbridge loses between Fall and Winter 1 of both years, in every standard, and does not catch up.",
    schools=(IRONBRIDGE,),
    logits={"Q2": -0.5, "Q3": -0.5, "Q4": -0.5},
)
TOO_SMALL_TO_SAY = Effect(
    "too-small-to-say",
    Kind.SIZE,
    "Dovecote has one section of nine students. They grow as the network does, and no figure can say so.",
    schools=(DOVECOTE,),
)
WRONG_KEY = Effect(
    "wrong-key",
    Kind.KEY,
    "Question 9 of Unit Check 7, part 1, has the wrong key: the answer that most students choose is the right one.",
    assessment="UC7-Q1",
    position=9,
)
MAKE_UPS_MISSING = Effect(
    "make-ups-missing",
    Kind.ABSENT,
    "In the newest window a quarter of Foxglove Street has not been tested yet: the make-up tests are still to come.",
    schools=(FOXGLOVE,),
)
COLUMNS_SHIFTED = Effect(
    "columns-shifted",
    Kind.WAITING,
    "The newest file of Unit Check 8 is read and not published. In it the answers of Hollis Bend stand one column "
    "too far to the right.",
    schools=(HOLLIS,),
    assessment="UC8",
)
ROWS_TO_FIX = Effect(
    "rows-to-fix",
    Kind.WAITING,
    "The newest file of Unit Check 6 waits with rows that need a person: numbers that nobody has, an answer E, and a "
    "student with two different results.",
    assessment="UC6",
)

PLANTED = (
    FRACTIONS_FOLLOWED_UP,
    ONE_SCHOOL_LOST,
    TOO_SMALL_TO_SAY,
    WRONG_KEY,
    MAKE_UPS_MISSING,
    COLUMNS_SHIFTED,
    ROWS_TO_FIX,
)


def added_ability(school: str, window: str, standard: str) -> float:
    """What the effects add to the ability of a school's students in a standard, in logits."""
    return sum(
        effect.logits.get(window, 0.0)
        for effect in PLANTED
        if school in effect.schools and (not effect.standards or standard in effect.standards)
    )
