"""What the ground floor keeps: people, roles, places, rosters, agreements and its settings."""

from schools import models
from schools.history.kept import Kept, keep

SCHOOL = "LEFT JOIN schools_school s ON s.id = r.school_id"
SECTION = "LEFT JOIN schools_section c ON c.id = r.section_id LEFT JOIN schools_school s ON s.id = c.school_id"
OF_SECTION = {"section": "r.section_id", "school": "c.school_id", "district": "s.district_id"}
PACKAGE = ("content", "standing", "answer", "attempts", "rows_done", "rows_known", "moved_at")
# A person's own settings and visits are nobody's business; a password is kept nowhere but in its own column.
OWN = ("password", "last_login", "today_at", "today_before", "no_mail_of")


def keep_rooms() -> None:
    """Name the tables of this floor."""
    keep(
        Kept(models.District, "district", {"district": "r.id"}, label="r.name"),
        Kept(models.Network, "network", {"network": "r.id"}, label="r.name"),
        Kept(models.School, "school", {"district": "r.district_id", "school": "r.id"}, label="r.name"),
        Kept(models.SchoolAlias, "other name of a school", {"district": "r.district_id", "school": "r.school_id"},
             label="r.name"),
        Kept(models.NetworkSchool, "school of the network",
             {"network": "r.network_id", "school": "r.school_id", "district": "s.district_id"}, SCHOOL),
        Kept(models.Organization, "organization", label="r.name", page=("organization", "r.id"),
             everywhere=True),
        Kept(models.SchoolYear, "school year", {"district": "r.district_id"}, label="r.code"),
        Kept(models.User, "person", {"person": "r.id"}, label="trim(r.given_name || ' ' || r.family_name)",
             left_out=OWN),
        Kept(models.Membership, "role",
             {"person": "r.user_id", "school": "r.school_id", "network": "r.network_id",
              "district": "coalesce(r.district_id, s.district_id)"},
             SCHOOL, label="r.role", page=("organization", "r.organization_id")),
        Kept(models.DataAgreement, "agreement", {"district": "r.district_id"}, page=("agreement", "r.id")),
        Kept(models.DataAgreement.schools.through, "school of the agreement",
             {"district": "s.district_id", "school": "r.school_id"}, SCHOOL, page=("agreement", "r.dataagreement_id")),
        Kept(models.Student, "student", {"district": "r.district_id", "student": "r.id"}),
        Kept(models.Enrollment, "enrollment",
             {"student": "r.student_id", "school": "r.school_id", "district": "s.district_id"}, SCHOOL),
        Kept(models.Section, "class", {"section": "r.id", "school": "r.school_id", "district": "s.district_id"}, SCHOOL,
             label="r.title || ', ' || r.code"),
        Kept(models.SectionEnrollment, "seat in a class", OF_SECTION | {"student": "r.student_id"}, SECTION),
        Kept(models.SectionStaff, "class staff", OF_SECTION | {"person": "r.user_id"}, SECTION, label="r.role"),
        Kept(models.RosterImport, "roster", {"district": "r.district_id"}, label="r.filename",
             page=("roster", "r.id"), left_out=PACKAGE, inside=True),
        Kept(models.RetentionRule, "rule of retention", {"district": "r.district_id"}, label="r.data_class",
             left_out=("changed_at",)),
        Kept(models.RosterFlags, "columns of programs", {"district": "r.district_id"}, inside=True),
    )  # fmt: skip
