"""A OneRoster package in, its files out: the manifest, the version, one table per file.

Lenient in how a package is made (any name, one folder inside, BOM, columns in any order, extra columns); strict in
what it promises: a file that the manifest names and that is not there refuses the package.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd

from schools.files.archive import read_members
from schools.files.header import match_header
from schools.files.issues import FileRefused, issue
from schools.files.limits import MEGABYTE, Limits
from schools.files.table import Table, read_table
from schools.oneroster.layout import (
    ALWAYS,
    FORBIDDEN,
    LAYOUTS,
    MANIFEST,
    MAY_BE_EMPTY,
    ROLES,
    USERS,
    VERSIONS,
    FileLayout,
)
from schools.oneroster.part import Finding, Part

ZIP_BEGINS = b"PK"
FAST = 3
ZIP_DAY = (1980, 1, 1, 0, 0, 0)
LIMITS = Limits(
    max_bytes=256 * MEGABYTE,
    max_rows=2_000_000,
    max_columns=500,
    max_cells=80_000_000,
    max_unpacked=1_000 * MEGABYTE,
    max_field=4_000,  # a user of many schools has a long list of ids in one cell
)


class PackageRefused(Exception):
    """The whole package is refused; `finding` names the file and the reason."""

    def __init__(self, finding: Finding):
        super().__init__(finding.issue.message)
        self.finding = finding


@dataclass(slots=True)
class Package:
    """The files the portal reads of a package. `kept` is the package again, with only what the portal reads."""

    version: str
    parts: dict[str, Part]
    kept: bytes

    def __getitem__(self, layout: FileLayout) -> Part:
        return self.parts[layout.name]

    def __contains__(self, layout: FileLayout) -> bool:
        return layout.name in self.parts

    def findings(self) -> list[Finding]:
        """All there is to say of the files' rows, file by file."""
        return [finding for part in self.parts.values() for finding in part.findings]


def read_package(data: bytes) -> Package:
    """The package in a zip's bytes. Raises PackageRefused."""
    if not data:
        raise refused("EMPTY_FILE")
    if not data.startswith(ZIP_BEGINS):
        raise refused("CORRUPT_ARCHIVE", reason="it is not a zip file")
    names = [MANIFEST, *(layout.name for layout in LAYOUTS)]
    try:
        members = read_members(data, limits=LIMITS, expected=names)
    except FileRefused as problem:
        raise PackageRefused(Finding("", problem.issue)) from problem
    if MANIFEST not in members:
        raise refused("MISSING_MANIFEST")
    manifest = read_manifest(members[MANIFEST])
    parts, kept = {}, io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as archive:
        archive.writestr(zipfile.ZipInfo(MANIFEST, ZIP_DAY), members[MANIFEST], zipfile.ZIP_DEFLATED)
        for layout in wanted_files(manifest, members):
            # One file after the other, so that only one is held twice.
            parts[layout.name], table = read_file(layout, members.pop(layout.name))
            if table is not None:
                text = only_columns(table, layout)
                archive.writestr(zipfile.ZipInfo(layout.name, ZIP_DAY), text.encode(), zipfile.ZIP_DEFLATED, FAST)
    refuse_without_roles(parts)
    return Package(version_of(manifest, parts), parts, kept.getvalue())


def refused(code: str, file: str = "", **details) -> PackageRefused:
    return PackageRefused(Finding(file, issue(code, **details)))


def read_manifest(data: bytes) -> dict[str, str]:
    """The manifest's properties and values, both in lower case."""
    text = data.decode("utf-8-sig", errors="replace")
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if len(row) > 1]
    except csv.Error as problem:
        raise refused("UNREADABLE_CSV", MANIFEST) from problem
    return {row[0].strip().casefold(): row[1].strip().casefold() for row in rows}


def wanted_files(manifest: dict[str, str], members: dict[str, bytes]) -> list[FileLayout]:
    """The files to read: those the manifest calls bulk, or does not name although they are there.

    Raises PackageRefused for a delta package, a version nobody knows, and a file that is promised or needed and
    not there.
    """
    version = manifest.get("oneroster.version", "")
    if version and version.removeprefix("v") not in VERSIONS:
        raise refused("ONEROSTER_VERSION", MANIFEST, value=version)
    wanted = []
    for layout in LAYOUTS:
        there = layout.name in members
        mode = manifest.get(f"file.{layout.name.removesuffix('.csv')}".casefold(), "bulk" if there else "absent")
        if mode == "delta":
            raise refused("DELTA_NOT_YET", MANIFEST, value=layout.name)
        if mode == "bulk" and not there:
            raise refused("MISSING_FILE", promised=layout.name)
        if mode != "bulk" and layout in ALWAYS:
            raise refused("MISSING_FILE", needed=layout.name)
        if mode == "bulk":
            wanted.append(layout)
    return wanted


def read_file(layout: FileLayout, data: bytes) -> tuple[Part, Table | None]:
    """One file as a part, and the table it came from (None where the file is empty and may be)."""
    try:
        table = read_table(data, layout.name, limits=LIMITS, needed=frozenset(layout.needed))
        wanted = dict.fromkeys(layout.columns, ())
        optional = set(layout.columns) - set(layout.needed)
        headings = match_header(table.header, wanted, optional=optional, line=table.header_line)
    except FileRefused as problem:
        if layout in MAY_BE_EMPTY and problem.issue.code in ("EMPTY_FILE", "NO_DATA_ROWS"):
            return Part(layout.name, pd.DataFrame(columns=list(layout.columns)), np.empty(0, np.int32)), None
        raise PackageRefused(Finding(layout.name, problem.issue)) from problem
    blank = np.full(len(table.frame), "", object)
    columns = {
        name: table.frame[headings[name]].to_numpy(dtype=object) if name in headings else blank
        for name in layout.columns
        if name != FORBIDDEN
    }
    part = Part(layout.name, pd.DataFrame(columns, dtype=object), table.lines, table.rows_read - len(table.frame))
    for said in (*table.notes, *table.row_issues):
        part.note(said)
    if FORBIDDEN in headings and (table.frame[headings[FORBIDDEN]] != "").any():
        part.note(issue("FORBIDDEN_COLUMN", column=FORBIDDEN, level="note"))
    return part, table


def refuse_without_roles(parts: dict[str, Part]) -> None:
    """Roles stand in users.csv (1.1) or in roles.csv (1.2); without either nobody is a student or a teacher."""
    if ROLES.name not in parts and not (parts[USERS.name].column("role") != "").any():
        raise refused("MISSING_FILE", needed=ROLES.name)


def version_of(manifest: dict[str, str], parts: dict[str, Part]) -> str:
    """The version the manifest names; without one, the one the files look like."""
    named = manifest.get("oneroster.version", "").removeprefix("v")
    return named or ("1.2" if ROLES.name in parts else "1.1")


def only_columns(table: Table, layout: FileLayout) -> str:
    """The file's text again, its rows on the lines they stood on, with the cells of unread columns blank.

    This is what the portal keeps of a package: passwords, phone numbers and guardians' ids are not stored.
    """
    headings = match_header(table.header, dict.fromkeys(layout.columns, ()), optional=layout.columns)
    kept = {heading for column, heading in headings.items() if column != FORBIDDEN}
    width = len(table.header)
    pick = itemgetter(*(place if heading in kept else width for place, heading in enumerate(table.header)), width)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    line = write_from(text, 1, table.header_line)
    writer.writerow(table.header)
    line += 1
    for place, cells in table.original.read():
        if place <= table.header_line:
            continue
        line = write_from(text, line, place)
        # A row of the wrong width says nothing but that: its cells may lie under any heading.
        row = pick([*cells, ""])[:-1] if len(cells) == width else ["?"] * len(cells)
        writer.writerow(row)
        line += 1 + "".join(row).count("\n")
    return text.getvalue()


def write_from(text: io.StringIO, line: int, wanted: int) -> int:
    """Blank lines up to the line that is wanted next; the line the text has reached."""
    if wanted > line:
        text.write("\n" * (wanted - line))
    return max(line, wanted)


def pack_folder(folder: Path) -> bytes:
    """The zip of a package that lies unpacked in a folder, or in a folder inside it; only files the portal reads."""
    names = {name.casefold() for name in (MANIFEST, *(layout.name for layout in LAYOUTS))}
    inside = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    for place in (folder, *inside):
        files = sorted(path for path in place.iterdir() if path.is_file() and path.name.casefold() in names)
        if any(path.name.casefold() == MANIFEST for path in files):
            return zip_files(files)
    return zip_files([])


def zip_files(files: list[Path]) -> bytes:
    """The files in a zip whose bytes depend on their names and contents alone."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.writestr(zipfile.ZipInfo(path.name, ZIP_DAY), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
