"""What a roster says of somebody who was merged into another is said of that one. Pure.

A roster that still has both names them as one: the record of the one who is gone falls away, and its classes are the
other's.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from schools.oneroster.layout import ROLES, USERS
from schools.oneroster.package import Package
from schools.oneroster.part import Part
from schools.oneroster.records import Roster


@dataclass(frozen=True, slots=True)
class Pointer:
    """Somebody who is gone, and the one they are: `code` is a student's number, a teacher's address."""

    gone_ids: frozenset[str]
    gone_code: str
    sourced_id: str
    code: str
    family_name: str
    given_name: str


def lead_on(roster: Roster, students: list[Pointer], people: list[Pointer]) -> None:
    """Let records of those who are gone be records of those they were merged into."""
    if students:
        roster.students, place = led_on(roster.students, "number", students)
        roster.seats = moved(roster.seats, "student", place)
        roster.programs = moved(roster.programs, "student", place, by=None)
        roster.student_of_user = placed(roster.student_of_user, place)
    if people:
        roster.people, place = led_on(roster.people, "email", people)
        roster.staff = moved(roster.staff, "person", place)
        roster.posts = moved(roster.posts, "person", place, by="school")
        roster.person_of_user = placed(roster.person_of_user, place)


def naming_the_gone(base: Package | None, students: list[Pointer], people: list[Pointer]) -> Package | None:
    """The roster that stands, with a record for each old id of somebody merged, so that changes may still name it.

    Such a record is the kept one's over again, and `lead_on` makes the two one. It has no number of its own: the old
    number may be another's by now.
    """
    if base is None:
        return None
    known = set(base[USERS].column("sourcedId"))
    own = {"dateLastModified": ""}
    led = {gone: (one.sourced_id, own | {"identifier": "", "userIds": ""}) for one in students for gone in one.gone_ids}
    led |= {gone: (one.sourced_id, own) for one in people for gone in one.gone_ids}
    led = {gone: (kept, cells) for gone, (kept, cells) in led.items() if gone not in known and kept in known}
    if led:
        base.parts[USERS.name] = _with_copies(base[USERS], "sourcedId", led)
        if ROLES in base:
            base.parts[ROLES.name] = _with_copies(base[ROLES], "userSourcedId", led)
    return base


def _with_copies(part: Part, column: str, led: dict[str, tuple[str, dict[str, str]]]) -> Part:
    """The rows of a file, then those of each kept one once more under the old id."""
    frames, lines = [part.frame], [part.lines]
    ids = part.column(column)
    for gone, (kept, cells) in led.items():
        mine = ids == kept
        copy = part.frame[mine].copy()
        if column != "sourcedId":
            copy["sourcedId"] = gone + "-" + copy["sourcedId"]
        copy[column] = gone
        for name, cell in cells.items():
            if name in copy.columns:
                copy[name] = cell
        frames.append(copy)
        lines.append(np.zeros(len(copy), part.lines.dtype))
    return Part(part.name, pd.concat(frames, ignore_index=True), np.concatenate(lines))


def led_on(records: pd.DataFrame, code: str, pointers: list[Pointer]) -> tuple[pd.DataFrame, np.ndarray]:
    """The records with those of the gone renamed or, where the kept one has a record too, left out.

    The second value gives each old position its new one.
    """
    records, goes_to = records.copy(), np.arange(len(records))
    ids, codes = records["sourced_id"].to_numpy(object), records[code].to_numpy(object)
    for one in pointers:
        gone = np.flatnonzero(np.isin(ids, list(one.gone_ids)) | (codes == one.gone_code))
        own = np.flatnonzero(((ids == one.sourced_id) & (one.sourced_id != "")) | (codes == one.code))
        own = np.setdiff1d(own, gone)
        if len(own):
            goes_to[gone] = own[0]
            continue
        for place in gone[:1]:
            named = {code: one.code, "family_name": one.family_name, "given_name": one.given_name}
            named |= {"sourced_id": one.sourced_id} if one.sourced_id else {}
            for column, value in named.items():
                records.iat[place, records.columns.get_loc(column)] = value
        goes_to[gone[1:]] = gone[0] if len(gone) else 0
    stays = goes_to == np.arange(len(records))
    return records[stays].reset_index(drop=True), (np.cumsum(stays) - 1)[goes_to]


def moved(rows: pd.DataFrame, column: str, place: np.ndarray, *, by: str | None = "section") -> pd.DataFrame:
    """The rows with positions as they are now. Where one place `by` is named of both, the first row counts."""
    if not len(rows):
        return rows
    rows, was = rows.copy(), rows[column].to_numpy(np.int64)
    rows[column] = place[was]
    if by is None:
        return rows.drop_duplicates(column, ignore_index=True) if len(np.unique(place)) < len(place) else rows
    shared = pd.Series(was).groupby([rows[by].to_numpy(), rows[column].to_numpy()]).transform("nunique").to_numpy() > 1
    second = pd.Series(was).groupby([rows[by].to_numpy(), rows[column].to_numpy()]).transform("first").to_numpy() != was
    return rows[~(shared & second)].reset_index(drop=True)


def placed(positions: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Positions (-1: none) as they are now."""
    return np.where(positions >= 0, place[positions], -1) if len(place) else positions
