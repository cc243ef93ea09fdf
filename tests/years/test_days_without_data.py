"""Summer and September: last year's classes marked closed, and new students with their earlier results."""

from datetime import UTC, date, datetime

import pytest

from assessments.models import Administration, Result
from tests import make
from tests.policy.rows import _test_of, an_upload
from tests.years.conftest import anew

pytestmark = pytest.mark.django_db


@pytest.fixture
def tested_in_fall(world, on_day):
    """Section 501 and 502 sat a test in Fall 2025, published."""
    on_day(2025, 12, 10)
    rows = _test_of(world.district, world.year)
    world.sitting = rows["administration"]
    upload = an_upload(world.admin, world.ash, "fall.csv")
    Administration.objects.filter(pk=world.sitting.pk).update(published_at=datetime(2025, 10, 20, tzinfo=UTC))
    for student, section in zip(world.students[:3], (world.section, world.section, world.other_section), strict=True):
        Result.objects.create(
            administration=world.sitting, student=student, school=world.ash, section=section, upload=upload,
            points=2.0, grade="05", status=Result.TESTED,
        )  # fmt: skip
    return world


@pytest.fixture
def september(tested_in_fall, on_day):
    """September 10, 2026: the colleague's student of 502 now sits in the teacher's new class 601."""
    on_day(2026, 9, 10)
    tested_in_fall.next_year = make.year(tested_in_fall.district, "2026-27", date(2026, 8, 24), date(2027, 6, 15))
    tested_in_fall.new_class = make.section(tested_in_fall.ash, tested_in_fall.next_year, "601", "Math 6", grade="06")
    make.staff(tested_in_fall.teacher, tested_in_fall.new_class)
    tested_in_fall.newcomer = tested_in_fall.students[2]
    make.enroll(tested_in_fall.newcomer, tested_in_fall.ash, tested_in_fall.next_year, "06")
    make.seat(tested_in_fall.newcomer, tested_in_fall.new_class)
    return tested_in_fall


def results_of(client, section):
    return client.get(f"/results/sections/{section.pk}/")


def test_in_summer_the_classes_of_last_year_stand_marked_closed(client, tested_in_fall, on_day):
    on_day(2026, 7, 20)
    client.force_login(tested_in_fall.teacher)
    panel = client.get("/").context["panels"][0]
    assert panel.title == "2025-26, closed"
    assert [line.label for line in panel.lines] == ["Math 5, section 501, Ash School"]
    assert "Your classes arrive with the district's roster" in panel.remark
    assert "2025-26, closed" in results_of(client, tested_in_fall.section).content.decode()
    make.year(tested_in_fall.district, "2026-27", date(2026, 8, 24), date(2027, 6, 15))
    panel = client.get("/").context["panels"][0]
    assert panel.remark == "Your classes arrive with the new roster, about Aug 24, 2026."


def test_after_the_set_day_last_years_classes_are_gone(client, tested_in_fall, on_day):
    for day, status in (((2026, 9, 13), 200), ((2026, 9, 14), 404)):  # 90 days after June 15, and the day after
        on_day(*day)
        client.force_login(tested_in_fall.teacher)
        assert results_of(client, tested_in_fall.section).status_code == status
    panel = client.get("/").context["panels"][0]
    assert (panel.title, panel.lines) == ("Your classes", [])


def test_in_september_the_new_class_shows_its_students_earlier_results(client, september):
    client.force_login(september.teacher)
    page = results_of(client, september.new_class)
    assert page.context["read"].earlier
    assert [person.pk for person in page.context["read"].counted.people] == [september.newcomer.pk]
    assert "results of before, as far as you may see them" in page.content.decode()


def test_earlier_results_go_with_the_students_one_teaches_and_no_others(september):
    """PM-001: all windows of students in sections one staffs today; of others only the windows one taught them."""
    seen = Result.objects.visible_to(anew(september.teacher)).values_list("student", flat=True)
    assert set(seen) == {september.newcomer.pk, september.students[0].pk, september.students[1].pk}
    # The colleague taught the newcomer in Fall, until 90 days after that year.
    assert set(Result.objects.visible_to(anew(september.colleague)).values_list("student", flat=True)) == {
        september.newcomer.pk
    }
    make.staff(september.colleague, september.new_class, role="substitute", starts=date(2026, 12, 1))
    september.new_class.staff.filter(user=september.teacher).update(ends=date(2026, 9, 9))
    assert september.newcomer.pk not in set(
        Result.objects.visible_to(anew(september.teacher)).values_list("student", flat=True)
    )
