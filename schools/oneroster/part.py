"""One file of a package, and what becomes of each of its rows: loaded, ignored or rejected, and why."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from schools.files.issues import Issue, issue

LOADED, IGNORED, REJECTED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Finding:
    """An issue and the file it is of ("" for the package as a whole)."""

    file: str
    issue: Issue

    def as_json(self) -> dict:
        """The issue as the answer of the import gives it; the message begins with the file."""
        said = self.issue
        message = f"{self.file}: {said.message}" if self.file else said.message
        return {
            "level": said.level,
            "file": self.file,
            "row": said.row,
            "column": said.column,
            "code": said.code,
            "message": message,
            "value": said.value,
        }


@dataclass(slots=True)
class Part:
    """A file's rows under the columns of its layout (text, "" for blank), with a verdict for each.

    `broken` are rows that never became one (a wrong number of cells): read and rejected, but not in the frame.
    `sent` says which rows came with this package; the others stood already when it brought only what changed, and
    nothing is said of them. `deletions` are rows that asked for an end, `known_deletions` those that found something.
    `barred` are rows (places) that stay errors when the package is judged anew, each with its finding.
    """

    name: str
    frame: pd.DataFrame
    lines: np.ndarray
    broken: int = 0
    verdicts: np.ndarray = field(init=False)
    changed: np.ndarray = field(init=False)
    sent: np.ndarray = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    deletions: int = 0
    known_deletions: int = 0
    barred: dict[int, Finding] = field(default_factory=dict)

    def __post_init__(self):
        self.verdicts = np.zeros(len(self.frame), np.uint8)
        self.changed = np.zeros(len(self.frame), bool)
        self.sent = np.ones(len(self.frame), bool)

    def __len__(self) -> int:
        return len(self.frame)

    def column(self, name: str) -> np.ndarray:
        """A column of text, as an object array."""
        return self.frame[name].to_numpy(dtype=object)

    def folded(self, name: str) -> np.ndarray:
        """A column in lower case, where few words are repeated often."""
        places, texts = pd.factorize(self.column(name))
        return np.array([*(text.casefold() for text in texts), ""], object)[places]

    def among(self, name: str, known: Collection[str], *, folded: bool = False) -> np.ndarray:
        """A mask of the rows whose cell (`folded`: in lower case) is one of the known texts."""
        places, texts = pd.factorize(self.column(name))
        return np.array([*((text.casefold() if folded else text) in known for text in texts), False], bool)[places]

    def loaded(self) -> np.ndarray:
        """Mask of the rows that stand so far."""
        return self.verdicts == LOADED

    def say(self, code: str, rows: np.ndarray, *, column: str | None = None, level: str | None = None, **details):
        """An issue for each of `rows` (a mask or places), its value taken from `column`."""
        places = np.flatnonzero(rows) if rows.dtype == bool else rows
        places = places[self.sent[places]]
        values = self.column(column)[places] if column else [None] * len(places)
        for place, value in zip(places, values, strict=True):
            said = issue(code, row=int(self.lines[place]), column=column, value=value, level=level, **details)
            self.findings.append(Finding(self.name, said))

    def note(self, said: Issue):
        self.findings.append(Finding(self.name, said))

    def reject(self, code: str, rows: np.ndarray, *, column: str | None = None, **details):
        """Make `rows` (a mask) errors; a row that has a verdict already keeps it, and its first reason."""
        new = rows & self.loaded()
        self.say(code, new, column=column, **details)
        self.verdicts[new] = REJECTED

    def ignore(self, rows: np.ndarray):
        """Leave out `rows` (a mask) that are nothing the portal keeps, and are no mistake."""
        self.verdicts[rows & self.loaded()] = IGNORED

    def counts(self) -> dict[str, int]:
        """How many rows were read, loaded, ignored, rejected and, of the loaded, were so already."""
        loaded, sent = self.loaded() & self.sent, self.sent
        return {
            "rows_read": int(sent.sum()) + self.broken + self.deletions,
            "rows_loaded": int(loaded.sum()) + self.deletions,
            "rows_not_tested": 0,
            "rows_ignored": int(((self.verdicts == IGNORED) & sent).sum()),
            "rows_rejected": int(((self.verdicts == REJECTED) & sent).sum()) + self.broken,
            "rows_unchanged": int((loaded & ~self.changed).sum()) + self.deletions - self.known_deletions,
        }

    def bar(self, code: str, place: int, *, column: str, **details):
        """Make one row an error that stays one when the package is judged anew (`begin_anew`)."""
        value = self.column(column)[place]
        said = issue(code, row=int(self.lines[place]), column=column, value=value, **details)
        self.barred[place] = Finding(self.name, said)

    def forget_cells(self) -> None:
        """Let the text go once all that is read of it has been: a district's enrollments are a hundred megabytes."""
        self.frame = self.frame[[]]

    def begin_anew(self, verdicts: np.ndarray, said: int):
        """Forget what was judged since the file was read (its `verdicts` and how much was `said` then)."""
        self.verdicts, self.changed = verdicts.copy(), np.zeros(len(self), bool)
        del self.findings[said:]
        for place, finding in self.barred.items():
            self.verdicts[place] = REJECTED
            if self.sent[place]:
                self.findings.append(finding)
