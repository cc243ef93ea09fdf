"""Who is tested in a window, and on which day."""

from dataclasses import dataclass
from datetime import date

from pop_network.demo import planted
from pop_network.demo.calendar import TestWindow, Year
from pop_network.demo.chance import source
from pop_network.demo.roster import Roster, Seat

ABSENT = 0.08  # on the section's day
MADE_UP = 0.65  # of those absent
LATE_SHARE = 0.25  # of the school whose make-up tests of the newest window are still to come
MAIN_DAYS = 8  # of the window's weekdays; those after them are for make-ups


@dataclass(frozen=True, slots=True)
class Sitting:
    """A student's place in one window; `day` is None for one who was not tested."""

    seat: Seat
    day: date | None
    made_up: bool = False


def sittings(
    seed: int, roster: Roster, year: Year, window: TestWindow, program: str, grades: list[str], *, newest: bool
) -> list[Sitting]:
    """The students of those grades seated when the window closed, in the order of the roster."""
    chance = source(seed, "sittings", program, year.index, window.code)
    days = window.weekdays()
    own_day: dict[object, date] = {}
    found = []
    for seat in roster.on(window.closes).values():
        # Drawn for every student, so that one program's grades do not move another's chance.
        main, absent, made_up, late, later = chance.integers(MAIN_DAYS), *chance.random(4)
        day = own_day.setdefault(seat.section, days[main])
        if seat.grade not in grades:
            continue
        missing = newest and seat.section.school in planted.MAKE_UPS_MISSING.schools and late < LATE_SHARE
        if missing or (absent < ABSENT and made_up >= MADE_UP):
            found.append(Sitting(seat, None))
        elif absent < ABSENT or seat.starts > day:
            open_days = [each for each in days[MAIN_DAYS:] if each >= seat.starts] or [window.closes]
            found.append(Sitting(seat, open_days[int(later * len(open_days))], made_up=True))
        else:
            found.append(Sitting(seat, day))
    return found
