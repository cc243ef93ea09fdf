"""Today: never empty, ticks itself, and each person finds their own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from assessments.models import Upload
from schools.models import Membership, SectionStaff, User
from tests import make
from tests.policy.rows import furnish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]

EVERYONE = [
    "teacher",
    "leader",
    "principal",
    "coach",
    "admin",
    "operator",
    "rep",
    "auditor",
    "outsider",
    "far_principal",
]


def today(client, who):
    client.force_login(who)
    return client.get("/")


def lines_of(response, title) -> list[str]:
    return [line.label for panel in response.context["panels"] if panel.title == title for line in panel.lines]


@pytest.mark.parametrize("who", EVERYONE)
@pytest.mark.parametrize("rows", ["bare", "furnished"])
def test_nobody_finds_an_empty_page(client, world, who, rows):
    if rows == "furnished":
        furnish(world)
    response = today(client, getattr(world, who))
    assert response.status_code == 200
    assert len(response.context["news"].sentence) > 20
    if who != "outsider":
        assert response.context["panels"]


def test_who_holds_no_role_is_told_whom_to_ask(client, world):
    assert "You hold no role yet" in today(client, world.outsider).content.decode()
    Membership.objects.filter(user=world.leader).update(ends=date(2025, 12, 1))
    page = today(client, world.leader).content.decode()
    assert "Your last one, teacher leader, Ash School, ended on Dec 1, 2025." in page


def test_a_teacher_finds_each_class_once_with_what_is_new(client, world):
    furnish(world)
    make.staff(world.teacher, world.section, starts=date(2025, 9, 30))
    response = today(client, world.teacher)
    [panel] = response.context["panels"]
    [line] = panel.lines
    assert (line.label, line.beside) == ("Math 5, section 501, Ash School", "Quarterly Math 5, Fall")
    assert f"/sections/{world.section.pk}/students/" in response.content.decode()


def test_results_of_other_classes_are_no_news(client, world):
    rings = furnish(world)
    SectionStaff.objects.filter(user=world.teacher).update(section=world.birch_section)
    from assessments.models import Result

    Result.objects.exclude(section=rings["school"].section).delete()
    response = today(client, world.teacher)
    assert response.context["news"].sentence.startswith("No results yet.")


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (date(2025, 12, 1), date(2025, 12, 19), "Fall is open until Dec 19, 2025; its results appear after that."),
        (date(2026, 1, 12), date(2026, 1, 30), "Fall opens on Jan 12, 2026; its results appear after Jan 30, 2026."),
        (date(2025, 9, 1), date(2025, 9, 30), "They appear here when a file of them is published."),
    ],
)
def test_before_results_it_says_when_they_come(client, world, opens, closes, words):
    make.window(world.year, opens=opens, closes=closes)
    assert words in today(client, world.teacher).content.decode()


def test_in_summer_last_years_classes_are_headed_closed(client, world, monkeypatch):
    make.year(world.district, "2026-27", date(2026, 8, 24), date(2027, 6, 14))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 7, 1, 17, 0, tzinfo=UTC))
    response = today(client, world.teacher)
    assert lines_of(response, "2025-26, closed") == ["Math 5, section 501, Ash School"]
    assert "Your classes arrive with the new roster, about Aug 24, 2026." in response.content.decode()
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 1, 17, 0, tzinfo=UTC))
    assert "section 501" not in today(client, world.teacher).content.decode()


def test_a_coach_without_agreement_is_told_why_there_are_no_students(client, world):
    world.agreement.delete()
    assert "no data agreement in force" in today(client, world.coach).content.decode()


def test_files_published_lately_can_be_undone_from_here(client, world):
    parts = {"administrations": [{"name": "Quarterly Math 5, Fall"}]}
    now = timezone.now()
    new = an_upload(world.district, state="published", filename="new.csv", published_at=now, answer=parts)
    an_upload(world.district, state="published", filename="old.csv", published_at=now - timedelta(days=15))
    an_upload(world.district, state="undone", filename="undone.csv", published_at=now)
    an_upload(world.district, state="published", kind="rescore", filename="", published_at=now)
    response = today(client, world.admin)
    assert lines_of(response, "Published lately") == ["new.csv"]
    page = response.content.decode()
    assert "Quarterly Math 5, Fall, Dec 10" in page
    assert f'href="/uploads/{new.pk}/#undo"' in page
    assert "new.csv" not in today(client, world.principal).content.decode()  # who may not undo it


def done(response) -> list[str]:
    return [step.label for step in response.context["steps"] if step.done]


def test_the_checklist_of_the_first_day_ticks_itself(client):
    district = make.district()
    admin = make.user()
    make.member(admin, "district_admin", district=district)
    assert done(today(client, admin)) == []
    school = make.school(district, "1")
    assert done(today(client, admin)) == ["Schools"]
    teacher = make.user()
    make.member(teacher, "teacher", school=school)
    year = make.year(district)
    make.staff(teacher, make.section(school, year))
    make.student(district)
    assert done(today(client, admin)) == ["Schools", "People", "Roster"]
    User.objects.filter(pk=teacher.pk).update(invited_at=timezone.now())
    assert done(today(client, admin)) == ["Schools", "People", "Roster", "Teachers invited"]
    make.standard()
    empty = make.assessment(district, keys="")
    assert "Test and item list" not in done(today(client, admin))
    empty.delete()
    make.assessment(district)
    make.window(year)
    assert done(today(client, admin))[-3:] == ["Standards", "Test and item list", "Window"]
    an_upload(district, state="published")
    assert today(client, admin).context["steps"] == []


def test_what_stands_in_another_district_ticks_nothing(client, world):
    furnish(world)
    other = make.district("D9", "Ninth District")
    admin = make.user()
    make.member(admin, "district_admin", district=other)
    assert done(today(client, admin)) == ["Standards"]


def an_upload(district, state, **fields):
    fields = {"filename": "winter.csv", "size": 1, "sha256": "0"} | fields
    return Upload.objects.create(district=district, state=state, **fields)


def test_uploads_that_need_a_yes_wait_for_those_who_may_say_it(client, world):
    an_upload(world.district, "needs_review", school=world.ash)
    an_upload(world.district, "published", filename="done.csv", school=world.ash)
    an_upload(world.far, "ready", filename="far.csv")
    for who in [world.admin, world.principal]:
        waiting = [line.label for line in today(client, who).context["waiting"]]
        assert waiting == ["winter.csv: needs approval"]
    for who in [world.teacher, world.operator, world.auditor]:
        assert today(client, who).context["waiting"] == []


def test_an_agreement_about_to_end_is_told_to_the_district(client, world):
    world.agreement.ends = date(2026, 1, 5)
    world.agreement.save()
    labels = [line.label for line in today(client, world.admin).context["waiting"]]
    assert labels == ["The agreement with Partners in School Improvement ends on Jan 5, 2026"]


@pytest.mark.parametrize("who", EVERYONE)
def test_today_asks_no_more_for_more_rows(client, world, flat, who):
    furnish(world)
    client.force_login(getattr(world, who))
    make.window(world.year, "Q2", "Winter 1", opens=date(2025, 12, 1), closes=date(2025, 12, 19))

    def more():
        for number in range(5):
            section = make.section(world.ash, world.year, f"8{number}")
            make.staff(world.teacher, section)
            make.seat(make.student(world.district), section)
            make.school(world.district, f"8{number}", join=world.network)
            an_upload(world.district, "ready", school=world.ash)
            make.notice(getattr(world, who))

    client.get("/")  # the visit is noted once an hour: the page below is the one without the note
    flat("/", more, most=12)
