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
UNKNOWN = ELSEWHERE - 1  # an org that the package does not have
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
    """Roles by user: `bits` of each one's roles, `pairs` by importance, and whether any org is ours.

    A pair is a row of three: user row, school, bits of the role held there.
    """

    bits: np.ndarray
    pairs: np.ndarray
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
    users.ignore(is_teacher & users.among("enabledUser", ("false", "0", "no"), folded=True))
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
    held = nothing_held(len(users), bits_of(users), np.empty(0, np.int64))
    lists = [many(text) for text in users.column("orgSourcedIds")]
    rows = np.repeat(np.arange(len(users)), [len(orgs) for orgs in lists])
    schools = schools_of(np.array([org for orgs in lists for org in orgs], object), places)
    held.pairs = placed(held, rows, schools, held.bits[rows])
    unknown = np.zeros(len(users), bool)
    unknown[rows[schools == UNKNOWN]] = True
    users.say("UNKNOWN_REFERENCE", unknown & users.loaded(), column="orgSourcedIds", level="warning")
    return held


def roles_of_file(part: Part, rows_of: dict[str, int], places: Places, users: int, today: int) -> Held:
    """OneRoster 1.2: a row per role. A role that is over gives nothing."""
    leave_out_deleted_and_doubled(part, ids_needed=False)
    ends = days(part, "endDate")
    user_of_role = np.array([rows_of.get(user, -1) for user in part.column("userSourcedId")], np.int64)
    schools = schools_of(part.column("orgSourcedId"), places)
    part.reject("UNKNOWN_REFERENCE", user_of_role < 0, column="userSourcedId")
    part.reject("UNKNOWN_REFERENCE", schools == UNKNOWN, column="orgSourcedId")
    part.ignore((ends != NO_DAY) & (ends < today))
    held = nothing_held(users, np.zeros(users, np.uint8), user_of_role)
    rows = np.flatnonzero(part.loaded())
    rows = rows[np.argsort(~part.among("roleType", ("primary",), folded=True)[rows], kind="stable")]
    of_users, schools, bits = user_of_role[rows], schools[rows], bits_of(part)[rows]
    here = schools != ELSEWHERE
    np.bitwise_or.at(held.bits, of_users[here], bits[here])
    held.pairs = placed(held, of_users, schools, bits)
    return held


def nothing_held(users: int, bits: np.ndarray, user_of_role: np.ndarray) -> Held:
    return Held(bits, np.empty((0, 3), np.int64), np.zeros(users, bool), np.zeros(users, bool), user_of_role)


def bits_of(part: Part) -> np.ndarray:
    """The bits of each row's `role`."""
    places, texts = pd.factorize(part.column("role"))
    return np.array([BITS.get(text.casefold(), 0) for text in texts], np.uint8)[places]


def schools_of(orgs: np.ndarray, places: Places) -> np.ndarray:
    """What `school_of_org` says of each org, UNKNOWN where nobody knows it."""
    at, texts = pd.factorize(orgs)
    return np.array([places.school_of_org.get(text, UNKNOWN) for text in texts], np.int64)[at]


def placed(held: Held, users: np.ndarray, schools: np.ndarray, bits: np.ndarray) -> np.ndarray:
    """Note whether these roles of users are held in the district; the pairs of those held in its schools."""
    held.outside[users[schools == ELSEWHERE]] = True
    held.inside[users[schools > ELSEWHERE]] = True
    return np.column_stack([users, schools, bits])[schools >= 0]


def primary_org(users: Part, places: Places, held: Held) -> None:
    """The school a user names as primary (1.2) comes before those of the roles."""
    orgs = users.column("primaryOrgSourcedId")
    rows = np.flatnonzero((orgs != "") & users.loaded())
    schools = schools_of(orgs[rows], places)
    held.pairs = np.concatenate([placed(held, rows, schools, held.bits[rows]), held.pairs])
    unknown = np.zeros(len(users), bool)
    unknown[rows[schools == UNKNOWN]] = True
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
    part.ignore(~kept | ~np.isin(bits_of(part), (STUDENT, TEACHER)))


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
    home[held.pairs[::-1, 0]] = held.pairs[::-1, 1]  # of several the first stands
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
    users, schools, bits = held.pairs.T
    teaches = (person_of_user[users] >= 0) & ((bits & TEACHER) > 0)
    pairs = np.unique(np.column_stack([person_of_user[users], schools])[teaches], axis=0)
    return pd.DataFrame(pairs, columns=["person", "school"], dtype=np.int64)
