"""The classes of data and how long each is kept: one list, to which higher rooms add their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from schools.models import District

YEAR = 365  # days


@dataclass(frozen=True)
class Part:
    """Rows of one kind that are over their time. `day` is the path to the field that says how old each is."""

    label: str
    rows: QuerySet
    day: str


@dataclass(frozen=True)
class DataClass:
    """One class of data.

    name       for addresses, rules and the command line
    why        what it is kept for, as a sentence
    days       how long the portal proposes to keep it, counted from `since`; `least` is the fewest a rule may say
    what       what destroying takes away, as a sentence
    parts      (district, day) -> what is older than the day, lazily
    destroy    (district, day, database) -> takes exactly that away, inside the caller's transaction
    """

    name: str
    label: str
    why: str
    days: int
    since: str
    least: int
    what: str
    parts: Callable[[District, date], list[Part]]
    destroy: Callable[[District, date, str], None]


@dataclass(frozen=True)
class Fixed:
    """A class of data that no rule takes away."""

    label: str
    kept: str
    why: str


_classes: list[DataClass] = []

FIXED = (
    Fixed("Access log, record of disclosures", "as long as the student's records", "34 CFR 99.32(a)(2)."),
    Fixed("Certificates of destruction", "for good", "They prove what is gone, and hold no name."),
    Fixed(
        "History of changes", "for good, but for what is about a student whose records are destroyed",
        "Who changed what; nobody can alter it.",
    ),
    Fixed("People and their roles", "for good", "The access log names them."),
    Fixed(
        "Released results of the network", "for good",
        "Small groups are hidden in them; no student can be worked out.",
    ),
    Fixed("Files taken away", "not kept", "A file is made when it is asked for; the access log says who took it."),
    Fixed("Sessions", "two weeks after the last click", "Signing out ends one at once."),
    Fixed(
        "Backups", "as long as whoever runs the portal keeps them",
        "What is destroyed here is still in the backups of before, until the last of them is deleted.",
    ),
)  # fmt: skip


def add_class(one: DataClass) -> None:
    """Add a class of data; each room does so once, when the portal starts."""
    if one.name not in {known.name for known in _classes}:
        _classes.append(one)


def data_classes() -> dict[str, DataClass]:
    """Every class a rule can be made for, by name, in the order they were added."""
    return {one.name: one for one in _classes}


# Whose rows still need a student's name: querysets of the keys of students.
_needs: list[Callable[[], QuerySet]] = []


def add_need(students: Callable[[], QuerySet]) -> None:
    """Keep the name of these students, however long ago they left: rows of another room still speak of them."""
    if students not in _needs:
        _needs.append(students)


def needed_students() -> list[QuerySet]:
    """The students whose names are still needed."""
    return [students() for students in _needs]
