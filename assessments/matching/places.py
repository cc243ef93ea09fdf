"""Where a student was on the day of the test: the enrollment, and the section, that a result counts for."""

from dataclasses import dataclass

import numpy as np

from assessments.matching.roster import Enrollments, Roster, SectionPlaces

FAR = np.datetime64("9999-12-31", "D")
NOWHERE = -1


@dataclass(slots=True)
class Dated:
    """Dated places ordered by student: `first[p]:first[p + 1]` are those of the student at position `p`."""

    first: np.ndarray  # int64, one more than there are students
    school_ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    order: np.ndarray  # where each stands in the arrays it came from


@dataclass(slots=True)
class Found:
    """For each row its place (an index into the arrays given; NOWHERE = none), and what kind of place it is."""

    at: np.ndarray  # int64
    on_the_day: np.ndarray  # bool: it covers the test date
    at_named_school: np.ndarray  # bool: some place of the student in the window is in the school the file names


def by_student(places: Enrollments | SectionPlaces, roster: Roster) -> Dated:
    """The places ordered by student, and by start within a student (the earliest first)."""
    positions = roster.students.positions(places.student_ids)
    order = np.lexsort((places.starts, positions))
    order = order[np.searchsorted(positions[order], 0) :]  # those of nobody we know come first: left out
    count = np.bincount(positions[order], minlength=len(roster.students.ids))
    first = np.concatenate(([0], np.cumsum(count)))
    ends = places.ends[order]
    ends = np.where(np.isnat(ends), FAR, ends)
    return Dated(first, places.school_ids[order], places.starts[order], ends, order)


def find(
    places: Dated,
    students: np.ndarray,
    dates: np.ndarray,
    schools: np.ndarray,
    opens: np.datetime64,
    closes: np.datetime64,
    *,
    only_named: bool = False,
) -> Found:
    """The place of each student (position in the roster, -1 = unknown) on each date (NaT = sometime in the window).

    A place counts where it covers the date or overlaps the window. Of several, one that covers the date
    comes first, then one in the school named (-1 = none named), then the latest. `only_named` takes no
    other school.
    """
    known = np.flatnonzero(students >= 0)
    start, count = np.zeros((2, len(students)), np.int64)
    start[known] = places.first[students[known]]
    count[known] = places.first[students[known] + 1] - start[known]
    best = np.full(len(students), -1, np.int64)
    found = Found(
        np.full(len(students), NOWHERE, np.int64),
        np.zeros(len(students), bool),
        np.zeros(len(students), bool),
    )
    for nth in range(int(count.max(initial=0))):
        rows = np.flatnonzero(count > nth)
        at = start[rows] + nth
        covers = (places.starts[at] <= dates[rows]) & (dates[rows] <= places.ends[at])
        counts = covers | ((places.starts[at] <= closes) & (opens <= places.ends[at]))
        named = places.school_ids[at] == schools[rows]
        found.at_named_school[rows] |= counts & named
        if only_named:
            counts &= named
        rank = np.where(counts, 2 * covers + named, -1)
        better = (rank >= best[rows]) & counts
        rows, at = rows[better], at[better]
        best[rows] = rank[better]
        found.at[rows] = places.order[at]
        found.on_the_day[rows] = covers[better]
    return found
