"""What the next roster changes: people move, leave, come back; what persons entered in the portal stays."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from schools.models import Enrollment, Membership, SectionEnrollment, SectionStaff, Student, User
from tests import make
from tests.schools.oneroster.conftest import codes
from tests.schools.oneroster.packages import Package

FIRST, LAST = date(2025, 8, 25), date(2026, 6, 15)
TODAY = date(2025, 12, 10)
YESTERDAY = TODAY - timedelta(days=1)


def stays(number):
    rows = Enrollment.objects.filter(student__number=number).order_by("starts")
    return [(row.school.code, row.starts, row.ends) for row in rows]


def seats(number):
    rows = SectionEnrollment.objects.filter(student__number=number).order_by("starts")
    return [(row.section.code, row.starts, row.ends) for row in rows]


@pytest.fixture
def on_day(in_winter, monkeypatch):
    """Let it be another day."""

    def be(day):
        moment = datetime(day.year, day.month, day.day, 17, tzinfo=timezone.get_default_timezone())
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return be


def test_a_student_who_moves_is_enrolled_in_the_old_school_until_the_day_before(load):
    load(Package())
    row = load(Package().move("s-01", "c-601", "birch"))
    assert row.state == "published"
    assert stays("1001") == [("100", FIRST, YESTERDAY), ("200", TODAY, LAST)]
    assert seats("1001") == [("501", FIRST, YESTERDAY), ("601", TODAY, LAST)]


def test_a_student_who_changes_class_sits_there_from_that_day(load, on_day):
    load(Package())
    package = Package().change("enrollments.csv", {"userSourcedId": "s-01"}, classSourcedId="c-502")
    load(package)
    assert seats("1001") == [("501", FIRST, YESTERDAY), ("502", TODAY, LAST)]
    assert stays("1001") == [("100", FIRST, LAST)]
    on_day(date(2026, 3, 2))
    load(package)
    assert seats("1001") == [("501", FIRST, YESTERDAY), ("502", TODAY, LAST)]


def test_a_move_on_a_day_that_the_roster_names(load):
    load(Package())
    load(Package().move("s-01", "c-601", "birch", beginDate="2025-11-03"))
    assert stays("1001") == [("100", FIRST, date(2025, 11, 2)), ("200", date(2025, 11, 3), LAST)]


def test_a_move_inside_one_package(load):
    package = Package().change("enrollments.csv", {"userSourcedId": "s-01"}, endDate="2025-10-31")
    package.change("users.csv", {"sourcedId": "s-01"}, primaryOrgSourcedId="birch")
    package.add("enrollments.csv", {
        "sourcedId": "e-new", "classSourcedId": "c-601", "schoolSourcedId": "birch", "userSourcedId": "s-01",
        "role": "student", "beginDate": "2025-11-03",
    })  # fmt: skip
    for _ in range(2):
        load(package)
        assert stays("1001") == [("100", FIRST, date(2025, 10, 31)), ("200", date(2025, 11, 3), LAST)]
        assert seats("1001") == [("501", FIRST, date(2025, 10, 31)), ("601", date(2025, 11, 3), LAST)]


def test_a_move_before_the_year_begins_corrects_the_school(load, on_day):
    on_day(date(2025, 8, 1))
    load(Package())
    load(Package().move("s-01", "c-601", "birch"))
    assert stays("1001") == [("200", FIRST, LAST)]


def test_a_student_who_leaves_is_ended_and_never_deleted(load, on_day):
    load(Package())
    load(Package().without_student("s-01"))
    assert stays("1001") == [("100", FIRST, YESTERDAY)]
    assert seats("1001") == [("501", FIRST, YESTERDAY)]
    assert Student.objects.count() == 30

    on_day(date(2026, 2, 2))
    load(Package())  # and comes back
    assert stays("1001") == [("100", FIRST, YESTERDAY), ("100", date(2026, 2, 2), LAST)]
    on_day(date(2026, 2, 3))
    load(Package())
    assert stays("1001") == [("100", FIRST, YESTERDAY), ("100", date(2026, 2, 2), LAST)]


def test_one_missed_night_leaves_no_gap(load, on_day):
    load(Package())
    load(Package().without_student("s-01"))
    load(Package())
    assert stays("1001") == [("100", FIRST, LAST)]
    assert seats("1001") == [("501", FIRST, LAST)]


def test_a_new_teacher_takes_over_and_the_former_one_loses_the_place(load):
    load(Package())
    package = Package().drop("users.csv", sourcedId="t-1").drop("roles.csv", userSourcedId="t-1")
    package.change("enrollments.csv", {"userSourcedId": "t-1"}, userSourcedId="t-2")
    load(package)
    staffing = SectionStaff.objects.filter(section__code="501").order_by("ends")
    assert [(row.user.sourced_id, row.ends) for row in staffing] == [("t-1", YESTERDAY), ("t-2", LAST)]
    assert staffing.last().starts == TODAY
    post = Membership.objects.get(user__sourced_id="t-1")
    assert (post.ends, post.end_reason) == (YESTERDAY, "no longer in the roster")
    assert User.objects.get(sourced_id="t-1").is_active  # the account is a person's to switch off


def test_what_persons_entered_in_the_portal_survives(load, district):
    load(Package())
    section = SectionStaff.objects.get(user__sourced_id="t-1").section
    substitute, leader = make.user("sub@example.org"), make.user("lead@example.org")
    make.staff(substitute, section, role="substitute", starts=TODAY)
    make.member(substitute, "teacher", school=section.school)
    make.member(leader, "teacher_leader", school=section.school)
    make.member(leader, "district_admin", district=district)
    before = list(SectionStaff.objects.filter(source="portal").values_list())
    held = list(Membership.objects.exclude(reason="roster").values_list())

    load(Package().without_student("s-01"))
    assert list(SectionStaff.objects.filter(source="portal").values_list()) == before
    assert list(Membership.objects.exclude(reason="roster").values_list()) == held


def test_where_the_portal_has_decided_who_teaches_the_roster_is_not_asked(load):
    load(Package())
    section = SectionStaff.objects.get(user__sourced_id="t-2").section
    ivy = User.objects.get(sourced_id="t-1")
    make.staff(ivy, section, role="support", starts=FIRST, ends=date(2025, 10, 1))
    load(Package().add("enrollments.csv", {
        "sourcedId": "e-x", "classSourcedId": "c-502", "schoolSourcedId": "ash", "userSourcedId": "t-1",
        "role": "teacher",
    }))  # fmt: skip
    assert list(ivy.sections.filter(section=section).values_list("source", "ends")) == [("portal", date(2025, 10, 1))]


def test_a_role_that_a_person_ended_is_not_given_again(load):
    load(Package())
    Membership.objects.filter(user__sourced_id="t-1").update(ends=YESTERDAY, end_reason="on leave")
    load(Package())
    assert list(Membership.objects.filter(user__sourced_id="t-1").values_list("ends", flat=True)) == [YESTERDAY]


def test_another_district_is_never_touched(load, world):
    far_before = [list(model.objects.order_by("pk").values_list()) for model in (Enrollment, SectionEnrollment)]
    second = make.district("D9", "Ninth District")
    load(Package(), of=second)
    load(Package().without_student("s-01"), of=second)
    third = make.district("D8", "Eighth District")
    load(Package(), of=third)  # the same ids in another district are other people
    for model, before in zip((Enrollment, SectionEnrollment), far_before, strict=True):
        ids = [row[0] for row in before]
        assert list(model.objects.filter(pk__in=ids).order_by("pk").values_list()) == before
    assert Student.objects.filter(sourced_id="s-01").count() == 2
    assert Enrollment.objects.get(student__district=third, student__number="1001").ends == LAST
    assert Enrollment.objects.get(student__district=second, student__number="1001").ends == YESTERDAY


def test_a_class_that_is_gone_ends_with_its_seats(load):
    load(Package())
    package = Package().drop("classes.csv", sourcedId="c-502")
    package.change("enrollments.csv", {"classSourcedId": "c-502"}, classSourcedId="c-501")
    load(package)
    gone = SectionEnrollment.objects.filter(section__sourced_id="c-502")
    assert set(gone.values_list("ends", "section__ends")) == {(YESTERDAY, YESTERDAY)}
    assert stays("1011") == [("100", FIRST, LAST)]


def test_a_section_made_in_the_portal_is_left_alone(load, district):
    load(Package())
    year = Enrollment.objects.first().year
    own = make.section(Enrollment.objects.first().school, year, "CLUB", title="Math club")
    make.seat(Student.objects.get(number="1001"), own)
    load(Package())
    own.refresh_from_db()
    assert own.ends == LAST
    assert own.enrollments.get().ends is None


def test_last_years_roster_does_not_end_this_years(load):
    load(Package())
    old = Package()
    years = {
        "s-1": ("2024-08-26", "2025-01-17"),
        "s-2": ("2025-01-21", "2025-06-13"),
        "y-2026": ("2024-08-26", "2025-06-13"),
    }
    for session, (starts, ends) in years.items():
        old.change("academicSessions.csv", {"sourcedId": session}, startDate=starts, endDate=ends, schoolYear="2025")
    load(old.without_student("s-01"))
    assert stays("1001") == [("100", FIRST, LAST)]
    assert stays("1002") == [("100", date(2024, 8, 26), date(2025, 6, 13)), ("100", FIRST, LAST)]


def test_names_grades_and_numbers_follow_the_roster(load):
    load(Package())
    package = Package().change(
        "users.csv", {"sourcedId": "s-01"}, familyName="Álvarez-Ruiz", grades="06", identifier="9001"
    )
    package.change("users.csv", {"sourcedId": "s-02"}, identifier="1003")
    package.change("users.csv", {"sourcedId": "s-03"}, identifier="1002")  # two numbers change hands
    assert load(package).state == "published"
    ana = Student.objects.get(sourced_id="s-01")
    assert (ana.number, ana.family_name, ana.enrollments.get().grade) == ("9001", "Álvarez-Ruiz", "06")
    assert Student.objects.get(sourced_id="s-02").number == "1003"
    assert Student.objects.get(sourced_id="s-03").number == "1002"


def test_an_address_in_use_is_not_changed(load):
    load(Package())
    User.objects.filter(sourced_id="t-1").update(last_login=timezone.now())
    package = Package().change("users.csv", {"sourcedId": "t-1"}, email="somebody.else@example.org")
    package.change("users.csv", {"sourcedId": "t-2"}, email="omar.reed@school.example.org")
    answer = load(package).answer
    assert User.objects.get(sourced_id="t-1").email == "ivy.stone@example.org"
    assert User.objects.get(sourced_id="t-2").email == "omar.reed@school.example.org"
    assert codes(answer, "warning") == ["EMAIL_DIFFERS"]


def test_classes_in_two_schools_and_one_enrollment(load):
    package = Package().add("enrollments.csv", {
        "sourcedId": "e-x", "classSourcedId": "c-601", "schoolSourcedId": "birch", "userSourcedId": "s-01",
        "role": "student",
    })  # fmt: skip
    answer = load(package).answer
    assert stays("1001") == [("100", FIRST, LAST)]
    assert [code for code, *_ in seats("1001")] in (["501", "601"], ["601", "501"])
    assert codes(answer) == ["TWO_SCHOOLS"]


def test_an_address_that_was_given_on_does_not_open_the_former_account(load):
    load(Package())
    ivy = User.objects.get(sourced_id="t-1")
    package = Package().change("users.csv", {"sourcedId": "t-1"}, email="")
    package.change("users.csv", {"sourcedId": "t-2"}, email="ivy.stone@example.org")
    answer = load(package).answer
    assert not ivy.sections.filter(section__code="502", ends=LAST).exists()
    assert {"EMAIL_DIFFERS", "STAFF_WITHOUT_EMAIL"} <= set(codes(answer))

    package = Package().drop("users.csv", sourcedId="t-1").drop("roles.csv", userSourcedId="t-1")
    package.change("enrollments.csv", {"userSourcedId": "t-1"}, userSourcedId="t-9")
    package.add("users.csv", {"sourcedId": "t-9", "givenName": "New", "familyName": "Hire", "email": ivy.email})
    answer = load(package).answer
    assert codes(answer, "warning") == ["EMAIL_TAKEN"]
    assert not ivy.sections.filter(ends=LAST).exists()


def test_one_id_in_two_districts_is_two_people(load):
    load(Package())
    ivy = User.objects.get(sourced_id="t-1")
    second = make.district("D9", "Ninth District")
    load(Package(), of=second)  # she teaches there too, and her id comes from the first
    package = Package().change(
        "users.csv", {"sourcedId": "t-1"}, givenName="Max", familyName="Wood", email="max.wood@example.org"
    )
    load(package, of=second)
    assert not ivy.sections.filter(section__school__district=second, ends=LAST).exists()
    assert User.objects.get(email="max.wood@example.org").sections.get().section.school.district == second
    ivy.refresh_from_db()
    assert (ivy.family_name, ivy.email) == ("Stone", "ivy.stone@example.org")
