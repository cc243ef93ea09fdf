"""From a file to results and summaries, and back."""

import pytest

from assessments.models import GroupSummary, Result, ResultHistory, Upload
from assessments.pipeline.acts import ActRefused, choose_again, publish_upload, undo_upload
from tests.assessments.sending import advanced, wide

pytestmark = pytest.mark.django_db


def everything():
    """All results, all history, comparable."""
    return list(Result.objects.order_by("administration", "student").values_list()), ResultHistory.objects.count()


def summaries():
    rows = GroupSummary.objects.order_by("administration", "school", "network", "grade")
    return [row[1:] for row in rows.values_list()]


def test_a_file_is_checked_then_published(tested, send):
    first, second = tested.students[:2]
    upload = send(wide((first, "A", "B", "C", "A"), (second, "A", "A", "A", "A")))
    assert upload.state == Upload.State.READY, upload.answer
    assert not Result.objects.exists()
    assert upload.answer["preview"]["new"] == 2
    advanced(publish_upload(upload, tested.admin))
    upload.refresh_from_db()
    assert upload.state == Upload.State.PUBLISHED
    result = Result.objects.get(student=first)
    assert (result.points, result.level, result.school, result.section) == (3, 3, tested.ash, tested.section)
    assert list(bytes(result.points_vector)) == [4, 4, 4, 0]
    assert list(bytes(result.choices_vector)) == [1, 2, 3, 1]
    school = GroupSummary.objects.get(school=tested.ash, grade="")
    assert (school.tested, school.points_mean, school.level_counts) == (2, 2.0, [1, 0, 1, 0])
    assert school.standard_earned == [3.0, 1.0] and school.standard_possible == [4.0, 4.0]
    assert GroupSummary.objects.get(network=tested.network, grade="").tested == 2
    acts = list(upload.events.values_list("act", flat=True))
    assert acts == ["accepted", "checked", "publish", "published"]


def test_the_same_file_again_counts_in_full_and_changes_nothing(tested, send):
    text = wide((tested.students[0], "A", "B", "C", "A"), (tested.students[1], "", "", "", ""))
    send(text, publish=True)
    before, sums = everything(), summaries()
    again = send(text, publish=True)
    assert again.state == Upload.State.PUBLISHED
    answer = again.answer
    assert (answer["rows_loaded"], answer["rows_not_tested"], answer["rows_unchanged"]) == (1, 1, 1)
    assert everything() == before and summaries() == sums


def test_a_correction_changes_its_rows_alone_and_undo_puts_them_back(tested, send):
    first, second = tested.students[:2]
    send(wide((first, "A", "B", "C", "A"), (second, "A", "A", "A", "A")), publish=True)
    before, sums = everything(), summaries()
    fix = send(wide((second, "A", "B", "C", "D")), publish=True)
    assert Result.objects.get(student=second).level == 4
    assert fix.answer["preview"] | {"changed_students": []} == {
        "new": 0, "changed": 1, "same": 0, "kept": 1, "set_aside": 0,
        "changed_students": [], "aside_students": [], "absent_students": [],
    }  # fmt: skip
    undo_upload(fix, tested.admin)
    assert everything() == before and summaries() == sums


def test_undo_is_refused_while_a_later_file_stands_on_it(tested, send):
    first = tested.students[0]
    one = send(wide((first, "A", "B", "C", "A")), publish=True)
    two = send(wide((first, "A", "B", "C", "D")), publish=True)
    with pytest.raises(ActRefused, match=f"Undo upload {two.pk} first"):
        undo_upload(one, tested.admin)
    undo_upload(two, tested.admin)
    undo_upload(one, tested.admin)
    assert everything() == ([], 0) and not GroupSummary.objects.exists()


def test_a_later_file_that_changed_nothing_does_not_stand_in_the_way_of_an_undo(tested, send):
    """Undo takes back what the upload changed. What a later file found so already was never its own to keep; sent
    once more it brings it back."""
    first, second = tested.students[:2]
    one = send(wide((first, "A", "B", "C", "A")), publish=True)
    same = send(wide((first, "A", "B", "C", "A")), publish=True)
    more = send(wide((first, "A", "B", "C", "A"), (second, "A", "A", "A", "A")), publish=True)
    assert (same.answer["rows_unchanged"], more.answer["rows_unchanged"]) == (1, 1)
    undo_upload(one, tested.admin)
    assert list(Result.objects.values_list("student", "upload")) == [(second.pk, more.pk)]
    before, sums = everything(), summaries()
    undo_upload(same, tested.admin)
    assert everything() == before and summaries() == sums
    again = send(wide((first, "A", "B", "C", "A")), publish=True)
    assert set(Result.objects.values_list("student", "upload")) == {(first.pk, again.pk), (second.pk, more.pk)}


def test_what_changed_since_a_person_looked_is_shown_again(tested, send):
    first = tested.students[0]
    waiting = send(wide((first, "A", "B", "C", "A")))
    send(wide((first, "A", "A", "A", "A")), publish=True)
    advanced(publish_upload(waiting, tested.admin))
    waiting.refresh_from_db()
    assert waiting.state == Upload.State.READY and "look once more" in waiting.failure
    assert Result.objects.get(student=first).points == 1
    advanced(publish_upload(waiting, tested.admin))
    assert Result.objects.get(student=first).points == 3


def test_a_complete_file_sets_aside_those_it_does_not_name(tested, send):
    first, second = tested.students[:2]
    send(wide((first, "A", "B", "C", "A"), (second, "A", "A", "A", "A")), publish=True)
    upload = send(wide((first, "A", "B", "C", "A")), complete_for=("100",))
    assert upload.state == Upload.State.NEEDS_REVIEW and "more than 5 %" in upload.answer["halts"][0]
    with pytest.raises(ActRefused, match="yes"):
        publish_upload(upload, tested.admin)
    advanced(publish_upload(upload, tested.admin, approve=True))
    assert list(Result.objects.values_list("student", flat=True)) == [first.pk]
    upload.refresh_from_db()
    undo_upload(upload, tested.admin)
    assert Result.objects.count() == 2


def test_an_unticked_absent_student_keeps_the_result(tested, send):
    first, second = tested.students[:2]
    send(wide((first, "A", "B", "C", "A"), (second, "A", "A", "A", "A")), publish=True)
    upload = send(wide((first, "A", "B", "C", "A")), complete_for=("100",))
    advanced(choose_again(upload, tested.admin, keep_absent=(second.pk,)))
    upload.refresh_from_db()
    advanced(publish_upload(upload, tested.admin, approve=True))
    assert Result.objects.count() == 2


def test_rows_with_errors_wait_and_the_others_are_published_with_a_yes(tested, send):
    upload = send(wide((tested.students[0], "A", "B", "C", "A"), ("NOBODY", "A", "A", "A", "A")))
    assert upload.state == Upload.State.NEEDS_REVIEW
    assert upload.answer["rows_rejected"] == 1
    assert upload.issues.filter(code="UNKNOWN_STUDENT", row=3).exists()
    advanced(publish_upload(upload, tested.admin, approve=True))
    assert Result.objects.count() == 1


def test_growth_follows_publishing_in_either_order(tested, send):
    from assessments.models import GrowthSummary

    students = tested.students[:3]
    later = [(s, "A", "B", third, "D") for s, third in zip(students, "ACC", strict=True)]
    send(wide(*later), window="2025-26/Q2", publish=True)
    assert not GrowthSummary.objects.exists()
    send(wide(*[(s, "A", last, "A", "A") for s, last in zip(students, "ABB", strict=True)]), publish=True)
    network = GrowthSummary.objects.get(network=tested.network, grade="")
    assert (network.matched, network.kind, network.first, network.last) == (
        3, "standing", tested.fall, tested.winter,
    )  # fmt: skip
