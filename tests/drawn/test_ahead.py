"""The worker draws anew what people opened lately, as they would see it, and nobody has looked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from schools.drawn import keeping, pages
from schools.drawn.ahead import draw_ahead
from schools.models import AccessLog, ChangedTable, DrawnPage, School, SectionStaff, Student, User
from schools.retention.destroying import destroy
from tests import make
from tests.drawn.conftest import NAMES
from tests.worlds import WINTER


@pytest.fixture
def opened(house):
    """Every page was opened once."""
    for name in NAMES:
        house.get(name)
    return house


def change(house, name="Ahead"):
    Student.objects.filter(sections__section=house.world.class_a).update(family_name=name)


def test_what_was_changed_is_drawn_before_its_reader_asks(opened):
    change(opened)
    looks = AccessLog.objects.count()
    visits = User.objects.get(pk=opened.world.teacher.pk).today_at
    assert draw_ahead(30) >= 2
    assert AccessLog.objects.count() == looks, "nobody has looked"
    assert User.objects.get(pk=opened.world.teacher.pk).today_at == visits
    drawn = len(opened.drawings)
    for name in NAMES:
        assert opened.get(name).status_code == 200
    assert len(opened.drawings) == drawn, "every page stood ready"
    assert "Ahead" in opened.page("item map")
    assert AccessLog.objects.count() > looks


def test_who_is_told_of_new_results_finds_them_drawn(opened):
    w = opened.world
    page = f"{opened.pages['class'][1]}?administration={w.town.tests['05'].administrations.get().pk}"
    make.notice(w.teacher, "Results are there.", url=page, at=WINTER)
    make.notice(w.principal, "A file is there.", url="/uploads/", at=WINTER)
    make.notice(w.auditor, "Results are there.", url=page, at=WINTER)  # who never opened anything
    draw_ahead(30)
    assert not DrawnPage.objects.filter(path="/uploads/").exists()
    assert not DrawnPage.objects.filter(user=w.auditor).exists()
    drawn = len(opened.drawings)
    assert opened.clients[w.teacher.pk].get(page).status_code == 200
    assert len(opened.drawings) == drawn


def test_where_nothing_has_changed_nothing_is_drawn(opened):
    assert draw_ahead(30) == 0


def test_overnight_every_page_is_drawn_for_the_new_day(opened, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: WINTER + timedelta(days=1))
    assert draw_ahead(30) == len(NAMES)
    assert not keeping.to_draw(100)
    assert set(DrawnPage.objects.values_list("looked_at", flat=True)) == {WINTER}


def test_a_page_that_its_reader_may_not_see_any_more_is_thrown_away(opened):
    w = opened.world
    rows = AccessLog.objects.count()
    SectionStaff.objects.filter(user=w.teacher, section=w.class_a).update(starts=WINTER.date() + timedelta(days=20))
    User.objects.filter(pk=w.principal.pk).update(is_active=False)
    draw_ahead(30)
    paths = set(DrawnPage.objects.values_list("path", flat=True))
    User.objects.filter(pk=w.principal.pk).update(is_active=True)
    SectionStaff.objects.filter(user=w.teacher, section=w.class_a).update(starts=w.class_a.starts)
    assert paths == {"/", "/results/", opened.pages["network"][1], opened.pages["side by side"][1]}
    assert AccessLog.objects.count() == rows, "a refusal that nobody met is none"


def test_what_there_was_no_time_for_has_no_words_left(opened):
    change(opened, "Erased")
    assert draw_ahead(0) == 0
    stale = DrawnPage.objects.filter(tables__contains=["schools_student"])
    assert set(stale.values_list("body", flat=True)) == {""}
    assert DrawnPage.objects.exclude(body="").exists(), "what is good stays"
    assert "Erased" in opened.page("item map")


def test_what_is_destroyed_is_gone_from_pages_at_once(opened):
    make.notice(opened.world.teacher, at=WINTER - timedelta(days=400))
    opened.get("today")
    destroy(opened.world.district, WINTER.date(), None, "notices")
    assert set(DrawnPage.objects.filter(path="/").values_list("body", flat=True)) == {""}
    assert DrawnPage.objects.exclude(body="").exists()


def test_one_page_that_cannot_be_drawn_does_not_hold_up_the_others(opened, monkeypatch):
    change(opened)
    monkeypatch.setattr("assessments.views.classes.ItemMap", None)
    draw_ahead(30)
    assert opened.pages["item map"][1] not in DrawnPage.objects.values_list("path", flat=True)
    assert not opened.was_drawn("class")


def test_a_page_of_another_version_of_the_portal_is_not_shown(opened, monkeypatch):
    monkeypatch.setattr(pages, "edition", lambda: "another")
    assert opened.was_drawn("class")
    change(opened)
    draw_ahead(30)
    assert not opened.was_drawn("class")
    assert DrawnPage.objects.filter(path=opened.pages["class"][1]).count() == 1, "the former one is gone"


def test_pages_that_nobody_opens_are_forgotten(opened):
    keeping.forget_old(WINTER + keeping.LOOKED_AT_WITHIN)
    assert DrawnPage.objects.count() == len(NAMES)
    keeping.forget_old(WINTER + keeping.LOOKED_AT_WITHIN + timedelta(seconds=1))
    assert not DrawnPage.objects.exists()


def test_where_pages_are_switched_off_none_is_left(opened, settings):
    settings.DRAWN_PAGES = False
    assert draw_ahead(30) == 0
    assert not DrawnPage.objects.exists()


def test_what_somebody_looked_at_meanwhile_is_left_as_it_is(opened, monkeypatch, caplog):
    change(opened)
    as_before = keeping.to_draw

    def looked_at_meanwhile(most):
        waiting = as_before(most)
        opened.get("class")
        return waiting

    monkeypatch.setattr(keeping, "to_draw", looked_at_meanwhile)
    rows = AccessLog.objects.count()
    draw_ahead(30)
    assert AccessLog.objects.filter(what__startswith="class results").exists()
    assert AccessLog.objects.count() > rows, "those looks, and no more"
    assert "page_not_drawn" not in caplog.text
    assert not opened.was_drawn("class")


def test_of_old_marks_the_newest_of_each_table_stays(opened):
    for name in ("One", "Two", "Three"):
        change(opened, name)
    ChangedTable.objects.update(at=WINTER)
    keeping.forget_old(WINTER + keeping.MARKS_LAST)
    assert ChangedTable.objects.filter(name="schools_student").count() == 3, "not yet"
    keeping.forget_old(WINTER + keeping.MARKS_LAST + timedelta(seconds=1))
    assert ChangedTable.objects.filter(name="schools_student").count() == 1
    assert opened.was_drawn("class")


def test_a_mark_stays_that_says_something_of_a_page_drawn_meanwhile(opened):
    pk = opened.world.class_a.enrollments.first().student_id
    with opened.elsewhere() as other:
        other.execute("UPDATE schools_student SET family_name = 'Slow' WHERE id = %s", [pk])
        School.objects.filter(pk=opened.world.birch.pk).update(name="Birch School anew")
        opened.get("item map")
        other.commit()
    change(opened, "Quick")  # a newer mark of the same table
    ChangedTable.objects.update(at=WINTER)
    before = ChangedTable.objects.filter(name="schools_student").count()
    keeping.forget_old(WINTER + keeping.MARKS_LAST + timedelta(seconds=1))
    assert ChangedTable.objects.filter(name="schools_student").count() == before == 2
