"""Who is where and when: stays in schools, seats in sections, staff of sections, as changes of dated rows. Pure."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from schools.oneroster.plan_people import NOBODY
from schools.oneroster.plan_places import Matched, Years
from schools.oneroster.plan_spans import SPAN, SpanChanges, plan_spans
from schools.oneroster.present import Present
from schools.oneroster.records import FOREVER, Roster


def pair_key(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Two columns of ids (of 32 bits, negative ones too) as one column of 64 bits."""
    return (np.asarray(one, np.int64) << 32) | (np.asarray(other, np.int64) & 0xFFFFFFFF)


def pair_of(key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two columns of ids again."""
    key = np.asarray(key, np.int64)
    return key >> 32, ((key + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)


# --- stays ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StayChanges:
    """`current` and `staying` (student_id, school_id): who is enrolled on the roster's day, before and after."""

    new: pd.DataFrame
    changed: pd.DataFrame
    ended: pd.DataFrame
    touched: np.ndarray
    current: pd.DataFrame
    staying: pd.DataFrame


def plan_stays(
    stays: pd.DataFrame,
    present: Present,
    schools: np.ndarray,
    years: Years,
    students: np.ndarray,
    shielded: set[int],
    about: set[int],
    today: int,
) -> StayChanges:
    """The changes in enrollments, year by year, for the years (positions) the roster is `about`."""
    parts: dict[str, list] = {name: [] for name in ("new", "changed", "ended", "touched", "current", "staying")}
    for year in sorted(about):
        year_id, day = int(years.ids[year]), int(years.day(today)[year])
        of_year = stays[stays["year"] == year]
        wanted = pd.DataFrame(
            {
                "key": students[of_year["student"].to_numpy()],
                "place": schools[of_year["school"].to_numpy()],
                "label": of_year["grade"].to_numpy(object),
                "starts": of_year["starts"].to_numpy(),
                "ends": of_year["ends"].to_numpy(),
                "starts_known": of_year["starts_known"].to_numpy(bool),
                "day": day,
            }
        )
        now = stays_of_year(present.stays, year_id, int(years.starts[year]), int(years.ends[year]), shielded)
        now["day"] = day
        changes = plan_spans(now, wanted, follow_starts=False)
        for name in ("new", "changed"):
            rows = getattr(changes, name).rename(columns={"key": "student_id", "place": "school_id", "label": "grade"})
            parts[name].append(rows.assign(year_id=year_id))
        parts["ended"].append(changes.ended)
        parts["touched"].append(changes.touched)
        current = now[(now["ends"] >= day) & now["of_year"]]
        pairs = {"key": "student_id", "place": "school_id"}
        staying = pd.concat([wanted[["key", "place"]], current[~current["may_end"]][["key", "place"]]])
        parts["current"].append(current[["key", "place"]].rename(columns=pairs))
        parts["staying"].append(staying.rename(columns=pairs))
    touched = pd.unique(np.concatenate(parts.pop("touched")))
    frames = {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}
    return StayChanges(touched=touched, **frames)


def stays_of_year(stays: pd.DataFrame, year_id: int, first: int, last: int, shielded: set[int]) -> pd.DataFrame:
    """The portal's enrollments that share days with a year; only those of that very year may be ended."""
    rows = stays[(stays["starts"] <= last) & (stays["ends"] >= first)]
    rows = rows.rename(columns={"student_id": "key", "school_id": "place", "grade": "label"})
    of_year = (rows["year_id"] == year_id).to_numpy(bool)
    may_end = of_year & ~rows["key"].isin(shielded).to_numpy()
    return rows[["id", *SPAN]].assign(of_year=of_year, may_end=may_end)


# --- seats and staff -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sections:
    """What seats and staff need to know of sections: the roster's ids, years and days; by portal id which may end."""

    ids: np.ndarray
    year: np.ndarray
    day: np.ndarray
    day_of_id: dict[int, int]
    last_of_id: dict[int, int]
    may_end: frozenset[int]


def sections_in_reach(roster: Roster, present: Present, sections: Matched, years: Years, today: int) -> Sections:
    """Sections whose seats and staff this roster may end: its own, and those of earlier rosters that it left out.

    A section made in the portal that no roster names is left alone, and so is a class whose row is in error.
    """
    day = years.day(today)
    day_of_year = dict(zip(years.ids.tolist(), day.tolist(), strict=True))
    rows = present.sections
    named = rows["id"].isin(sections.ids) | (rows["sourced_id"] != "")
    may_end = rows["id"][named & ~rows["sourced_id"].isin(roster.protected.classes)]
    year = np.array([section.year for section in roster.sections], np.int64)
    return Sections(
        ids=sections.ids,
        year=years.ids[year],
        day=day[year],
        day_of_id={one: day_of_year[year] for one, year in zip(rows["id"], rows["year_id"], strict=True)},
        last_of_id=dict(zip(rows["id"], rows["ends"], strict=True)),
        may_end=frozenset(may_end.tolist()),
    )


def plan_seats(
    roster: Roster, present: Present, sections: Sections, students: np.ndarray, shielded: set[int]
) -> SpanChanges:
    """The changes in who sits in which section."""
    keys = seat_keys(roster, sections.ids, students)
    wanted = wanted_spans(roster.seats, keys, sections, "")
    now = present.seats
    frame = now_spans(now, now["student_id"], "", sections, shielded)
    year_of = dict(zip(present.sections["id"], present.sections["year_id"], strict=True))
    before = pair_key(now["section_id"].map(year_of), now["student_id"])
    year = sections.year[roster.seats["section"].to_numpy()]
    pupils = students[roster.seats["student"].to_numpy()]
    seated = pd.Series(pair_key(year, pupils)).isin(before).to_numpy()
    return plan_spans(frame, joined_since(wanted, frame, seated & (pair_of(keys)[0] >= 0)))


def plan_staff(
    roster: Roster, present: Present, sections: Sections, people: np.ndarray, shielded: set[int]
) -> SpanChanges:
    """The changes in who teaches which section; where the portal has said so, the roster is not asked."""
    keys = staff_keys(roster, sections.ids, people)
    wanted = wanted_spans(roster.staff, keys, sections, roster.staff["role"].to_numpy(object))
    now = present.staff
    frame = now_spans(now, now["user_id"], now["role"].to_numpy(object), sections, shielded)
    by_portal = now["by_portal"].to_numpy(bool)
    decided = frame["key"][by_portal]
    taught = pd.Series(pair_of(keys)[0]).isin(now["section_id"]).to_numpy()
    wanted = joined_since(wanted, frame, taught)
    frame = frame[~by_portal & ~(frame["key"].isin(decided) & frame["key"].isin(wanted["key"]))]
    nobody = pair_of(keys)[1] == NOBODY
    return plan_spans(frame, wanted[~wanted["key"].isin(decided) & ~nobody])


def joined_since(wanted: pd.DataFrame, now: pd.DataFrame, known: np.ndarray) -> pd.DataFrame:
    """The wanted rows, those of `known` (a mask) that are not there yet beginning on the roster's day.

    Who sat elsewhere, in a class that was there already, came to it since the last roster; unless it says when.
    """
    since = known & ~wanted["starts_known"].to_numpy() & ~wanted["key"].isin(now["key"]).to_numpy()
    starts, ends, day = (wanted[name].to_numpy() for name in ("starts", "ends", "day"))
    return wanted.assign(starts=np.where(since, np.minimum(np.maximum(starts, day), ends), starts))


def seat_keys(roster: Roster, sections: np.ndarray, students: np.ndarray) -> np.ndarray:
    """Section and student of each seat of the roster, as a key."""
    return pair_key(sections[roster.seats["section"].to_numpy()], students[roster.seats["student"].to_numpy()])


def staff_keys(roster: Roster, sections: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Section and person of each teacher of the roster, as a key."""
    return pair_key(sections[roster.staff["section"].to_numpy()], people[roster.staff["person"].to_numpy()])


def wanted_spans(rows: pd.DataFrame, keys: np.ndarray, sections: Sections, label) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key": keys,
            "place": 0,
            "label": label,
            "starts": rows["starts"].to_numpy(),
            "ends": rows["ends"].to_numpy(),
            "starts_known": rows["starts_known"].to_numpy(bool),
            "day": sections.day[rows["section"].to_numpy()],
        }
    )


def now_spans(now: pd.DataFrame, holder: pd.Series, label, sections: Sections, shielded: set[int]) -> pd.DataFrame:
    section = now["section_id"]
    ends = now["ends"].to_numpy(np.int64)
    last = section.map(sections.last_of_id).to_numpy(np.int64)  # an open end is the section's
    return pd.DataFrame(
        {
            "id": now["id"].to_numpy(np.int64),
            "key": pair_key(section, holder),
            "place": 0,
            "label": label,
            "starts": now["starts"].to_numpy(np.int64),
            "ends": np.where(ends == FOREVER, last, ends),
            "day": section.map(sections.day_of_id).to_numpy(np.int64),
            "may_end": (section.isin(sections.may_end) & ~holder.isin(shielded)).to_numpy(bool),
        }
    )
