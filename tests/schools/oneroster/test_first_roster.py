"""What a roster makes where there was nothing."""

from datetime import date

import pytest

from schools.models import (
    Enrollment,
    Membership,
    NetworkSchool,
    RosterImport,
    School,
    SchoolYear,
    Section,
    SectionEnrollment,
    SectionStaff,
    Student,
    User,
)
from tests import make
from tests.schools.oneroster.conftest import codes, counts_add_up
from tests.schools.oneroster.packages import Package

FIRST, LAST = date(2025, 8, 25), date(2026, 6, 15)


@pytest.mark.parametrize("version", ["v1p1", "v1p2"])
def test_both_versions_make_the_same_people_and_places(load, district, version):
    answer = load(Package(version)).answer

    assert [(s.code, s.name, s.sourced_id) for s in School.objects.all()] == [
        ("100", "Ash School", "ash"),
        ("200", "Birch School", "birch"),
    ]
    year = SchoolYear.objects.get()
    assert (year.code, year.starts, year.ends) == ("2025-26", FIRST, LAST)
    section = Section.objects.get(code="501")
    assert (section.school.code, section.title, section.subject, section.grade, section.sourced_id) == (
        "100", "Math 5", "Mathematics", "05", "c-501",
    )  # fmt: skip
    assert (section.starts, section.ends) == (FIRST, LAST)
    student = Student.objects.get(number="1001")
    assert (student.sourced_id, student.family_name, student.given_name) == ("s-01", "Alvarez", "Ana")
    stay = Enrollment.objects.get(student=student)
    assert (stay.school.code, stay.year, stay.grade, stay.starts, stay.ends) == ("100", year, "05", FIRST, LAST)
    seat = SectionEnrollment.objects.get(student=student)
    assert (seat.section, seat.starts, seat.ends) == (section, FIRST, LAST)
    assert Student.objects.count() == Enrollment.objects.count() == SectionEnrollment.objects.count() == 30
    assert codes(answer, "error") == []
    assert counts_add_up(answer)
    assert answer["format"] == {"v1p1": "oneroster-1.1", "v1p2": "oneroster-1.2"}[version]


def test_teachers_get_a_place_and_their_sections_but_no_password(load):
    load(Package())

    ivy = User.objects.get(email="ivy.stone@example.org")
    assert (ivy.given_name, ivy.family_name, ivy.sourced_id) == ("Ivy", "Stone", "t-1")
    assert not ivy.has_usable_password()
    assert ivy.invited_at is None
    post = Membership.objects.get(user=ivy)
    assert (post.role, post.school.code, post.starts, post.ends, post.reason) == (
        "teacher",
        "100",
        FIRST,
        None,
        "roster",
    )
    staffing = SectionStaff.objects.get(user=ivy)
    assert (staffing.section.code, staffing.role, staffing.source) == ("501", "teacher", "roster")
    assert (staffing.starts, staffing.ends) == (FIRST, LAST)


def test_the_same_package_again_changes_nothing(load):
    package = Package()
    first = load(package).answer
    before = everything()
    second = load(package).answer

    assert everything() == before
    assert first["rows_unchanged"] == 1  # the district's own row: the district was there
    assert second["rows_unchanged"] == second["rows_loaded"] == first["rows_loaded"]
    assert not any(count for kind in second["changes"].values() for what, count in kind.items() if what != "untouched")


def test_a_package_may_lie_in_a_folder_of_the_zip_with_letters_before_and_after(load, district):
    from schools.rosters import load_roster

    data = Package("v1p1").zip(folder="District export/")
    row = load_roster(data=data, filename="Export 2025 (3).zip", district=district)
    assert row.state == "published"
    assert Student.objects.count() == 30


def test_passwords_and_birth_dates_are_not_stored(load):
    row = load(Package("v1p1"))
    assert "FORBIDDEN_COLUMN" in codes(row.answer, "note")
    import io
    import zipfile

    kept = zipfile.ZipFile(io.BytesIO(bytes(row.content)))
    text = "".join(kept.read(name).decode() for name in kept.namelist())
    assert "ivy.stone@example.org" in text
    for secret in ("hunter2", "2015-01-31", "555-0100"):
        assert secret not in text
    assert "demographics.csv" not in kept.namelist() or "2015" not in kept.read("demographics.csv").decode()


def test_a_roster_makes_nobody_an_administrator(load):
    answer = load(Package("v1p1")).answer  # its head of school is an administrator, and a guardian is in it too
    assert "ROLE_NEEDS_APPROVAL" in codes(answer, "warning")
    assert not User.objects.filter(email__in=["pat.head@example.org", "gail@example.org"]).exists()

    roles = Package()
    for number, role in enumerate(["principal", "districtAdministrator", "systemAdministrator", "siteAdministrator"]):
        roles.add(
            "roles.csv", {"sourcedId": f"a-{number}", "userSourcedId": "t-1", "role": role, "orgSourcedId": "ash"}
        )
    load(roles)
    assert set(Membership.objects.values_list("role", flat=True)) == {"teacher"}


def test_a_school_known_by_code_is_the_same_school(load, district):
    ash = make.school(district, "100", "Ash")
    load(Package())
    ash.refresh_from_db()
    assert (ash.sourced_id, ash.name) == ("ash", "Ash School")
    assert School.objects.count() == 2


def test_a_student_known_by_number_is_the_same_student(load, district):
    known = make.student(district, "1001", family_name="", given_name="")
    load(Package())
    known.refresh_from_db()
    assert (known.sourced_id, known.family_name) == ("s-01", "Alvarez")
    assert Student.objects.count() == 30


def test_a_person_known_by_address_in_any_case_is_the_same_person(load):
    ivy = make.user("Ivy.Stone@Example.org", given_name="Ivy", family_name="Stone-Ode")
    load(Package())
    ivy.refresh_from_db()
    assert ivy.sections.count() == 1
    assert ivy.family_name == "Stone-Ode"  # whom the district did not have, it does not rename
    assert ivy.check_password("correct horse battery")


def test_co_teachers_and_who_leads(load):
    both = {"classSourcedId": "c-501", "schoolSourcedId": "ash", "role": "teacher"}
    load(Package().add("enrollments.csv", {"sourcedId": "e-x", "userSourcedId": "t-2", "primary": "false", **both}))
    roles = dict(SectionStaff.objects.filter(section__code="501").values_list("user__sourced_id", "role"))
    assert roles == {"t-1": "teacher", "t-2": "co_teacher"}


def test_a_teacher_may_serve_two_schools(load):
    load(Package().add("enrollments.csv", {
        "sourcedId": "e-x", "classSourcedId": "c-601", "schoolSourcedId": "birch", "userSourcedId": "t-1",
        "role": "teacher", "primary": "false",
    }))  # fmt: skip
    assert sorted(Membership.objects.filter(user__sourced_id="t-1").values_list("school__code", flat=True)) == [
        "100",
        "200",
    ]


def test_a_teacher_without_an_address_is_left_out_and_said(load):
    answer = load(Package().change("users.csv", {"sourcedId": "t-1"}, email="")).answer
    assert codes(answer, "warning") == ["STAFF_WITHOUT_EMAIL"]
    assert not SectionStaff.objects.filter(section__code="501").exists()
    assert SectionEnrollment.objects.filter(section__code="501").count() == 10


def test_schools_join_the_network_that_is_named(load):
    network = make.network()
    load(Package(), network=network)
    load(Package(), network=network)
    assert sorted(NetworkSchool.objects.filter(network=network).values_list("school__code", flat=True)) == [
        "100",
        "200",
    ]


def test_two_classes_of_one_code_are_two_sections(load):
    package = Package().change("classes.csv", {"sourcedId": "c-502"}, classCode="501")
    load(package)
    assert sorted(Section.objects.values_list("code", flat=True)) == ["501", "501 c-502", "601"]
    before = everything()
    load(package)
    assert everything() == before


def test_dry_run_writes_only_its_record(load):
    row = load(Package(), dry_run=True)
    assert row.state == "ready"
    assert row.answer["changes"]["students"]["added"] == 30
    assert RosterImport.objects.count() == 1
    assert not any(everything().values())


def everything():
    """All rows a roster could write, without the record of the import."""
    models = (School, SchoolYear, Section, Student, Enrollment, SectionEnrollment, SectionStaff, User, Membership)
    return {model.__name__: sorted(model.objects.values_list()) if model is not User else sorted(
        User.objects.values_list("pk", "email", "sourced_id", "family_name", "given_name")
    ) for model in models}  # fmt: skip
