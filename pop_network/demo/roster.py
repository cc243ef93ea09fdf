"""Who is enrolled where, and sits in which section, on each day of the two years."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from pop_network.demo.calendar import LAST_YEAR, Year
from pop_network.demo.chance import source
from pop_network.demo.names import Name, Names
from pop_network.demo.places import BY_CODE, FEWEST, MOST, SCHOOLS, STUDENTS, Class

MOVE_SHARE = 0.06
EVERY_SO_MANY_LEAVE = 6  # of those who move: they leave the network
FIRST_MOVE, LAST_MOVE = 30, 205  # days into the year
STAYS = 0.93  # of the students whose school has the next grade


@dataclass(frozen=True, slots=True)
class SectionKey:
    """A section of one year."""

    year: int
    school: str
    code: str


@dataclass(frozen=True, slots=True)
class DemoStudent:
    """A student. `ability` is how far from the mean of the grade, in logits; it stays from year to year."""

    number: str
    name: Name
    ability: float
    english_learner: bool
    iep: bool
    economically_disadvantaged: bool


@dataclass(slots=True)
class Seat:
    """A student's time in a section, and so in its school; both days count."""

    student: int  # place in `Roster.students`
    section: SectionKey
    grade: str
    starts: date
    ends: date
    moved_in: bool = False


@dataclass(slots=True)
class Roster:
    """Every student of the two years, and every seat, in the order they came about."""

    students: list[DemoStudent] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)

    def on(self, day: date) -> dict[int, Seat]:
        """The seat of each student who has one on that day."""
        return {seat.student: seat for seat in self.seats if seat.starts <= day <= seat.ends}


def sections_of(year: int) -> list[tuple[SectionKey, Class]]:
    """The sections of a year, in the order of the schools."""
    return [(SectionKey(year, school.code, each.code), each) for school in SCHOOLS for each in school.classes]


def make_roster(seed: int, years: tuple[Year, Year], today: date) -> Roster:
    """The two years' students. What is to come after `today` has not come about yet."""
    roster = Roster()
    newcomers = _Newcomers(seed, roster)
    for year in years:
        chance = source(seed, "roster", year.index)
        _fill_sections(roster, newcomers, year, years, chance)
        _move(roster, year, today, chance)
    return roster


class _Newcomers:
    """Makes students who were not in the network before."""

    def __init__(self, seed: int, roster: Roster):
        self.roster = roster
        self.chance = source(seed, "students")
        self.names = Names(source(seed, "student names"), own_scripts=True)
        numbers = source(seed, "student numbers").choice(900_000, size=4 * STUDENTS, replace=False)
        self.numbers = (f"{number + 50_000:07d}" for number in numbers)  # as the district's: zeros lead

    def one(self) -> int:
        """A new student's place in the roster."""
        flags = self.chance.random(3) < (0.14, 0.16, 0.62)
        student = DemoStudent(
            next(self.numbers), self.names.next(), float(self.chance.normal(0, 0.85)), *map(bool, flags)
        )
        self.roster.students.append(student)
        return len(self.roster.students) - 1


def _fill_sections(
    roster: Roster, newcomers: _Newcomers, year: Year, years: tuple[Year, Year], chance: np.random.Generator
) -> None:
    """Fill every section to its size: first with last year's students of that school, then with new ones."""
    before = [] if year.index == LAST_YEAR else list(roster.on(years[LAST_YEAR].ends).values())
    waiting = {school.code: {} for school in SCHOOLS}
    for seat in before:
        if chance.random() < STAYS:
            grade = f"{int(seat.grade) + 1:02d}"
            waiting[seat.section.school].setdefault(grade, []).append(seat.student)
    for section, plan in sections_of(year.index):
        known = waiting[section.school].get(plan.grade, [])
        for _ in range(plan.size):
            student = known.pop(int(chance.integers(len(known)))) if known else newcomers.one()
            roster.seats.append(Seat(student, section, plan.grade, year.starts, year.ends))


def _move(roster: Roster, year: Year, today: date, chance: np.random.Generator) -> None:
    """Let some students change school in mid-year, and a few leave the network."""
    seats = [seat for seat in roster.seats if seat.section.year == year.index]
    size = Counter(seat.section for seat in seats)
    open_to = [(section, plan) for section, plan in sections_of(year.index) if BY_CODE[section.school].takes_movers]
    days = np.sort(chance.choice(np.arange(FIRST_MOVE, LAST_MOVE), round(MOVE_SHARE * STUDENTS), replace=False))
    moved: set[int] = set()
    for number, offset in enumerate(days, 1):
        leaves, day = number % EVERY_SO_MANY_LEAVE == 0, year.day(int(offset))
        seat = _who_moves(seats, size, moved, chance)
        moved.add(seat.student)
        rooms = [
            section
            for section, plan in open_to
            if plan.grade == seat.grade and section.school != seat.section.school and size[section] < MOST
        ]
        room = None if leaves or not rooms else rooms[int(chance.integers(len(rooms)))]
        size[seat.section] -= 1
        if room is not None:
            size[room] += 1
        if day > today:
            continue
        seat.ends = day - timedelta(1)
        if room is not None:
            roster.seats.append(Seat(seat.student, room, seat.grade, day, year.ends, moved_in=True))


def _who_moves(seats: list[Seat], size: Counter, moved: set[int], chance: np.random.Generator) -> Seat:
    """A student who has not moved yet, of a section that stays large enough without them."""
    while True:
        seat = seats[int(chance.integers(len(seats)))]
        if seat.student not in moved and size[seat.section] > FEWEST + 1 and BY_CODE[seat.section.school].takes_movers:
            return seat
