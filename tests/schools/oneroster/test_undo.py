"""An applied roster taken back exactly, or refused with the reason."""

from datetime import date

import pytest

from schools.models import (
    AccessLog,
    District,
    Enrollment,
    Membership,
    School,
    SchoolYear,
    Section,
    SectionEnrollment,
    SectionStaff,
    Student,
    User,
)
from schools.rosters import load_roster
from schools.rosters_undo import NotUndone, undo_roster
from tests import make
from tests.schools.oneroster.packages import Package

TABLES = (District, School, SchoolYear, Section, Student, User, Membership, Enrollment, SectionEnrollment, SectionStaff)


def everything():
    return [list(table.objects.order_by("pk").values_list()) for table in TABLES]


def second_package():
    """Moves, leavers, newcomers, another teacher, numbers that change hands, a class that is gone."""
    package = Package().without_student("s-05").move("s-01", "c-601", "birch")
    package.change("users.csv", {"sourcedId": "s-02"}, identifier="1003", familyName="Changed")
    package.change("users.csv", {"sourcedId": "s-03"}, identifier="1002")
    package.change("classes.csv", {"sourcedId": "c-502"}, title="Math Five")
    return package.drop("enrollments.csv", userSourcedId="t-2")


def test_the_first_roster_is_undone_to_nothing(db, in_winter):
    before = everything()
    row = load_roster(data=Package().zip(), filename="roster.zip")
    assert row.state == "published"
    undone = undo_roster(row, by=None)
    assert undone.state == "undone"
    assert everything() == before


def test_the_next_roster_is_undone_to_the_row(load):
    load(Package())
    before = everything()
    row = load(second_package(), approve=True)
    assert everything() != before
    undo_roster(row, by=None)
    assert everything() == before


def test_after_an_undo_the_same_roster_is_applied_anew(load):
    load(Package())
    row = load(second_package(), approve=True)
    undo_roster(row, by=None)
    again = load(second_package(), approve=True)
    assert again.answer["changes"] == row.answer["changes"]


def test_a_later_roster_stands_in_the_way_and_one_that_changed_nothing_does_not(load):
    first = load(Package())
    second = load(second_package(), approve=True)
    idle = load(second_package(), approve=True)
    with pytest.raises(NotUndone, match="A later roster"):
        undo_roster(first, by=None)
    undo_roster(second, by=None)
    idle.refresh_from_db()
    assert idle.state == "undone"
    assert undo_roster(first, by=None).state == "undone"


def test_it_is_undone_once(load):
    row = load(Package())
    undo_roster(row, by=None)
    with pytest.raises(NotUndone, match="only an applied one"):
        undo_roster(row, by=None)


def test_a_row_that_was_changed_in_the_portal_stands_in_the_way(load):
    row = load(Package())
    Section.objects.filter(code="501").update(title="Renamed by hand")
    before = everything()
    with pytest.raises(NotUndone, match="1 section that it wrote has been changed"):
        undo_roster(row, by=None)
    assert everything() == before


def test_records_that_refer_to_what_it_brought_stand_in_the_way(load):
    row = load(Package())
    student = Student.objects.get(number="1001")
    AccessLog.objects.create(action="view", what="a page", student=student, district=student.district)
    before = everything()
    with pytest.raises(NotUndone, match="refer to people, classes or schools"):
        undo_roster(row, by=None)
    assert everything() == before


def test_what_the_portal_added_meanwhile_stays(load):
    load(Package())
    row = load(second_package(), approve=True)
    helper = make.user()
    staffed = make.staff(helper, Section.objects.get(code="601"), "support")
    make.member(helper, "psi_coach", school=School.objects.get(code="100"))
    undo_roster(row, by=None)
    staffed.refresh_from_db()
    assert staffed.user == helper
    assert Enrollment.objects.get(student__number="1005").ends == date(2026, 6, 15)
