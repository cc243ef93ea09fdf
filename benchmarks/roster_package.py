"""A synthetic district as a OneRoster 1.2 bulk package, the same every time."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Size:
    """How many there are of each; `enrollments` counts the seats of students and one teacher a class."""

    name: str
    schools: int
    students: int
    teachers: int
    classes: int
    enrollments: int


NETWORK = Size("network", 12, 567, 60, 120, 2_900)
DISTRICT = Size("district", 218, 118_000, 8_000, 20_000, 600_000)
SIZES = {size.name: size for size in (NETWORK, DISTRICT)}

MANIFEST = (
    ("manifest.version", "1.0"), ("oneroster.version", "1.2"), ("file.academicSessions", "bulk"),
    ("file.classes", "bulk"), ("file.courses", "bulk"), ("file.demographics", "absent"),
    ("file.enrollments", "bulk"), ("file.orgs", "bulk"), ("file.roles", "bulk"), ("file.userProfiles", "absent"),
    ("file.users", "bulk"), ("source.systemName", "benchmark"), ("source.systemCode", "bench"),
)  # fmt: skip
USERS = (
    "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,"
    "sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,preferredMiddleName,"
    "preferredFamilyName,primaryOrgSourcedId,pronouns"
)
CLASSES = (
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,"
    "termSourcedIds,subjects,subjectCodes,periods"
)


def write_package(path: Path, size: Size) -> None:
    """Write the package of a district of that size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, header, rows in files_of(size):
            text = io.StringIO(newline="")
            writer = csv.writer(text)
            writer.writerow(header.split(","))
            writer.writerows(rows)
            archive.writestr(name, text.getvalue())


def files_of(size: Size) -> Iterator[tuple[str, str, Iterable]]:
    """(file, header, rows) of each file."""
    yield "manifest.csv", "propertyName,value", MANIFEST
    yield (
        "orgs.csv",
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
        [
            ["d", "", "", "Benchmark District", "district", "BENCH", ""],
            *([f"o-{n}", "", "", f"School {n}", "school", str(100 + n), "d"] for n in range(size.schools)),
        ],
    )
    yield (
        "academicSessions.csv",
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
        [["y", "", "", "2026-27", "schoolYear", "2026-08-25", "2027-06-15", "", "2027"]],
    )
    yield (
        "courses.csv",
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,"
        "subjectCodes",
        ([f"co-{n}", "", "", "y", f"Course {n}", f"C{n}", f"{n % 12 + 1:02d}", "d", "Mathematics", ""]
         for n in range(60)),
    )  # fmt: skip
    yield "classes.csv", CLASSES, (class_of(n, size) for n in range(size.classes))
    yield "users.csv", USERS, users_of(size)
    yield (
        "roles.csv",
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
        "userProfileSourcedId",
        roles_of(size),
    )
    yield (
        "enrollments.csv",
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
        enrollments_of(size),
    )


def class_of(n: int, size: Size) -> list[str]:
    code = f"{n // size.schools:03d}"
    school, course = f"o-{n % size.schools}", n // size.schools % 60
    return [f"c-{n}", "", "", f"Class {code}", "", f"co-{course}", code, "scheduled", "", school, "y", "", "", ""]


def users_of(size: Size) -> Iterator[list[str]]:
    for n in range(size.teachers):
        name = ["Terry", f"Teacher{n}", "", f"E{n}", f"terry.teacher{n}@example.org"]
        yield [f"t-{n}", "", "", "true", f"t{n}", "", *name, "", "", "", "", "", "", "", "", "", school_of(n, size), ""]
    for n in range(size.students):
        name = [f"Given{n % 500}", f"Family{n % 4000}", "", str(1_000_000 + n), ""]
        grade = f"{n // size.schools % 12 + 1:02d}"
        yield [f"s-{n}", "", "", "true", f"s{n}", "", *name, "", "", "", grade, *[""] * 5, school_of(n, size), ""]


def roles_of(size: Size) -> Iterator[list[str]]:
    for n in range(size.teachers):
        yield [f"r-t-{n}", "", "", f"t-{n}", "primary", "teacher", "", "", school_of(n, size), ""]
    for n in range(size.students):
        yield [f"r-s-{n}", "", "", f"s-{n}", "primary", "student", "", "", school_of(n, size), ""]


def school_of(n: int, size: Size) -> str:
    return f"o-{n % size.schools}"


def enrollments_of(size: Size) -> Iterator[list[str]]:
    """A teacher a class, of its school; each student about equally often in classes of the own school."""
    for n in range(size.classes):
        school = n % size.schools
        teachers = range(school, size.teachers, size.schools)
        teacher = f"t-{teachers[n // size.schools % len(teachers)]}"
        yield [f"e-t-{n}", "", "", f"c-{n}", f"o-{school}", teacher, "teacher", "true", "", ""]
    for n in range(size.enrollments - size.classes):
        student, turn = n % size.students, n // size.students
        school = student % size.schools
        classes = range(school, size.classes, size.schools)
        chosen = classes[(student // size.schools * 7 + turn * (len(classes) // 6)) % len(classes)]
        yield [f"e-s-{n}", "", "", f"c-{chosen}", f"o-{school}", f"s-{student}", "student", "", "", ""]
