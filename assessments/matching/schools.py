"""Which school a row names."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessments.matching.result import UNKNOWN, NewSchool
from assessments.matching.roster import fold_school
from assessments.matching.rows import Rows


@dataclass(slots=True)
class FileSchools:
    """For each row the school it names: its id (UNKNOWN = none, or one to be made), and the file's word for it."""

    ids: np.ndarray  # int64
    words: np.ndarray  # object, "" = none
    named: np.ndarray  # bool: the row names a school, or the sender did for all
    new: np.ndarray  # int64, index into new_schools, UNKNOWN = not a school to be made
    new_schools: tuple[NewSchool, ...]


def read_schools(rows: Rows, default_school: int | str | None, *, create: bool) -> FileSchools:
    """The school of each row by code, else by name or exact alias; a word nobody knows is an error or a new school."""
    block = rows.block
    n = len(block)
    words = np.full(n, "", object) if block.schools is None else block.schools.copy()
    names = words if block.school_names is None else block.school_names
    none = words == ""
    by_id = isinstance(default_school, int)
    if isinstance(default_school, str):
        words[none] = default_school
        names = np.where(none, "", names)
    codes, pairs = _pairs(words, names)
    found = np.full(len(pairs), UNKNOWN, np.int64)
    made = np.full(len(pairs), UNKNOWN, np.int64)
    unknown = np.zeros(len(pairs), bool)
    new_schools: dict[str, NewSchool] = {}
    for place, (word, name) in enumerate(pairs):
        if word == "":
            continue
        school = rows.roster.schools.find(word) or rows.roster.schools.find(name)
        if school is not None:
            found[place] = school
        elif create:
            new_schools.setdefault(fold_school(word), NewSchool(word, name or word))
            made[place] = list(new_schools).index(fold_school(word))
        else:
            unknown[place] = True
    rows.reject(np.flatnonzero(unknown[codes] & rows.active), "UNKNOWN_SCHOOL", words)
    ids = found[codes]
    if by_id:
        ids[none] = default_school
    named = (words != "") | by_id
    return FileSchools(ids, words, named, made[codes], tuple(new_schools.values()))


def _pairs(words: np.ndarray, names: np.ndarray) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """For each row a code, and for each code its word and name; rows that agree in both share one."""
    word_codes, known_words = pd.factorize(words)
    if names is words:
        return word_codes, [(str(word), str(word)) for word in known_words]
    name_codes, known_names = pd.factorize(names)
    codes, both = pd.factorize(word_codes * len(known_names) + name_codes)
    return codes, [
        (str(known_words[code // len(known_names)]), str(known_names[code % len(known_names)])) for code in both
    ]
