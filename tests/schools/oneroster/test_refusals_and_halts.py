"""What a roster is refused for, what makes a row an error, and when a person has to agree first."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from schools.models import Enrollment, RosterImport, School, SectionEnrollment, Student
from schools.rosters import NotWaiting, load_roster
from schools.rosters_work import advance, ask_to_apply
from tests import make
from tests.schools.oneroster.conftest import codes, counts_add_up
from tests.schools.oneroster.packages import Package

YESTERDAY = date(2025, 12, 9)


def check(district, data, by=None):
    return load_roster(data=data, filename="roster.zip", district=district, by=by, dry_run=True)


def apply(row, by, approve=False):
    ask_to_apply(row, by, approve=approve)
    advance(row.pk)
    row.refresh_from_db()


def without(name):
    package = Package()
    del package.files[name]
    return package


def manifest(name, value):
    return Package().change("manifest.csv", {"propertyName": name}, value=value)


def header_only(name):
    package = Package()
    header, _ = package.rows(name)
    return package.write(name, header, [])


REFUSED = {
    "MISSING_MANIFEST": without("manifest.csv"),
    "MISSING_FILE": without("users.csv"),
    "DELTA_UNDATED": manifest("file.users", "delta"),
    "ONEROSTER_VERSION": manifest("oneroster.version", "2.0"),
    "CIRCULAR_ORG": Package().change("orgs.csv", {"sourcedId": "d"}, parentSourcedId="ash"),
    "YEARS_OVERLAP": Package().add(
        "academicSessions.csv",
        {
            "sourcedId": "y-x",
            "type": "schoolYear",
            "startDate": "2026-01-05",
            "endDate": "2026-03-01",
            "schoolYear": "2027",
        },
    ),
    "NO_VALID_ROWS": Package().change("classes.csv", {}, schoolSourcedId="elsewhere"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_package_that_is_refused_leaves_only_its_record(load, code):
    row = load(REFUSED[code])
    assert row.state == "rejected"
    assert code in codes(row.answer, "error")
    assert counts_add_up(row.answer)
    assert row.answer["rows_loaded"] == 0
    assert not School.objects.exists()
    assert RosterImport.objects.count() == 1


@pytest.mark.parametrize("name", ["users.csv", "enrollments.csv", "classes.csv", "orgs.csv", "academicSessions.csv"])
def test_a_header_alone_wipes_nothing(load, name):
    load(Package())
    before = list(Enrollment.objects.order_by("pk").values_list())
    row = load(header_only(name), approve=True)
    assert row.state == "rejected"
    assert codes(row.answer) == ["NO_DATA_ROWS"]
    assert row.answer["issues"][0]["message"].startswith(f"{name}: ")
    assert list(Enrollment.objects.order_by("pk").values_list()) == before


def test_a_roster_without_courses_is_a_roster(load):
    row = load(header_only("courses.csv"))
    assert row.state == "published"
    assert codes(row.answer, "warning") == ["UNKNOWN_REFERENCE"]
    assert Student.objects.count() == 30


def test_a_file_the_manifest_calls_absent_may_be_there_without_rows(load):
    package = header_only("courses.csv").change("manifest.csv", {"propertyName": "file.courses"}, value="absent")
    row = load(package)
    assert row.state == "published"
    assert "courses.csv" not in row.answer["files"]


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_what_is_no_zip_is_refused(district, data):
    assert check(district, data).state == "rejected"


def test_a_zip_that_points_outside_is_refused(district):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../manifest.csv", "propertyName,value\n")
    row = check(district, packed.getvalue())
    assert codes(row.answer) == ["UNSAFE_ARCHIVE_NAME"]


def doubled_user():
    return Package().add("users.csv", {"sourcedId": "s-01", "givenName": "Other", "familyName": "Person"})


def enrolled(student, **cells):
    return Package().change("enrollments.csv", {"userSourcedId": student}, **cells)


def person(user, **cells):
    return Package().change("users.csv", {"sourcedId": user}, **cells)


WRONG_ROWS = {
    # code: the package, and where its issue is
    "DUPLICATE_SOURCEDID": (doubled_user(), "users.csv", "sourcedId"),
    "UNKNOWN_REFERENCE": (enrolled("s-01", classSourcedId="c-999"), "enrollments.csv", "classSourcedId"),
    "BAD_DATE": (enrolled("s-01", beginDate="soon"), "enrollments.csv", "beginDate"),
    "DATE_OUT_OF_RANGE": (enrolled("s-01", beginDate="2026-07-01"), "enrollments.csv", "beginDate"),
    "DUPLICATE_NUMBER": (person("s-01", identifier="1002"), "users.csv", "identifier"),
    "DUPLICATE_EMAIL": (person("t-1", email="Omar.Reed@example.org"), "users.csv", "email"),
    "ID_SCIENTIFIC": (person("s-01", identifier="1.2E+05"), "users.csv", "identifier"),
    "ROLE_MISMATCH": (enrolled("t-1", role="student"), "enrollments.csv", "role"),
    "ID_MISSING": (person("s-01", sourcedId=""), "users.csv", "sourcedId"),
}


@pytest.mark.parametrize("code", WRONG_ROWS)
def test_a_wrong_row_is_an_error_with_its_place(load, code):
    package, name, column = WRONG_ROWS[code]
    row = load(package, approve=True)
    found = [one for one in row.answer["issues"] if one["code"] == code]
    assert found
    assert {(one["level"], one["file"], one["column"]) for one in found} == {("error", name, column)}
    assert all(one["message"].startswith(f"{name}: ") and one["row"] > 1 for one in found)
    assert counts_add_up(row.answer)
    assert row.state == "published"


@pytest.mark.parametrize("code", WRONG_ROWS)
def test_records_in_error_are_not_ended(load, code):
    load(Package())
    before = list(Enrollment.objects.order_by("pk").values_list())
    seats = list(SectionEnrollment.objects.order_by("pk").values_list())
    load(WRONG_ROWS[code][0], approve=True)
    assert list(Enrollment.objects.order_by("pk").values_list()) == before
    assert list(SectionEnrollment.objects.order_by("pk").values_list()) == seats


def test_a_class_in_error_keeps_its_students(load):
    load(Package())
    row = load(Package().change("classes.csv", {"sourcedId": "c-502"}, termSourcedIds="nowhere"), approve=True)
    assert row.answer["rows_rejected"] == 12  # the class, its teacher and ten students
    assert SectionEnrollment.objects.filter(section__code="502", ends=date(2026, 6, 15)).count() == 10


def test_the_issue_names_the_physical_line(load):
    package = Package().change("enrollments.csv", {"userSourcedId": "s-07"}, classSourcedId="c-999")
    (one,) = load(package).answer["issues"]
    assert (one["row"], one["value"]) == (package.line("enrollments.csv", userSourcedId="s-07"), "c-999")


def test_the_same_row_twice_is_loaded_once(load):
    _, rows = Package().rows("users.csv")
    row = load(Package().add("users.csv", rows[-1]))
    assert row.state == "published"
    assert codes(row.answer) == ["IDENTICAL_DUPLICATE"]
    assert row.answer["files"]["users.csv"]["rows_ignored"] == 1
    assert Student.objects.count() == 30


def test_more_than_two_percent_errors_wait_for_a_person(load, district):
    package = Package().change("enrollments.csv", {"classSourcedId": "c-502"}, classSourcedId="c-999")
    row = load(package)
    assert row.state == "needs_review"
    assert "more than 2 %" in row.answer["halts"][0]
    assert not Student.objects.exists()
    assert load(package, approve=True).state == "published"
    assert Student.objects.count() == 30


def test_more_than_five_percent_gone_wait_for_a_person(load):
    load(Package())
    package = Package().without_student("s-01")
    assert load(package).state == "published"  # one of thirty
    package.without_student("s-02").without_student("s-03")
    row = load(package)
    assert row.state == "needs_review"
    assert row.answer["halts"] == [
        "2 of the 29 students enrolled now are not in the roster and would be ended, more than 5 %. Check that it is "
        "complete, or say yes."
    ]
    assert not Enrollment.objects.filter(student__number="1002", ends=YESTERDAY).exists()

    apply(row, by=None, approve=True)
    assert (row.state, row.answer["approved"]) == ("published", True)
    assert Enrollment.objects.filter(student__number__in=["1002", "1003"], ends=YESTERDAY).count() == 2


def test_movers_do_not_count_as_gone(load):
    load(Package())
    package = Package()
    for number in range(1, 9):
        package.move(f"s-{number:02d}", "c-601", "birch")
    assert load(package).state == "published"


def test_a_school_that_would_stand_empty_waits_for_a_person(load):
    load(Package())
    package = Package()
    for number in range(21, 31):
        package.move(f"s-{number:02d}", "c-501", "ash")
    package.drop("classes.csv", sourcedId="c-601").drop("enrollments.csv", userSourcedId="t-3")
    row = load(package)
    assert row.state == "needs_review"
    assert [halt for halt in row.answer["halts"] if halt.startswith("Birch School has students now")]
    row = load(package.change("roles.csv", {"userSourcedId": "t-3"}, orgSourcedId="ash")
               .change("users.csv", {"sourcedId": "t-3"}, primaryOrgSourcedId="ash")
               .drop("orgs.csv", sourcedId="birch"))  # fmt: skip
    assert row.state == "needs_review"


def test_a_checked_roster_is_applied_once_and_fits_what_is_there_by_then(load, district):
    admin = make.user()
    row = check(district, Package().zip(), by=admin)
    assert row.state == "ready"
    load(Package())
    apply(row, by=admin)
    assert row.state == "published"
    assert row.answer["rows_unchanged"] == row.answer["rows_loaded"]
    with pytest.raises(NotWaiting):
        apply(row, by=admin)


def test_what_was_checked_keeps_its_lines_and_counts(district):
    package = Package("v1p1").change("enrollments.csv", {"userSourcedId": "s-07"}, classSourcedId="c-999")
    checked = check(district, package.zip())
    again = load_roster(data=bytes(checked.content), filename="kept.zip", district=district, dry_run=True)
    for answer in (checked.answer, again.answer):
        answer["issues"] = [one for one in answer["issues"] if one["level"] in ("error", "warning")]
    names = ("rows_read", "rows_loaded", "rows_ignored", "rows_rejected", "issues", "files")
    assert [again.answer[name] for name in names] == [checked.answer[name] for name in names]


def test_a_roster_of_another_district_is_said_and_needs_no_code(load, district):
    district.code, district.name = "X", "Another District"
    district.save()
    row = load(Package())
    assert codes(row.answer) == ["DISTRICT_DIFFERS"]
