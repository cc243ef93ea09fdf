"""Who is told of a file: published, corrected, scored anew and taken back; and that nothing of a student is said."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessments.models import Administration
from assessments.pipeline.acts import undo_upload
from schools.models import Notice
from schools.notices import mail_notices
from tests.assessments.sending import wide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_winter")]


def told() -> set[tuple]:
    """(person, words, address) of every notice."""
    return {(n.user.family_name, n.words, n.url) for n in Notice.objects.select_related("user")}


def words_told() -> set[str]:
    return {words for _, words, _ in told()}


def test_the_class_s_teacher_and_the_school_s_leaders_are_told(tested, send):
    w = tested
    send(wide((w.students[0], "A", "B", "C", "A")), publish=True)
    words = "Results of Quarterly Math 5, Fall are published."
    assert told() == {
        ("Teacher", words, f"/results/sections/{w.section.pk}/?administration={Administration.objects.get().pk}"),
        ("Principal", words, f"/results/schools/{w.ash.pk}/?series=QM&window=2025-26/Q1"),
        ("Leader", words, f"/results/schools/{w.ash.pk}/?series=QM&window=2025-26/Q1"),
    }


def test_the_notice_leads_to_its_test_and_after_the_undo_to_the_page(tested, send, client):
    w = tested
    sent = send(wide((w.students[0], "A", "B", "C", "A")), publish=True)
    for person in (w.teacher, w.principal):
        client.force_login(person)
        page = client.get(Notice.objects.get(user=person).url)
        assert page.status_code == 200 and "Quarterly Math 5, Fall" in page.content.decode()
    undo_upload(sent, w.admin)
    assert {url for _, _, url in told()} == {f"/results/sections/{w.section.pk}/", f"/results/schools/{w.ash.pk}/"}


def test_no_mail_names_a_student_or_a_result(tested, send):
    w = tested
    send(wide((w.students[0], "A", "B", "C", "A")), publish=True)
    assert mail_notices() == 3
    for letter in mail.outbox:
        said = letter.subject + letter.body
        assert not any(word in said for one in w.students for word in (one.family_name, one.number))
        assert "%" not in said and "3 of 4" not in said


def test_a_file_that_waits_or_changes_nothing_tells_nobody(tested, send):
    row = wide((tested.students[0], "A", "B", "C", "A"))
    send(row)
    assert not told()
    send(row, publish=True)
    count = len(told())
    send(row, publish=True)
    assert len(told()) == count


def test_more_results_corrections_and_what_is_taken_back_are_told_apart(tested, send):
    w = tested
    send(wide((w.students[0], "A", "B", "C", "A")), publish=True)
    send(wide((w.students[1], "A", "B", "C", "A")), publish=True)
    assert "More results of Quarterly Math 5, Fall are published." in words_told()
    last = send(wide((w.students[1], "A", "B", "C", "D")), publish=True)
    assert "Results of Quarterly Math 5, Fall were corrected." in words_told()
    undo_upload(last, w.admin)
    gone = "The newest file of Quarterly Math 5, Fall was taken back. The pages show what stood before it."
    assert {who for who, words, _ in told() if words == gone} == {"Teacher", "Principal", "Leader"}


def test_told_later_and_taken_back_before_is_never_told(tested, send):
    at = timezone.now() + timedelta(hours=2)
    sent = send(wide((tested.students[0], "A", "B", "C", "A")), publish=True, tell_at=at.isoformat())
    assert {notice.at for notice in Notice.objects.all()} == {at}
    assert not Notice.objects.visible_to(tested.teacher)
    undo_upload(sent, tested.admin)
    assert not told()
