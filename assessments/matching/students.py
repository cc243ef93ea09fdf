"""Whose row it is: by number, with lost leading zeros restored only where the name leaves no doubt."""

import numpy as np
import pandas as pd

from assessments.matching.names import names_agree, spoken_name, surely_named
from assessments.matching.rows import Rows

UNMATCHED = -1


def find_students(rows: Rows, *, create: bool) -> np.ndarray:
    """For each row the student's position in the roster (int64, UNMATCHED = nobody's, or to be made).

    A person's own mapping comes first, then the number as it stands, then the number with its zeros
    restored. With `create`, an unknown number is no error, but one that may be a known number without its
    zeros is: making a second record of a child is the worse mistake.
    """
    block, roster = rows.block, rows.roster
    students = pd.Index(roster.students.numbers, dtype=object).get_indexer(pd.Index(block.numbers, dtype=object))
    students = students.astype(np.int64)
    for number, student_id in rows.decisions.map_student.items():
        students[block.numbers == number] = roster.students.positions(np.array([student_id]))[0]
    doubtful = _restore_zeros(rows, students)
    found = students != UNMATCHED  # the number of a student who was merged leads to the one who was kept
    students[found] = roster.students.positions(roster.students.ids[students[found]])
    unknown = rows.active & (students == UNMATCHED)
    rows.reject(np.flatnonzero(unknown & doubtful if create else unknown), "UNKNOWN_STUDENT", block.numbers)
    return students


def compare_names(rows: Rows, students: np.ndarray) -> None:
    """Say where a name differs from the one known for the number; the row is kept, for numbers decide.

    Only for rows still standing: the name known is told to no one who may not write for the student.
    """
    block, known = rows.block, rows.roster.students
    at = np.flatnonzero(rows.active & (students != UNMATCHED))
    for row in at[~names_agree(block, at, known, students[at])].tolist():
        name = spoken_name(known.last_names[students[row]], known.first_names[students[row]])
        told = spoken_name(
            *(names[row] if names is not None else "" for names in (block.last_names, block.first_names))
        )
        rows.issues.append(rows.issue("NAME_DIFFERS", row, told, known=name))


def _restore_zeros(rows: Rows, students: np.ndarray) -> np.ndarray:
    """Fill in `students` where exactly one known number is the row's with zeros before it, and the name agrees.

    Returns a mask of the rows that have such a number and could not be given it.
    """
    block, known = rows.block, rows.roster.students
    doubtful = np.zeros(len(block), bool)
    at = np.flatnonzero(rows.active & (students == UNMATCHED))
    padded = _padded_numbers(known.numbers) if len(at) else {}
    likely: list[tuple[int, int]] = []
    for row in at.tolist():
        number = block.numbers[row]
        places = [place for place in padded.get(number.lstrip("0"), ()) if len(known.numbers[place]) > len(number)]
        doubtful[row] = bool(places)
        if len(places) == 1:
            likely.append((row, places[0]))
    if likely:
        pairs = np.array(likely)
        for row, place in pairs[surely_named(block, pairs[:, 0], known, pairs[:, 1])].tolist():
            students[row], doubtful[row] = place, False
            rows.issues.append(rows.issue("LEADING_ZEROS", row, block.numbers[row], read=known.numbers[place]))
    return doubtful


def _padded_numbers(numbers: np.ndarray) -> dict[str, list[int]]:
    """The positions of all numbers that begin with a zero, by what is left without their zeros."""
    padded: dict[str, list[int]] = {}
    for position, number in enumerate(numbers):
        if number.startswith("0"):
            padded.setdefault(number.lstrip("0"), []).append(position)
    return padded
