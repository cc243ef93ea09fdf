"""What a reader works out who kept the earlier release, or lays two windows with their growth side by side.

The unknowns of both moments stand in one system. Everything a release holds counts as read, the figures of programs as
well, which no page of the network shows.
"""

import re
from dataclasses import dataclass, field, replace

import pandas as pd

from tests.attacker.attack import CLOSE, Insider, Window, learn, wins_in
from tests.attacker.facts import NETWORK, WHOLE, Told
from tests.attacker.solver import VALUES_OF_A_RATE, Knowledge
from tests.attacker.truth import CELLS, GROWN, PROGRAMS, Class, True_
from tests.independent.facts import table

MOVERS = "students who changed schools"
PARTS = {"yes": "", "no": ":no", "?": ":?"}  # how a subgroup is named


@dataclass
class Moment:
    """One window as it stood when it was released: its truth, what was told, and the programs of its students.

    programs  {(program, part): {class: students}}; bands  matched students as told, by group
    """

    name: str
    window: Window
    told: Told
    programs: dict[tuple[str, str], dict[Class, int]]
    shown: dict[str, tuple] = field(default_factory=dict)  # of subgroups: (tested, rate)
    growth: dict[tuple[str, str], tuple] = field(default_factory=dict)  # (mean, fewest, most matched)

    @property
    def classes(self) -> dict[Class, True_]:
        return self.window.classes


def moment_of(name: str, window: Window, release: int) -> Moment:
    """What stands in a release, beside its truth as `window` has it; its classes are those of the moment `name`."""
    classes = {replace(one, moment=name): true for one, true in window.classes.items()}
    found = Moment(name, replace(window, classes=classes), Told(), {})
    for cell in table(CELLS, release).itertuples():
        group = (cell.place, {"school": cell.school, "grade": cell.grade}.get(cell.place, ""))
        tested = whole(cell.tested)
        if cell.place == "subgroup":
            found.shown[cell.subgroup] = (tested, cell.rate)
            continue
        subject = WHOLE if pd.isna(cell.standard) else ("standard", str(int(cell.standard)))
        mean = whole(cell.mean)
        on_scale = {"mean": mean, "rate": cell.rate or "*"} if subject == WHOLE else {}
        found.told.add(window.release, group, subject, tested=tested, **on_scale)
        if subject == WHOLE and not pd.isna(cell.growth):
            found.growth[group] = (int(cell.growth), *ends_of(cell.band))
    for row in table(PROGRAMS, window.release[1]).itertuples():
        of = Class(row.school, row.grade, int(row.section), name)
        found.programs.setdefault((row.program, row.part), {})[of] = int(row.n)
    return found


def whole(figure) -> int | str:
    """A figure of a cell; "*" for what is not shown."""
    return "*" if pd.isna(figure) else int(figure)


def ends_of(band: str) -> tuple[int, float]:
    """ "20 to 49 students" as its ends."""
    ends = [int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*", band)]
    return ends[0], ends[1] if len(ends) > 1 else float("inf")


def without_kept(later: Moment, earlier: Moment) -> Moment:
    """The later release without the cells that stand as they stood: they may be the old figures, kept for safety."""
    release = later.window.release
    before = earlier.told.releases[release]
    news = {key: shown for key, shown in later.told.releases[release].items() if before.get(key) != shown}
    subgroups = {name: shown for name, shown in later.shown.items() if earlier.shown.get(name) != shown}
    return replace(later, told=Told({release: news}), shown=subgroups)


# --- one system ------------------------------------------------------------------------------------------


def system_of(moments: list[Moment], insider: Insider, cut: float | None) -> Knowledge:
    """All that was told at these moments; `cut` is the score from which a student is at benchmark."""
    found = Knowledge([one for moment in moments for one in moment.classes])
    for moment in moments:
        learn(found, moment.window, moment.told, insider)
        if cut is not None and moment.window.scale:
            for one in moment.classes:
                found.levelled(one, cut, *moment.window.scale)
    return found


# --- programs ----------------------------------------------------------------------------------------------


def attack_programs(moments: list[Moment], insider: Insider, floor: int) -> list[str]:
    """Parts of a program in the network (in it, not, nobody knows) below the floor of subgroups that follow.

    At each moment the parts add up to everyone; from one to the next students only come. Whoever sees some classes
    whole knows at least as many of each part.
    """
    wins = []
    for program in sorted({program for moment in moments for program, _ in moment.programs}):
        found, earlier = Knowledge([]), None
        for moment in moments:
            parts = {part: Class("network", program, 0, f"{moment.name} {part}") for part in PARTS}
            everyone = moment.told.of(moment.window.release, NETWORK).tested
            for part, one in parts.items():
                own = sum(moment.programs.get((program, part), {}).get(mine, 0) for mine in insider.classes)
                found.sized(one, own)
                tested, rate = moment.shown.get(program + PARTS[part], ("*", ""))
                if tested != "*":
                    found.counted([one], tested)
                if tested != "*" and rate:
                    found.rated([one], tested, rate)
                if earlier:
                    found.late(earlier[part], one, 0.0, 0.0)
            if isinstance(everyone, int):
                found.counted(parts.values(), everyone)
            earlier = parts
            for part, one in parts.items():
                size = sum(moment.programs.get((program, part), {}).values())
                low, high = found.possible([one]) if 0 < size < floor else (0, floor)
                if high - low + 1 < floor - 1:
                    wins.append(f"{moment.name}: {program} {part} has {low} to {high} students: {size}")
    return wins


# --- a correction ----------------------------------------------------------------------------------------


def attack_correction(
    before: Moment, after: Moment, insider: Insider, *, cut: float | None, subgroup_floor: int
) -> list[str]:
    """What a reader of both releases works out who knows that nothing happened but that some took the test late."""
    news = without_kept(after, before)
    found = system_of([before, news], insider, cut)
    ends = before.window.scale or (0.0, 0.0)
    pairs = {one: earlier_of(one, before) for one in news.classes}
    for one, first in pairs.items():
        found.late(first, one, *ends)
    wins = [f"{where}: {win}" for where, moment in (("before", before), ("after", news))
            for win in wins_in(found, moment.window, insider)]  # fmt: skip
    wins += _late_wins(found, before, news, pairs, insider)
    return wins + attack_programs([before, news], insider, subgroup_floor)


def earlier_of(one: Class, before: Moment) -> Class | None:
    first = replace(one, moment=before.name)
    return first if first in before.classes else None


def _late_wins(found: Knowledge, before: Moment, after: Moment, pairs: dict, insider: Insider) -> list[str]:
    """Groups of fewer late students than the floor whose number, or whose results, follow."""
    late = {one: after.classes[one].n - (before.classes[first].n if first else 0) for one, first in pairs.items()}
    groups: dict[str, list[Class]] = {"the network": list(pairs)}
    for one in pairs:
        for name in (one.school, f"grade {one.grade}", f"{one.school}, grade {one.grade}"):
            groups.setdefault(name, []).append(one)
    wins = []
    for name, group in groups.items():
        came = sum(late[one] for one in group)
        if not 0 < came < after.window.floor or set(group) <= insider.classes:
            continue
        for letter, what, fewest in (("n", "came late", after.window.floor - 1), ("k", "at benchmark came late",
                                                                                 VALUES_OF_A_RATE)):  # fmt: skip
            weights = {(letter, one): 1.0 for one in group}
            weights |= {(letter, pairs[one]): -1.0 for one in group if pairs[one]}
            low, high = (round(end) for end in found.ends(weights))
            if high - low + 1 < fewest:
                wins.append(f"{low} to {high} of {name} {what}: {came}")
    return wins


# --- two windows and the growth between them -----------------------------------------------------------------


def attack_windows(first: Moment, last: Moment, insider: Insider, *, cut: float | None) -> list[str]:
    """What a reader of two windows works out, with the growth of those who were tested in both."""
    found = system_of([first, last], insider, cut)
    at_least, at_most = last.window.scale
    grown = table(GROWN, first.window.release[1], last.window.release[1])
    true = {Class(row.school, row.grade, int(row.section), "grown"): (int(row.n), float(row.change))
            for row in grown.itertuples()}  # fmt: skip
    names = {replace(one, moment="grown"): one for one in last.classes}
    movers = {Class(MOVERS, grade, 0, "grown"): None for grade in {one.grade for one in names}}
    for name, after in {**names, **movers}.items():
        before = earlier_of(after, first) if after else None
        found.matched(before, after, name, at_most - at_least)
        if before:
            found.scored_both(before, after, name, at_least, at_most)
        if after in insider.classes:
            found.knows_growth(name, *true.get(name, (0, 0.0)))
    for group, told in last.growth.items():
        found.grown([one for one in (*names, *movers) if is_in(one, group)], *told)
    wins = [f"{moment.window.release}: {win}" for moment in (first, last)
            for win in wins_in(found, moment.window, insider)]  # fmt: skip
    return wins + _growth_wins(found, names, true, insider, last.window.floor)


def is_in(one: Class, group: tuple[str, str]) -> bool:
    place, name = group
    return place == "network" or name == (one.school if place == "school" else one.grade)


def _growth_wins(found: Knowledge, names: dict, true: dict, insider: Insider, floor: int) -> list[str]:
    """Schools of which fewer than the floor were compared: their number, or their growth, follows."""
    wins = []
    for school in sorted({one.school for one in names}):
        group = [one for one in names if one.school == school]
        m = sum(true.get(one, (0, 0.0))[0] for one in group)
        if not 0 < m < floor or {names[one] for one in group} <= insider.classes:
            continue
        low, high = found.possible(group, letter="m")  # matched
        if high - low + 1 < floor - 1:
            wins.append(f"{low} to {high} students of {school} are compared: {m}")
        low, high = found.ends({("D", one): 1.0 for one in group})
        if (high - low) / m < CLOSE:
            wins.append(f"the growth of {school} is known to within {(high - low) / m:.1f}")
    return wins
