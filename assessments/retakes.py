"""Several rows for one student in one administration: which one counts, by a rule that is data.

Rules: `first` and `last` go by test date, `best` by total score, `vendor` by the vendor's own flag; `ask`
leaves it to a person, and so does any rule that cannot tell (two attempts on the same day under `last`).
"""

from dataclasses import dataclass

import numpy as np

from assessments.formats.seam import Block, Decisions
from assessments.responses import earned
from schools.files.issues import Issue, issue

WORDS = {
    "first": "the first attempt counts",
    "last": "the last attempt counts",
    "best": "the best attempt counts",
    "vendor": "the vendor's file says so",
    "chosen": "a person chose it",
}
NO_DATE = np.datetime64("NaT", "D")


@dataclass(slots=True)
class Settled:
    """What became of the rows: masks over the block, and why."""

    ignored: np.ndarray  # bool
    rejected: np.ndarray  # bool
    issues: list[Issue]


def settle(block: Block, students: np.ndarray, active: np.ndarray, rule: str, decisions: Decisions) -> Settled:
    """One row per student among the `active` rows (bool), where `students` (int64) says whose each row is.

    Rows with the same content are loaded once, a result beats a "not tested", and attempts that differ
    follow the person's choice, the vendor's flag where the file has one, or `rule`. Where none decides, all
    of them wait.
    """
    settled = Settled(np.zeros(len(block), bool), np.zeros(len(block), bool), [])
    rows = _of_repeated_students(students, active)
    if len(rows):
        rows = _drop_identical(block, students, rows, rule, settled)
        rows = _drop_untested(block, students, rows, settled)
        _decide(block, students, rows, rule, decisions, settled)
    return settled


def _of_repeated_students(students: np.ndarray, active: np.ndarray) -> np.ndarray:
    """The active rows whose student has another active row, ordered by student and then by line."""
    rows = np.flatnonzero(active)
    rows = rows[np.argsort(students[rows], kind="stable")]
    return rows[_in_groups(students[rows])]


def _in_groups(ordered: np.ndarray) -> np.ndarray:
    """True where a sorted value has an equal neighbour."""
    same = ordered[1:] == ordered[:-1]
    return np.concatenate(([False], same)) | np.concatenate((same, [False])) if len(ordered) else ordered != ordered


def _drop_identical(block: Block, students: np.ndarray, rows: np.ndarray, rule: str, settled: Settled) -> np.ndarray:
    """Rows with the same answers and scores are one attempt; of them the latest counts (the first, under `first`)."""
    content = _content(block, rows)
    dates = _dates(block, rows)
    age = dates if rule == "first" else -dates
    order = np.lexsort((block.lines[rows], age, content, students[rows]))
    rows, content = rows[order], content[order]
    again = np.zeros(len(rows), bool)
    again[1:] = (students[rows][1:] == students[rows][:-1]) & (content[1:] == content[:-1])
    kept = np.maximum.accumulate(np.where(again, 0, np.arange(len(rows))))
    for place in np.flatnonzero(again):
        first = int(block.lines[rows[kept[place]]])
        settled.issues.append(issue("IDENTICAL_DUPLICATE", row=block.lines[rows[place]], first=first))
    settled.ignored[rows[again]] = True
    return rows[~again]


def _content(block: Block, rows: np.ndarray) -> np.ndarray:
    """A code for each row, the same for two rows exactly where their results are the same to the last bit."""
    tested = block.tested[rows]
    columns = [block.points, block.choices, block.scores, block.scale_scores, block.strand_scores]
    if block.vendor_pick is not None:
        columns.append(block.vendor_pick)
    parts = [tested[:, None].astype(np.uint8)]
    for column in columns:
        if column is None:
            continue
        values = column[rows].reshape(len(rows), -1)
        if values.dtype.kind == "f":
            values = np.where(np.isnan(values), np.nan, values) + 0.0
        values = np.ascontiguousarray(values).view(np.uint8).reshape(len(rows), -1).copy()
        values[~tested] = 0
        parts.append(values)
    table = np.ascontiguousarray(np.concatenate(parts, axis=1))
    return np.unique(table.view(np.dtype((np.void, table.shape[1]))).ravel(), return_inverse=True)[1]


def _dates(block: Block, rows: np.ndarray) -> np.ndarray:
    """Test dates as day numbers (int64), no date as 0."""
    if block.dates is None:
        return np.zeros(len(rows), np.int64)
    dates = block.dates[rows]
    return np.where(np.isnat(dates), 0, dates.astype(np.int64))


def _drop_untested(block: Block, students: np.ndarray, rows: np.ndarray, settled: Settled) -> np.ndarray:
    """A student with a result was tested after all: rows that say "not tested" are left out."""
    rows = rows[np.lexsort((block.lines[rows], ~block.tested[rows], students[rows]))]
    opens = np.concatenate(([True], students[rows][1:] != students[rows][:-1]))
    first = rows[np.maximum.accumulate(np.where(opens, np.arange(len(rows)), 0))]
    beaten = block.tested[first] & ~block.tested[rows]
    for row, kept in zip(rows[beaten], first[beaten], strict=True):
        settled.issues.append(issue("LATER_TESTED", row=block.lines[row], kept=int(block.lines[kept])))
    settled.ignored[rows[beaten]] = True
    return rows[~beaten]


def _decide(
    block: Block, students: np.ndarray, rows: np.ndarray, rule: str, decisions: Decisions, settled: Settled
) -> None:
    """The attempts that differ, one student after the other."""
    rows = rows[_in_groups(students[rows])]
    cuts = np.flatnonzero(np.diff(students[rows])) + 1
    for attempts in np.split(rows, cuts) if len(rows) else ():
        kept, why = _pick(block, attempts, rule, decisions)
        number = block.numbers[attempts[0]]
        if kept is None:
            lines = ", ".join(str(line) for line in sorted(block.lines[attempts]))
            settled.rejected[attempts] = True
            settled.issues += [
                issue("DUPLICATE_CONFLICT", row=line, value=number, lines=lines) for line in block.lines[attempts]
            ]
            continue
        others = attempts[attempts != kept]
        settled.ignored[others] = True
        counts = int(block.lines[kept])
        settled.issues += [
            issue("RETAKE_IGNORED", row=line, value=number, kept=counts, rule=WORDS[why])
            for line in block.lines[others]
        ]


def _pick(block: Block, attempts: np.ndarray, rule: str, decisions: Decisions) -> tuple[int | None, str]:
    """The row that counts among one student's attempts, or None, and by which rule."""
    for row in attempts.tolist():  # one student may stand under two numbers: a mapped one, or one without its zeros
        chosen = attempts[block.lines[attempts] == decisions.keep_line.get(str(block.numbers[row]))]
        if len(chosen):
            return int(chosen[0]), "chosen"
    if block.vendor_pick is not None:
        picked = attempts[block.vendor_pick[attempts]]
        if len(picked):
            return (int(picked[0]) if len(picked) == 1 else None), "vendor"
        rule = "last"  # none is the vendor's: the newest attempt is the nearest to one
    if rule == "best":
        return int(attempts[np.argmax(_totals(block, attempts))]), rule
    if rule in ("first", "last") and block.dates is not None and not np.isnat(block.dates[attempts]).any():
        dates = block.dates[attempts]
        on_the_day = attempts[dates == (dates.min() if rule == "first" else dates.max())]
        if len(on_the_day) == 1:
            return int(on_the_day[0]), rule
    return None, rule


def _totals(block: Block, rows: np.ndarray) -> np.ndarray:
    """What "best" compares: the score, else the points, else the scale score; lowest where there is none."""
    if block.scores is not None:
        totals = block.scores[rows]
    elif block.points is not None:
        totals = earned(block.points[rows]).sum(axis=1, dtype=np.float64)
    elif block.scale_scores is not None:
        totals = block.scale_scores[rows]
    else:
        totals = np.zeros(len(rows))
    return np.where(np.isnan(totals), -np.inf, totals)
