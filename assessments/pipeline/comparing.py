"""New rows beside the current ones of the same administration: what is new, what changes, which attempt counts."""

from dataclasses import dataclass, field

import numpy as np

from assessments.formats.seam import Block, Decisions
from assessments.retakes import WORDS
from assessments.rows import ResultRows, same_content
from schools.files.issues import Issue, issue


@dataclass(slots=True)
class Compared:
    """What becomes of each incoming row: exactly one of the masks is True."""

    new: np.ndarray
    changed: np.ndarray
    same: np.ndarray
    ignored: np.ndarray
    rejected: np.ndarray
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class Attempts:
    """What the file says of each incoming row beside its result."""

    lines: np.ndarray  # int, physical line
    numbers: np.ndarray  # object, the student's number as the file has it
    vendor_pick: np.ndarray | None = None  # bool: the vendor counts this attempt

    @classmethod
    def of(cls, block: Block, keep: np.ndarray) -> "Attempts":
        """Those of the block's rows that count."""
        picks = None if block.vendor_pick is None else block.vendor_pick[keep]
        return cls(block.lines[keep], block.numbers[keep], picks)


def compare(rows: ResultRows, attempts: Attempts, current: ResultRows, rule: str, decisions: Decisions) -> Compared:
    """Hold incoming `rows` against the `current` rows, which are ordered by student.

    A row without a date, or of the same date, corrects. A row of another date is another attempt: `rule` decides
    which counts, and "ask" leaves it to a person. "Not tested" never wipes out a result. Rows of students who are
    still to be made (id -1) are new. A date that a result lacks is taken over from the current one.
    """
    lines, numbers = attempts.lines, attempts.numbers
    at, known = _positions(rows.students, current.students)
    compared = Compared(~known, *(np.zeros(len(rows), bool) for _ in range(4)))
    mine = np.flatnonzero(known)
    if not len(mine):
        return compared
    theirs = current.take(at[mine])
    undated = np.isnat(rows.dates[mine])
    rows.dates[mine[undated]] = theirs.dates[undated]
    ours = rows.take(mine)
    same = same_content(ours, theirs)
    compared.same[mine[same]] = True

    absent = ~same & theirs.tested & ~ours.tested
    compared.ignored[mine[absent]] = True
    for row in mine[absent]:
        compared.issues.append(issue("LATER_TESTED", row=int(lines[row])))

    attempt = ~same & ~absent & ours.tested & theirs.tested
    attempt &= ~np.isnat(ours.dates) & ~np.isnat(theirs.dates) & (ours.dates != theirs.dates)
    for place in np.flatnonzero(attempt):
        row = mine[place]
        verdict = _attempt_counts(ours, theirs, place, rule)
        if rule == "vendor" and attempts.vendor_pick is not None:
            verdict = bool(attempts.vendor_pick[row])
        if decisions.keep_line.get(str(numbers[row])) == int(lines[row]):
            verdict = True
        _settle(compared, row, int(lines[row]), str(numbers[row]), verdict, rule)
    rest = mine[~same & ~absent & ~attempt]
    compared.changed[rest] = True
    return compared


def _positions(students: np.ndarray, current: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each student stands among the current ones (sorted), and whether there."""
    if not len(current):
        return np.zeros(len(students), np.int64), np.zeros(len(students), bool)
    at = np.minimum(np.searchsorted(current, students), len(current) - 1)
    return at, current[at] == students


def _attempt_counts(ours: ResultRows, theirs: ResultRows, place: int, rule: str) -> bool | None:
    """Whether the incoming attempt counts instead of the current one; None where a person must say."""
    if rule == "first":
        return bool(ours.dates[place] < theirs.dates[place])
    if rule == "last":
        return bool(ours.dates[place] > theirs.dates[place])
    if rule == "best":
        return _total(ours, place) > _total(theirs, place)
    return True if rule == "vendor" else None


def _total(rows: ResultRows, place: int) -> float:
    score = rows.scale_scores[place]
    return float(rows.points[place] if np.isnan(score) else score)


def _settle(compared: Compared, row: int, line: int, number: str, counts: bool | None, rule: str) -> None:
    if counts is None:
        compared.rejected[row] = True
        compared.issues.append(issue("DUPLICATE_CONFLICT", row=line, value=number))
    elif counts:
        compared.changed[row] = True
    else:
        compared.ignored[row] = True
        compared.issues.append(issue("RETAKE_IGNORED", row=line, value=number, rule=WORDS[rule]))
