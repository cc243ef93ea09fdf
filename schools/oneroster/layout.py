"""Which files and columns of a OneRoster package the portal reads. What is not named here is never opened or kept.

Demographics (birth dates, sex, race), user profiles and gradebooks are left shut: the portal has no use for them.
Source: OneRoster 1.1 and 1.2 CSV binding, 1EdTech.
"""

from dataclasses import dataclass

MANIFEST = "manifest.csv"
FORBIDDEN = "password"


@dataclass(frozen=True, slots=True)
class FileLayout:
    """One file: the columns it cannot do without, and those that are read where they are there."""

    name: str
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.needed, "status", *self.optional)


SESSIONS = FileLayout(
    "academicSessions.csv",
    ("sourcedId", "startDate", "endDate"),
    ("title", "type", "schoolYear", "parentSourcedId"),
)
ORGS = FileLayout("orgs.csv", ("sourcedId", "name", "type"), ("identifier", "parentSourcedId"))
COURSES = FileLayout("courses.csv", ("sourcedId",), ("title", "courseCode", "grades", "subjects"))
CLASSES = FileLayout(
    "classes.csv",
    ("sourcedId", "title", "schoolSourcedId", "termSourcedIds"),
    ("courseSourcedId", "classCode", "grades", "subjects"),
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
)
ROLES = FileLayout(
    "roles.csv", ("userSourcedId", "role", "orgSourcedId"), ("sourcedId", "roleType", "beginDate", "endDate")
)
ENROLLMENTS = FileLayout(
    "enrollments.csv",
    ("classSourcedId", "userSourcedId", "role"),
    ("sourcedId", "schoolSourcedId", "primary", "beginDate", "endDate"),
)

LAYOUTS = (SESSIONS, ORGS, COURSES, CLASSES, USERS, ROLES, ENROLLMENTS)
ALWAYS = (SESSIONS, ORGS, CLASSES, USERS, ENROLLMENTS)  # without these there is no roster
MAY_BE_EMPTY = (COURSES,)
VERSIONS = ("1.0", "1.1", "1.2")
