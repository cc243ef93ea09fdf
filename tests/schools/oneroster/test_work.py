"""Rosters taken on by a worker: killed, delivered twice, given up; and those left in the drop folder."""

import os
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from schools import rosters_work
from schools.models import Membership, RosterImport, SectionStaff, Student, User
from schools.rosters_drop import sweep_folder
from schools.rosters_work import accept_roster, advance, ask_to_apply, ask_to_undo, stale_rosters
from tests import make
from tests.schools.oneroster.packages import Package


@pytest.fixture
def admin(district):
    admin = make.user()
    make.member(admin, "district_admin", district=district)
    return admin


@pytest.fixture
def queued(district, admin):
    return accept_roster(data=Package().zip(), filename="roster.zip", district=district, by=admin)


def refreshed(row):
    row.refresh_from_db()
    return row


def test_a_task_that_is_delivered_twice_works_once(queued, admin):
    advance(queued.pk)
    assert refreshed(queued).state == "ready"
    checked = queued.moved_at
    advance(queued.pk)
    assert refreshed(queued).moved_at == checked
    ask_to_apply(queued, admin, approve=False)
    advance(queued.pk)
    advance(queued.pk)
    assert (refreshed(queued).state, Student.objects.count()) == ("published", 30)


def test_a_worker_that_dies_leaves_a_row_that_the_sweep_finds_and_gives_up_in_the_end(queued, monkeypatch):
    def dies(*_, **__):
        raise MemoryError

    monkeypatch.setattr(rosters_work, "work_out", dies)
    for attempt in (1, 2, 3):
        with pytest.raises(MemoryError):
            advance(queued.pk)
        assert (refreshed(queued).attempts, queued.moving) == (attempt, True)
    RosterImport.objects.update(moved_at=timezone.now() - timedelta(days=1))
    assert stale_rosters() == [queued.pk]
    assert stale_rosters() == []
    advance(queued.pk)
    assert refreshed(queued).state == "failed"
    assert "stopped 3 times" in queued.failure
    assert not Student.objects.exists()


def test_an_undo_that_is_refused_leaves_the_roster_applied_with_the_reason(queued, admin):
    advance(queued.pk)
    ask_to_apply(queued, admin, approve=False)
    advance(queued.pk)
    Student.objects.filter(number="1001").update(family_name="By hand")
    ask_to_undo(refreshed(queued), admin)
    advance(queued.pk)
    assert refreshed(queued).state == "published"
    assert "changed in the portal" in queued.failure
    assert Student.objects.count() == 30


def test_a_sync_touches_no_role_or_staffing_that_a_person_gave(load, district):
    load(Package())
    section = SectionStaff.objects.get(user__sourced_id="t-1").section
    given = [
        make.member(make.user(), "psi_coach", school=section.school),
        make.member(make.user(), "principal", school=section.school),
        make.member(make.user(), "auditor", district=district),
        make.member(User.objects.get(sourced_id="t-1"), "teacher_leader", school=section.school),
    ]
    given.append(make.member(make.user(), "union_rep", organization=make.union()))
    staffed = make.staff(make.user(), section, "substitute")
    before = list(Membership.objects.filter(pk__in=[one.pk for one in given]).order_by("pk").values_list())
    package = Package().drop("enrollments.csv", userSourcedId="t-1").drop("roles.csv", userSourcedId="t-1")
    load(package.drop("users.csv", sourcedId="t-1"), approve=True)
    assert list(Membership.objects.filter(pk__in=[one.pk for one in given]).order_by("pk").values_list()) == before
    staffed.refresh_from_db()
    assert staffed.ends is None


def test_an_id_given_to_somebody_else_is_refused_and_the_one_who_had_it_stays(load):
    load(Package())
    before = list(Student.objects.order_by("pk").values_list())
    row = load(
        Package().change(
            "users.csv", {"sourcedId": "s-01"}, identifier="7777", givenName="Quite", familyName="Different"
        )
    )
    (one,) = [one for one in row.answer["issues"] if one["code"] == "RECYCLED_SOURCEDID"]
    assert (one["file"], one["column"], one["value"]) == ("users.csv", "sourcedId", "s-01")
    assert list(Student.objects.order_by("pk").values_list()) == before
    assert Student.objects.get(sourced_id="s-01").enrollments.get().ends.year == 2026


# --- the drop folder -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, settings, admin):
    settings.ROSTER_DROP_DIR = str(tmp_path)
    return tmp_path


def leave(folder, package, name="night.zip"):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(package if isinstance(package, bytes) else package.zip())
    os.utime(path, (time.time() - 600, time.time() - 600))
    return path


def test_what_lies_in_the_folder_is_applied_and_told_without_a_name(folder, admin):
    path = leave(folder, Package())
    assert sweep_folder() == 1
    row = RosterImport.objects.get()
    assert (row.state, row.source, Student.objects.count()) == ("published", "folder", 30)
    assert not path.exists()
    assert [one.name.endswith("night.zip") for one in (folder / "done").iterdir()] == [True]
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([admin.email], "Roster of the night: applied")
    assert "students: 30 new" in letter.body and f"/rosters/{row.pk}/" in letter.body
    assert not any(name in letter.body for name in Student.objects.values_list("family_name", flat=True))
    assert sweep_folder() == 0


def test_a_halt_waits_for_a_person_and_is_told(folder, load):
    load(Package())
    fewer = Package()
    for number in range(1, 11):
        fewer.without_student(f"s-{number:02d}")
    leave(folder, fewer)
    sweep_folder()
    assert RosterImport.objects.get(filename="night.zip").state == "needs_review"
    assert mail.outbox[0].subject == "Roster of the night: needs your yes"
    assert "10 of the 30 students" in mail.outbox[0].body


def test_what_is_refused_is_put_away_as_refused(folder):
    leave(folder, b"no zip")
    sweep_folder()
    assert mail.outbox[0].subject == "Roster of the night: refused"
    assert [one.name.endswith("night.zip") for one in (folder / "refused").iterdir()] == [True]


def test_a_folder_is_named_by_the_districts_code(folder, district):
    make.district("D2", "Second District")
    leave(folder, Package(), "nowhere.zip")
    leave(folder, Package(), f"{district.code}/night.zip")
    assert sweep_folder() == 2
    assert [row.district for row in RosterImport.objects.all()] == [district]
    assert any("more than one district" in letter.body for letter in mail.outbox)


def test_a_file_that_is_still_being_written_is_left_alone(folder):
    path = leave(folder, Package())
    os.utime(path, None)
    assert sweep_folder() == 0
    assert path.exists()


def test_a_file_whose_reader_was_killed_is_read_after_all(folder, monkeypatch):
    path = leave(folder, Package())
    path.rename(folder / ".night.zip.reading")
    assert sweep_folder() == 0
    later = time.time() + 7200
    monkeypatch.setattr(time, "time", lambda: later)
    assert sweep_folder() == 1
    assert Student.objects.count() == 30


def test_no_folder_is_no_work(settings, db):
    settings.ROSTER_DROP_DIR = ""
    assert sweep_folder() == 0
