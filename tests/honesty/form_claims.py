"""What the portal doubts of a form or a file: "Wrong key?", "Columns shifted?", held against what is true."""

from types import SimpleNamespace
from unittest import mock

import numpy as np

from assessments.itemstats import CHECK_KEY, MORE_THAN_KEY, form_statistics
from assessments.pipeline import answering
from assessments.responses import NO_CHOICE, UNITS_PER_POINT, earned, score_choices
from pop_network.demo.instruments import LETTERS, DemoItem
from pop_network.demo.places import SCHOOLS
from tests.honesty.expected import power_of_key, power_of_shift
from tests.honesty.networks import FALL, WINTER, Networks, Sat
from tests.honesty.tally import Tally

FLAG = 'item: an option is chosen more than the key ("Wrong key?")'
LOOK = 'upload: "Wrong key?"'
NEGATIVE = 'item: "check the key" (negative discrimination)'
SHIFTED = 'upload: "Columns shifted?"'


def count_forms(tally: Tally, networks: Networks) -> None:
    """The forms of Quarterly Math in Winter 1, and Unit Check's first part, which has the planted mistake."""
    for sat in networks.planted.forms("QM", WINTER) + networks.planted.forms("UC", FALL):
        _count_keys(tally, sat)
    before = {one.form.grade: one for one in networks.planted.forms("UC", FALL)}
    for sat in networks.planted.forms("UC", WINTER):
        _count_shifts(tally, sat, before[sat.form.grade])


def _count_keys(tally: Tally, sat: Sat) -> None:
    items = sat.form.items
    found = form_statistics(
        sat.answers.points,
        sat.worth,
        choices=sat.answers.choices,
        keys=np.array([_code(item.stated_key) for item in items]),
        offered=["".join(sorted(item.choices)) for item in items],
    )
    looked = {look["position"] for look in answering._doubtful_keys(_part(sat, sat.answers.choices))}
    for place, item in enumerate(items):
        if not item.key:
            continue
        flags = {flag for option in found.items[place].options for flag in option.flags}
        said = {
            FLAG: MORE_THAN_KEY in flags,
            NEGATIVE: found.items[place].discrimination == CHECK_KEY,
            LOOK: item.position in looked,
        }
        for claim, claimed in said.items():
            if item.stated_key == item.key:
                tally[claim].nothing(claimed)
            elif claim != NEGATIVE:  # of which no chance was calculated
                tally[claim].effect(power_of_key(sat, place), claimed)


def _count_shifts(tally: Tally, sat: Sat, before: Sat) -> None:
    """Each school once as it is, and once with its answers one column too far to the right."""
    shares = {school: ("Fall", share) for school, share in _shares(before).items()}
    for school in _doubted(sat, sat.answers.choices, shares):
        tally[SHIFTED].nothing(claimed=school[1])
    shifted = np.column_stack([np.full(len(sat.students), NO_CHOICE, np.uint8), sat.answers.choices[:, :-1]])
    for school, claimed in _doubted(sat, shifted, shares):
        power = power_of_shift(sat, sat.schools == school, shares[school][1], answering.SHIFTED_BY)
        tally[SHIFTED].effect(power, claimed)


def _doubted(sat: Sat, choices: np.ndarray, shares: dict[int, tuple[str, float]]) -> list[tuple[int, bool]]:
    """Each school of enough students, and whether the upload's page doubts its columns."""
    named = SimpleNamespace(objects=_Names())
    with (
        mock.patch.object(answering, "_earlier_shares", lambda part: shares),
        mock.patch.object(answering, "School", named),
    ):
        looks = answering._doubtful_schools(_part(sat, choices))
    said = " ".join(look["sentence"] for look in looks)
    schools, counts = np.unique(sat.schools, return_counts=True)
    return [
        (school, f"{SCHOOLS[school].name}:" in said)
        for school, count in zip(schools.tolist(), counts.tolist(), strict=True)
        if school in shares and count >= answering.FEWEST_TO_DOUBT_A_SCHOOL
    ]


class _Names:
    """Names of schools by their place, in place of the database's."""

    def filter(self, pk: int):
        return SimpleNamespace(values_list=lambda *_, **__: SimpleNamespace(get=lambda: SCHOOLS[pk].name))


def _shares(sat: Sat) -> dict[int, float]:
    return {
        school: float(earned(sat.answers.points[sat.schools == school]).sum() / (sat.schools == school).sum())
        / float(sat.worth.sum())
        for school in np.unique(sat.schools).tolist()
    }


def _part(sat: Sat, choices: np.ndarray) -> SimpleNamespace:
    """What a checked file knows of the form: answers, as the stated key scores them, and the questions."""
    keys = np.array([_code(item.stated_key) for item in sat.form.items])
    worth = np.array([item.points * UNITS_PER_POINT for item in sat.form.items])
    rows = SimpleNamespace(
        points_vectors=score_choices(choices, keys, worth),
        choices_vectors=choices,
        tested=np.ones(len(choices), bool),
        schools=sat.schools,
    )
    items = [_Question(item) for item in sat.form.items]
    return SimpleNamespace(rows=rows, assessment=sat.form, spec=SimpleNamespace(items=items))


class _Question:
    """A question as the upload's check knows it."""

    def __init__(self, item: DemoItem):
        self.position, self.label, self.key, self.points = (
            item.position,
            str(item.position),
            item.stated_key,
            item.points,
        )


def _code(letter: str) -> int:
    return LETTERS.index(letter) + 1 if letter else NO_CHOICE
