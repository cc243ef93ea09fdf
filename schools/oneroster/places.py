"""The places and times of a roster: districts, schools, school years, classes as sections."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from schools.files import values
from schools.oneroster.layout import CLASSES, COURSES, NO_SUBJECT, ORGS, SESSIONS
from schools.oneroster.package import Package
from schools.oneroster.part import REJECTED, Part
from schools.oneroster.records import DistrictOrg, SchoolRecord, SectionRecord, YearRecord, date_of
from schools.oneroster.strict import refused

CODE_LENGTH, NAME_LENGTH, SUBJECT_LENGTH = 40, 200, 60
JULY = 7
ELSEWHERE = -2  # an org of another district


@dataclass(slots=True)
class Places:
    """What users and enrollments refer to. `school_of_org` gives a school's position for an org's id, -1 for an org
    that is no school, ELSEWHERE for one of another district."""

    districts: tuple[DistrictOrg, ...]
    schools: list[SchoolRecord]
    school_of_org: dict[str, int]
    years: list[YearRecord]
    sections: list[SectionRecord]


def named_districts(package: Package) -> tuple[DistrictOrg, ...]:
    """The districts the package names."""
    orgs = package[ORGS]
    found = zip(orgs.column("sourcedId"), orgs.column("identifier"), orgs.column("name"), kinds(orgs), strict=True)
    return tuple(DistrictOrg(*names) for *names, kind in found if kind == "district")


def read_places(package: Package, district: DistrictOrg | None) -> Places:
    """Schools of `district` (all of them where it is None), years and sections, with a verdict on every row.

    Raises PackageRefused for organizations in a circle and for a package without a class that can be used.
    """
    schools, school_of_org = read_schools(package[ORGS], district)
    sessions = read_sessions(package[SESSIONS])
    years = group_years(package[SESSIONS], sessions)
    sections = read_sections(package, school_of_org, sessions, years)
    return Places(named_districts(package), schools, school_of_org, years, sections)


# --- rows that stand by themselves ---------------------------------------------------------------------


def leave_out_deleted_and_doubled(part: Part, *, ids_needed: bool = True) -> None:
    """Leave out rows marked tobedeleted; rows without an id, or with one that another row has, are errors.

    A row that is wholly the same as an earlier one is left out with a note.
    """
    part.ignore(part.folded("status") == "tobedeleted")
    if ids_needed:
        part.reject("ID_MISSING", part.column("sourcedId") == "", column="sourcedId")
    standing = part.loaded() & (part.column("sourcedId") != "")
    doubled = np.zeros(len(part), bool)
    doubled[standing] = part.frame["sourcedId"][standing].duplicated(keep=False).to_numpy()
    if not doubled.any():
        return
    again = np.zeros(len(part), bool)
    again[doubled] = part.frame[doubled].duplicated(keep="first").to_numpy()
    part.say("IDENTICAL_DUPLICATE", again)
    part.ignore(again)
    doubled[doubled & ~again] = part.frame["sourcedId"][doubled & ~again].duplicated(keep=False).to_numpy()
    part.reject("DUPLICATE_SOURCEDID", doubled, column="sourcedId")


def days(part: Part, column: str, *, needed: bool = False) -> np.ndarray:
    """A column of dates as day numbers; what is no date (or is blank, where one is needed) makes its row an error."""
    dates, codes = values.dates(part.column(column))
    part.reject("BAD_DATE", (codes == "BAD_DATE") | (needed & np.isnat(dates)), column=column)
    return dates.astype(np.int64)


def first_grades(part: Part) -> np.ndarray:
    """The first grade of each list as "PK", "KG", "01" to "12"; "" where there is none the portal knows."""
    places, texts = pd.factorize(part.column("grades"))
    grades, _ = values.grades(np.array([text.split(",")[0].strip() for text in texts], object))
    return np.array([grade or "" for grade in grades], object)[places]


def many(text: str) -> list[str]:
    """A cell that holds a list, as a list."""
    return [one.strip() for one in text.split(",") if one.strip()]


# --- orgs ----------------------------------------------------------------------------------------------


def kinds(orgs: Part) -> list[str]:
    return [kind.casefold() for kind in orgs.column("type")]


def read_schools(orgs: Part, district: DistrictOrg | None) -> tuple[list[SchoolRecord], dict[str, int]]:
    """The district's schools, and which org is which."""
    leave_out_deleted_and_doubled(orgs)
    ids, kind = orgs.column("sourcedId"), np.array(kinds(orgs), object)
    standing = orgs.loaded()
    parents = dict(zip(ids[standing], orgs.column("parentSourcedId")[standing], strict=True))
    unknown = standing & np.array([bool(parents.get(i)) and parents[i] not in parents for i in ids], bool)
    orgs.say("UNKNOWN_REFERENCE", unknown, column="parentSourcedId", level="warning")
    district_ids = set(ids[standing & (kind == "district")])
    refuse_circles(orgs, parents)
    owner = {org: district_above(org, parents, district_ids) for org in parents}
    ours = district.sourced_id if district else None
    elsewhere = np.array([owner.get(org) not in (None, ours) and ours is not None for org in ids], bool)
    orgs.ignore(elsewhere)
    orgs.ignore((kind != "school") & (kind != "district"))
    identifiers = orgs.column("identifier")
    is_school = orgs.loaded() & (kind == "school")
    shared = Counter(identifiers[is_school])
    codes = np.array(
        [known if known and shared[known] == 1 else org for known, org in zip(identifiers, ids, strict=True)], object
    )
    too_long = np.array([len(code) > CODE_LENGTH for code in codes], bool)
    orgs.reject("FIELD_TOO_LONG", is_school & too_long, column="identifier", limit=CODE_LENGTH)
    school_of_org = {org: ELSEWHERE if away else -1 for org, away in zip(ids, elsewhere, strict=True)}
    schools = []
    for row in np.flatnonzero(is_school & ~too_long):
        school_of_org[ids[row]] = len(schools)
        name = orgs.column("name")[row][:NAME_LENGTH] or codes[row]
        schools.append(SchoolRecord(int(row), ids[row], codes[row], name))
    return schools, school_of_org


def refuse_circles(orgs: Part, parents: dict[str, str]) -> None:
    """Raises PackageRefused where an organization is, through its parents, its own parent."""
    for org in parents:
        seen = set()
        while org in parents:
            if org in seen:
                row = int(orgs.lines[np.flatnonzero(orgs.column("sourcedId") == org)[0]])
                raise refused("CIRCULAR_ORG", orgs.name, row=row, column="parentSourcedId", value=org)
            seen.add(org)
            org = parents[org]


def district_above(org: str, parents: dict[str, str], districts: set[str]) -> str | None:
    """The nearest district above (or at) an org."""
    while org in parents and org not in districts:
        org = parents[org]
    return org if org in districts else None


# --- sessions ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Session:
    row: int
    ending_year: str
    starts: int
    ends: int


def read_sessions(part: Part) -> dict[str, Session]:
    """The terms by id: first and last day, and the year in which their school year ends."""
    leave_out_deleted_and_doubled(part)
    starts, ends = days(part, "startDate", needed=True), days(part, "endDate", needed=True)
    part.reject("DATE_OUT_OF_RANGE", ends < starts, column="endDate")
    ids, parents = part.column("sourcedId"), part.column("parentSourcedId")
    rows = {ids[row]: int(row) for row in np.flatnonzero(part.loaded())}
    unknown = part.loaded() & np.array([bool(parent) and parent not in rows for parent in parents], bool)
    part.say("UNKNOWN_REFERENCE", unknown, column="parentSourcedId", level="warning")
    said = part.column("schoolYear")
    found = {}
    for session, row in rows.items():
        top = topmost(session, rows, parents)
        year = said[row] or said[top] or str(date_of(ends[top]).year)
        found[session] = Session(row, year, int(starts[row]), int(ends[row]))
    return found


def topmost(session: str, rows: dict[str, int], parents: np.ndarray) -> int:
    """The row of the session at the top of the chain of parents (of the last before a circle)."""
    seen = {session}
    while (parent := parents[rows[session]]) in rows and parent not in seen:
        seen.add(parent)
        session = parent
    return rows[session]


def group_years(part: Part, sessions: dict[str, Session]) -> list[YearRecord]:
    """The school years: sessions of one school year together, from the first day of any to the last.

    A year that runs into the next (both hold July 1) ends the day before that begins. Raises PackageRefused where
    one lies inside the other: no student can be in two years at once.
    """
    groups = defaultdict(list)
    for session in sessions.values():
        groups[session.ending_year].append(session)
    of_code = defaultdict(list)
    for said, together in groups.items():
        first, last = min(one.starts for one in together), max(one.ends for one in together)
        of_code[year_code(said, first, last)] += together
    years = [
        YearRecord(code, min(one.starts for one in of), max(one.ends for one in of), tuple(one.row for one in of))
        for code, of in of_code.items()
    ]
    years.sort(key=lambda year: (year.starts, year.ends))
    for place, (one, following) in enumerate(pairwise(years)):
        if following.starts <= one.starts or following.ends <= one.ends:
            line = int(part.lines[following.rows[0]])
            raise refused("YEARS_OVERLAP", part.name, row=line, value=following.code, other=one.code)
        years[place] = replace(one, ends=min(one.ends, following.starts - 1))
    return years


def year_code(said: str, starts: int, ends: int) -> str:
    """ "2025-26" for the school year that the file calls 2026, the year in which it ends.

    Some systems write the year in which it begins; the dates say which is meant.
    """
    day = date_of(starts)
    first = day.year if day.month >= JULY else day.year - 1
    named = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else 0
    if named and (date_of(ends).year == named or day.year == named - 1):
        first = named - 1
    return f"{first}-{(first + 1) % 100:02d}"


# --- classes -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Course:
    row: int
    grade: str
    subject: str


def read_courses(package: Package) -> dict[str, Course]:
    """The courses by id; nothing of a course is stored but what its classes take from it."""
    if COURSES not in package:
        return {}
    part = package[COURSES]
    leave_out_deleted_and_doubled(part)
    grades, subjects = first_grades(part), part.column("subjects")
    ids = part.column("sourcedId")
    titles = np.where(part.column("title") == NO_SUBJECT, "", part.column("title"))
    return {
        ids[row]: Course(int(row), grades[row], (many(subjects[row]) or [titles[row]])[0])
        for row in np.flatnonzero(part.loaded())
    }


def read_sections(
    package: Package, school_of_org: dict[str, int], sessions: dict[str, Session], years: list[YearRecord]
) -> list[SectionRecord]:
    """The classes of the district's schools; each belongs to the year of its first term."""
    part, courses = package[CLASSES], read_courses(package)
    leave_out_deleted_and_doubled(part)
    schools, terms = part.column("schoolSourcedId"), [many(text) for text in part.column("termSourcedIds")]
    part.ignore(np.array([school_of_org.get(org) == ELSEWHERE for org in schools], bool))
    no_school = np.array([school_of_org.get(org, -1) < 0 for org in schools], bool)
    part.reject("UNKNOWN_REFERENCE", no_school, column="schoolSourcedId")
    no_term = np.array([not any(term in sessions for term in of_class) for of_class in terms], bool)
    part.reject("UNKNOWN_REFERENCE", no_term, column="termSourcedIds")
    course_ids, grades = part.column("courseSourcedId"), first_grades(part)
    ids, titles, codes = part.column("sourcedId"), part.column("title"), part.column("classCode")
    subjects = part.column("subjects")
    no_course = np.array([bool(course) and course not in courses for course in course_ids], bool)
    part.say("UNKNOWN_REFERENCE", no_course & part.loaded(), column="courseSourcedId", level="warning")
    year_of_session = {row: place for place, year in enumerate(years) for row in year.rows}
    sections = []
    for row in np.flatnonzero(part.loaded()):
        held = [sessions[term] for term in terms[row] if term in sessions]
        course = courses.get(course_ids[row], Course(-1, "", ""))
        subject = (many(subjects[row]) or [course.subject])[0]
        sections.append(
            SectionRecord(
                row=int(row),
                sourced_id=ids[row],
                school=school_of_org[schools[row]],
                year=year_of_session[held[0].row],
                class_code=codes[row],
                title=(titles[row] or codes[row] or ids[row])[:NAME_LENGTH],
                subject=subject[:SUBJECT_LENGTH],
                grade=grades[row] or course.grade,
                starts=min(one.starts for one in held),
                ends=max(one.ends for one in held),
                course_row=course.row,
                session_rows=tuple(one.row for one in held),
            )
        )
    if COURSES in package:
        used = {section.course_row for section in sections}
        package[COURSES].ignore(np.array([row not in used for row in range(len(package[COURSES]))], bool))
    if not sections:
        first = next((finding.issue for finding in part.findings if finding.issue.level == "error"), None)
        details = {"row": first.row, "first": first.message} if first else {}
        raise refused("NO_VALID_ROWS", part.name, **details)
    return sections


def unusable(part: Part, verdict: int = REJECTED) -> set[str]:
    """The ids of a part's rows with that verdict (REJECTED or IGNORED) that no other row stands for."""
    ids = part.column("sourcedId")
    return set(ids[part.verdicts == verdict]) - set(ids[part.loaded()]) - {""}
