"""The two school years of the demo, and their four windows, counted from one day."""

from dataclasses import dataclass
from datetime import date, timedelta

MONDAY, FRIDAY = 0, 4
WINDOW_DAYS = 18  # from a Monday to the Friday of the third week
LAST_YEAR, THIS_YEAR = 0, 1

# code, name, the day on or after which the window's Monday falls, and what vendors call the term
WINDOWS = [
    ("Q1", "Fall", (9, 14), "Fall"),
    ("Q2", "Winter 1", (11, 2), None),
    ("Q3", "Winter 2", (1, 25), "Winter"),
    ("Q4", "Spring", (4, 26), "Spring"),
]


@dataclass(frozen=True, slots=True)
class TestWindow:
    """When a round of tests is given; both days count."""

    __test__ = False  # no test of pytest's

    code: str
    name: str
    opens: date
    closes: date
    term: str | None  # "Fall 2025-2026", as vendors' files name it

    def weekdays(self) -> list[date]:
        """The days on which students may be tested."""
        days = [self.opens + timedelta(days) for days in range((self.closes - self.opens).days + 1)]
        return [day for day in days if day.weekday() <= FRIDAY]


@dataclass(frozen=True, slots=True)
class Year:
    """A school year. `index` is 0 for last year and 1 for this one: chance goes by it, not by the calendar."""

    index: int
    code: str
    starts: date
    ends: date
    windows: tuple[TestWindow, ...]

    def day(self, days: int) -> date:
        """So many days into the year, moved on to a Monday where that is a weekend."""
        found = self.starts + timedelta(days)
        return found if found.weekday() <= FRIDAY else on_or_after(found, MONDAY)


def two_years(today: date) -> tuple[Year, Year]:
    """Last year and this year. Until the next year has begun, the summer still belongs to this one."""
    first = today.year if first_day(today.year) <= today else today.year - 1
    return _year(LAST_YEAR, first - 1), _year(THIS_YEAR, first)


def closed_windows(years: tuple[Year, Year], today: date) -> list[tuple[Year, TestWindow]]:
    """The windows that were over before `today`, the earliest first: those that have results."""
    return [(year, window) for year in years for window in year.windows if window.closes < today]


def first_day(first: int) -> date:
    """The first school day of the year that begins in `first`."""
    return on_or_after(date(first, 8, 25), MONDAY)


def on_or_after(day: date, weekday: int) -> date:
    """The first such weekday (0 = Monday) on or after a day."""
    return day + timedelta((weekday - day.weekday()) % 7)


def _year(index: int, first: int) -> Year:
    ends = on_or_after(date(first + 1, 6, 10), FRIDAY)
    windows = []
    for code, name, (month, day), season in WINDOWS:
        opens = on_or_after(date(first if month > 7 else first + 1, month, day), MONDAY)
        term = f"{season} {first}-{first + 1}" if season else None
        windows.append(TestWindow(code, name, opens, opens + timedelta(WINDOW_DAYS), term))
    return Year(index, f"{first}-{(first + 1) % 100:02d}", first_day(first), ends, tuple(windows))
