"""After a merge the district's files go on naming both: what they say of the one who is gone lands on the one kept."""

from datetime import date

import numpy as np
import pytest

from assessments.models import Window
from assessments.pipeline.district import roster_of
from schools.merging import merge
from schools.models import Membership, RosterImport, SectionEnrollment, SectionStaff, Student, User
from schools.rosters import load_roster
from tests import make
from tests.schools.oneroster.packages import Package
from tests.schools.oneroster.test_delta import changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]
TWIN = {"given_name": "Twin", "family_name": "Twice"}


@pytest.fixture
def version():
    return "v1p2"


@pytest.fixture
def district(db, version):
    """A district that has had its roster."""
    of = make.district()
    load_roster(data=Package(version).zip(), filename="roster.zip", district=of)
    return of


@pytest.fixture
def by(district):
    return make.user()


def again(district, package=None):
    """Load the roster once more; what it changed."""
    row = load_roster(data=(package or Package()).zip(), filename="again.zip", district=district)
    assert row.state == "published", row.answer
    return row.answer["changes"]


def changed(changes: dict) -> dict:
    return {name: one for name, one in changes.items() if one["added"] or one["changed"] or one["ended"]}


def sits_in(student) -> set[str]:
    seats = SectionEnrollment.objects.filter(student=student, ends=None) | SectionEnrollment.objects.filter(
        student=student, ends__gte=date(2025, 12, 10)
    )
    return {seat.section.code for seat in seats}


def test_a_roster_that_names_both_changes_nothing_but_what_it_adds(district, by):
    kept, gone = (Student.objects.get(number=number) for number in ("1001", "1002"))
    merge(kept=kept, gone=gone, by=by)
    students = Student.objects.count()
    assert not changed(again(district))
    assert sits_in(kept) == {"501"} and not sits_in(gone)
    assert Student.objects.count() == students


def test_a_roster_that_names_the_one_who_is_gone_alone_lands_on_the_kept(district, by):
    kept = make.student(district, number="9999", family_name="Kept")
    gone = Student.objects.get(number="1003")
    merge(kept=kept, gone=gone, by=by)
    kept.refresh_from_db()
    assert kept.sourced_id == "s-03"
    assert not changed(again(district))
    package = Package().change("users.csv", {"sourcedId": "s-03"}, givenName="Anew")
    assert not changed(again(district, package))  # the name that the office settled on stands
    package = Package().without_student("s-03")
    assert changed(again(district, package))["section_enrollments"]["ended"] == 1
    assert not sits_in(kept)


def test_a_teacher_who_is_gone_is_the_kept_one(district, by):
    gone = User.objects.get(sourced_id="t-1")
    kept = make.user("kept.teacher@example.org", **TWIN)
    merge(kept=kept, gone=gone, by=by)
    people = User.objects.count()
    assert not changed(again(district))
    assert User.objects.count() == people
    assert SectionStaff.objects.filter(user=kept).exists() and not SectionStaff.objects.filter(user=gone).exists()
    assert not Membership.objects.filter(user=gone).exists()


def test_two_teachers_of_the_roster_who_are_one(district, by):
    kept, gone = (User.objects.get(sourced_id=one) for one in ("t-1", "t-2"))
    merge(kept=kept, gone=gone, by=by)
    assert not changed(again(district))
    assert SectionStaff.objects.filter(user=kept).count() == 2


# --- packages that bring only what changed -----------------------------------------------------------------

TO_502 = {"enrollments": [{"sourcedId": "e-late", "classSourcedId": "c-502", "schoolSourcedId": "ash",
                           "userSourcedId": "s-02", "role": "student"}]}  # fmt: skip
BACK = {"users": [{"sourcedId": "s-02"}], "roles": [{"sourcedId": "r-s-02"}], "enrollments": [{"sourcedId": "e-s-02"}]}
ANEW = {"users": [{"sourcedId": "s-02", "givenName": "Back", "familyName": "Again"}]}
OTHER_NUMBER = {"users": [{"sourcedId": "s-02", "identifier": "1002-B"}]}


@pytest.fixture
def second_is_first(district, by):
    """Student s-02 was found to be s-01; both have an id in the roster."""
    kept, gone = (Student.objects.get(number=number) for number in ("1001", "1002"))
    merge(kept=kept, gone=gone, by=by)
    return Student.objects.get(pk=kept.pk)


@pytest.mark.parametrize(
    ("version", "rows", "stands"),
    [
        ("v1p2", OTHER_NUMBER, "what was sent"), ("v1p2", TO_502, "what the portal writes"),
        ("v1p2", ANEW | TO_502, "what the portal writes"), ("v1p2", TO_502, "without the old id"),
        ("v1p2", OTHER_NUMBER, "comes again"), ("v1p1", ANEW | TO_502, "what was sent"),
        ("v1p1", OTHER_NUMBER, "what was sent"), ("v1p1", TO_502, "without the old id"),
        ("v1p1", OTHER_NUMBER, "comes again"),
    ],
)  # fmt: skip
def test_changes_of_the_one_who_is_gone_are_the_kept_ones(district, second_is_first, version, rows, stands):
    seats = {"501", "502"} if "enrollments" in rows else {"501"}
    if stands in (
        "without the old id",
        "comes again",
    ):  # who left the roster is named again
        again(district, Package(version).without_student("s-02"))
    if stands == "comes again":
        rows = {**BACK, **rows, "enrollments": BACK["enrollments"] + rows.get("enrollments", [])}
    if stands == "what the portal writes":
        RosterImport.objects.all().delete()
    before = set(Student.objects.values_list("pk", "number", "sourced_id", "family_name"))
    again(district, changes(version=version, **rows))
    assert set(Student.objects.values_list("pk", "number", "sourced_id", "family_name")) == before
    assert sits_in(second_is_first) == seats
    assert not SectionEnrollment.objects.filter(student__merged_into=second_is_first).exists()


@pytest.mark.parametrize("version", ["v1p1", "v1p2"])
def test_changes_of_a_teacher_who_is_gone_are_the_kept_ones(district, by, version):
    kept, gone = (User.objects.get(sourced_id=one) for one in ("t-1", "t-2"))
    merge(kept=kept, gone=gone, by=by)
    if version == "v1p2":  # what the portal writes itself is of that version alone
        RosterImport.objects.all().delete()  # its packages are kept for a year
    people = User.objects.count()
    row = {"sourcedId": "e-late", "classSourcedId": "c-601", "schoolSourcedId": "birch", "userSourcedId": "t-2"}
    again(district, changes(version=version, enrollments=[row | {"role": "teacher"}]))
    assert SectionStaff.objects.filter(user=kept).count() == 3 and not SectionStaff.objects.filter(user=gone).exists()
    assert User.objects.count() == people


def test_a_file_of_results_with_the_number_of_the_gone_means_the_kept(district, by):
    kept, gone = (Student.objects.get(number=number) for number in ("1001", "1011"))
    merge(kept=kept, gone=gone, by=by)
    year = SectionEnrollment.objects.first().section.year
    window = Window.objects.create(
        year=year, code="Q1", name="Fall", opens=date(2025, 9, 15), closes=date(2025, 10, 15)
    )  # fmt: skip
    roster = roster_of(district, window, "Mathematics")
    at = dict(zip(roster.students.numbers, roster.students.ids, strict=True))
    assert at["1001"] == at["1011"] == kept.pk
    assert roster.students.positions(np.array([kept.pk]))[0] == list(roster.students.numbers).index("1001")
