"""A page is drawn once and shown again, and never after anything it shows has changed."""

import random
from datetime import UTC, datetime, time, timedelta

import pytest
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import MessageEncoder
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import override_settings
from django.utils import timezone

from assessments.models import CutScore, Item, ReleasedCell, Window
from schools.drawn import keeping, pages
from schools.drawn.watching import clocks, watched
from schools.models import AccessLog, DrawnPage, Enrollment, Membership, School, SectionStaff, Student, User
from tests import make
from tests.drawn.conftest import NAMES, without_tokens
from tests.worlds import WINTER


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_drawn_once_and_shown_again(house, name):
    first, rows = house.get(name), AccessLog.objects.count()
    again = house.get(name)
    assert len(house.drawings) == 1
    assert house.page(name) == house.page(name)
    assert pages.placeholder() not in first.text + again.text
    for header in ("Cache-Control", "Vary", "Content-Type", "Content-Security-Policy"):
        assert first.headers.get(header) == again.headers.get(header), header
    if name in ("class", "item map", "school"):
        former, newest = AccessLog.objects.order_by("-pk")[1:3]
        assert AccessLog.objects.count() > rows, "each look is written down"
        for field in ("user_id", "action", "what", "why", "district_id", "school_id", "section_id", "students"):
            assert getattr(former, field) == getattr(newest, field)
        assert former.request_id != newest.request_id


def test_the_token_is_that_of_the_session_that_asks(house):
    house.get("class")
    answer = house.get("class")
    token = answer.text.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
    client = house.clients[house.world.teacher.pk]
    client.handler.enforce_csrf_checks = True
    assert client.post("/results/names/", {"hide": "1", "csrfmiddlewaretoken": token}).status_code == 302
    assert client.post("/results/names/", {"hide": "1", "csrfmiddlewaretoken": token[::-1]}).status_code == 403
    client.handler.enforce_csrf_checks = False
    assert len(house.drawings) == 1
    assert "Show names" in house.page("class"), "what the session says is part of the page"
    assert len(house.drawings) == 2


# --- what changes ------------------------------------------------------------------------------------------


def rename_a_student(w, turn):
    Student.objects.filter(sections__section=w.class_a).update(family_name=f"Turner{turn}")


def the_teacher_begins_another_day(w, turn):
    starts = WINTER.date() + timedelta(days=1 - turn % 2)
    SectionStaff.objects.filter(user=w.teacher, section=w.class_a).update(starts=starts)


def another_name_for_the_school(w, turn):
    School.objects.filter(pk=w.school.pk).update(name=f"A School {turn}")


def a_student_leaves(w, turn):
    row = Enrollment.objects.filter(school=w.school).order_by("pk")[turn % 5]
    Enrollment.objects.filter(pk=row.pk).update(ends=WINTER.date() + timedelta(days=turn % 3 - 1))


def other_cut_scores(w, turn):
    CutScore.objects.filter(level=3).update(minimum=3 + turn % 2)


def another_text_of_a_question(w, turn):
    Item.objects.filter(position=1).update(text=f"What is {turn} and 1?")


def a_corrected_figure(w, turn):
    ReleasedCell.objects.filter(place="network").update(mean=50 + turn % 9)


def something_to_tell(w, turn):
    make.notice(w.teacher, words=f"Thing {turn} is there to see.", at=WINTER)


def the_coach_leaves(w, turn):
    ends = (WINTER - timedelta(days=1)).date() if turn % 2 else None
    Membership.objects.filter(user=w.coach, school=w.school).update(ends=ends)


def the_window_lasts_longer(w, turn):
    Window.objects.update(closes=WINTER.date() + timedelta(days=turn % 4 - 1))


def more_results(w, turn):
    w.town.sit(only=w.town.students["A", "05"][: 5 + turn % 3], complete_for="")


def plain_sql(w, turn):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE schools_user SET family_name = %s WHERE id = %s", [f"Other{turn}", w.teacher.pk])


CHANGES = [
    rename_a_student, the_teacher_begins_another_day, another_name_for_the_school, a_student_leaves, other_cut_scores,
    another_text_of_a_question, a_corrected_figure, something_to_tell, the_coach_leaves, the_window_lasts_longer,
    plain_sql,
]  # fmt: skip


def fresh(house, name):
    """The answer as it is drawn without anything kept."""
    with override_settings(DRAWN_PAGES=False):
        return house.get(name)


def assert_as_drawn_now(house, names, what):
    for name in names:
        found, wanted = house.get(name), fresh(house, name)
        assert found.status_code == wanted.status_code, (what, name)
        assert without_tokens(found) == without_tokens(wanted), (what, name)


@pytest.fixture
def changing(house):
    """The house, where whoever lost a right on the way has it again for the tests that follow."""
    yield house
    w = house.world
    SectionStaff.objects.filter(user=w.teacher, section=w.class_a).update(starts=w.class_a.starts)
    Membership.objects.filter(user=w.coach, school=w.school).update(ends=None)


def test_after_any_change_every_page_is_what_would_be_drawn_now(changing):
    house, draw = changing, random.Random(17)
    names = ["today", "item map", "school", "network", "side by side"]
    for name in names:
        house.get(name)
    for turn, change in enumerate(draw.sample(CHANGES, len(CHANGES))):
        change(house.world, turn)
        assert_as_drawn_now(house, names, change.__name__)


@pytest.mark.long
def test_after_many_changes_every_page_is_what_would_be_drawn_now(changing):
    house, draw = changing, random.Random(18)
    for turn in range(150):
        change = draw.choice([*CHANGES, more_results])
        change(house.world, turn)
        assert_as_drawn_now(house, draw.sample(NAMES, 3), f"{turn}: {change.__name__}")


def test_new_results_of_the_class_are_a_new_page(house):
    assert not (house.get("class"), house.was_drawn("class"))[1]
    more_results(house.world, 0)
    assert house.was_drawn("class")
    assert house.was_drawn("school")


@pytest.mark.parametrize(("column", "value"), [("today_at", "now()"), ("last_login", "now()"), ("password", "'x'")])
def test_what_no_page_shows_leaves_pages_as_they_are(house, column, value):
    house.get("class")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE schools_user SET {column} = {value} WHERE email = 'teacher@example.org'")
    assert not house.was_drawn("class")


def test_a_first_sign_in_is_told_and_no_later_one(house):
    invited = make.user("new@example.org")
    make.member(invited, "teacher", school=house.world.school)
    assert not (house.get("class"), house.was_drawn("class"))[1]
    User.objects.filter(pk=invited.pk).update(last_login=timezone.now())
    assert house.was_drawn("class")
    User.objects.filter(pk=invited.pk).update(last_login=timezone.now())
    assert not house.was_drawn("class")


def test_a_page_that_says_who_looked_is_not_kept(house, monkeypatch):
    """The checklist of a class's first days on Today: whether its list was read."""
    first_days = datetime.combine(house.world.class_a.starts + timedelta(days=3), time(12), UTC)
    monkeypatch.setattr(timezone, "now", lambda: first_days)
    for held in (Membership, SectionStaff):
        held.objects.filter(user=house.world.teacher).update(starts=house.world.class_a.starts)
    before = house.page("today")
    assert house.clients[house.world.teacher.pk].get(f"/sections/{house.world.class_a.pk}/students/").status_code == 200
    assert_as_drawn_now(house, ["today"], "the class list was read")
    assert house.page("today") != before


# --- at the same time --------------------------------------------------------------------------------------


def test_a_change_that_is_committed_after_the_drawing_speaks_against_it(house):
    pk = house.world.class_a.enrollments.first().student_id
    with house.elsewhere() as other:
        other.execute("UPDATE schools_student SET family_name = 'Latecomer' WHERE id = %s", [pk])
        assert "Latecomer" not in house.page("item map")
        assert not house.was_drawn("item map"), "nobody has committed anything"
        other.commit()
        assert "Latecomer" in house.page("item map")


def test_a_change_during_the_drawing_speaks_against_it(house, monkeypatch):
    pk = house.world.class_a.enrollments.first().student_id
    as_before = keeping.keep

    def keep(*args, **kwargs):
        with house.elsewhere() as other:
            other.execute("UPDATE schools_student SET family_name = 'Meanwhile' WHERE id = %s", [pk])
        as_before(*args, **kwargs)

    monkeypatch.setattr(keeping, "keep", keep)
    assert "Meanwhile" not in house.page("item map")
    monkeypatch.setattr(keeping, "keep", as_before)
    assert "Meanwhile" in house.page("item map")


def test_who_lost_a_right_between_the_question_and_the_drawing_gets_no_page(house, monkeypatch):
    as_before, w = keeping.look, house.world

    def look(*args):
        with house.elsewhere() as other:
            other.execute(
                "UPDATE schools_sectionstaff SET starts = '2026-01-07' WHERE user_id = %s AND section_id = %s",
                [w.teacher.pk, w.class_a.pk],
            )
        return as_before(*args)

    monkeypatch.setattr(keeping, "look", look)
    assert house.get("class").status_code == 404
    monkeypatch.setattr(keeping, "look", as_before)
    SectionStaff.objects.filter(user=w.teacher, section=w.class_a).update(starts=w.class_a.starts)


def test_nothing_is_kept_of_what_may_yet_be_undone(house):
    assert house.clients[house.world.teacher.pk], "signed in before"
    with transaction.atomic():
        Student.objects.filter(sections__section=house.world.class_a).update(family_name="Undone")
        assert "Undone" in house.page("item map")
        transaction.set_rollback(True)
    assert not DrawnPage.objects.exists()
    assert "Undone" not in house.page("item map")


# --- the clock, the session, other eyes --------------------------------------------------------------------


def test_a_page_ends_at_the_readers_midnight(house, monkeypatch):
    house.get("network")
    until = DrawnPage.objects.get().until
    assert until.astimezone(house.world.rep.standing.zone).strftime("%H:%M") == "00:00"
    monkeypatch.setattr(timezone, "now", lambda: until - timedelta(seconds=1))
    assert not house.was_drawn("network")
    monkeypatch.setattr(timezone, "now", lambda: until)
    house.clients[house.world.rep.pk].force_login(User.objects.get(pk=house.world.rep.pk))  # the session has ended
    assert house.was_drawn("network")


def test_a_page_ends_when_something_it_may_show_opens(house):
    soon = WINTER + timedelta(minutes=5)
    make.notice(house.world.teacher, words="A release has opened.", at=soon)
    house.get("today")
    assert DrawnPage.objects.get().until == soon
    assert {model.__name__ for model, _ in clocks().values()} == {"Notice", "Release"}


def test_what_changed_since_a_visit_follows_the_visits(house, monkeypatch):
    for minutes in (0, 30, 61, 90, 200):
        monkeypatch.setattr(timezone, "now", lambda minutes=minutes: WINTER + timedelta(minutes=minutes))
        assert_as_drawn_now(house, ["today"], minutes)
        make.notice(house.world.teacher, words=f"News of minute {minutes}.", at=timezone.now())
        assert_as_drawn_now(house, ["today"], minutes)


def test_pages_go_by_nothing_of_the_session_but_what_is_named(house, monkeypatch):
    asked = set()

    class Noting(SessionStore):
        def __getitem__(self, key):
            asked.add(key)
            return super().__getitem__(key)

        def get(self, key, default=None):
            asked.add(key)
            return super().get(key, default)

        def __contains__(self, key):
            asked.add(key)
            return super().__contains__(key)

    as_before = pages._drawn_now

    def noted(request, *args):
        request.session = Noting(request.session.session_key)
        return as_before(request, *args)

    monkeypatch.setattr(pages, "_drawn_now", noted)
    for name in NAMES:
        assert house.get(name).status_code == 200
    assert "names_hidden" in asked
    assert asked <= set(pages._goes_by) | {"_messages"}


@pytest.mark.parametrize("before", ["kept", "not kept"])
def test_a_message_is_said_once_and_is_no_part_of_the_page(house, before):
    quiet = house.page("class")
    if before == "not kept":
        DrawnPage.objects.all().delete()
    client = house.clients[house.world.teacher.pk]
    session = client.session
    session["_messages"] = MessageEncoder().encode([Message(SUCCESS, "<Saved> & done.")])
    session.save()
    with override_settings(MESSAGE_STORAGE="django.contrib.messages.storage.session.SessionStorage"):
        said = house.page("class")
        assert "&lt;Saved&gt; &amp; done." in said
        assert house.page("class") == quiet
    assert len(house.drawings) == (1 if before == "kept" else 2)


def test_nothing_is_kept_that_reads_a_table_nobody_watches(house, monkeypatch):
    monkeypatch.setattr(pages, "watched", lambda: {one: () for one in watched() if one != "schools_student"})
    house.get("item map")
    assert not DrawnPage.objects.exists()


def test_of_one_reader_the_newest_pages_are_kept(house, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_OF_ONE_READER", 3)
    house.get("network")
    for number in range(6):
        monkeypatch.setattr(timezone, "now", lambda number=number: WINTER + timedelta(seconds=number))
        house.get("class", f"?x={number}")
    kept = DrawnPage.objects.filter(user=house.world.teacher).order_by("path").values_list("path", flat=True)
    assert [path[-4:] for path in kept] == ["?x=3", "?x=4", "?x=5"]
    assert DrawnPage.objects.filter(user=house.world.rep).exists()


def test_a_page_is_answered_where_it_cannot_be_kept(house, monkeypatch, caplog):
    monkeypatch.setattr(keeping, "KEEP", "SELECT 1 / 0 WHERE " + " AND ".join(["%s IS NOT DISTINCT FROM NULL"] * 14))
    assert house.get("class").status_code == 200
    assert "page_not_kept" in caplog.text
    assert not DrawnPage.objects.exists()


def test_nothing_is_kept_where_it_is_switched_off(house):
    fresh(house, "class")
    assert not DrawnPage.objects.exists()


@pytest.mark.parametrize("status", [302, 422])
def test_an_answer_that_is_no_page_is_not_kept_and_has_its_own_token(house, rf, status):
    request = rf.get("/results/")
    request.user, request.session, request.htmx = house.world.teacher, SessionBase(), False
    answer = pages.drawn(request, lambda: HttpResponse(f"<p>{pages.placeholder()}</p>", status=status))
    assert len(answer.text) > len("<p></p>")
    assert pages.placeholder() not in answer.text
    assert not DrawnPage.objects.exists()
