"""What a reader can work out of what was told: each group below the floor, tried with the solver."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.attacker.facts import WHOLE, Told
from tests.attacker.solver import VALUES_OF_A_RATE, Knowledge
from tests.attacker.truth import Class, True_

CLOSE = 2.0  # a mean known to within so many points is known: one that is shown is known to within one


@dataclass
class Window:
    """One released window of one test, with the truth behind it; `schools` are those of the letters."""

    release: tuple[str, str]
    classes: dict[Class, True_]
    schools: dict[str, str]
    grades_of: dict[tuple[str, str], set[str]]
    scale: tuple[float, float] | None
    floor: int
    by_class: bool = True  # whether single classes are tried as well

    def classes_of(self, group: tuple[str, str], subject) -> list[Class]:
        """The classes of a group that were asked about the subject."""
        place, name = group
        asked = self.grades_of[self.release[0], subject[1]] if subject[0:1] == ("standard",) else None
        name = self.schools.get(name, name)
        return [
            one
            for one in self.classes
            if (asked is None or one.grade in asked)
            and (place == "network" or name == (one.school if place == "school" else one.grade))
        ]

    def size(self, group: Iterable[Class]) -> int:
        return sum(self.classes[one].n for one in group)

    def small(self) -> dict[str, list[Class]]:
        """Every group of fewer students than the floor: schools, grades, grades of schools, classes."""
        groups: dict[str, list[Class]] = defaultdict(list)
        for one in self.classes:
            names = [one.school, f"grade {one.grade}", f"{one.school}, grade {one.grade}"]
            for name in [*names, str(one)] if self.by_class else names:
                groups[name].append(one)
        by_classes = {frozenset(group): name for name, group in reversed(groups.items())}
        return {name: list(group) for group, name in by_classes.items() if 0 < self.size(group) < self.floor}


@dataclass
class Insider:
    """Whose classes are open to somebody, whole; and sizes between which a group lies, by what the ledger says."""

    classes: set[Class] = field(default_factory=set)
    between: list[tuple[tuple[str, str], int, float]] = field(default_factory=list)


def knowledge_of(window: Window, told: Told, insider: Insider) -> Knowledge:
    """Everything that was told of a window, and what the reader knows anyway, as one system."""
    found = Knowledge(window.classes)
    learn(found, window, told, insider)
    return found


def learn(found: Knowledge, window: Window, told: Told, insider: Insider) -> None:
    """Tie the unknowns of a window's classes by what was told of it and by what the reader knows anyway."""
    for (group, subject), shown in told.releases[window.release].items():
        classes = window.classes_of(group, subject)
        strand = subject[0:1] == ("strand",)  # whose students need not be all: a score may lack one
        if strand or not classes or not isinstance(shown.tested, int):
            continue
        found.counted(classes, shown.tested)
        if shown.rate not in (None, "*"):
            found.rated(classes, shown.tested, shown.rate)
        if subject == WHOLE and isinstance(shown.mean, int) and window.scale:
            found.averaged(classes, shown.tested, shown.mean, *window.scale)
    for one in insider.classes & window.classes.keys():
        true = window.classes[one]
        found.knows(one, true.n, true.k, true.score)
    for group, least, most in insider.between:
        classes = window.classes_of(group, WHOLE)
        if classes:
            found.between(classes, least, most)


def attack(window: Window, told: Told, insider: Insider | None = None, *, rates: bool = True) -> list[str]:
    """What the reader works out, one sentence each; none is a defence that held."""
    insider = insider or Insider()
    if not secrets(window, insider):
        return []
    return wins_in(knowledge_of(window, told, insider), window, insider, rates=rates)


def secrets(window: Window, insider: Insider) -> dict[str, list[Class]]:
    """The groups below the floor that the reader may not know."""
    return {name: group for name, group in window.small().items() if not set(group) <= insider.classes}


def wins_in(system: Knowledge, window: Window, insider: Insider, *, rates: bool = True) -> list[str]:
    """The groups of a window that a system of equations gives away."""
    wins = []
    for name, group in secrets(window, insider).items():
        low, high = system.possible(group)
        if high - low + 1 < window.floor - 1:
            wins.append(f"{window.release}: {name} has {low} to {high} students (it has {window.size(group)})")
        for letter, what in (("k", "at benchmark"), ("rest", "not at benchmark")) if rates else ():
            low, high = system.possible(group, letter=letter)
            if high - low + 1 < VALUES_OF_A_RATE:
                wins.append(f"{window.release}: {low} to {high} of {name} are {what}")
        if ("S", group[0]) in system.place:
            width = system.mean_width(group, window.size(group))
            if width < CLOSE:
                wins.append(f"{window.release}: the mean of {name} is known to within {width:.1f}")
    return wins


def masked(window: Window, told: Told) -> list[str]:
    """Rates shown as a band of which fewer than three numbers of students are possible."""
    shown_as_band = {
        group: shown
        for (group, subject), shown in told.releases[window.release].items()
        if subject == WHOLE and str(shown.rate)[0] in "<>" and isinstance(shown.tested, int)
    }
    system = knowledge_of(window, told, Insider()) if shown_as_band else None
    found = []
    for group in shown_as_band:
        low, high = system.possible(window.classes_of(group, WHOLE), letter="k")
        if high - low + 1 < VALUES_OF_A_RATE:
            found.append(f"{window.release}: {low} to {high} of {group} are at benchmark")
    return found
