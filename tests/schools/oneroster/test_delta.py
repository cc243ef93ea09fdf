"""Packages that bring only what changed since the last one."""

from datetime import date

import pytest

from schools.models import Enrollment, Section, SectionEnrollment, Student, User
from tests.schools.oneroster.conftest import codes, counts_add_up
from tests.schools.oneroster.packages import Package

WHEN, LATER = "2025-12-01T03:00:00.000Z", "2025-12-05T03:00:00Z"
YESTERDAY = date(2025, 12, 9)


def changes(*, version="v1p2", **rows):
    """A package of changes: by file (without .csv) rows of the authored package with other cells, or new rows."""
    package = Package(version)
    for name in [name for name in package.files if name != "manifest.csv"]:
        stem = name.removesuffix(".csv")
        if stem not in rows:
            del package.files[name]
            package.change("manifest.csv", {"propertyName": f"file.{stem}"}, value="absent")
            continue
        header, before = package.rows(name)
        known = {row["sourcedId"]: row for row in before}
        dated = {"status": "active", "dateLastModified": WHEN}
        package.write(name, header, [{**known.get(row["sourcedId"], {}), **dated, **row} for row in rows[stem]])
        package.change("manifest.csv", {"propertyName": f"file.{stem}"}, value="delta")
    return package


@pytest.fixture
def standing(load):
    return load(Package())


def rows_of(*models):
    return [list(model.objects.order_by("pk").values_list()) for model in models]


PEOPLE = (Student, Enrollment, SectionEnrollment, Section, User)


def test_a_changed_name_is_changed_and_nobody_else_is_touched(load, standing):
    before = rows_of(Enrollment, SectionEnrollment, Section, User)
    row = load(changes(users=[{"sourcedId": "s-01", "familyName": "Newname"}]))
    assert (row.state, row.answer["rows_read"], row.answer["rows_unchanged"]) == ("published", 1, 0)
    assert Student.objects.get(sourced_id="s-01").family_name == "Newname"
    assert rows_of(Enrollment, SectionEnrollment, Section, User) == before
    assert Student.objects.count() == 30


def test_the_same_changes_twice_change_nothing(load, standing):
    package = changes(users=[{"sourcedId": "s-01", "familyName": "Newname"}])
    load(package)
    before = rows_of(*PEOPLE)
    again = load(package)
    assert (again.answer["rows_unchanged"], again.traces.count()) == (1, 0)
    assert rows_of(*PEOPLE) == before


def test_a_user_to_be_deleted_is_ended_with_their_classes_and_kept(load, standing):
    row = load(changes(users=[{"sourcedId": "s-02", "status": "tobedeleted"}]))
    assert row.state == "published"
    assert Student.objects.filter(sourced_id="s-02").exists()
    assert Enrollment.objects.get(student__sourced_id="s-02").ends == YESTERDAY
    assert SectionEnrollment.objects.get(student__sourced_id="s-02").ends == YESTERDAY
    assert Enrollment.objects.filter(ends=YESTERDAY).count() == 1
    assert counts_add_up(row.answer)
    again = load(changes(users=[{"sourcedId": "s-02", "status": "tobedeleted"}]))
    assert codes(again.answer) == ["NOTHING_TO_DELETE"]


def test_a_new_student_comes_with_role_and_class(load, standing):
    row = load(
        changes(
            users=[{"sourcedId": "s-99", "enabledUser": "true", "username": "n", "givenName": "New",
                    "familyName": "Come", "identifier": "1099", "grades": "05", "primaryOrgSourcedId": "ash"}],
            roles=[{"sourcedId": "r-99", "userSourcedId": "s-99", "roleType": "primary", "role": "student",
                    "orgSourcedId": "ash"}],
            enrollments=[{"sourcedId": "e-99", "classSourcedId": "c-501", "schoolSourcedId": "ash",
                          "userSourcedId": "s-99", "role": "student"}],
        )
    )  # fmt: skip
    assert row.state == "published"
    assert SectionEnrollment.objects.get(student__number="1099").section.code == "501"
    assert Student.objects.count() == 31


def test_a_later_change_begins_from_the_one_before(load, standing):
    load(changes(users=[{"sourcedId": "s-02", "status": "tobedeleted"}]))
    load(changes(users=[{"sourcedId": "s-03", "familyName": "Third", "dateLastModified": LATER}]))
    assert Enrollment.objects.get(student__sourced_id="s-02").ends == YESTERDAY
    assert Student.objects.get(sourced_id="s-03").family_name == "Third"


def test_a_change_older_than_what_stands_is_left_out(load, standing):
    load(changes(users=[{"sourcedId": "s-03", "familyName": "Third", "dateLastModified": LATER}]))
    row = load(changes(users=[{"sourcedId": "s-03", "familyName": "Stale"}]))
    assert (codes(row.answer), row.answer["rows_ignored"]) == (["OLDER_THAN_KNOWN"], 1)
    assert Student.objects.get(sourced_id="s-03").family_name == "Third"


def test_an_enrollment_moves_by_its_id(load, standing):
    _, rows = Package().rows("enrollments.csv")
    own = next(row["sourcedId"] for row in rows if row["userSourcedId"] == "s-01")
    load(changes(enrollments=[{"sourcedId": own, "classSourcedId": "c-502"}]))
    seats = SectionEnrollment.objects.filter(student__sourced_id="s-01").order_by("starts")
    assert (seats[0].section.code, seats[0].ends) == ("501", YESTERDAY)
    assert seats[1].section.code == "502"


def test_a_row_in_error_leaves_its_record_as_it_stands(load, standing):
    before = rows_of(*PEOPLE)
    _, rows = Package().rows("enrollments.csv")
    own = next(row["sourcedId"] for row in rows if row["userSourcedId"] == "s-01")
    row = load(changes(enrollments=[{"sourcedId": own, "role": "wizard"}]), approve=True)
    assert codes(row.answer, "error") == ["UNKNOWN_WORD"]
    assert rows_of(*PEOPLE) == before


def test_changes_of_another_version_want_a_whole_roster_first(load, standing):
    row = load(changes(version="v1p1", users=[{"sourcedId": "s-01", "familyName": "Newname"}]))
    assert (row.state, codes(row.answer)) == ("rejected", ["DELTA_WITHOUT_BULK"])


def test_changes_alone_are_no_roster(load):
    row = load(changes(users=[{"sourcedId": "s-01"}]))
    assert (row.state, codes(row.answer)) == ("rejected", ["DELTA_WITHOUT_BULK"])
