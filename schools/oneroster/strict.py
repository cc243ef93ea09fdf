"""What a package must keep to: the manifest's word, the order of the columns, words from their lists, dated changes.

How a package is made may vary; what it means may not.
"""

import csv
import io
from collections.abc import Collection

import numpy as np
import pandas as pd

from schools.files.header import fold_heading
from schools.files.issues import issue
from schools.oneroster.layout import MANIFEST, STATUSES, VERSIONS, FileLayout
from schools.oneroster.part import Finding, Part

MODES = ("bulk", "delta", "absent")


class PackageRefused(Exception):
    """The whole package is refused; `finding` names the file and the reason."""

    def __init__(self, finding: Finding):
        super().__init__(finding.issue.message)
        self.finding = finding


def refused(code: str, file: str = "", **details) -> PackageRefused:
    return PackageRefused(Finding(file, issue(code, **details)))


def read_manifest(data: bytes) -> dict[str, str]:
    """The manifest's properties and values, both in lower case.

    Raises PackageRefused where it cannot be read, says two things of one property, knows no version the portal
    reads, or calls a file neither bulk nor delta nor absent.
    """
    text = data.decode("utf-8-sig", errors="replace")
    said: dict[str, str] = {}
    try:
        reader = csv.reader(io.StringIO(text, newline=""))
        for row in reader:
            if len(row) < 2:
                continue
            name, value = row[0].strip().casefold(), row[1].strip().casefold()
            if said.setdefault(name, value) != value:
                both = f"{said[name]} and {value}"
                raise refused("MANIFEST_CONTRADICTS", MANIFEST, row=reader.line_num, value=row[0].strip(), said=both)
            if name.startswith("file.") and value not in MODES:
                raise refused("MANIFEST_WORD", MANIFEST, row=reader.line_num, value=row[1].strip(), named=row[0])
            if name == "oneroster.version" and value and value.removeprefix("v") not in VERSIONS:
                raise refused("ONEROSTER_VERSION", MANIFEST, row=reader.line_num, value=value)
    except csv.Error as problem:
        raise refused("UNREADABLE_CSV", MANIFEST) from problem
    return said


def refuse_disorder(header: Collection[str], layout: FileLayout, line: int) -> None:
    """Raises PackageRefused where columns of the standard do not stand in its order; others may stand anywhere."""
    places = {fold_heading(column): place for place, column in enumerate(layout.order)}
    last, before = -1, ""
    for heading in header:
        place = places.get(fold_heading(heading))
        if place is None:
            continue
        if place < last:
            raise refused("HEADER_ORDER", layout.name, row=line, column=heading, before=before)
        last, before = place, heading


def reject_unknown_words(part: Part, layout: FileLayout) -> None:
    """Rows with a word that is not on the list of its column are errors; "ext:" begins a word of one's own."""
    for column, words in {"status": STATUSES, **layout.words}.items():
        texts = part.column(column)
        known = {
            text: text.casefold() in words
            or text.casefold().startswith("ext:")
            or not (text or column in layout.needed)
            for text in pd.unique(texts)
        }
        if not all(known.values()):
            part.reject("UNKNOWN_WORD", np.array([not known[text] for text in texts], bool), column=column)


def moments(part: Part) -> np.ndarray:
    """dateLastModified of each row (datetime64[ns], UTC; NaT where it is none)."""
    places, texts = pd.factorize(part.column("dateLastModified"))
    read = pd.to_datetime(pd.Series(texts, dtype=object), utc=True, errors="coerce", format="ISO8601")
    return read.dt.tz_localize(None).to_numpy("datetime64[ns]")[places]


def refuse_undated(part: Part) -> None:
    """Raises PackageRefused where a row of changes has no id, or does not say whether, and since when, it stands."""
    for column, code, wrong in (
        ("sourcedId", "ID_MISSING", part.column("sourcedId") == ""),
        ("status", "DELTA_UNDATED", part.column("status") == ""),
        ("dateLastModified", "DELTA_UNDATED", np.isnat(moments(part))),
    ):
        if wrong.any():
            place = int(np.flatnonzero(wrong)[0])
            value = part.column(column)[place]
            raise refused(code, part.name, row=int(part.lines[place]), column=column, value=value)
