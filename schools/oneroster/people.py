"""The people of a roster: who is a student, who teaches, where. A roster makes nobody an administrator.

Roles stand in users.csv (OneRoster 1.1) or in roles.csv (1.2). Guardians, aides and proctors are left out.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from schools.files import values
from schools.oneroster.layout import ENROLLMENTS, PROFILES, ROLES, USERS
from schools.oneroster.package import Package
from schools.oneroster.part import Part
from schools.oneroster.places import (
    CODE_LENGTH,
    ELSEWHERE,
    NAME_LENGTH,
    Places,
    days,
    first_grades,
    leave_out_deleted_and_doubled,
    many,
)
from schools.oneroster.records import NO_DAY

STUDENT, TEACHER, ADMINISTRATOR = 1, 2, 4
ADMINISTRATORS = (
    "administrator",
    "districtadministrator",
    "siteadministrator",
    "systemadministrator",
    "principal",
)
BITS = {"student": STUDENT, "teacher": TEACHER} | dict.fromkeys(ADMINISTRATORS, ADMINISTRATOR)
EMAIL = re.compile(r"[^@\s<>\"',;]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
EMAIL_LENGTH, PERSON_NAME_LENGTH = 254, 100
USER_ID = re.compile(r"\{?[^:{}]*:([^{}]+)\}?|\{?([^:{}]+)\}?")


@dataclass(slots=True)
class People:
    """Students and teachers (frames as in `records.Roster`), and each row of users.csv's position in them."""

    students: pd.DataFrame
    people: pd.DataFrame
    posts: pd.DataFrame
    student_of_user: np.ndarray
    person_of_user: np.ndarray
    user_of_role: np.ndarray


@dataclass(slots=True)
class Held:
    """Roles by user: `bits` of each one's roles, pairs by importance, and whether any org is ours."""

    bits: np.ndarray
    pairs: list[tuple[int, int, int]]  # user row, school, bits of the role held there
    inside: np.ndarray
    outside: np.ndarray
    user_of_role: np.ndarray


def read_people(package: Package, places: Places, today: int) -> People:
    """Students and teachers of the district, with a verdict on every row of users.csv and roles.csv."""
    users = package[USERS]
    leave_out_deleted_and_doubled(users)
    standing = np.flatnonzero(users.loaded())
    rows_of = dict(zip(users.column("sourcedId")[standing], standing.tolist(), strict=True))
    held = roles_of_file(package[ROLES], rows_of, places, len(users), today) if ROLES in package else None
    held = held or roles_of_users(users, places)
    primary_org(users, places, held)
    users.ignore(held.outside & ~held.inside)
    teaches = taught_in_file(package[ENROLLMENTS], rows_of, len(users))
    is_student = (held.bits & STUDENT) > 0
    is_teacher = ~is_student & (((held.bits & TEACHER) > 0) | teaches)
    users.say(
        "ROLE_NEEDS_APPROVAL", users.loaded() & ((held.bits & ADMINISTRATOR) > 0), column="sourcedId", level="warning"
    )
    users.ignore(~is_student & ~is_teacher)
    switched_off = np.array([text.casefold() in ("false", "0", "no") for text in users.column("enabledUser")], bool)
    users.ignore(is_teacher & switched_off)
    students, student_of_user = read_students(users, is_student, held)
    people, person_of_user = read_teachers(users, is_teacher)
    posts = posts_of(held, person_of_user)
    if ROLES in package:
        settle_roles(package[ROLES], held, users)
    if PROFILES in package:
        settle_profiles(package[PROFILES], rows_of)
    return People(students, people, posts, student_of_user, person_of_user, held.user_of_role)


# --- roles ---------------------------------------------------------------------------------------------


def roles_of_users(users: Part, places: Places) -> Held:
    """OneRoster 1.1: one role and a list of orgs per user."""
    bits = np.array([BITS.get(role.casefold(), 0) for role in users.column("role")], np.uint8)
    held = Held(bits, [], np.zeros(len(users), bool), np.zeros(len(users), bool), np.empty(0, np.int64))
    lists = users.column("orgSourcedIds")
    unknown = np.zeros(len(users), bool)
    for row in range(len(users)):
        for org in many(lists[row]):
            unknown[row] |= place_org(held, row, org, int(bits[row]), places)
    users.say("UNKNOWN_REFERENCE", unknown & users.loaded(), column="orgSourcedIds", level="warning")
    return held


def roles_of_file(part: Part, rows_of: dict[str, int], places: Places, users: int, today: int) -> Held:
    """OneRoster 1.2: a row per role. A role that is over gives nothing."""
    leave_out_deleted_and_doubled(part, ids_needed=False)
    ends = days(part, "endDate")
    user_of_role = np.array([rows_of.get(user, -1) for user in part.column("userSourcedId")], np.int64)
    orgs, roles = part.column("orgSourcedId"), part.column("role")
    part.reject("UNKNOWN_REFERENCE", user_of_role < 0, column="userSourcedId")
    part.reject(
        "UNKNOWN_REFERENCE", np.array([org not in places.school_of_org for org in orgs], bool), column="orgSourcedId"
    )
    part.ignore((ends != NO_DAY) & (ends < today))
    held = Held(np.zeros(users, np.uint8), [], np.zeros(users, bool), np.zeros(users, bool), user_of_role)
    first = np.array([kind.casefold() != "primary" for kind in part.column("roleType")], bool)
    rows = np.flatnonzero(part.loaded())
    for row in rows[np.argsort(first[rows], kind="stable")]:
        bit = BITS.get(roles[row].casefold(), 0)
        user = int(user_of_role[row])
        if places.school_of_org[orgs[row]] != ELSEWHERE:
            held.bits[user] |= bit
        place_org(held, user, orgs[row], bit, places)
    return held


def place_org(held: Held, user: int, org: str, bits: int, places: Places) -> bool:
    """Note where a user's role is held. True where nobody knows the org."""
    school = places.school_of_org.get(org)
    if school is None:
        return True
    if school == ELSEWHERE:
        held.outside[user] = True
    else:
        held.inside[user] = True
        if school >= 0:
            held.pairs.append((user, school, bits))
    return False


def primary_org(users: Part, places: Places, held: Held) -> None:
    """The school a user names as primary (1.2) comes before those of the roles."""
    orgs = users.column("primaryOrgSourcedId")
    unknown = np.zeros(len(users), bool)
    pairs = []
    for row in np.flatnonzero((orgs != "") & users.loaded()):
        before = len(held.pairs)
        unknown[row] = place_org(held, int(row), orgs[row], int(held.bits[row]), places)
        pairs += held.pairs[before:]
        del held.pairs[before:]
    held.pairs[:0] = pairs
    users.say("UNKNOWN_REFERENCE", unknown, column="primaryOrgSourcedId", level="warning")


def taught_in_file(enrollments: Part, rows_of: dict[str, int], users: int) -> np.ndarray:
    """A mask of the users who stand before a class, whatever their role is called."""
    teaches = np.zeros(users, bool)
    is_teacher = enrollments.folded("role") == "teacher"
    for user in enrollments.column("userSourcedId")[is_teacher]:
        if user in rows_of:
            teaches[rows_of[user]] = True
    return teaches


def settle_roles(part: Part, held: Held, users: Part) -> None:
    """A role counts as its user does: ignored with a user the portal does not keep, else loaded."""
    known = held.user_of_role >= 0
    kept = np.zeros(len(part), bool)
    kept[known] = users.loaded()[held.user_of_role[known]]
    used = np.array([BITS.get(role.casefold(), 0) in (STUDENT, TEACHER) for role in part.column("role")], bool)
    part.ignore(~kept | ~used)


def settle_profiles(part: Part, rows_of: dict[str, int]) -> None:
    """A profile has to be somebody's. The portal keeps nothing of it: whose it is to sign in, it asks itself."""
    leave_out_deleted_and_doubled(part)
    unknown = np.array([user not in rows_of for user in part.column("userSourcedId")], bool)
    part.reject("UNKNOWN_REFERENCE", unknown, column="userSourcedId")
    part.ignore(part.loaded())


# --- students ------------------------------------------------------------------------------------------


def read_students(users: Part, is_student: np.ndarray, held: Held) -> tuple[pd.DataFrame, np.ndarray]:
    """The students, and each user's position among them (-1: none)."""
    numbers, codes = values.student_ids(student_numbers(users))
    for code in ("ID_SCIENTIFIC", "ID_LOOKS_LIKE_DATE"):
        users.reject(code, is_student & (codes == code), column="identifier")
    too_long = np.array([len(number) > CODE_LENGTH for number in numbers], bool)
    users.reject("FIELD_TOO_LONG", is_student & too_long, column="identifier", limit=CODE_LENGTH)
    standing = np.flatnonzero(users.loaded() & is_student)
    doubled = np.zeros(len(users), bool)
    doubled[standing] = pd.Series(numbers[standing]).duplicated(keep=False).to_numpy()
    users.reject("DUPLICATE_NUMBER", doubled, column="identifier")
    rows = np.flatnonzero(users.loaded() & is_student)
    home = np.full(len(users), -1, np.int64)
    for user, school, _ in reversed(held.pairs):
        home[user] = school
    grades = first_grades(users)
    students = pd.DataFrame(
        {
            "row": rows,
            "sourced_id": users.column("sourcedId")[rows],
            "number": numbers[rows],
            "family_name": clipped(users.column("familyName")[rows], NAME_LENGTH),
            "given_name": clipped(users.column("givenName")[rows], NAME_LENGTH),
            "grade": grades[rows],
            "home": home[rows],
        }
    )
    return students, positions(rows, len(users))


def student_numbers(users: Part) -> np.ndarray:
    """The district's number of each user: `identifier`, else the first of `userIds`, else the sourcedId."""
    numbers = users.column("identifier").copy()
    user_ids, ids = users.column("userIds"), users.column("sourcedId")
    for row in np.flatnonzero(numbers == ""):
        found = USER_ID.match((many(user_ids[row]) or [""])[0])
        numbers[row] = ((found[1] or found[2] or "").strip() if found else "") or ids[row]
    return numbers


def clipped(column: np.ndarray, length: int) -> np.ndarray:
    return np.array([text[:length] for text in column], object)


def positions(rows: np.ndarray, total: int) -> np.ndarray:
    """For each of `total` rows its place in `rows`, or -1."""
    found = np.full(total, -1, np.int64)
    found[rows] = np.arange(len(rows))
    return found


# --- teachers ------------------------------------------------------------------------------------------


def read_teachers(users: Part, is_teacher: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """The people who teach, and each user's position among them. Two records of one name and address are one person.

    Without an email address nobody can be invited: such a record is left out, with a warning.
    """
    emails = addresses(users, np.flatnonzero(is_teacher & users.loaded()))
    without = is_teacher & users.loaded() & (emails == "")
    users.say("STAFF_WITHOUT_EMAIL", without, column="sourcedId")
    users.ignore(without)
    family, given = users.column("familyName"), users.column("givenName")
    first_of: dict[str, int] = {}
    clash = np.zeros(len(users), bool)
    same_as = np.arange(len(users))
    for row in np.flatnonzero(users.loaded() & is_teacher):
        first = first_of.setdefault(emails[row], int(row))
        if first != row:
            one, other = f"{given[first]} {family[first]}", f"{given[row]} {family[row]}"
            if values.fold_name(one) == values.fold_name(other):
                same_as[row] = first
            else:
                clash[[first, row]] = True
    clash |= clash[same_as]
    users.reject("DUPLICATE_EMAIL", clash, column="email")
    standing = users.loaded() & is_teacher
    rows = np.flatnonzero(standing & (same_as == np.arange(len(users))))
    people = pd.DataFrame(
        {
            "row": rows,
            "sourced_id": users.column("sourcedId")[rows],
            "email": emails[rows],
            "family_name": clipped(family[rows], PERSON_NAME_LENGTH),
            "given_name": clipped(given[rows], PERSON_NAME_LENGTH),
        }
    )
    person_of_user = positions(rows, len(users))[same_as]
    person_of_user[~standing] = -1
    return people, person_of_user


def addresses(users: Part, rows: np.ndarray) -> np.ndarray:
    """The email address of those users in lower case: `email`, else a `username` that is one; "" for all others."""
    found = np.full(len(users), "", object)
    emails, usernames = users.column("email"), users.column("username")
    for row in rows:
        pair = (emails[row], usernames[row])
        usable = (text.casefold() for text in pair if len(text) <= EMAIL_LENGTH and EMAIL.fullmatch(text))
        found[row] = next(usable, "")
    return found


def posts_of(held: Held, person_of_user: np.ndarray) -> pd.DataFrame:
    """Who teaches in which school, by the roles (sections add theirs)."""
    pairs = {
        (int(person_of_user[user]), school)
        for user, school, bits in held.pairs
        if person_of_user[user] >= 0 and bits & TEACHER
    }
    return pd.DataFrame(sorted(pairs), columns=["person", "school"], dtype=np.int64)
