"""What is over its time is counted without being touched, destroyed for good, and certified; nothing else goes."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import GroupSummary, Result, ResultHistory, Upload, UploadChunk, UploadEvent, UploadIssue
from assessments.pipeline.acts import undo_upload
from assessments.pipeline.uploads import file_of
from schools.models import (
    AccessLog,
    DestructionCertificate,
    Enrollment,
    Notice,
    RetentionRule,
    RosterImport,
    SectionEnrollment,
    Student,
)
from schools.models.acts import BulkEdit, Merge
from schools.models.history import Change
from schools.retention.classes import data_classes
from schools.retention.destroying import broken_certificates, destroy
from schools.retention.planning import in_words, plan_of
from tests import make
from tests.assessments.pipeline.conftest import send, tested  # noqa: F401  a real file, the real pipeline
from tests.assessments.sending import wide

pytestmark = [pytest.mark.django_db]
LATER = date(2040, 1, 1)


def planned(district, name, today=LATER):
    (one,) = plan_of(district, today, name)
    return one


def held(district) -> dict[str, dict[str, int]]:
    """What would go of each class long after."""
    return {one.data_class.name: one.counts for one in plan_of(district, LATER)}


@pytest.mark.usefixtures("in_winter")
def test_today_nothing_is_over_its_time(world):
    assert all(one.rows == 0 for one in plan_of(world.district, date(2025, 12, 10)))
    assert destroy(world.district, date(2025, 12, 10), world.admin)
    assert not DestructionCertificate.objects.exists()


@pytest.mark.usefixtures("in_winter")
def test_students_who_left_lose_their_names_and_the_log_keeps_its_key(world):
    gone, stays = world.students[0], world.students[1]
    make.enroll(stays, world.ash, make.year(world.district, "2039-40", date(2039, 8, 25), date(2040, 6, 15)))
    AccessLog.objects.create(user=world.teacher, action="view", what="class list", student=gone, students=1)
    double = Student.objects.create(district=world.district, number="S9", family_name="Twice", merged_into=gone)
    Merge.objects.create(kept_student=gone, gone_student=double, moved={"name": "Twice"}, by=world.admin)
    before = planned(world.district, "students")
    assert before.counts == {
        "students": 3, "enrollments": 3, "students merged into them": 1, "places in classes": 3
    }  # fmt: skip
    assert (before.first, before.last) == (date(2025, 8, 25), date(2026, 6, 15))
    (done,) = destroy(world.district, LATER, world.admin, "students")
    gone.refresh_from_db()
    assert (gone.family_name, gone.given_name, gone.number) == ("", "", f"gone {gone.pk}")
    assert not Enrollment.objects.filter(student=gone).exists()
    assert not SectionEnrollment.objects.filter(student=gone).exists()
    assert not Change.objects.filter(student=gone.pk).exists()
    double.refresh_from_db()
    assert (double.family_name, double.number) == ("", f"gone {double.pk}")
    assert Merge.objects.get().moved == {}
    assert Change.objects.filter(student=stays.pk).exists()
    assert AccessLog.objects.filter(student=gone).count() == 1
    assert Student.objects.get(pk=stays.pk).family_name == stays.family_name
    assert Student.objects.get(pk=world.far_student.pk).family_name
    certificate = done.certificate
    assert certificate.counts == before.counts
    assert (certificate.first, certificate.last, certificate.by) == (before.first, before.last, world.admin)
    told = json.dumps([certificate.label, certificate.rule, certificate.counts])
    assert gone.number not in told
    assert planned(world.district, "students").rows == 0


def test_a_name_is_kept_while_a_result_stands(tested, send):  # noqa: F811
    upload = send(wide((tested.students[0], *"ABCD")), publish=True, approve=True)
    assert upload.state == "published"
    named = planned(tested.district, "students").counts["students"]
    destroy(tested.district, LATER, tested.admin, "students")
    assert Student.objects.get(pk=tested.students[0].pk).family_name
    destroy(tested.district, LATER, tested.admin, "results")
    assert planned(tested.district, "students").counts["students"] == 1
    assert named >= 1


def test_results_files_and_drafts_go_as_real_rows(tested, send):  # noqa: F811
    first, second = tested.students[:2]
    published = send(wide((first, *"ABCD"), (second, *"ABCA")), publish=True, approve=True)
    corrected = send(wide((first, *"ABCC")), publish=True, approve=True)
    draft = send(wide((first, *"ABCB"), ("99999", *"ABCD")))
    assert (published.state, corrected.state) == ("published", "published")
    assert draft.state in ("ready", "needs_review")
    counts = held(tested.district)
    assert counts["results"]["results"] == 2
    assert counts["results"]["earlier versions of results"] == 1
    assert (counts["files"]["files"], counts["drafts"]["files"]) == (2, 1)
    assert Result.objects.count() == 2  # counting took nothing away
    done = {one.planned.data_class.name: one for one in destroy(tested.district, LATER, tested.admin)}
    assert not Result.objects.exists()
    assert not ResultHistory.objects.exists()
    assert not GroupSummary.objects.exists()
    assert not UploadChunk.objects.exists()
    assert not UploadIssue.objects.exists()
    certified = {name: one.certificate.counts for name, one in done.items() if one.certificate}
    assert certified.pop("students")["students"] == 4  # no result keeps their names any more
    del counts["students"]
    assert certified == {
        name: {label: n for label, n in of.items() if n} for name, of in counts.items() if any(of.values())
    }
    for upload in Upload.objects.all():
        assert file_of(upload) == b""
        assert first.number not in json.dumps(upload.answer)
        assert first.family_name not in json.dumps(upload.answer)
    assert Upload.objects.get(pk=draft.pk).state == "cancelled"
    assert Upload.objects.get(pk=published.pk).answer["rows_read"] == 2


def test_an_upload_whose_results_were_destroyed_is_not_undone(tested, send, client, capsys):  # noqa: F811
    first = tested.students[0]
    old = send(wide((first, *"ABCD")), publish=True, approve=True)
    client.force_login(tested.admin)
    assert "/undo/" in client.get(f"/uploads/{old.pk}/").content.decode()
    destroy(tested.district, LATER, tested.admin, "results")
    after = send(wide((first, *"ABCA")), publish=True, approve=True)  # sent again since: that one can be undone
    rows = (Result, ResultHistory, Upload, UploadEvent, GroupSummary, Notice)
    before = [list(model.objects.order_by("pk").values()) for model in rows]
    words = "The results of this file were over their time and were destroyed on"
    answer = client.post(f"/uploads/{old.pk}/undo/", follow=True).content.decode()
    assert words in answer and "(certificate 1)" in answer
    with pytest.raises(SystemExit):
        call_command("undo_import", str(old.pk))
    assert words in "".join(capsys.readouterr())
    assert [list(model.objects.order_by("pk").values()) for model in rows] == before
    assert undo_upload(after, tested.admin).state == "undone"


@pytest.mark.usefixtures("in_winter")
def test_programs_rosters_reports_and_notices(world):
    Enrollment.objects.filter(student=world.students[0]).update(iep=True)
    old = {"district": world.district, "filename": "a.zip", "sha256": "0", "state": "published"}
    RosterImport.objects.create(content=b"names", **old)
    newest = RosterImport.objects.create(content=b"names", standing=b"whole", **old)
    BulkEdit.objects.create(act="end_role", lines=[{"before": "names"}], district=world.district, by=world.admin)
    make.notice(world.teacher)
    make.notice(world.far_principal)
    counts = held(world.district)
    assert counts["programs"] == {"enrollments with a program": 1}
    assert counts["rosters"]["roster packages"] == 1
    assert counts["notices"] == {"notices": 1}
    destroy(world.district, LATER, None)
    assert not Enrollment.objects.filter(iep=True).exists()
    assert not Change.objects.filter(kind="enrollment", after__iep=True).exists()
    assert sorted(bytes(row.content) for row in RosterImport.objects.filter(district=world.district)) == [b"", b"names"]
    assert RosterImport.objects.get(pk=newest.pk).standing
    assert BulkEdit.objects.get().lines == []
    assert [row.user for row in Notice.objects.all()] == [world.far_principal]


# --- rules and certificates ------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_winter")
def test_a_rule_of_the_district_counts_from_its_day_on(world):
    make.notice(world.teacher)
    today = date(2025, 12, 10) + timedelta(days=100)
    assert planned(world.district, "notices", today).rows == 0
    RetentionRule.objects.create(district=world.district, data_class="notices", days=99, changed_by=world.admin)
    assert planned(world.district, "notices", today).rows == 1
    RetentionRule.objects.update(days=100)
    assert planned(world.district, "notices", today).rows == 0
    assert planned(world.far, "notices", today).days == 365


@pytest.mark.usefixtures("in_winter")
def test_certificates_are_chained_and_a_change_is_found(world):
    for _ in range(3):
        make.notice(world.teacher)
        destroy(world.district, LATER, world.admin, "notices")
    numbers = list(DestructionCertificate.objects.order_by("number").values_list("number", flat=True))
    assert numbers == [1, 2, 3]
    assert broken_certificates(world.district) == []
    DestructionCertificate.objects.filter(number=2).update(counts={"notices": 7})
    assert broken_certificates(world.district) == [2]
    DestructionCertificate.objects.filter(number=2).delete()
    assert broken_certificates(world.district) == [3]


def test_a_class_that_leaves_rows_behind_is_rolled_back(world, monkeypatch):
    make.notice(world.teacher)
    monkeypatch.setitem(data_classes()["notices"].__dict__, "destroy", lambda *of: None)
    with pytest.raises(RuntimeError, match="still there"):
        destroy(world.district, LATER, world.admin, "notices")
    assert Notice.objects.exists()
    assert not DestructionCertificate.objects.exists()


def test_the_plan_asks_two_questions(world):
    with CaptureQueriesContext(connection) as asked:
        plan_of(world.district, LATER)
    assert len(asked) == 2


@pytest.mark.parametrize(("days", "words"), [(1, "1 day"), (90, "90 days"), (365, "1 year"), (2555, "7 years")])
def test_a_rule_in_words(days, words):
    assert in_words(days) == words


# --- the command -----------------------------------------------------------------------------------------


def answer(capsys, *flags) -> dict:
    call_command("retention", *flags, "--json")
    return json.loads(capsys.readouterr().out)


def test_the_command_says_what_would_go_and_only_then_takes_it(world, capsys, monkeypatch):
    from datetime import UTC, datetime

    from django.utils import timezone

    make.notice(world.teacher)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2040, 1, 1, 12, tzinfo=UTC))
    said = answer(capsys, "--district", "D1", "--class", "notices")
    assert said["classes"][0]["counts"] == {"notices": 1}
    assert Notice.objects.count() == 1
    call_command("retention", "--district", "D1")
    assert "Nothing was destroyed" in capsys.readouterr().out
    said = answer(capsys, "--district", "D1", "--class", "notices", "--apply", "--by", "admin@example.org")
    assert said["classes"][0]["certificate"] == 1
    assert not Notice.objects.exists()
    assert DestructionCertificate.objects.get().by == world.admin


def test_a_class_nobody_knows_is_refused(db, capsys):
    with pytest.raises(SystemExit) as left:
        call_command("retention", "--class", "everything", "--json")
    assert left.value.code == 2
    assert 'There is no class of data "everything"' in json.loads(capsys.readouterr().out)["message"]
