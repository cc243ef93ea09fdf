"""Ids are for life: a sourcedId that comes back with another name and another number is somebody else's row. Pure."""

import numpy as np
import pandas as pd

from schools.files.values import same_name
from schools.oneroster.layout import ORGS, USERS
from schools.oneroster.package import Package
from schools.oneroster.present import Present
from schools.oneroster.records import Roster

CODE = "RECYCLED_SOURCEDID"


def bar_recycled(package: Package, roster: Roster, present: Present) -> bool:
    """Bar the rows whose id the portal knows as another's; whether there were any."""
    before = [len(part.barred) for part in package.parts.values()]
    bar_schools(package, roster, present)
    bar_students(package, roster, present)
    bar_people(package, roster, present)
    return before != [len(part.barred) for part in package.parts.values()]


def bar_schools(package: Package, roster: Roster, present: Present) -> None:
    known = {row["sourced_id"]: row for row in present.schools.to_dict("records") if row["sourced_id"]}
    for school in roster.schools:
        row = known.get(school.sourced_id)
        if row and row["code"] != school.code and not same_name(row["name"], school.name):
            package[ORGS].bar(CODE, school.row, column="sourcedId", known=f"{row['name']}, {row['code']}")


def bar_students(package: Package, roster: Roster, present: Present) -> None:
    wanted, rows = roster.students, present.students
    with_id = rows[rows["sourced_id"] != ""]
    found = pd.Index(with_id["sourced_id"]).get_indexer(wanted["sourced_id"])
    at = np.flatnonzero(found >= 0)
    if not len(at):
        return
    there = with_id.iloc[found[at]]
    differs = there["number"].to_numpy(object) != wanted["number"].to_numpy(object)[at]
    for place, row in zip(at[differs], there[differs].to_dict("records"), strict=True):
        record = wanted.iloc[int(place)]
        if not named_alike(row, record):
            package[USERS].bar(CODE, int(record["row"]), column="sourcedId", known=f"number {row['number']}")


def bar_people(package: Package, roster: Roster, present: Present) -> None:
    """Whoever has a place in another district too may have the id from there: theirs is no proof."""
    known: dict[str, list[dict]] = {}
    for row in present.people.to_dict("records"):
        if row["local"] and row["sourced_id"] and not row["elsewhere"]:
            known.setdefault(row["sourced_id"], []).append(row)
    for record in roster.people.to_dict("records"):
        rows = known.get(record["sourced_id"])
        if rows and not any(row["email"] == record["email"] or named_alike(row, record) for row in rows):
            package[USERS].bar(CODE, record["row"], column="sourcedId", known=rows[0]["email"])


def named_alike(row, record) -> bool:
    """Whether a given or family name agrees; a blank one cannot say that it differs."""
    pairs = [(row[name], record[name]) for name in ("given_name", "family_name")]
    return any(same_name(*pair) or not all(pair) for pair in pairs)
