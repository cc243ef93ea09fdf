"""Comparing the name in a file with the name known."""

import numpy as np
import pandas as pd

from assessments.formats.seam import Block
from assessments.matching.roster import Students
from schools.files.values import fold_names


def names_agree(block: Block, rows: np.ndarray, students: Students, positions: np.ndarray) -> np.ndarray:
    """For rows of the block against students of the roster: a bool mask, False where a name differs.

    Case, accents, spaces and marks don't count. What the file or the roster leaves out is not compared.
    """
    agree = np.ones(len(rows), bool)
    for told, known in ((block.last_names, students.last_names), (block.first_names, students.first_names)):
        if told is not None and len(rows):
            agree &= _alike(told[rows], known[positions])
    return agree


def surely_named(block: Block, rows: np.ndarray, students: Students, positions: np.ndarray) -> np.ndarray:
    """A bool mask: True where the row has a last and a first name, and both are the student's."""
    sure = np.ones(len(rows), bool)
    for told, known in ((block.last_names, students.last_names), (block.first_names, students.first_names)):
        if told is None:
            return np.zeros(len(rows), bool)
        sure &= (told[rows] != "") & (known[positions] != "")
    return sure & names_agree(block, rows, students, positions)


def spoken_name(last: str, first: str) -> str:
    """ "Perez, Ana"; one of the two alone where the other is missing."""
    return ", ".join(part for part in (str(last), str(first)) if part)


def _alike(told: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Names that are the same as they stand are most of them; only the others are folded and compared."""
    alike = (told == known) | (told == "") | (known == "")
    rest = np.flatnonzero(~alike)
    folded = zip(fold_names(pd.Series(told[rest])), fold_names(pd.Series(known[rest])), strict=True)
    alike[rest] = [one == other for one, other in folded]
    return alike.astype(bool)
