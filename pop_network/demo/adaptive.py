"""The adaptive test: in Fall, Winter and Spring, a score and four strands for each student, no questions.

Its files have the layout of NWEA's MAP Growth export, results and roster apart, because the portal reads that layout.
"""

import csv
import io
from dataclasses import dataclass

import numpy as np

from pop_network.demo.abilities import Abilities
from pop_network.demo.calendar import TestWindow, Year, closed_windows
from pop_network.demo.chance import source
from pop_network.demo.places import BY_CODE, DISTRICT_NAME, GRADES
from pop_network.demo.roster import Roster
from pop_network.demo.sittings import Sitting, sittings
from pop_network.demo.standards import FRACTIONS

RIT_BASE, RIT_UNIT = 189, 12  # a RIT score is 189 + 12 per logit
NOISE, STRAND_NOISE = 2.9, 4.6
RETESTED = 0.015  # a second test in the same term, which the vendor's flag sets aside
LOWER = ("Operations and Algebraic Thinking", "Number and Operations", "Measurement and Data", "Geometry")
UPPER = (
    "Operations and Algebraic Thinking", "The Real and Complex Number Systems", "Geometry",
    "Statistics and Probability",
)  # fmt: skip
NUMBER_STRAND = 1
RESULT_COLUMNS = [
    "TermName", "StudentID", "SchoolName", "MeasurementScale", "Discipline", "GrowthMeasureYN", "TestType", "TestName",
    "TestStartDate", "TestDurationMinutes", "TestRITScore", "TestStandardError",
    *(f"Goal{goal}{part}" for goal in range(1, 5) for part in ("Name", "RitScore", "StdErr")),
]  # fmt: skip
ROSTER_COLUMNS = [
    "TermName", "DistrictName", "SchoolName", "StudentLastName", "StudentFirstName", "StudentMI", "StudentID", "Grade",
]  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class AdaptiveRound:
    """One term of the adaptive test; `rit` and `strands` (students x 4) have one entry for each sitting."""

    year: Year
    window: TestWindow
    sittings: list[Sitting]
    rit: np.ndarray
    strands: np.ndarray
    retests: np.ndarray  # NaN for those without

    def results_file(self, roster: Roster) -> bytes:
        """The AssessmentResults half."""
        rows = [self._row(roster, place, self.rit[place], "TRUE") for place in self._tested()]
        again = [place for place in self._tested() if not np.isnan(self.retests[place])]
        rows += [self._row(roster, place, self.retests[place], "FALSE") for place in again]
        return _csv(RESULT_COLUMNS, rows)

    def roster_file(self, roster: Roster) -> bytes:
        """The StudentsBySchool half: everybody, tested or not."""
        return _csv(ROSTER_COLUMNS, [self._person(roster, sitting) for sitting in self.sittings])

    def _tested(self) -> list[int]:
        return [place for place, sitting in enumerate(self.sittings) if sitting.day is not None]

    def _row(self, roster: Roster, place: int, rit: float, counts: str) -> list[str]:
        sitting = self.sittings[place]
        upper = sitting.seat.grade >= "06"
        names = UPPER if upper else LOWER
        strands = [
            cell
            for name, score in zip(names, self.strands[place], strict=True)
            for cell in (name, f"{score:.0f}", "4.6")
        ]
        return [
            self.window.term, roster.students[sitting.seat.student].number,
            BY_CODE[sitting.seat.section.school].vendor_name, "Mathematics", "Mathematics", counts,
            "Survey With Goals", f"Growth: Math {'6+' if upper else '2-5'}", f"{sitting.day:%m/%d/%Y}", "45",
            f"{rit:.0f}", "2.9", *strands,
        ]  # fmt: skip

    def _person(self, roster: Roster, sitting: Sitting) -> list[str]:
        student = roster.students[sitting.seat.student]
        school = BY_CODE[sitting.seat.section.school]
        return [
            self.window.term, DISTRICT_NAME, school.vendor_name, student.name.family, student.name.given, "",
            student.number, str(int(sitting.seat.grade)),
        ]  # fmt: skip


def make_adaptive(seed: int, years: tuple[Year, Year], today, roster: Roster) -> list[AdaptiveRound]:
    """Every term that was over before `today`, the earliest first."""
    abilities = Abilities.draw(seed, roster)
    return [
        _round(seed, roster, abilities, year, window)
        for year, window in closed_windows(years, today)
        if window.term is not None
    ]


def _round(seed: int, roster: Roster, abilities: Abilities, year: Year, window: TestWindow) -> AdaptiveRound:
    sat = sittings(seed, roster, year, window, "adaptive", list(GRADES), newest=False)
    chance = source(seed, "adaptive", year.index, window.code)
    whole, fractions = abilities.of([sitting.seat for sitting in sat], window.code, ["", FRACTIONS[0]]).T
    strands = np.repeat(whole[:, None], len(LOWER), axis=1)
    strands[:, NUMBER_STRAND] = (whole + fractions) / 2
    scores = RIT_BASE + RIT_UNIT * strands + chance.normal(0, STRAND_NOISE, strands.shape)
    rit = np.rint(RIT_BASE + RIT_UNIT * strands.mean(axis=1) + chance.normal(0, NOISE, len(sat)))
    again = np.where(chance.random(len(sat)) < RETESTED, rit + chance.integers(-6, 7, len(sat)), np.nan)
    return AdaptiveRound(year, window, sat, rit, np.rint(scores), again)


def _csv(header: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerows([header, *rows])
    return out.getvalue().encode()
