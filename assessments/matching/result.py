"""What matching answers: which rows of a block count, for whom and where, and what is to be said of the others."""

from dataclasses import dataclass, field

import numpy as np

from schools.files.issues import Issue

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A student, or only an enrollment of a known one (`student_id` > 0), that has to be made first.

    `school_id` is UNKNOWN where the school has to be made too: `new_school` then indexes Matched.new_schools.
    `grade` is "" where the file doesn't tell.
    """

    number: str
    last_name: str
    first_name: str
    grade: str
    school_id: int
    new_school: int = UNKNOWN
    student_id: int = UNKNOWN


@dataclass(frozen=True, slots=True)
class NewSchool:
    """A school that has to be made: the word the file has for it (a code or a name), and its name."""

    word: str
    name: str


@dataclass(slots=True)
class Matched:
    """One block against the roster. `keep`, `rejected` and `ignored` are indices into the block and part it.

    The arrays after `keep` run along it. Where `newcomers` is not UNKNOWN it indexes `to_create`, and the
    ids that are UNKNOWN are those of what is made from it.
    """

    keep: np.ndarray  # int64
    student_ids: np.ndarray  # int64
    school_ids: np.ndarray  # int64
    section_ids: np.ndarray  # int64, UNKNOWN = in no section of the subject
    grades: np.ndarray  # object, "05", "" = unknown
    newcomers: np.ndarray  # int64
    rejected: np.ndarray  # int64
    ignored: np.ndarray  # int64
    to_create: tuple[Newcomer, ...] = ()
    new_schools: tuple[NewSchool, ...] = ()
    issues: tuple[Issue, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)  # rows_loaded, rows_not_tested, rows_ignored, rows_rejected
