"""Which students and teachers of the portal a roster means, and what changes in them. Pure."""

import numpy as np
import pandas as pd

from schools.files.values import same_name
from schools.oneroster.part import Part
from schools.oneroster.plan_places import Changes, Matched, Rows, Years, changed_columns, matched
from schools.oneroster.present import Present
from schools.oneroster.records import FOREVER, Roster
from schools.oneroster.timeline import ended

NOBODY = 0

# --- students ------------------------------------------------------------------------------------------


def plan_students(roster: Roster, present: Present, users: Part) -> Matched:
    """A student is known by the OneRoster id, else by the district's number."""
    wanted, rows = roster.students, present.students
    plan = matched(len(wanted))
    place = places_of_students(wanted, rows)
    known = place >= 0
    plan.ids[known] = rows["id"].to_numpy(np.int64)[place[known]]
    numbers = free_numbers(wanted, rows, place, users)
    columns = {"sourced_id": wanted["sourced_id"].to_numpy(object), "number": numbers}
    for name in ("family_name", "given_name"):
        columns[name] = wanted[name].to_numpy(object).copy()
        blank = known & (columns[name] == "")
        columns[name][blank] = rows[name].to_numpy(object)[place[blank]]
    plan.touched = ~known
    for name, column in columns.items():
        plan.touched[known] |= column[known] != rows[name].to_numpy(object)[place[known]]
    new, changed = (np.flatnonzero(plan.touched & which) for which in (~known, known))
    columns = {"id": plan.ids, **columns}
    plan.changes.new = Rows({name: column[new] for name, column in columns.items()})
    plan.changes.changed = Rows({name: column[changed] for name, column in columns.items()})[:]
    return plan


def places_of_students(wanted: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """For each wanted student the place among the portal's, -1 where there is none.

    A number leads to a student whose own OneRoster id is blank or is not in this roster (the system behind it has
    given out new ids); never to one that the roster names by id.
    """
    if not len(rows):
        return np.full(len(wanted), -1, np.int64)
    sourced = rows["sourced_id"].to_numpy(object)
    has_id = np.flatnonzero(sourced != "")
    found = pd.Index(sourced[has_id]).get_indexer(wanted["sourced_id"])
    place = np.where(found >= 0, has_id[found] if len(has_id) else -1, -1)
    free = np.flatnonzero(~pd.Series(sourced).isin(wanted["sourced_id"]).to_numpy())
    by_number = pd.Index(rows["number"].to_numpy(object)[free]).get_indexer(wanted["number"])
    use = (place < 0) & (by_number >= 0)
    place[use] = free[by_number[use]]
    return place


def free_numbers(wanted: pd.DataFrame, rows: pd.DataFrame, place: np.ndarray, users: Part) -> np.ndarray:
    """The number of each wanted student; a known one keeps theirs where a student not in the roster has the new one."""
    numbers = wanted["number"].to_numpy(object).copy()
    if not len(rows):
        return numbers
    others = np.ones(len(rows), bool)
    others[place[place >= 0]] = False
    taken = pd.Series(numbers).isin(rows["number"][others]).to_numpy() & (place >= 0)
    if taken.any():
        users.say("NUMBER_TAKEN", wanted["row"].to_numpy()[taken], column="identifier")
        numbers[taken] = rows["number"].to_numpy(object)[place[taken]]
    return numbers


# --- teachers ------------------------------------------------------------------------------------------


def plan_people(roster: Roster, present: Present, users: Part) -> Matched:
    """A teacher is known by the OneRoster id and a name or address that agrees, else by email address.

    An address changes only while the account has never been used: it is what the person signs in with. Names of
    people whom the district did not have are left alone. Whose address is another's gets the id NOBODY.
    """
    rows = present.people.to_dict("records")
    by_id: dict[str, list[dict]] = {}
    for row in rows:
        if row["local"] and row["sourced_id"]:
            by_id.setdefault(row["sourced_id"], []).append(row)
    by_email = {row["email"]: row for row in rows}
    records = roster.people.to_dict("records")
    named = {record["sourced_id"] for record in records}
    plan = matched(len(records))
    for position, record in enumerate(records):
        same = by_id.get(record["sourced_id"], [])
        row = next((row for row in same if row["email"] == record["email"]), None)
        row = row or next((row for row in same if names_agree(row, record)), None) or by_email.get(record["email"])
        if row is None:
            names = {name: record[name] for name in ("email", "sourced_id", "family_name", "given_name")}
            plan.touched[position] = True
            plan.changes.new.append({"id": -1 - position, **names})
        elif is_another(row, record, named):
            plan.ids[position] = NOBODY
            users.say("EMAIL_TAKEN", np.array([record["row"]]), column="email")
        else:
            plan.ids[position] = row["id"]
            columns = person_columns(row, record, by_email, users)
            if changed_columns(row, columns):
                plan.touched[position] = True
                plan.changes.changed.append({"id": row["id"], **columns})
    return plan


def names_agree(row: dict, record: dict) -> bool:
    """Whether the given or the family name is the same, but for case, accents and marks."""
    return any(same_name(row[name], record[name]) for name in ("given_name", "family_name"))


def is_another(row: dict, record: dict, named: set[str]) -> bool:
    """Whether an account found by its address is somebody else's of the district, whose id the roster gives apart.

    An address that was given on must not open the account of the one who had it.
    """
    if not row["local"] or row["sourced_id"] in ("", record["sourced_id"]):
        return False
    return row["sourced_id"] in named or not names_agree(row, record)


def person_columns(row: dict, record: dict, by_email: dict[str, dict], users: Part) -> dict:
    """What the portal should have of a person it knows; says where it keeps another address than the roster's."""
    columns = {"email": row["email"], "sourced_id": row["sourced_id"]}
    if row["local"] or not row["sourced_id"]:
        columns["sourced_id"] = record["sourced_id"]
    if record["email"] != row["email"]:
        if row["fresh"] and record["email"] not in by_email:
            columns["email"] = record["email"]
        else:
            users.say("EMAIL_DIFFERS", np.array([record["row"]]), column="email", known=row["email"])
    for name in ("family_name", "given_name"):
        columns[name] = (record[name] if row["local"] else "") or row[name]
    return columns


# --- posts ---------------------------------------------------------------------------------------------


def plan_posts(
    wanted: set[tuple[int, int]], present: Present, protected: set[int], years: Years, main: int, today: int
) -> Changes:
    """Memberships as teacher for (user id, school id) pairs: given where there is none, ended where the roster gave it.

    What a person in the portal gave or ended is left as it is.
    """
    changes = Changes()
    first, last, day = int(years.starts[main]), int(years.ends[main]), int(years.day(today)[main])
    by_pair: dict[tuple[int, int], list[dict]] = {}
    for row in present.posts.to_dict("records"):
        by_pair.setdefault((row["user_id"], row["school_id"]), []).append(row)
    over = last < today
    for pair in sorted(wanted):
        held = by_pair.get(pair, [])
        if any(row["starts"] <= max(day, today) and row["ends"] >= day for row in held):
            continue
        if any(row["ended_by_person"] and row["ends"] >= first for row in held):
            continue
        starts = max([min(first, today), *(row["ends"] + 1 for row in held if row["ends"] < day)])
        user, school = pair
        ends = last if over else FOREVER
        changes.new.append({"user_id": user, "school_id": school, "starts": starts, "ends": ends})
    for pair, held in by_pair.items():
        if pair in wanted or pair[0] in protected or over:
            continue
        for row in held:
            until = ended(row["starts"], row["ends"], today)
            if row["by_roster"] and until < row["ends"]:
                changes.ended.append({"id": row["id"], "ends": until})
    return changes
