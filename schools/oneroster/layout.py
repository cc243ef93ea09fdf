"""Which files and columns of a OneRoster package the portal reads. What is not named here is never opened or kept.

Of demographics (birth dates, sex, race) nothing is read but the columns a district has named as marks of programs;
gradebooks are left shut. Source: OneRoster 1.1 and 1.2 CSV binding, 1EdTech.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

MANIFEST = "manifest.csv"
FORBIDDEN = "password"
NO_SUBJECT = "(no subject)"  # the title of the course in our own export whose classes have none

TRUTH = frozenset({"true", "false", "1", "0", "yes", "no"})
USER_ROLES = frozenset(
    [
        "administrator",
        "aide",
        "counselor",
        "districtadministrator",
        "guardian",
        "parent",
        "principal",
        "proctor",
        "relative",
        "siteadministrator",
        "student",
        "systemadministrator",
        "teacher",
    ]
)


@dataclass(frozen=True, slots=True)
class FileLayout:
    """One file: the columns it cannot do without, those that are read where they are there, and the words they hold.

    `order` is the order in which the standard lists the columns, of both versions together. `words` are the words a
    column may hold, in lower case; a column of `needed` must hold one, others may be blank.
    """

    name: str
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    words: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.needed, "status", "dateLastModified", *self.optional)

    @property
    def property(self) -> str:
        """What the manifest calls it, in lower case."""
        return f"file.{self.name.removesuffix('.csv')}".casefold()


def ordered(columns: str) -> tuple[str, ...]:
    return ("sourcedId", "status", "dateLastModified", *columns.split())


SESSIONS = FileLayout(
    "academicSessions.csv",
    ("sourcedId", "startDate", "endDate"),
    ("title", "type", "schoolYear", "parentSourcedId"),
    ordered("title type startDate endDate parentSourcedId schoolYear"),
    {"type": frozenset({"gradingperiod", "semester", "schoolyear", "term"})},
)
ORGS = FileLayout(
    "orgs.csv",
    ("sourcedId", "name", "type"),
    ("identifier", "parentSourcedId"),
    ordered("name type identifier parentSourcedId"),
    {"type": frozenset({"department", "school", "district", "local", "state", "national"})},
)
COURSES = FileLayout(
    "courses.csv",
    ("sourcedId",),
    ("title", "courseCode", "grades", "subjects"),
    ordered("schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes"),
)
CLASSES = FileLayout(
    "classes.csv",
    ("sourcedId", "title", "schoolSourcedId", "termSourcedIds"),
    ("courseSourcedId", "classCode", "classType", "grades", "subjects"),
    ordered(
        "title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds subjects "
        "subjectCodes periods"
    ),
    {"classType": frozenset({"homeroom", "scheduled"})},
)
USERS = FileLayout(
    "users.csv",
    ("sourcedId", "givenName", "familyName"),
    (
        "enabledUser",
        "orgSourcedIds",
        "role",
        "username",
        "userIds",
        "identifier",
        "email",
        "grades",
        "primaryOrgSourcedId",
        FORBIDDEN,
    ),
    ordered(
        "enabledUser orgSourcedIds role username userIds givenName familyName middleName identifier email sms phone "
        "agentSourcedIds grades password userMasterIdentifier resourceSourcedIds preferredGivenName "
        "preferredMiddleName preferredFamilyName primaryOrgSourcedId pronouns"
    ),
    {"enabledUser": TRUTH, "role": USER_ROLES},
)
ROLES = FileLayout(
    "roles.csv",
    ("userSourcedId", "role", "orgSourcedId"),
    ("sourcedId", "roleType", "beginDate", "endDate"),
    ordered("userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId"),
    {"role": USER_ROLES, "roleType": frozenset({"primary", "secondary"})},
)
PROFILES = FileLayout(
    "userProfiles.csv",
    ("sourcedId", "userSourcedId"),
    (FORBIDDEN,),
    ordered("userSourcedId profileType vendorId applicationId description credentialType username password"),
)
ENROLLMENTS = FileLayout(
    "enrollments.csv",
    ("classSourcedId", "userSourcedId", "role"),
    ("sourcedId", "schoolSourcedId", "primary", "beginDate", "endDate"),
    ordered("classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate"),
    {"role": frozenset({"administrator", "proctor", "student", "teacher"}), "primary": TRUTH},
)
DEMOGRAPHICS = FileLayout(
    "demographics.csv",
    ("sourcedId",),
    (),
    ordered(
        "birthDate sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican nativeHawaiianOrOtherPacificIslander "
        "white demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity countryOfBirthCode stateOfBirthAbbreviation "
        "cityOfBirth publicSchoolResidenceStatus"
    ),
)

LAYOUTS = (SESSIONS, ORGS, COURSES, CLASSES, USERS, PROFILES, ROLES, ENROLLMENTS)
ALWAYS = (SESSIONS, ORGS, CLASSES, USERS, ENROLLMENTS)  # without these there is no roster
MAY_BE_EMPTY = (COURSES, PROFILES, DEMOGRAPHICS)
VERSIONS = ("1.0", "1.1", "1.2")
STATUSES = frozenset({"active", "tobedeleted"})

# Which column of a file names a record of which other file; what names a deleted record goes with it.
REFERENCES = {
    ENROLLMENTS.name: {"userSourcedId": USERS.name, "classSourcedId": CLASSES.name},
    ROLES.name: {"userSourcedId": USERS.name, "orgSourcedId": ORGS.name},
    PROFILES.name: {"userSourcedId": USERS.name},
    DEMOGRAPHICS.name: {"sourcedId": USERS.name},
    CLASSES.name: {"schoolSourcedId": ORGS.name},
}


def layouts_with(marks: Iterable[str]) -> tuple[FileLayout, ...]:
    """The files that are read: demographics only where a district has named columns of it as marks of programs."""
    marks = tuple(marks)
    if not marks:
        return LAYOUTS
    return (*LAYOUTS, FileLayout(DEMOGRAPHICS.name, DEMOGRAPHICS.needed, marks, DEMOGRAPHICS.order))
