"""Networks made in memory by the demo's own generator: one as planted, one in which nothing happens, one of equals.

`planted`   what the demo loads: some schools gain on fractions, one loses, one key is wrong
`quiet`     the same students and days, but nothing grows, no school differs and nothing is planted: every claim of
            growth, loss or standing is false
`equals`    besides, every student of a grade knows the same: classes differ by the luck of the answers alone
"""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from unittest import mock

import numpy as np

from assessments.growth import Kind, Pairs, WindowScores, match
from assessments.responses import UNITS_PER_POINT
from assessments.sheet import Sheet
from pop_network.demo import abilities as demo_abilities
from pop_network.demo.abilities import Abilities
from pop_network.demo.answers import Answers, answer, scores
from pop_network.demo.calendar import two_years
from pop_network.demo.chance import source
from pop_network.demo.instruments import Form, grade_mean, make_forms
from pop_network.demo.places import BY_CODE, GRADES, SCHOOLS
from pop_network.demo.roster import make_roster, sections_of
from pop_network.demo.sittings import Sitting, sittings

TODAY = date(2026, 11, 22)
FALL, WINTER = "Q1", "Q2"
PLACE = {school.code: place for place, school in enumerate(SCHOOLS)}
SECTION_PLACE = {key: place for place, (key, _) in enumerate(sections_of(0))}
Seated = dict[tuple[str, str], list[Sitting]]
SERIES = {"QM": list(GRADES), "UC": ["06", "07", "08"]}


@dataclass(frozen=True, eq=False)
class Sat:
    """One form in one window: arrays with one entry for each student tested. `able` is students x items, logits."""

    form: Form
    window: str
    students: np.ndarray
    schools: np.ndarray
    sections: np.ndarray
    able: np.ndarray
    answers: Answers
    scores: np.ndarray

    @cached_property
    def worth(self) -> np.ndarray:
        return np.array([item.points * UNITS_PER_POINT for item in self.form.items])

    @cached_property
    def standards(self) -> list[str]:
        return list(dict.fromkeys(item.standard for item in self.form.items))

    @cached_property
    def asks(self) -> np.ndarray:
        return np.array([[item.standard == code for item in self.form.items] for code in self.standards])

    def sheet(self, inside: np.ndarray | slice = slice(None)) -> Sheet:
        """The students `inside` as the sums want them."""
        points = self.answers.points[inside]
        return Sheet(
            points=points,
            worth=self.worth,
            standards=self.asks,
            tested=np.ones(len(points), bool),
            scores=self.scores[inside],
            levels=np.zeros(len(points), int),
            choices=self.answers.choices[inside],
        )


@dataclass(frozen=True, eq=False)
class World:
    """Last year's Fall and Winter 1 of one network; of the equals, Quarterly Math in Winter 1 alone."""

    sat: dict[tuple[str, str], Sat]  # by code of the form and window

    def forms(self, series: str, window: str) -> list[Sat]:
        return [one for (_, when), one in self.sat.items() if when == window and one.form.series == series]

    def pairs(self, series: str) -> Pairs:
        """Fall to Winter 1, as `pipeline/growing.py` measures it: scale scores, or points as a standing."""
        kind = Kind.SCALE if series == "QM" else Kind.STANDING
        return match(*(self._scores(series, window) for window in (FALL, WINTER)), kind)

    def _scores(self, series: str, window: str) -> WindowScores:
        forms = self.forms(series, window)

        def joined(name):
            return np.concatenate([getattr(one, name) for one in forms])

        grades = np.concatenate([np.full(len(one.students), int(one.form.grade)) for one in forms])
        schools = joined("schools")
        groups = {
            "all": np.zeros(len(schools), int),
            "school": schools,
            "cell": schools * len(GRADES) + grades - int(GRADES[0]),
            "section": joined("sections"),
        }
        return WindowScores(joined("students"), joined("scores"), grades, groups)


@dataclass(frozen=True, eq=False)
class Networks:
    """The three worlds of one seed."""

    seed: int
    planted: World
    quiet: World
    equals: World


def make_networks(seed: int) -> Networks:
    """The worlds of a seed: the same students, who sit the same forms on the same days."""
    years, forms = two_years(TODAY), make_forms(seed)
    roster = make_roster(seed, years, TODAY)
    able = Abilities.draw(seed, roster)
    seated = {
        (series, window.code): sittings(seed, roster, years[0], window, series, grades, newest=False)
        for series, grades in SERIES.items()
        for window in years[0].windows[:2]
    }
    planted = _world(seed, forms, seated, able.of, "answers")
    with nothing_happens():
        quiet = _world(seed, forms, seated, able.of, "quiet answers")
    quarterly = [form for form in forms if form.series == "QM"]
    return Networks(seed, planted, quiet, _world(seed, quarterly, seated, _all_the_same, "answers of equals", [WINTER]))


@contextmanager
def nothing_happens():
    """The generator without growth, without schools that differ, without planted effects."""
    alike = {code: replace(school, strength=0.0) for code, school in BY_CODE.items()}
    with (
        mock.patch.object(demo_abilities, "GROWTH", dict.fromkeys(demo_abilities.GROWTH, 0.0)),
        mock.patch.object(demo_abilities, "BY_CODE", alike),
        mock.patch.object(demo_abilities, "added_ability", lambda school, window, standard: 0.0),
    ):
        yield


def _all_the_same(seats, window: str, standards: list[str]) -> np.ndarray:
    return np.repeat([[grade_mean(seat.grade)] for seat in seats], len(standards), axis=1)


def _world(seed: int, forms: list[Form], seated: Seated, able_of, name: str, windows=(FALL, WINTER)) -> World:
    sat = {}
    for window in windows:
        for form in forms:
            if form.window in ("", window):
                there = [s for s in seated[form.series, window] if s.day is not None and s.seat.grade == form.grade]
                chance = source(seed, name, form.code, window)
                sat[form.code, window] = _sat(form, window, [s.seat for s in there], able_of, chance)
    return World(sat)


def _sat(form: Form, window: str, seats: list, able_of, chance: np.random.Generator) -> Sat:
    able = able_of(seats, window, [item.standard for item in form.items])
    answers = answer(chance, form.items, able)
    if form.scale:
        found = scores(form.items, answers.earned, grade_mean(form.grade))
    else:
        full = np.array([item.points * UNITS_PER_POINT for item in form.items])
        found = np.where(answers.points > full, 0, answers.points).sum(axis=1) / UNITS_PER_POINT
    return Sat(
        form=form,
        window=window,
        students=np.array([seat.student for seat in seats]),
        schools=np.array([PLACE[seat.section.school] for seat in seats]),
        sections=np.array([SECTION_PLACE[seat.section] for seat in seats]),
        able=able,
        answers=answers,
        scores=found,
    )
