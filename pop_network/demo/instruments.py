"""The demo's three tests: what each asks, and how hard each question is.

Quarterly Math   one form a grade, given in every window, all on one scale ("QMS")
Unit Check       other questions in each window, no common scale: nothing can be subtracted
the adaptive test   strands instead of questions; its vendor's file brings it (see `adaptive`)
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from pop_network.demo import planted
from pop_network.demo.chance import source
from pop_network.demo.questions.bank import MAKERS, in_own_words
from pop_network.demo.questions.making import LETTERS, MultipleChoice, deal
from pop_network.demo.standards import FRACTIONS, STANDARDS

SUBJECT = "Mathematics"
SCALE, SCALE_BASE, SCALE_UNIT = "QMS", 500, 30  # a score is 500 + 30 per logit
GRADE_STEP = 0.5  # logits from one grade to the next, in Fall
GUESSING = 0.17
LEVELS = ("Below Basic", "Basic", "Proficient", "Advanced")
CUTS_IN_LOGITS = (-0.75, 0.25, 1.1)  # where levels 2, 3 and 4 begin, from the grade's Fall mean
LOWEST_SCORE = 200
HARDEST = 0.55  # logits above the grade's mean; past it, a popular wrong choice would beat the right one

# How many questions a form asks of each standard, in the order of the form; an open one is worth the points named.
QUARTERLY = {
    "03": {"CC.2.1.3.B.1": 3, "CC.2.2.3.A.3": 3, "CC.2.2.3.A.1": 3, "CC.2.1.3.C.1": 5, "CC.2.4.3.A.2": 2,
           "CC.2.4.3.A.5": 3, "CC.2.4.3.A.6": 2, "CC.2.2.3.A.4": 3},
    "04": {"CC.2.1.4.B.1": 4, "CC.2.1.4.B.2": 4, "CC.2.1.4.C.1": 5, "CC.2.1.4.C.2": 5, "CC.2.1.4.C.3": 3,
           "CC.2.2.4.A.2": 2, "CC.2.4.4.A.1": 2, "CC.2.4.4.A.6": 2, "CC.2.2.4.A.1": 3},
    "05": {"CC.2.1.5.B.1": 4, "CC.2.1.5.B.2": 4, "CC.2.1.5.C.1": 6, "CC.2.1.5.C.2": 5, "CC.2.2.5.A.1": 3,
           "CC.2.2.5.A.4": 2, "CC.2.3.5.A.1": 3, "CC.2.4.5.A.1": 2, "CC.2.4.5.A.5": 3},
    "06": {"CC.2.1.6.D.1": 6, "CC.2.1.6.E.1": 5, "CC.2.1.6.E.2": 3, "CC.2.1.6.E.3": 3, "CC.2.1.6.E.4": 4,
           "CC.2.2.6.B.1": 5, "CC.2.2.6.B.2": 4, "CC.2.4.6.B.1": 2, "CC.2.3.6.A.1": 4},
    "07": {"CC.2.1.7.D.1": 6, "CC.2.1.7.E.1": 6, "CC.2.2.7.B.1": 4, "CC.2.2.7.B.3": 4, "CC.2.3.7.A.1": 3,
           "CC.2.3.7.A.2": 2, "CC.2.4.7.B.3": 3},
    "08": {"CC.2.1.8.E.1": 3, "CC.2.1.8.E.4": 3, "CC.2.2.8.B.1": 6, "CC.2.2.8.B.2": 6, "CC.2.2.8.B.3": 6,
           "CC.2.2.8.C.1": 5, "CC.2.3.8.A.1": 3, "CC.2.3.8.A.2": 2, "CC.2.3.8.A.3": 4, "CC.2.4.8.B.1": 2},
}  # fmt: skip
OPEN = {
    "CC.2.2.3.A.4": 2, "CC.2.1.3.C.1": 2, "CC.2.1.4.C.2": 3, "CC.2.2.4.A.1": 4, "CC.2.1.5.C.1": 3, "CC.2.4.5.A.5": 2,
    "CC.2.1.6.D.1": 4, "CC.2.3.6.A.1": 2, "CC.2.1.7.D.1": 3, "CC.2.2.7.B.3": 2, "CC.2.2.8.B.3": 4, "CC.2.3.8.A.3": 2,
}  # fmt: skip
UNITS = {
    "06": {"Q1": ("CC.2.1.6.E.2", "CC.2.1.6.E.3", "CC.2.1.6.E.1"), "Q2": ("CC.2.1.6.E.4", "CC.2.1.6.D.1"),
           "Q3": ("CC.2.2.6.B.1", "CC.2.2.6.B.2"), "Q4": ("CC.2.3.6.A.1", "CC.2.4.6.B.1")},
    "07": {"Q1": ("CC.2.1.7.E.1", "CC.2.1.7.D.1"), "Q2": ("CC.2.1.7.D.1", "CC.2.3.7.A.2"),
           "Q3": ("CC.2.2.7.B.1", "CC.2.2.7.B.3"), "Q4": ("CC.2.3.7.A.1", "CC.2.4.7.B.3")},
    "08": {"Q1": ("CC.2.1.8.E.1", "CC.2.1.8.E.4", "CC.2.2.8.B.1"), "Q2": ("CC.2.2.8.B.2", "CC.2.2.8.B.3"),
           "Q3": ("CC.2.2.8.C.1", "CC.2.4.8.B.1"), "Q4": ("CC.2.3.8.A.3", "CC.2.3.8.A.1", "CC.2.3.8.A.2")},
}  # fmt: skip
UNIT_QUESTIONS = 12
NAMES = {standard.code: standard.short_name for standard in STANDARDS}


@dataclass(frozen=True, slots=True)
class DemoItem:
    """One question, with what only the generator knows of it.

    key    the letter that is right, "" for a question in the student's own words
    stated_key   the letter that the test set-up file says: the same but for the planted mistake
    sharpness, difficulty   of the logistic curve, difficulty on the scale of all grades, in logits
    pull   how the wrong choices share those who miss the question, in the order of the letters left
    """

    position: int
    standard: str
    points: int
    text: str
    key: str
    stated_key: str
    choices: dict[str, dict[str, str]]
    sharpness: float
    difficulty: float
    pull: tuple[float, ...]

    @property
    def guessing(self) -> float:
        return GUESSING if self.key else 0.0


@dataclass(frozen=True, slots=True)
class Form:
    """A test with questions. `window` is the only window it is given in, "" for every one."""

    code: str
    name: str
    series: str
    grade: str
    window: str
    items: tuple[DemoItem, ...]
    scale: str = ""

    @property
    def most(self) -> int:
        return sum(item.points for item in self.items)


def make_forms(seed: int) -> list[Form]:
    """Every form of the two programs with questions."""
    forms = [_quarterly(seed, grade) for grade in QUARTERLY]
    return forms + [_unit_check(seed, grade, window) for grade, windows in UNITS.items() for window in windows]


def grade_mean(grade: str) -> float:
    """Where the network's students of a grade stand in Fall, in logits."""
    return GRADE_STEP * (int(grade) - 3)


def scale_score(ability: np.ndarray) -> np.ndarray:
    """Abilities in logits as whole points of the scale."""
    return np.rint(SCALE_BASE + SCALE_UNIT * ability)


def cut_scores(grade: str, valid_from: date) -> list[dict]:
    """The levels of a grade, as test set-up files have them."""
    cuts = [scale_score(np.array(grade_mean(grade) + cut)) for cut in CUTS_IN_LOGITS]
    minimums = [LOWEST_SCORE, *(int(cut) for cut in cuts)]
    return [
        {"grade": grade, "level": level, "name": name, "minimum": minimum, "valid_from": valid_from.isoformat()}
        for level, (name, minimum) in enumerate(zip(LEVELS, minimums, strict=True), 1)
    ]


def _quarterly(seed: int, grade: str) -> Form:
    number = int(grade)
    asked = [code for code, count in QUARTERLY[grade].items() for _ in range(count)]
    open_at = {asked.index(code) + asked.count(code) - 1: OPEN[code] for code in set(asked) & OPEN.keys()}
    code = f"QM{number}"
    items = _items(source(seed, "form", code), code, grade, asked, open_at)
    return Form(code, f"Quarterly Math {number}", "QM", grade, "", items, SCALE)


def _unit_check(seed: int, grade: str, window: str) -> Form:
    number, standards = int(grade), UNITS[grade][window]
    asked = [code for code in standards for _ in range(UNIT_QUESTIONS // len(standards))]
    code = f"UC{number}-{window}"
    items = _items(source(seed, "form", code), code, grade, asked, {})
    return Form(code, f"Unit Check {number}, part {window[1]}", "UC", grade, window, items)


def _items(chance, form: str, grade: str, asked: list[str], open_at: dict[int, int]) -> tuple[DemoItem, ...]:
    """The questions of a form. Within it they get harder, unevenly; fractions are harder than the rest."""
    spread = 0.5 * np.sort(chance.uniform(-1.8, 1.4, len(asked))) + chance.normal(0.1, 0.7, len(asked))
    already: set[tuple[str, str]] = set()
    items = []
    for place, standard in enumerate(asked):
        points = open_at.get(place, 1)
        dealt = None if place in open_at else _deal(standard, chance, already)
        hardness = spread[place] + (0.5 if standard in FRACTIONS else 0.0)
        item = DemoItem(
            position=place + 1,
            standard=standard,
            points=points,
            text=dealt.text if dealt else in_own_words(NAMES[standard], points),
            key=dealt.key if dealt else "",
            stated_key=dealt.key if dealt else "",
            choices=dealt.choices if dealt else {},
            sharpness=float(np.clip(chance.lognormal(0.4, 0.22), 0.9, 2.2)),
            difficulty=grade_mean(grade) + float(min(hardness, HARDEST)),
            pull=tuple(chance.permutation([0.62, 0.24, 0.14]).tolist()),
        )
        items.append(_with_wrong_key(item, grade) if _is_planted(form, item) else item)
    return tuple(items)


def _deal(standard: str, chance, already: set[tuple[str, str]]) -> MultipleChoice:
    makers = MAKERS[standard]
    return deal(makers[int(chance.integers(len(makers)))], chance, already)


def _is_planted(form: str, item: DemoItem) -> bool:
    return (form, item.position) == (planted.WRONG_KEY.assessment, planted.WRONG_KEY.position)


def _with_wrong_key(item: DemoItem, grade: str) -> DemoItem:
    """An easy question whose set-up file names a wrong choice as the key; that choice then suggests nothing."""
    stated = next(letter for letter in LETTERS if letter != item.key)
    choices = {letter: dict(choice) for letter, choice in item.choices.items()}
    choices[stated]["suggests"] = ""
    return replace(item, stated_key=stated, choices=choices, sharpness=1.6, difficulty=grade_mean(grade) - 0.8)
