"""The people and places every other room stands on."""

from schools.models.acts import BulkEdit, Merge, Viewing
from schools.models.agreements import DataAgreement
from schools.models.audit import AccessLog
from schools.models.corrections import ClassListReport
from schools.models.drawn import ChangedTable, DrawnPage
from schools.models.history import Act, Change
from schools.models.notices import Notice
from schools.models.people import SCOPES, Membership, Role, User
from schools.models.places import (
    District,
    Network,
    NetworkSchool,
    Organization,
    School,
    SchoolAlias,
    SchoolYear,
)
from schools.models.privacy import DestructionCertificate, DisclosureRecord, RetentionRule
from schools.models.roster_imports import PROGRAMS, RosterDiff, RosterFlags, RosterImport, RosterTrace
from schools.models.rosters import (
    GRADES,
    Enrollment,
    Section,
    SectionEnrollment,
    SectionStaff,
    Student,
)
from schools.models.years import YearAct

__all__ = [
    "GRADES",
    "PROGRAMS",
    "SCOPES",
    "AccessLog",
    "Act",
    "BulkEdit",
    "Change",
    "ChangedTable",
    "ClassListReport",
    "DataAgreement",
    "DestructionCertificate",
    "DisclosureRecord",
    "District",
    "DrawnPage",
    "Enrollment",
    "Membership",
    "Merge",
    "Network",
    "NetworkSchool",
    "Notice",
    "Organization",
    "RetentionRule",
    "Role",
    "RosterDiff",
    "RosterFlags",
    "RosterImport",
    "RosterTrace",
    "School",
    "SchoolAlias",
    "SchoolYear",
    "Section",
    "SectionEnrollment",
    "SectionStaff",
    "Student",
    "User",
    "Viewing",
    "YearAct",
]
