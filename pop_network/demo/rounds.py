"""One form in one window: who sat it, what they answered, what they scored."""

from dataclasses import dataclass

import numpy as np

from pop_network.demo import planted
from pop_network.demo.abilities import Abilities
from pop_network.demo.answers import Answers, answer, scores
from pop_network.demo.calendar import TestWindow, Year, closed_windows
from pop_network.demo.chance import source
from pop_network.demo.instruments import Form, grade_mean
from pop_network.demo.roster import Roster
from pop_network.demo.sittings import Sitting, sittings


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """The arrays have one entry for each sitting, those who were not tested included; their values mean nothing."""

    year: Year
    window: TestWindow
    form: Form
    newest: bool
    sittings: list[Sitting]
    answers: Answers
    scores: np.ndarray

    @property
    def tested(self) -> np.ndarray:
        return np.array([sitting.day is not None for sitting in self.sittings])

    @property
    def schools(self) -> np.ndarray:
        return np.array([sitting.seat.section.school for sitting in self.sittings])

    @property
    def students(self) -> np.ndarray:
        return np.array([sitting.seat.student for sitting in self.sittings])

    @property
    def waits_for(self) -> planted.Effect | None:
        """The planted reason for which this round's file is not published yet."""
        waiting = (planted.COLUMNS_SHIFTED, planted.ROWS_TO_FIX)
        return next((one for one in waiting if self.newest and self.form.code.split("-")[0] == one.assessment), None)


def make_rounds(seed: int, years: tuple[Year, Year], today, roster: Roster, forms: list[Form]) -> list[Round]:
    """Every round that was over before `today`, the earliest first."""
    abilities = Abilities.draw(seed, roster)
    closed = closed_windows(years, today)
    return [
        _round(seed, roster, abilities, year, window, form, newest=(year, window) == closed[-1])
        for year, window in closed
        for form in forms
        if form.window in ("", window.code)
    ]


def _round(
    seed: int, roster: Roster, abilities: Abilities, year: Year, window: TestWindow, form: Form, *, newest: bool
) -> Round:
    sat = sittings(seed, roster, year, window, form.series, [form.grade], newest=newest)
    standards = [item.standard for item in form.items]
    able = abilities.of([sitting.seat for sitting in sat], window.code, standards)
    answered = answer(source(seed, "answers", form.code, year.index, window.code), form.items, able)
    scored = scores(form.items, answered.earned, grade_mean(form.grade))
    return Round(year, window, form, newest, sat, answered, scored)
