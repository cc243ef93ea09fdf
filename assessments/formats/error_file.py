"""The rows that need a person, as a file to correct and send again: the columns as they were sent, reason, remedy."""

import csv
import io
from collections.abc import Iterable, Sequence

from assessments.formats.columns import REPORT_COLUMNS
from schools.files.catalogue import CATALOGUE
from schools.files.header import fold_heading
from schools.files.inert import inert
from schools.files.issues import Issue, issue
from schools.files.table import Table


def error_file(table: Table, issues: Iterable[Issue], lines: Iterable[int]) -> bytes:
    """The rows at those physical lines as CSV (UTF-8 with a byte order mark), in the separator of the file.

    Each row is as it was sent. A row with too few or too many cells stays so, or it would come back as if it were
    right; its reason stands behind its last cell. A row held back by another says so.
    """
    by_line: dict[int, list[Issue]] = {}
    for found in issues:
        if found.row is not None and found.level != "note":
            by_line.setdefault(found.row, []).append(found)
    header = [str(name) for name in table.original.header]
    own = [place for place, name in enumerate(header) if fold_heading(name) not in REPORT_COLUMNS]
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=table.dialect.delimiter or ",")
    writer.writerow([*(header[place] for place in own), *REPORT_COLUMNS])
    for line, cells in sorted(table.original.rows(lines).items()):
        kept = [cells[place] for place in own] if len(cells) == len(header) else list(cells)
        reason, remedy = _words(by_line.get(line) or [issue("HELD_BACK", row=line)])
        writer.writerow([*map(inert, map(str, kept)), reason, remedy])
    return text.getvalue().encode("utf-8-sig")


def _words(issues: Sequence[Issue]) -> tuple[str, str]:
    """What is wrong with a row, and what to do: errors before warnings, each said once."""
    ordered = sorted(issues, key=lambda found: found.level != "error")
    parted = [_parted(found) for found in ordered]
    reason, remedy = (" ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*parted, strict=True))
    return reason, remedy


def _parted(found: Issue) -> tuple[str, str]:
    """An issue's message as what is wrong and what to do: where the first words of its remedy begin."""
    opening = CATALOGUE[found.code].remedy.partition("[")[0].strip()
    at = found.message.rfind(opening) if opening else -1
    return (found.message[:at].strip(), found.message[at:]) if at > 0 else (found.message, "")
