"""A package as it may lie in the database until a worker reads it: only files the portal reads, and no passwords."""

import io
import zipfile

from schools.files.issues import FileRefused
from schools.files.table import read_table
from schools.oneroster.layout import FORBIDDEN, LAYOUTS, MANIFEST, FileLayout
from schools.oneroster.package import FAST, LIMITS, ZIP_DAY, members_of, only_columns
from schools.oneroster.part import Finding
from schools.oneroster.strict import PackageRefused

HEAD = 64_000  # bytes in which a heading would stand


def sealed(data: bytes) -> bytes:
    """The package again. A file that has a column of passwords is written anew without what is not read of it.

    Raises PackageRefused for what is no package, and where such a file cannot be read.
    """
    packed = io.BytesIO()
    members = members_of(data)
    layouts = {layout.name: layout for layout in LAYOUTS}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST) as archive:
        for name in [MANIFEST, *sorted(set(members) - {MANIFEST})]:
            body = members.pop(name)
            if may_hold_passwords(body) and name in layouts:
                body = without_passwords(layouts[name], body)
            archive.writestr(zipfile.ZipInfo(name, ZIP_DAY), body, zipfile.ZIP_DEFLATED, FAST)
    return packed.getvalue()


def may_hold_passwords(body: bytes) -> bool:
    """Whether the word stands near the beginning, however it is written (UTF-16, spaces, capitals)."""
    return FORBIDDEN.encode() in body[:HEAD].replace(b"\0", b"").replace(b" ", b"").replace(b"_", b"").lower()


def without_passwords(layout: FileLayout, body: bytes) -> bytes:
    try:
        table = read_table(body, layout.name, limits=LIMITS, needed=frozenset(layout.needed))
        return only_columns(table, layout).encode()
    except FileRefused as problem:
        if problem.issue.code in ("EMPTY_FILE", "NO_DATA_ROWS"):
            return body
        raise PackageRefused(Finding(layout.name, problem.issue)) from problem
