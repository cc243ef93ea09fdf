"""What can be said about a file: an issue, the refusal of a whole file, and how either is worded.

Every code stands once in `catalogue.CATALOGUE` with its sentence and its remedy; nothing else words an issue.
"""

import re
import string
from dataclasses import dataclass
from functools import cache

from schools.files.catalogue import CATALOGUE, Kind

__all__ = ["CATALOGUE", "FileRefused", "Issue", "Kind", "issue"]

LONGEST_VALUE = 200
LONGEST_QUOTE = 60
BRACKETED = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to say about a file. `row` is the physical line; in a workbook, the sheet's row."""

    level: str
    code: str
    message: str
    row: int | None = None
    column: str | None = None
    value: str | None = None


class FileRefused(Exception):
    """The whole file is refused; `issue` names the reason, the place and what to do."""

    def __init__(self, issue: Issue):
        super().__init__(issue.message)
        self.issue = issue


def issue(
    code: str,
    *,
    row: int | None = None,
    column: str | None = None,
    value: object = None,
    level: str | None = None,
    **details: object,
) -> Issue:
    """The issue of that code, worded: its sentence and its remedy with the details filled in.

    A detail that is not given (or is None) drops its part of the text (see `Kind`): any issue can be worded.
    Raises KeyError for a code that is not in the catalogue.
    """
    kind = CATALOGUE[code]
    text = None if value is None else str(value)
    known = {name: detail for name, detail in details.items() if detail is not None}
    if row is not None:
        known["row"] = row
    if column is not None:
        known["column"] = column
    if text is not None:
        known["value"] = shortened(text, LONGEST_QUOTE)
    message = " ".join(part for part in (worded(kind.sentence, known), worded(kind.remedy, known)) if part)
    return Issue(
        level=level or kind.level,
        code=code,
        message=message,
        row=None if row is None else int(row),
        column=column,
        value=None if text is None else shortened(text, LONGEST_VALUE),
    )


def worded(template: str, known: dict[str, object]) -> str:
    """The template with its names filled in; a bracketed part that lacks one gives way to its alternative."""
    return "".join(
        (text if known.keys() >= names else otherwise).format_map(known)
        for text, names, otherwise in parts_of(template)
    )


@cache
def parts_of(template: str) -> list[tuple[str, frozenset[str], str]]:
    """The template in parts: (text, the names it wants, the alternative where one is not known)."""
    parts = []
    for place, text in enumerate(BRACKETED.split(template)):  # every second text stood in brackets
        wanted, _, otherwise = text.partition("|") if place % 2 else (text, "", "")
        names = frozenset(name for _, name, _, _ in string.Formatter().parse(wanted) if name)
        parts.append((wanted, names, otherwise))
    return parts


def shortened(text: str, longest: int) -> str:
    """The text on one line, cut where it is longer than that many characters."""
    text = " ".join(text[: 4 * longest].split())
    return text if len(text) <= longest else text[: longest - 3] + "..."
