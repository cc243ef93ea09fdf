"""A OneRoster package in, its files out: the manifest, the version, one table per file.

Lenient in how a package is made (any name, one folder inside, BOM, columns in any order, extra columns); strict in
what it promises: a file that the manifest names and that is not there refuses the package.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd

from schools.files.archive import read_members
from schools.files.header import fold_heading, match_header
from schools.files.issues import FileRefused, issue
from schools.files.limits import MEGABYTE, Limits
from schools.files.table import Table, read_table
from schools.oneroster.layout import (
    ALWAYS,
    DEMOGRAPHICS,
    FORBIDDEN,
    LAYOUTS,
    MANIFEST,
    MAY_BE_EMPTY,
    PROFILES,
    ROLES,
    USERS,
    FileLayout,
    layouts_with,
)
from schools.oneroster.part import Finding, Part
from schools.oneroster.strict import (
    PackageRefused,
    read_manifest,
    refuse_disorder,
    refuse_undated,
    refused,
    reject_unknown_words,
)

ZIP_BEGINS = b"PK"
FAST = 2  # half the time of 3, for a fiftieth more bytes
ZIP_DAY = (1980, 1, 1, 0, 0, 0)
LIMITS = Limits(
    max_bytes=256 * MEGABYTE,
    max_rows=2_000_000,
    max_columns=500,
    max_cells=80_000_000,
    max_unpacked=1_000 * MEGABYTE,
    max_field=4_000,  # a user of many schools has a long list of ids in one cell
)


Told = Callable[[int, int], None]  # rows read, rows known


@dataclass(slots=True)
class Package:
    """The files the portal reads of a package. `kept` is the package again, with only what the portal reads.

    `modes` says of each file whether it is whole ("bulk") or brings only what changed ("delta"). `marks` are the
    columns of demographics by the program they stand for.
    """

    version: str
    parts: dict[str, Part]
    modes: dict[str, str]
    marks: dict[str, str]
    kept: bytes

    _read: dict[str, tuple[np.ndarray, int]] = field(init=False)

    def __post_init__(self):
        self._read = {name: (part.verdicts.copy(), len(part.findings)) for name, part in self.parts.items()}

    def __getitem__(self, layout: FileLayout) -> Part:
        return self.parts[layout.name]

    def __contains__(self, layout: FileLayout) -> bool:
        return layout.name in self.parts

    @property
    def is_delta(self) -> bool:
        """Whether any of its files brings only what changed."""
        return "delta" in self.modes.values()

    def findings(self) -> list[Finding]:
        """All there is to say of the files' rows, file by file."""
        return [finding for part in self.parts.values() for finding in part.findings]

    def forget_cells(self) -> None:
        """Let all text go once the answer is given: a district's is more than what is written of it."""
        for part in self.parts.values():
            part.forget_cells()

    def begin_anew(self) -> None:
        """Forget what was judged since the files were read, but for rows that were barred."""
        for name, part in self.parts.items():
            part.begin_anew(*self._read[name])


def read_package(data: bytes, marks: Mapping[str, str] | None = None, told: Told | None = None) -> Package:
    """The package in a zip's bytes. `told` hears how many rows have been read. Raises PackageRefused."""
    marks = dict(marks or {})
    members = members_of(data)
    manifest = read_manifest(members.pop(MANIFEST))
    parts, modes, kept = {}, {}, io.BytesIO()
    known = sum(text.count(b"\n") for text in members.values())
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as archive:
        archive.writestr(zipfile.ZipInfo(MANIFEST, ZIP_DAY), manifest_text(manifest), zipfile.ZIP_DEFLATED)
        for layout, mode in wanted_files(manifest, members, layouts_with(marks.values())):
            # One file after the other, so that only one is held twice.
            body = members.pop(layout.name)
            parts[layout.name], table = read_file(layout, body)
            modes[layout.name] = mode
            if mode == "delta":
                refuse_undated(parts[layout.name])
            if table is not None:
                text = body if holds_nothing_else(table, layout) else only_columns(table, layout).encode()
                archive.writestr(zipfile.ZipInfo(layout.name, ZIP_DAY), text, zipfile.ZIP_DEFLATED, FAST)
            del table, body
            if told:
                told(sum(len(part) for part in parts.values()), known)
    package = Package(version_of(manifest, parts), parts, modes, marks, kept.getvalue())
    if not package.is_delta:
        refuse_without_roles(parts)
    return package


def members_of(data: bytes) -> dict[str, bytes]:
    """The files of a zip that the portal may read, by name, the manifest among them. Raises PackageRefused."""
    if not data:
        raise refused("EMPTY_FILE")
    if not data.startswith(ZIP_BEGINS):
        raise refused("CORRUPT_ARCHIVE", reason="it is not a zip file")
    names = [MANIFEST, DEMOGRAPHICS.name, *(layout.name for layout in LAYOUTS)]
    try:
        members = read_members(data, limits=LIMITS, expected=names)
    except FileRefused as problem:
        raise PackageRefused(Finding("", problem.issue)) from problem
    if MANIFEST not in members:
        raise refused("MISSING_MANIFEST")
    return members


def manifest_text(manifest: Mapping[str, str]) -> str:
    """The manifest again, its files and versions alone."""
    rows = [("propertyName", "value")]
    rows += [item for item in manifest.items() if item[0].startswith("file.") or item[0].endswith(".version")]
    return "".join(f"{name},{value}\n" for name, value in rows)


def wanted_files(
    manifest: Mapping[str, str], members: Mapping[str, bytes], layouts: tuple[FileLayout, ...]
) -> list[tuple[FileLayout, str]]:
    """The files to read and how: those the manifest calls bulk or delta, or does not name although they are there.

    Raises PackageRefused for a file that is promised or needed and not there, or called absent and has rows. In a
    package of changes no file is needed.
    """
    named = {layout: manifest.get(layout.property, "") for layout in layouts}
    changes_only = "delta" in named.values()
    wanted = []
    for layout, mode in named.items():
        there = layout.name in members
        if mode in ("bulk", "delta") and not there:
            raise refused("MISSING_FILE", MANIFEST, promised=layout.name)
        if mode == "absent" and there and members[layout.name].strip().count(b"\n"):
            raise refused("MANIFEST_CONTRADICTS", MANIFEST, value=layout.name, said="absent, and it has rows")
        mode = mode or ("bulk" if there else "absent")
        if mode == "absent" and layout in ALWAYS and not changes_only:
            raise refused("MISSING_FILE", MANIFEST, needed=layout.name)
        if mode != "absent":
            wanted.append((layout, mode))
    if not wanted:
        raise refused("MISSING_FILE", MANIFEST, needed=USERS.name)
    return wanted


def read_file(layout: FileLayout, data: bytes) -> tuple[Part, Table | None]:
    """One file as a part, and the table it came from (None where the file is empty and may be)."""
    try:
        table = read_table(data, layout.name, limits=LIMITS, needed=frozenset(layout.needed))
        wanted = dict.fromkeys(layout.columns, ())
        optional = set(layout.columns) - set(layout.needed)
        headings = match_header(table.header, wanted, optional=optional, line=table.header_line)
    except FileRefused as problem:
        if layout.name in {one.name for one in MAY_BE_EMPTY} and problem.issue.code in ("EMPTY_FILE", "NO_DATA_ROWS"):
            return Part(layout.name, pd.DataFrame(columns=list(layout.columns)), np.empty(0, np.int32)), None
        raise PackageRefused(Finding(layout.name, problem.issue)) from problem
    refuse_disorder(table.header, layout, table.header_line)
    blank = np.full(len(table.frame), "", object)
    columns = {
        name: table.frame[headings[name]].to_numpy(dtype=object) if name in headings else blank
        for name in layout.columns
        if name != FORBIDDEN
    }
    columns = {name: blank if (cells == "").all() else cells for name, cells in columns.items()}
    part = Part(
        layout.name, pd.DataFrame(columns, dtype=object, copy=False), table.lines, table.rows_read - len(table.frame)
    )
    for said in (*table.notes, *table.row_issues):
        part.note(said)
    if FORBIDDEN in headings and (table.frame[headings[FORBIDDEN]] != "").any():
        part.note(issue("FORBIDDEN_COLUMN", column=FORBIDDEN, level="note"))
    reject_unknown_words(part, layout)
    return part, table


def refuse_without_roles(parts: dict[str, Part]) -> None:
    """Roles stand in users.csv (1.1) or in roles.csv (1.2); without either nobody is a student or a teacher."""
    if ROLES.name not in parts and not (parts[USERS.name].column("role") != "").any():
        raise refused("MISSING_FILE", needed=ROLES.name)


def version_of(manifest: dict[str, str], parts: dict[str, Part]) -> str:
    """The version the manifest names; without one, the one the files look like."""
    named = manifest.get("oneroster.version", "").removeprefix("v")
    return named or ("1.2" if ROLES.name in parts else "1.1")


def holds_nothing_else(table: Table, layout: FileLayout) -> bool:
    """Whether a file is of places, classes or roles and has the columns of the standard alone: nothing to leave out.

    A row of the wrong width may hold anything under any heading.
    """
    personal = layout.name in (USERS.name, PROFILES.name, DEMOGRAPHICS.name)
    known = {fold_heading(column) for column in layout.order}
    return not personal and not table.row_issues and all(fold_heading(one) in known for one in table.header)


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
    if reads_as_sent(table):
        blank = [""] * len(table.frame)
        writer.writerows(zip(*(table.frame[one] if one in kept else blank for one in table.header), strict=True))
        return text.getvalue()
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


def reads_as_sent(table: Table) -> bool:
    """Whether nothing was repaired or left out, and each row stands on one line: the cells are those of the file."""
    lines = np.arange(table.header_line + 1, table.header_line + 1 + len(table.lines))
    return not table.notes and not table.row_issues and bool(np.array_equal(table.lines, lines))


def write_from(text: io.StringIO, line: int, wanted: int) -> int:
    """Blank lines up to the line that is wanted next; the line the text has reached."""
    if wanted > line:
        text.write("\n" * (wanted - line))
    return max(line, wanted)


def pack_folder(folder: Path) -> bytes:
    """The zip of a package that lies unpacked in a folder, or in a folder inside it; only files the portal reads."""
    read = (MANIFEST, DEMOGRAPHICS.name, *(layout.name for layout in LAYOUTS))
    names = {name.casefold() for name in read}
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
