"""What the portal doubts of a form or a file: "Wrong key?", "Columns shifted?", held against what is true."""

import numpy as np

from assessments.formats.seam import ItemSpec
from assessments.itemstats import CHECK_KEY, MORE_THAN_KEY, form_statistics
from assessments.looks import FEWEST_TO_DOUBT_A_SCHOOL, SHIFTED_BY, doubtful_keys, doubtful_schools
from assessments.responses import NO_CHOICE, earned, score_choices
from pop_network.demo.instruments import LETTERS
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
    looked = {look.place for look in doubtful_keys(_questions(sat), sat.answers.choices)}
    for place, item in enumerate(items):
        if not item.key:
            continue
        flags = {flag for option in found.items[place].options for flag in option.flags}
        said = {
            FLAG: MORE_THAN_KEY in flags,
            NEGATIVE: found.items[place].discrimination == CHECK_KEY,
            LOOK: place in looked,
        }
        for claim, claimed in said.items():
            if item.stated_key == item.key:
                tally[claim].nothing(claimed)
            elif claim != NEGATIVE:  # of which no chance was calculated
                tally[claim].effect(power_of_key(sat, place), claimed)


def _count_shifts(tally: Tally, sat: Sat, before: Sat) -> None:
    """Each school once as it is, and once with its answers one column too far to the right."""
    shares = _shares(before)
    for _, claimed in _doubted(sat, sat.answers.choices, shares):
        tally[SHIFTED].nothing(claimed)
    shifted = np.column_stack([np.full(len(sat.students), NO_CHOICE, np.uint8), sat.answers.choices[:, :-1]])
    for school, claimed in _doubted(sat, shifted, shares):
        power = power_of_shift(sat, sat.schools == school, shares[school], SHIFTED_BY)
        tally[SHIFTED].effect(power, claimed)


def _doubted(sat: Sat, choices: np.ndarray, shares: dict[int, float]) -> list[tuple[int, bool]]:
    """Each school of enough students, and whether the upload's page doubts its columns."""
    points = score_choices(choices, np.array([_code(item.stated_key) for item in sat.form.items]), sat.worth)
    doubted = {one.school for one in doubtful_schools(_questions(sat), points, sat.schools, shares)}
    schools, counts = np.unique(sat.schools, return_counts=True)
    return [
        (school, school in doubted)
        for school, count in zip(schools.tolist(), counts.tolist(), strict=True)
        if school in shares and count >= FEWEST_TO_DOUBT_A_SCHOOL
    ]


def _shares(sat: Sat) -> dict[int, float]:
    return {
        school: float(earned(sat.answers.points[sat.schools == school]).sum() / (sat.schools == school).sum())
        / float(sat.worth.sum())
        for school in np.unique(sat.schools).tolist()
    }


def _questions(sat: Sat) -> list[ItemSpec]:
    """The questions as the upload's check knows them: with the key that is stated."""
    return [ItemSpec(one.position, str(one.position), one.points, one.stated_key) for one in sat.form.items]


def _code(letter: str) -> int:
    return LETTERS.index(letter) + 1 if letter else NO_CHOICE
