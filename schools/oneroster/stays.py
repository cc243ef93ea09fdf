"""From seats in classes to stays in schools: on any day a student is enrolled in one school."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from schools.oneroster.records import Roster


@dataclass(frozen=True, slots=True)
class Stays:
    """Where each student is enrolled. frame: student, year, school (positions), grade, starts, ends, starts_known.

    `torn` are students (positions) whose classes lie in two schools on the same days: one school was chosen.
    """

    frame: pd.DataFrame
    torn: np.ndarray


def read_stays(roster: Roster, year_starts: np.ndarray, year_ends: np.ndarray, main_year: int) -> Stays:
    """The stays that follow from the seats, inside the years' first and last days.

    A student without a seat is enrolled in the school the roster gives, in the main year. Where all classes in a
    school begin (or end) on days the roster names, so does the stay; else it is the year.
    """
    home = roster.students["home"].to_numpy()
    grades = roster.students["grade"].to_numpy(dtype=object)
    seats = roster.seats
    section = seats["section"].to_numpy()
    of_seats = pd.DataFrame(
        {
            "student": seats["student"].to_numpy(),
            "year": np.array([one.year for one in roster.sections], np.int64)[section],
            "school": np.array([one.school for one in roster.sections], np.int64)[section],
            "starts": seats["starts"].to_numpy(),
            "ends": seats["ends"].to_numpy(),
            "starts_known": seats["starts_known"].to_numpy(),
            "ends_known": seats["ends_known"].to_numpy(),
            "classes": 1,
        }
    )
    stays = of_seats.groupby(["student", "year", "school"], as_index=False, sort=True).agg(
        {
            "starts": "min",
            "ends": "max",
            "starts_known": "all",
            "ends_known": "all",
            "classes": "sum",
        }
    )
    without = np.setdiff1d(np.flatnonzero(home >= 0), stays["student"].unique())
    homes = pd.DataFrame({"student": without, "year": main_year, "school": home[without], "classes": 1})
    stays = pd.concat([stays, homes.assign(starts=0, ends=0, starts_known=False, ends_known=False)])
    year = stays["year"].to_numpy(np.int64)
    first, last = year_starts[year], year_ends[year]
    starts = np.where(stays["starts_known"].astype(bool), stays["starts"], first).astype(np.int64)
    ends = np.where(stays["ends_known"].astype(bool), stays["ends"], last).astype(np.int64)
    stays["starts"], stays["ends"] = np.clip(starts, first, last), np.clip(ends, first, last)
    stays["starts_known"] = stays["starts"].to_numpy() > first
    stays = stays.astype(dict.fromkeys(("student", "year", "school", "classes"), np.int64))
    stays, torn = one_school_a_day(stays, home)
    stays["grade"] = grades[stays["student"].to_numpy()]
    columns = ["student", "year", "school", "grade", "starts", "ends", "starts_known"]
    return Stays(stays[columns].reset_index(drop=True), torn)


def one_school_a_day(stays: pd.DataFrame, home: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """The stays without shared days: the home school comes first, then the school with more classes."""
    stays = stays.sort_values(["student", "year", "school"], kind="stable").reset_index(drop=True)
    several = stays.duplicated(["student", "year"], keep=False).to_numpy()
    if not several.any():
        return stays, np.empty(0, np.int64)
    keep = [stays[~several]]
    torn = set()
    for (student, _), group in stays[several].groupby(["student", "year"]):
        at_home = (group["school"] == home[student]).to_numpy()
        order = np.lexsort((group["school"], -group["classes"].to_numpy(), ~at_home))
        taken: list[tuple[int, int]] = []
        rows = []
        for stay in group.iloc[order].to_dict("records"):
            for starts, ends in taken:
                if stay["starts"] > ends or stay["ends"] < starts:
                    continue
                if stay["starts"] < starts:
                    stay["ends"] = starts - 1
                else:
                    stay["starts"], stay["starts_known"] = ends + 1, True
            if stay["starts"] <= stay["ends"]:
                taken.append((stay["starts"], stay["ends"]))
                rows.append(stay)
            else:
                torn.add(student)
        keep.append(pd.DataFrame(rows))
    return pd.concat(keep, ignore_index=True), np.array(sorted(torn), np.int64)
