"""Between a file's layout and the portal: a format turns a table into blocks, one per administration.

Whatever parses fastest may stand behind this seam; what comes out is always ids as text, matrices of small
integers (their coding is in `assessments/responses.py`) and issues by physical line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from schools.files.issues import Issue
from schools.files.table import Table


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """One question of a test: `key` is "" where it has none, `choices` the letters a student may mark."""

    position: int
    label: str
    points: float
    key: str = ""
    choices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AssessmentSpec:
    """A configured test, as a format needs to know it; `items` stand in the order their vectors keep."""

    code: str
    name: str
    subject: str
    kind: str  # "form", "scores" or "adaptive"
    grades: tuple[str, ...] = ()
    max_score: float | None = None
    retake_rule: str = "ask"  # "ask", "first", "last", "best" or "vendor"
    items: tuple[ItemSpec, ...] = ()
    on_scale: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """What a vendor's format brings of its own, where no configured test fits."""

    code: str
    name: str
    subject: str
    kind: str = "adaptive"
    grades: tuple[str, ...] = ()
    scale: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person chose on the check page, for this upload only.

    `map_student` maps a number as the file has it to a student's id; `blank` names (column, value) pairs that
    are to be read as left blank; `keep_line` says for a number which physical line counts; `skip_lines` are
    lines to leave out.
    """

    map_student: dict[str, int] = field(default_factory=dict)
    blank: tuple[tuple[str, str], ...] = ()
    keep_line: dict[str, int] = field(default_factory=dict)
    skip_lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hints:
    """What the person said beside the file: codes, and the roster half of a vendor's pair."""

    assessment: str | None = None
    window: str | None = None
    school: str | None = None
    students: Table | None = None
    decisions: Decisions = Decisions()


@dataclass(slots=True)
class Block:
    """The rows of one administration. Every array has one entry per student row, in file order.

    `weights` counts the file's rows behind each entry where that isn't one (the long layout: a row per
    answer); `lines` is then the first of them. `tested` is False where the file says, or leaves blank, that
    the student wasn't tested: the values of such a row mean nothing.
    """

    assessment: str | None
    instrument: Instrument | None
    term: str | None
    lines: np.ndarray  # int32, physical line
    numbers: np.ndarray  # object, the district's student number as text
    tested: np.ndarray  # bool
    last_names: np.ndarray | None = None
    first_names: np.ndarray | None = None
    schools: np.ndarray | None = None  # a code, or a name where the file has no code; "" = none
    school_names: np.ndarray | None = None  # beside a code, where the file has both
    grades: np.ndarray | None = None  # "05", "" = unknown
    dates: np.ndarray | None = None  # datetime64[D], NaT = none
    choices: np.ndarray | None = None  # uint8 (n, items)
    points: np.ndarray | None = None  # uint8 (n, items)
    scores: np.ndarray | None = None  # float64 raw score, NaN = none
    scale_scores: np.ndarray | None = None
    standard_errors: np.ndarray | None = None
    strands: tuple[str, ...] = ()
    strand_scores: np.ndarray | None = None  # float64 (n, strands), NaN = not in this student's test
    vendor_pick: np.ndarray | None = None  # bool: the vendor counts this attempt
    weights: np.ndarray | None = None  # int32

    def __len__(self) -> int:
        return len(self.lines)

    def rows(self, indices: np.ndarray) -> int:
        """How many rows of the file stand behind these entries."""
        return len(indices) if self.weights is None else int(self.weights[indices].sum())


@dataclass(frozen=True, slots=True)
class Parsed:
    """All a format has to say of a file: every row read is in a block, or rejected, or ignored.

    `rejected` and `ignored` are physical lines (int32, each once). `issues` hold the reader's row issues too.
    `notes` are what the format has to say of the whole file; what the reader repaired is in the table's own notes.
    """

    format: str
    blocks: tuple[Block, ...]
    issues: tuple[Issue, ...] = ()
    rejected: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))
    ignored: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))
    notes: tuple[Issue, ...] = ()


class Format(Protocol):
    """One layout: how its header is recognised, and how its rows become blocks."""

    name: str
    label: str

    def recognises(self, header: Sequence[str], specs: Sequence[AssessmentSpec] = ()) -> bool:
        """Whether a file with this header is of this layout; `specs` are the tests it may hold."""

    def parse(self, table: Table, specs: Sequence[AssessmentSpec], hints: Hints) -> Parsed:
        """The table as blocks. Raises schools.files.issues.FileRefused where the whole file can't be used."""
