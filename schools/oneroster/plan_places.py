"""Which schools, years and sections of the portal a roster means, and what changes in them. Pure."""

from dataclasses import dataclass, field

import numpy as np

from schools.oneroster.present import Present
from schools.oneroster.records import OWN_ID, Roster, SectionRecord
from schools.oneroster.timeline import ended

CODE_LENGTH, SHORT = 60, 20


@dataclass(frozen=True, slots=True)
class Rows:
    """Many rows as columns of one length, the id among them; a slice gives rows as dicts."""

    columns: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.columns["id"])

    def __getitem__(self, places: slice) -> list[dict]:
        cells = (column[places].tolist() for column in self.columns.values())
        return [dict(zip(self.columns, row, strict=True)) for row in zip(*cells, strict=True)]


@dataclass(slots=True)
class Changes:
    """What changes in one table: rows to add and to change, as dicts of columns, and ends to write.

    A new row that others refer to has a negative id, -(its position in the roster) - 1. New students come as Rows.
    """

    new: list[dict] | Rows = field(default_factory=list)
    changed: list[dict] = field(default_factory=list)
    ended: list[dict] = field(default_factory=list)


@dataclass(slots=True)
class Matched:
    """The portal's id for each position of the roster (negative: new), which positions change, and how."""

    ids: np.ndarray
    touched: np.ndarray
    changes: Changes


def matched(size: int) -> Matched:
    return Matched(-1 - np.arange(size, dtype=np.int64), np.zeros(size, bool), Changes())


def changed_columns(row: dict, wanted: dict) -> dict:
    """The wanted columns whose value differs."""
    return {name: value for name, value in wanted.items() if row[name] != value}


# --- schools -------------------------------------------------------------------------------------------


def plan_schools(roster: Roster, present: Present) -> Matched:
    """A school is known by its OneRoster id, else by its code, else by its state or NCES code."""
    rows = present.schools.to_dict("records")
    named = {school.sourced_id for school in roster.schools}
    by_id = {row["sourced_id"]: row for row in rows if row["sourced_id"]}
    free = [row for row in rows if row["sourced_id"] not in named]
    by_code: dict[str, dict] = {}
    for column in ("code", "state_code", "nces_code"):
        for row in free:
            if row[column]:
                by_code.setdefault(row[column], row)
    codes = {row["code"] for row in rows}
    plan, taken = matched(len(roster.schools)), set()
    for place, school in enumerate(roster.schools):
        row = by_id.get(school.sourced_id) or by_code.get(school.code)
        if row is None or row["id"] in taken:
            code = school.code if school.code not in codes else school.sourced_id[:40]
            codes.add(code)
            plan.touched[place] = True
            columns = {"code": code, "name": school.name, "sourced_id": school.sourced_id}
            plan.changes.new.append({"id": -1 - place, **columns})
            continue
        taken.add(row["id"])
        plan.ids[place] = row["id"]
        differs = changed_columns(row, {"name": school.name, "sourced_id": school.sourced_id})
        if differs:
            plan.touched[place] = True
            plan.changes.changed.append({"id": row["id"], "name": school.name, "sourced_id": school.sourced_id})
    return plan


# --- years ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Years:
    """The years the roster is about: ids, first and last days as the portal has them."""

    ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    touched: np.ndarray
    changes: Changes
    differing: list[int] = field(default_factory=list)

    def day(self, today: int) -> np.ndarray:
        """For each year the day the roster speaks of: today, or the nearest day of the year."""
        return np.clip(today, self.starts, self.ends)


def plan_years(roster: Roster, present: Present) -> Years:
    """A year is known by its code, else by its days. What the portal says of a year's days stands."""
    rows = present.years.to_dict("records")
    by_code = {row["code"]: row for row in rows}
    size = len(roster.years)
    plan = Years(*(np.zeros(size, np.int64) for _ in range(3)), np.zeros(size, bool), Changes())
    for place, year in enumerate(roster.years):
        row = by_code.get(year.code) or mostly_the_same(year.starts, year.ends, rows)
        if row is not None:
            plan.ids[place], plan.starts[place], plan.ends[place] = row["id"], row["starts"], row["ends"]
            if (row["starts"], row["ends"]) != (year.starts, year.ends):
                plan.differing.append(place)
            continue
        starts, ends = beside(year.starts, year.ends, rows)
        plan.ids[place], plan.starts[place], plan.ends[place] = -1 - place, starts, ends
        plan.touched[place] = True
        plan.changes.new.append({"id": -1 - place, "code": year.code, "starts": starts, "ends": ends})
    return plan


def mostly_the_same(starts: int, ends: int, rows: list[dict]) -> dict | None:
    """The year that shares most of these days, if it shares at least half."""

    def shared(row):
        return min(ends, row["ends"]) - max(starts, row["starts"]) + 1

    best = max(rows, key=shared, default=None)
    return best if best is not None and shared(best) * 2 >= ends - starts + 1 else None


def beside(starts: int, ends: int, rows: list[dict]) -> tuple[int, int]:
    """The days of a new year without those that a year of the portal has already."""
    for row in rows:
        if row["starts"] <= ends and starts <= row["ends"]:
            if starts < row["starts"]:
                ends = row["starts"] - 1
            else:
                starts = row["ends"] + 1
    return starts, ends


# --- sections ------------------------------------------------------------------------------------------


def plan_sections(roster: Roster, present: Present, schools: np.ndarray, years: Years, today: int) -> Matched:
    """A section is known by its OneRoster id in its year, else by school, year and code. Those gone are ended."""
    rows = present.sections.to_dict("records")
    by_id = {(row["year_id"], row["sourced_id"]): row for row in rows if row["sourced_id"]}
    named = {section.sourced_id for section in roster.sections}
    by_code = {(row["school_id"], row["year_id"], row["code"]): row for row in rows if row["sourced_id"] not in named}
    used = {(row["school_id"], row["year_id"], row["code"]) for row in rows}
    plan, kept = matched(len(roster.sections)), set()
    for place, section in enumerate(roster.sections):
        school, year = int(schools[section.school]), int(years.ids[section.year])
        row = by_id.get((year, section.sourced_id)) or by_code.get((school, year, plain_code(section)))
        if row is not None and (row["id"] in kept or row["school_id"] != school):
            row = None
        columns = {
            "title": section.title,
            "subject": section.subject,
            "grade": section.grade,
            "sourced_id": section.sourced_id,
            "starts": section.starts,
            "ends": section.ends,
            "code": section_code(section, (school, year), used, row),
        }
        if row is None:
            plan.touched[place] = True
            plan.changes.new.append({"id": -1 - place, "school_id": school, "year_id": year, **columns})
            continue
        kept.add(row["id"])
        plan.ids[place] = row["id"]
        if changed_columns(row, columns):
            plan.touched[place] = True
            plan.changes.changed.append({"id": row["id"], **columns})
    spoken_of = dict(zip(years.ids.tolist(), years.day(today).tolist(), strict=True))
    for row in rows:
        by_roster = row["sourced_id"] and not row["sourced_id"].startswith(OWN_ID)
        if row["id"] in kept or not by_roster or row["sourced_id"] in roster.protected.classes:
            continue
        last = ended(row["starts"], row["ends"], spoken_of[row["year_id"]])
        if last < row["ends"]:
            plan.changes.ended.append({"id": row["id"], "ends": last})
    return plan


def plain_code(section: SectionRecord) -> str:
    return (section.class_code or section.sourced_id)[:CODE_LENGTH]


def section_code(section: SectionRecord, place: tuple[int, int], used: set, row: dict | None) -> str:
    """The code a section goes by: its class code, or with its id where another section of the school has that.

    A code that a section has already is not given to it twice, nor taken from another in the same run.
    """
    plain = plain_code(section)
    long = f"{plain[:SHORT]} {section.sourced_id[-(CODE_LENGTH - SHORT - 1) :]}"
    if row is not None and (row["code"] in (plain, long) or (*place, plain) in used):
        return row["code"]
    code = long if (*place, plain) in used else plain
    used.add((*place, code))
    return code
