"""A block's rows on their way through the matching: what is known of each so far, and where it counts."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assessments.formats.seam import Block, Decisions
from assessments.matching.roster import Roster
from schools.files.issues import Issue, issue


@dataclass(slots=True)
class Rows:
    """The rows on their way: what is known of each so far."""

    block: Block
    roster: Roster
    decisions: Decisions
    rejected: np.ndarray  # bool
    ignored: np.ndarray  # bool
    issues: list[Issue] = field(default_factory=list)

    def reject(self, rows: np.ndarray, code: str, values: np.ndarray | None = None, **details: Any) -> None:
        """Those rows (indices) are errors of that kind; `values` run along the block."""
        self.rejected[rows] = True
        self.say(rows, code, values, **details)

    def say(self, rows: np.ndarray, code: str, values: np.ndarray | None = None, **details: Any) -> None:
        """The same, without rejecting them."""
        for row in rows.tolist():
            self.issues.append(self.issue(code, row, None if values is None else str(values[row]), **details))

    def issue(self, code: str, row: int, value: str | None = None, **details: Any) -> Issue:
        """An issue of one row (an index into the block), with its line in the file."""
        return issue(code, row=self.block.lines[row], value=value, **details)

    @property
    def active(self) -> np.ndarray:
        return ~(self.rejected | self.ignored)


@dataclass(slots=True)
class Placed:
    """Where each row counts: school ids (UNKNOWN = nowhere yet) and grades ("" = unknown)."""

    schools: np.ndarray  # int64
    grades: np.ndarray  # object
