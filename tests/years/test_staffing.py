"""Who teaches a class is kept by the school: rights follow at once, end by themselves, and outlive a roster."""

from datetime import date

import pytest

from schools.models import School, Section, SectionStaff, Student, User
from schools.rosters import load_roster
from tests import make
from tests.schools.oneroster.packages import Package
from tests.years.conftest import anew

pytestmark = pytest.mark.django_db


def students_of(person) -> int:
    return Student.objects.visible_to(anew(person)).count()


def test_a_substitute_sees_the_class_from_the_first_day_to_the_last(client, world, on_day):
    on_day(2025, 12, 10)
    client.force_login(world.principal)
    substitute = make.user("sub@example.org")
    make.member(substitute, "teacher", school=world.ash)
    client.post(
        f"/sections/{world.section.pk}/staff/add/",
        {
            "person": substitute.pk,
            "role": "substitute",
            "starts": "2025-12-15",
            "ends": "2026-01-30",
            "reason": "leave",
        },
    )
    assert students_of(substitute) == 0
    on_day(2025, 12, 15)
    assert students_of(substitute) == 2
    client.force_login(substitute)
    assert client.get(f"/sections/{world.section.pk}/students/").status_code == 200
    on_day(2026, 1, 30)
    assert students_of(substitute) == 2
    newcomer = make.student(world.district)
    make.enroll(newcomer, world.ash, world.year)
    on_day(2026, 1, 31)  # nobody pressed anything
    make.seat(newcomer, world.section, starts=date(2026, 1, 31))
    assert world.section.pk not in anew(substitute).standing.current_section_ids


def test_a_leave_that_lasts_longer(client, world, on_day):
    on_day(2025, 12, 10)
    row = make.staff(world.colleague, world.section, role="substitute", ends=date(2025, 12, 9))
    client.force_login(world.principal)
    url = f"/staffing/{row.pk}/change/"
    changed = {"role": "substitute", "starts": "2025-11-01", "ends": "2026-02-27", "reason": "leave, longer"}
    assert "The class runs from" in client.post(url, changed | {"ends": "2027-02-27"}).content.decode()
    assert "Say until when" in client.post(url, changed | {"ends": ""}).content.decode()
    assert client.post(url, changed).status_code == 302
    row.refresh_from_db()
    assert (row.starts, row.ends, row.reason) == (date(2025, 11, 1), date(2026, 2, 27), "leave, longer")
    assert world.section.pk in anew(world.colleague).standing.current_section_ids


def test_what_the_roster_says_is_not_changed_by_hand(client, world, on_day):
    on_day(2025, 12, 10)
    row = make.staff(world.leader, world.section, source="roster")
    client.force_login(world.principal)
    response = client.get(f"/staffing/{row.pk}/change/")
    assert response.status_code == 403
    assert "comes from the district&#x27;s roster" in response.content.decode()


def test_who_begins_on_the_same_day_twice_is_refused_in_words(client, world, on_day):
    on_day(2025, 12, 10)
    make.staff(world.colleague, world.section, starts=date(2025, 9, 1), ends=date(2025, 9, 30))
    row = make.staff(world.colleague, world.section, starts=date(2025, 11, 1))
    client.force_login(world.principal)
    again = {"role": "co_teacher", "starts": "2025-09-01", "ends": "", "reason": "x"}
    page = client.post(f"/staffing/{row.pk}/change/", again).content.decode()
    assert "This person already teaches the section from that day." in page


def test_it_outlives_a_bulk_roster_that_does_not_know_it(client, db, on_day):
    on_day(2025, 12, 10)
    district = make.district()
    load_roster(data=Package().zip(), filename="roster.zip", district=district)
    ash = School.objects.get(district=district, code="100")
    principal, helper = make.user(), make.user()
    make.member(principal, "principal", school=ash)
    make.member(helper, "teacher", school=ash)
    section = Section.objects.get(school=ash, code="501")
    client.force_login(principal)
    co_teacher = {"person": helper.pk, "role": "co_teacher", "starts": "2025-12-10", "ends": "", "reason": "team"}
    assert client.post(f"/sections/{section.pk}/staff/add/", co_teacher).status_code == 302
    teacher = User.objects.get(sections__section=section, sections__source="roster")
    before = list(SectionStaff.objects.order_by("pk").values_list())
    for package in (Package(), Package().drop("enrollments.csv", classSourcedId="c-501", role="teacher")):
        row = load_roster(data=package.zip(), filename="again.zip", district=district, approve=True)
        assert row.state == "published", row.answer
    kept = SectionStaff.objects.get(section=section, user=helper)
    assert kept.source == "portal" and kept.ends is None
    assert SectionStaff.objects.get(section=section, user=teacher).ends == date(2025, 12, 9)  # the roster's own ends
    assert len(before) == SectionStaff.objects.count()
    assert students_of(helper) == 10
