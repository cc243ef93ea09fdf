"""Broken packages: each is refused, or waits for a person, with file, row and reason, and leaves nothing behind."""

import io
import zipfile

import pytest

from schools.models import Enrollment, Membership, RosterTrace, School, Section, SectionEnrollment, Student, User
from schools.rosters import load_roster
from tests.schools.oneroster.packages import Package

CLASSES = [f"c-{code}" for code in (501, 502, 601)]
WHEN = "2025-12-01T03:00:00Z"


def changed(name, where=None, /, of="v1p2", **cells):
    return lambda: Package(of).change(name, where or {}, **cells)


def manifest(name, value):
    return changed("manifest.csv", {"propertyName": name}, value=value)


def without(name):
    def made():
        package = Package()
        del package.files[name]
        return package

    return made


def text(name, edit):
    """A file whose bytes are edited by hand."""

    def made():
        package = Package()
        package.files[name] = edit(package.files[name])
        return package

    return made


def columns(name, edit):
    """A file whose list of columns is edited."""

    def made():
        package = Package()
        header, rows = package.rows(name)
        rows = [{column: row.get(column, "x") for column in edit(header)} for row in rows]
        return package.write(name, edit(header), rows)

    return made


def swapped(one, other):
    def edit(header):
        places = {one: other, other: one}
        return [places.get(column, column) for column in header]

    return edit


def added(name, *rows):
    return lambda: Package().add(name, *rows)


def delta(**cells):
    """A package of changes of all files; `cells` are set on every row of users.csv."""

    def made():
        package = Package()
        for name in [name for name in package.files if name != "manifest.csv"]:
            package.change(name, {}, status="active", dateLastModified=WHEN)
            package.change("manifest.csv", {"propertyName": f"file.{name.removesuffix('.csv')}"}, value="delta")
        return package.change("users.csv", {}, **cells)

    return made


def several(name, column, value, rows=6):
    """The cells of the first rows of a file: more than two rows of a hundred are wrong."""

    def made():
        package = Package()
        header, found = package.rows(name)
        for row in found[:rows]:
            row[column] = value(row) if callable(value) else value
        return package.write(name, header, found)

    return made


def doubled(name):
    """The first rows of a file again, with another first cell that is read."""

    def made():
        package = Package()
        _, rows = package.rows(name)
        column = {"users.csv": "givenName", "classes.csv": "title", "orgs.csv": "name"}.get(name, "endDate")
        return package.add(name, *[row | {column: "Other"} for row in rows[:6]])

    return made


def zipped(write):
    """Bytes of a zip that is made by hand."""

    def made():
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in Package().files.items():
                archive.writestr(name, data)
            write(archive)
        return packed.getvalue()

    return made


def link(archive):
    one = zipfile.ZipInfo("courses2.csv")
    one.external_attr = 0o120777 << 16
    archive.writestr(one, "/etc/passwd")


def twice(archive):
    archive.writestr("inside/users.csv", "sourcedId\n")


BROKEN = {
    # what is wrong: how it is made, the file and the code that are named, whether a row is
    "nothing at all": (lambda: b"", "", "EMPTY_FILE", False),
    "no zip": (lambda: b"sourcedId,status\n", "", "CORRUPT_ARCHIVE", False),
    "a zip cut off": (lambda: Package().zip()[:900], "", "CORRUPT_ARCHIVE", False),
    "a name that points outside": (zipped(lambda z: z.writestr("../x.csv", "")), "", "UNSAFE_ARCHIVE_NAME", False),
    "a name from the root": (zipped(lambda z: z.writestr("/etc/x.csv", "")), "", "UNSAFE_ARCHIVE_NAME", False),
    "a link": (zipped(link), "", "ARCHIVE_SYMLINK", False),
    "one file twice": (zipped(twice), "", "DUPLICATE_MEMBER", False),
    "a zip bomb": (zipped(lambda z: z.writestr("x", b"\0" * 40_000_000)), "", "TOO_LARGE_UNPACKED", False),
    "no manifest": (without("manifest.csv"), "", "MISSING_MANIFEST", False),
    "a version of tomorrow": (manifest("oneroster.version", "2.0"), "manifest.csv", "ONEROSTER_VERSION", True),
    "a mode nobody knows": (manifest("file.users", "partial"), "manifest.csv", "MANIFEST_WORD", True),
    "a file called bulk and absent": (
        added("manifest.csv", {"propertyName": "file.users", "value": "absent"}),
        "manifest.csv", "MANIFEST_CONTRADICTS", True,
    ),
    "a file called absent, with rows": (
        manifest("file.courses", "absent"), "manifest.csv", "MANIFEST_CONTRADICTS", False
    ),
    "a file that is promised and not there": (without("roles.csv"), "manifest.csv", "MISSING_FILE", False),
    "a needed file called absent": (
        lambda: without("users.csv")().change("manifest.csv", {"propertyName": "file.users"}, value="absent"),
        "manifest.csv", "MISSING_FILE", False,
    ),
    "no rows": (text("users.csv", lambda data: data.split(b"\n")[0] + b"\n"), "users.csv", "NO_DATA_ROWS", True),
    "an empty file": (text("orgs.csv", lambda data: b""), "orgs.csv", "EMPTY_FILE", False),
    "a page of the web": (
        text("users.csv", lambda data: b"<!DOCTYPE html><html><body>Sign in</body></html>"),
        "users.csv", "WRONG_TYPE", False,
    ),
    "zeros in the text": (
        text("users.csv", lambda data: data.replace(b"Ivy", b"I\0y")), "users.csv", "BINARY_CONTENT", True
    ),
    "an open quotation mark": (
        text("enrollments.csv", lambda data: data.replace(b",c-501", b",\"c-501", 1)),
        "enrollments.csv", "UNREADABLE_CSV", True,
    ),
    "the header again": (
        text("users.csv", lambda data: data + data.split(b"\n")[0] + b"\n"), "users.csv", "REPEATED_HEADER", True
    ),
    "a column missing": (
        columns("users.csv", lambda header: [one for one in header if one != "familyName"]),
        "users.csv", "MISSING_COLUMN", True,
    ),
    "a column twice": (
        text("users.csv", lambda data: data.replace(b"middleName", b"givenName", 1)),
        "users.csv", "DUPLICATE_COLUMN", True,
    ),
    "columns out of order": (columns("users.csv", swapped("givenName", "familyName")), "users.csv", "HEADER_ORDER",
                             True),
    "columns of enrollments out of order": (
        columns("enrollments.csv", swapped("userSourcedId", "classSourcedId")), "enrollments.csv", "HEADER_ORDER", True
    ),
    "organizations in a circle": (changed("orgs.csv", {"sourcedId": "d"}, parentSourcedId="ash"), "orgs.csv",
                                  "CIRCULAR_ORG", True),
    "a year inside another": (
        added("academicSessions.csv", {"sourcedId": "y-x", "type": "schoolYear", "startDate": "2026-01-05",
                                       "endDate": "2026-03-01", "schoolYear": "2027"}),
        "academicSessions.csv", "YEARS_OVERLAP", True,
    ),
    "no class of a known school": (changed("classes.csv", schoolSourcedId="nowhere"), "classes.csv", "NO_VALID_ROWS",
                                   True),
    "changes without dates": (delta(dateLastModified=""), "users.csv", "DELTA_UNDATED", True),
    "changes with a date that is none": (delta(dateLastModified="yesterday"), "users.csv", "DELTA_UNDATED", True),
    "changes without a status": (delta(status=""), "users.csv", "DELTA_UNDATED", True),
    "changes without an id": (delta(sourcedId=""), "users.csv", "ID_MISSING", True),
    "changes to nothing": (
        lambda: Package().change("manifest.csv", {"value": "bulk"}, value="absent")
        .change("manifest.csv", {"propertyName": "file.users"}, value="delta")
        .change("users.csv", {}, status="active", dateLastModified=WHEN),
        "manifest.csv", "MANIFEST_CONTRADICTS", False,
    ),
    "orphan enrollments": (several("enrollments.csv", "userSourcedId", "nobody"), "enrollments.csv",
                           "UNKNOWN_REFERENCE", True),
    "enrollments in no class": (several("enrollments.csv", "classSourcedId", "c-0"), "enrollments.csv",
                                "UNKNOWN_REFERENCE", True),
    "enrollments in no school": (several("enrollments.csv", "schoolSourcedId", "x"), "enrollments.csv",
                                 "UNKNOWN_REFERENCE", True),
    "roles of nobody": (several("roles.csv", "userSourcedId", "nobody"), "roles.csv", "UNKNOWN_REFERENCE", True),
    "roles in no place": (several("roles.csv", "orgSourcedId", "nowhere"), "roles.csv", "UNKNOWN_REFERENCE", True),
    "a role nobody knows": (several("roles.csv", "role", "wizard"), "roles.csv", "UNKNOWN_WORD", True),
    "a role type nobody knows": (several("roles.csv", "roleType", "third"), "roles.csv", "UNKNOWN_WORD", True),
    "a role in class nobody knows": (several("enrollments.csv", "role", "wizard"), "enrollments.csv", "UNKNOWN_WORD",
                                     True),
    "a status nobody knows": (several("users.csv", "status", "gone"), "users.csv", "UNKNOWN_WORD", True),
    "enabled or not": (several("users.csv", "enabledUser", "maybe"), "users.csv", "UNKNOWN_WORD", True),
    "the same user twice": (doubled("users.csv"), "users.csv", "DUPLICATE_SOURCEDID", True),
    "the same enrollment twice": (several("enrollments.csv", "sourcedId", "e-1"), "enrollments.csv",
                                  "DUPLICATE_SOURCEDID", True),
    "users without an id": (several("users.csv", "sourcedId", ""), "users.csv", "ID_MISSING", True),
    "dates that are none": (several("enrollments.csv", "beginDate", "soon"), "enrollments.csv", "BAD_DATE", True),
    "days that do not exist": (several("enrollments.csv", "beginDate", "2025-02-30"), "enrollments.csv", "BAD_DATE",
                               True),
    "an end before the beginning": (
        lambda: several("enrollments.csv", "beginDate", "2026-03-01")().change(
            "enrollments.csv", {"beginDate": "2026-03-01"}, endDate="2026-02-01"),
        "enrollments.csv", "DATE_OUT_OF_RANGE", True,
    ),
    "students who share a number": (several("users.csv", "identifier", "1030", rows=12), "users.csv",
                                    "DUPLICATE_NUMBER", True),
    "numbers that a spreadsheet broke": (several("users.csv", "identifier", "1.2E+05", rows=12), "users.csv",
                                         "ID_SCIENTIFIC", True),
    "rows cut short": (
        text("enrollments.csv", lambda data: data.replace(b",ash,", b",", 6)), "enrollments.csv", "ROW_WIDTH", True
    ),
}  # fmt: skip
TABLES = (School, Section, Student, User, Enrollment, SectionEnrollment, Membership, RosterTrace)


def test_there_are_more_than_forty():
    assert len(BROKEN) >= 40


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_package_is_refused_with_its_place_and_leaves_nothing(district, what):
    make, file, code, with_row = BROKEN[what]
    package = make()
    data = package if isinstance(package, bytes) else package.zip()
    row = load_roster(data=data, filename="roster.zip", district=district)
    assert row.state in ("rejected", "needs_review")
    found = [one for one in row.answer["issues"] if one["code"] == code]
    assert found, [(one["file"], one["code"]) for one in row.answer["issues"]]
    one = found[0]
    assert (one["level"], one["file"], one["row"] is not None) == ("error", file, with_row)
    assert one["message"].startswith(f"{file}: ") or not file
    assert row.state == "rejected" or "more than 2 %" in row.answer["halts"][0]
    assert not any(table.objects.exists() for table in TABLES)
