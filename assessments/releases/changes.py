"""How many students' results changed since an earlier release, group by group, without keeping the results.

A fingerprint says of one student who counts: which student, in which school, grade and programs, with which form, and
hashes of what the result showed and of the earlier score that growth is measured from. Two releases are laid side by
side student by student.
"""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable

import numpy as np

from assessments.models import Result, Window
from assessments.pipeline.grades import GRADE_OF_CODE
from assessments.releases.counted import SUBGROUPS, UNKNOWN, Counted, Form, tests_of
from assessments.releases.figures import Figure
from assessments.releases.sets import NO_GRADE
from schools.models import District

PRINT = np.dtype(
    [("student", "<i8"), ("test", "<i4"), ("school", "<i4"), ("grade", "i1"), ("flags", "i1", len(SUBGROUPS)),
     ("shown", "<u8"), ("before", "<u8")]
)  # fmt: skip
RESULT = ["test", "school", "grade", "shown", "before"]


def fingerprints(counted: Counted, district: District, series: str, since: Window | None) -> np.ndarray:
    """One entry of PRINT for each student who counts, by student."""
    found = np.zeros(len(counted), PRINT)
    if not len(counted):
        return found
    tests = np.array([form.administration.pk for form in counted.forms])
    found["student"], found["school"], found["grade"] = counted.student, counted.school, counted.grade
    found["test"] = tests[counted.form]
    found["flags"] = np.stack([counted.flags[name] for name in SUBGROUPS], axis=1)
    found["shown"] = np.concatenate([_shown(form) for form in counted.forms])
    found = np.sort(found, order="student")
    if since is not None:
        earlier = _earlier_scores(district, series, since)
        found["before"] = [earlier.get(pk, 0) for pk in found["student"].tolist()]
    return found


def _shown(form: Form) -> np.ndarray:
    """A hash of what each result of a form showed."""
    rows = form.rows
    columns = [rows.points, rows.scale_scores, rows.levels, rows.points_vectors, rows.strands]
    parts = [
        np.ascontiguousarray(column).reshape(len(rows), -1).view(np.uint8)
        for column in columns
        if column is not None and column.size
    ]
    joined = np.ascontiguousarray(np.concatenate(parts, axis=1))
    return np.array([_hash(line.tobytes()) for line in joined], np.uint64)


def _earlier_scores(district: District, series: str, window: Window) -> dict[int, int]:
    """A hash of each student's score in an earlier window."""
    rows = Result.objects.filter(  # unscoped: no person asks
        administration__in=tests_of(district, series, window), status=Result.TESTED
    ).order_by("-administration_id")
    values = rows.values_list("student_id", "school_id", "grade", "scale_score", "points")
    return {student: _hash(repr(shown).encode()) for student, *shown in values}


def _hash(line: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(line, digest_size=8).digest(), "little")


def packed(prints: np.ndarray) -> bytes:
    """Fingerprints for the database."""
    return zlib.compress(prints.tobytes())


def unpacked(data: bytes) -> np.ndarray:
    """The fingerprints that `packed` wrote."""
    return np.frombuffer(zlib.decompress(bytes(data)), PRINT)


class Changes:
    """Students whose result was added, taken away or corrected between two sets of fingerprints.

    A student who moved within the network is a change in the place left and one in the place reached, so that the
    changes of schools, and those of grades, add up to those of the network.
    """

    def __init__(self, before: np.ndarray, after: np.ndarray):
        stayed, known = np.isin(before["student"], after["student"]), np.isin(after["student"], before["student"])
        old, new = before[stayed], after[known]  # both are by student
        differ = np.logical_or.reduce([old[name] != new[name] for name in RESULT])
        moved = (old["school"] != new["school"]) | (old["grade"] != new["grade"])
        regrouped = (old["flags"] != new["flags"]).any(axis=1)
        apart = [before[~stayed], after[~known]]
        events = np.concatenate([*apart, new[differ], old[moved]])
        self.students = int(sum(len(one) for one in apart) + differ.sum())
        self._events = Counter(zip(events["school"].tolist(), _grades(events), events["test"].tolist(), strict=True))
        grouped = np.concatenate([*apart, new[differ | regrouped], old[regrouped]])
        self._flags = _flag_counts(grouped)

    def of_set(self, students: str, figure: Figure | None, tests: list[int]) -> int:
        """The changes in a set of students, by its name (`sets.py`); for one no grades describe, those of its forms.

        `tests` are the ids of the administrations, in the order of `Figure.forms`.
        """
        sat = None
        if figure is not None and students == figure.key and not figure.subject.whole:
            students, sat = figure.group.key, {tests[form] for form in figure.forms}
        whose, _, named = students.partition("@")
        place, _, name = whose.partition(":")
        if place == "subgroup":
            return self._flags[name]
        grades = set(named.split(",")) if named else {name} if place == "grade" else None
        school = int(name) if place == "school" else None
        return sum(
            count
            for (where, grade, test), count in self._events.items()
            if (school is None or where == school)
            and (grades is None or grade in grades)
            and (sat is None or test in sat)
        )


def _grades(events: np.ndarray) -> Iterable[str]:
    return [GRADE_OF_CODE[code] or NO_GRADE for code in events["grade"].tolist()]


def _flag_counts(events: np.ndarray) -> Counter:
    """Events by the name of a subgroup: "el", "el:no", "el:?"."""
    counts: Counter = Counter()
    for place, name in enumerate(SUBGROUPS):
        flags = events["flags"][:, place]
        counts[name] = int((flags == 1).sum())
        counts[f"{name}:no"] = int((flags == 0).sum())
        counts[f"{name}:?"] = int((flags == UNKNOWN).sum())
    return counts
