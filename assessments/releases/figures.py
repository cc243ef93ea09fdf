"""What a release is made of, before anything is hidden: the true figures of each group about each subject.

These are kept in memory by the job that makes a release and are written nowhere.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from assessments.models import ReleasedCell, Window
from assessments.sentences import rounded

Place = ReleasedCell.Place


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth of the students matched between two windows: scale points, or standard deviations."""

    matched: int
    mean: float
    low: float | None
    high: float | None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Whose figures: the network, a grade of it, a school or a subgroup."""

    place: str
    school: int | None = None
    grade: str = ""
    subgroup: str = ""

    @property
    def key(self) -> str:
        """ "network", "grade:05", "school:12", "subgroup:el"."""
        name = self.grade or self.subgroup or (self.school if self.school is not None else "")
        return f"{self.place}:{name}" if name != "" else str(self.place)


@dataclass(frozen=True, slots=True)
class Subject:
    """About what: the whole test where all is empty, a standard, a strand or a question."""

    standard: int | None = None
    strand: str = ""
    item: int | None = None

    @property
    def whole(self) -> bool:
        return self.standard is None and not self.strand and self.item is None

    @property
    def key(self) -> str:
        if self.standard is not None:
            return f"|standard:{self.standard}"
        if self.item is not None:
            return f"|item:{self.item}"
        return f"|strand:{self.strand}" if self.strand else ""


@dataclass(frozen=True, slots=True)
class Figure:
    """The true figures of one group about one subject.

    tested    students who count: those asked, for a standard or a question
    reached   those at benchmark (whole test), or who had all points (a question of one point); None where not counted
    mean      scale points, or per cent of the points (exact); None where there is none
    students  the name of the set of students: figures of one set have one count
    forms     positions of the forms its students sat
    teachers  how many taught the classes behind it
    """

    group: Group
    subject: Subject
    tested: int
    reached: int | None
    mean: float | Fraction | None
    students: str
    forms: tuple[int, ...]
    teachers: int
    growth: Growth | None = None

    @property
    def key(self) -> str:
        return self.group.key + self.subject.key

    @property
    def whole_mean(self) -> int | None:
        """The mean as readers get it."""
        return None if self.mean is None else rounded(self.mean)


@dataclass(frozen=True)
class Rest:
    """A group that stands on no page but that readers could subtract: a school's grade, students of no known grade.

    Its key is also the name of its set of students.
    """

    key: str
    tested: int
    subgroup: bool = False


@dataclass(frozen=True)
class LiveCube:
    """All figures of one release, and every sum that holds among them: (total, parts), by key.

    inside   the sums of schools and grades that readers cannot see but know of: (total, parts), by set of students
    worth    points of each question, by the key of its figure
    asked    the questions of each standard of a grade, by the keys of their figures
    tests    ids of the administrations, in the order of `Figure.forms`
    prints   a fingerprint of each student's result; see `changes.py`
    circles  schools that one person knows together; see `insiders.py`
    """

    title: str
    since: Window | None
    growth_kind: str
    mean_unit: str
    has_levels: bool
    basis: str
    figures: dict[str, Figure]
    rests: dict[str, Rest]
    sums: list[tuple[str, tuple[str, ...]]]
    inside: list[tuple[str, tuple[str, ...]]]
    worth: dict[str, float]
    asked: dict[str, tuple[str, ...]]
    schools: list[int]
    tests: list[int]
    prints: np.ndarray
    circles: tuple[frozenset[int], ...] = ()
