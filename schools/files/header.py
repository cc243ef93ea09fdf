"""Which of a file's columns is which: headings are compared without case, spaces and underscores."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from schools.files.issues import FileRefused, Issue, issue

SEPARATORS = re.compile(r"[\s_]+")
NUMBERED = re.compile(r"(.+) \(([2-9]|[1-9][0-9]+)\)")


def fold_heading(heading: str) -> str:
    """A heading for comparing: "Student ID", "student_id" and "StudentId" are one."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", heading).casefold())


def unique_headings(headings: Iterable[str]) -> tuple[list[str], list[Issue]]:
    """The headings made unique, and what was done: a blank one is named by place, a second "x" is "x (2)"."""
    names: list[str] = []
    notes: list[Issue] = []
    taken: set[str] = set()
    for place, heading in enumerate(headings, start=1):
        name = heading or f"Column {place}"
        count = 2
        while name in taken:
            name = f"{heading or f'Column {place}'} ({count})"
            count += 1
        if not heading:
            notes.append(issue("UNNAMED_COLUMN", column=name))
        elif name != heading:
            notes.append(issue("DOUBLED_HEADING", value=heading, column=name))
        taken.add(name)
        names.append(name)
    return names, notes


def match_header(
    header: Iterable[str], wanted: Mapping[str, Iterable[str]], *, optional: Iterable[str] = (), line: int = 1
) -> dict[str, str]:
    """The file's own heading of every wanted column that is there: {wanted name: heading in the file}.

    `wanted` maps each name to its aliases (the name itself is always one). Raises FileRefused: MISSING_COLUMN
    for a wanted column that is not `optional` and not there, DUPLICATE_COLUMN where two headings claim one name.
    """
    header = list(header)
    named: dict[str, list[str]] = {}
    for heading in header:
        doubled = NUMBERED.fullmatch(heading)
        own = doubled[1] if doubled and doubled[1] in header else heading
        named.setdefault(fold_heading(own), []).append(heading)
    matched: dict[str, str] = {}
    optional = set(optional)
    for name, aliases in wanted.items():
        names = dict.fromkeys([name, *aliases])
        folded = dict.fromkeys(fold_heading(alias) for alias in names)
        found = [heading for fold in folded for heading in named.get(fold, [])]
        if len(found) > 1:
            both = ", ".join(found)
            raise FileRefused(issue("DUPLICATE_COLUMN", row=line, column=name, value=found[1], headings=both))
        if found:
            matched[name] = found[0]
        elif name not in optional:
            others = ", ".join(alias for alias in names if alias != name) or None
            raise FileRefused(issue("MISSING_COLUMN", row=line, column=name, aliases=others))
    return matched
