"""How able each student is in each window: the logistic scale that questions and students share."""

from dataclasses import dataclass

import numpy as np

from pop_network.demo.calendar import WINDOWS
from pop_network.demo.chance import source
from pop_network.demo.instruments import grade_mean
from pop_network.demo.places import BY_CODE
from pop_network.demo.planted import added_ability
from pop_network.demo.roster import Roster, Seat

GROWTH = {"Q1": 0.0, "Q2": 0.17, "Q3": 0.32, "Q4": 0.45}  # what the network's students gain, in logits
OWN_PACE = 0.10  # standard deviation of a student's own growth over a year
OCCASION = 0.12  # ... of a good or bad day
DRIFT = 0.20  # ... of the change from one year to the next


@dataclass(frozen=True, slots=True)
class Abilities:
    """Draws of chance for each student of the roster; `of` makes abilities of them."""

    roster: Roster
    pace: np.ndarray  # students x years
    drift: np.ndarray  # students x years; nothing in the first
    occasion: np.ndarray  # students x years x windows

    @classmethod
    def draw(cls, seed: int, roster: Roster) -> "Abilities":
        """The draws of a seed."""
        chance, students = source(seed, "abilities"), len(roster.students)
        drift = np.column_stack([np.zeros(students), chance.normal(0, DRIFT, students)])
        pace = chance.normal(0, OWN_PACE, (students, 2))
        return cls(roster, pace, drift, chance.normal(0, OCCASION, (students, 2, len(WINDOWS))))

    def of(self, seats: list[Seat], window: str, standards: list[str]) -> np.ndarray:
        """Abilities in logits, seats x standards, of students in a window of their seat's year."""
        place = [code for code, *_ in WINDOWS].index(window)
        schools = {seat.section.school for seat in seats}
        added = {school: [added_ability(school, window, standard) for standard in standards] for school in schools}
        found = np.array([added[seat.section.school] for seat in seats]).reshape(len(seats), len(standards))
        for row, seat in enumerate(seats):
            year, student, school = seat.section.year, seat.student, seat.section.school
            found[row] += (
                grade_mean(seat.grade)
                + BY_CODE[school].strength
                + self.roster.students[student].ability
                + self.drift[student, year]
                + GROWTH[window]
                + self.pace[student, year] * place / (len(WINDOWS) - 1)
                + self.occasion[student, year, place]
            )
        return found
