"""What is published is what a person saw: nothing else, and nothing that was put away."""

from datetime import date

import pytest

from assessments.models import GrowthSummary, Result, Upload
from assessments.pipeline import work
from assessments.pipeline.acts import cancel_upload, choose_again, decide, publish_upload
from assessments.pipeline.publishing import publish
from tests import make
from tests.assessments.sending import advanced, wide

pytestmark = pytest.mark.django_db


def looked_again(upload):
    upload.refresh_from_db()
    return upload.state in Upload.WAITING and "look once more" in upload.failure


@pytest.fixture
def before_the_lock(monkeypatch):
    """Something happens once, between the last check and the lock of the publishing."""

    def once(act):
        def late(upload, checked, by):
            monkeypatch.setattr(work, "publish", publish)
            act()
            return publish(upload, checked, by)

        monkeypatch.setattr(work, "publish", late)

    return once


def test_other_points_for_the_same_level_are_looked_at_again(tested, send):
    """Without cut scores no level tells that the key was changed since."""
    tested.math.cut_scores.all().delete()
    waiting = send(wide((tested.students[0], "A", "B", "C", "A")))
    tested.math.items.filter(position=1).update(key="B")
    advanced(publish_upload(waiting, tested.admin))
    assert looked_again(waiting) and not Result.objects.exists()


def test_a_grade_corrected_since_is_looked_at_again(tested, send):
    tested.math.cut_scores.all().delete()
    waiting = send(wide((tested.students[0], "A", "B", "C", "A")))
    tested.students[0].enrollments.update(grade="04")
    advanced(publish_upload(waiting, tested.admin))
    assert looked_again(waiting) and not Result.objects.exists()


def test_a_halt_that_nobody_saw_stops_the_publishing(tested, send):
    ash = tested.students[:3]
    waiting = send(wide(*[(one, "A", "B", "C", "A") for one in ash]), complete_for=("100",))
    assert waiting.state == Upload.State.READY
    newcomer = make.student(tested.district)
    make.enroll(newcomer, tested.ash, tested.year)
    advanced(publish_upload(waiting, tested.admin))
    assert looked_again(waiting) and waiting.state == Upload.State.NEEDS_REVIEW
    assert not Result.objects.exists()


def test_a_file_published_between_check_and_lock_is_shown_first(tested, send, before_the_lock):
    """The results move after the digest was found right: the person looks again all the same."""
    first = tested.students[0]
    send(wide((first, "A", "B", "C", "D")), publish=True)
    waiting = send(wide((first, "A", "B", "C", "A")))
    before_the_lock(lambda: send(wide((first, "A", "B", "C", "A")), publish=True))
    advanced(publish_upload(waiting, tested.admin))
    assert looked_again(waiting)


def higher_bar(tested):
    tested.math.cut_scores.filter(level=3).update(minimum=3.5)  # three points were level 3, and are level 2


def other_first_day(tested):
    make.cuts(tested.math, minimums=(0, 2, 3.5, 4), valid_from=date(2025, 9, 1))  # Fall begins later
    tested.fall.opens = date(2025, 9, 16)
    tested.fall.save()


def test_cut_scores_changed_since_a_person_looked_are_looked_at_again(tested, send):
    waiting = send(wide((tested.students[0], "A", "B", "C", "A")))
    higher_bar(tested)
    advanced(publish_upload(waiting, tested.admin))
    assert looked_again(waiting) and not Result.objects.exists()
    advanced(publish_upload(waiting, tested.admin))
    assert Result.objects.get().level == 2


@pytest.mark.parametrize("act", [higher_bar, other_first_day])
def test_cut_scores_changed_between_check_and_lock_are_shown_first(tested, send, before_the_lock, act):
    waiting = send(wide((tested.students[0], "A", "B", "C", "A")))
    before_the_lock(lambda: act(tested))
    advanced(publish_upload(waiting, tested.admin))
    assert looked_again(waiting) and not Result.objects.exists()


def test_a_file_published_at_once_has_the_levels_of_the_cut_scores_at_its_lock(tested, send, before_the_lock):
    before_the_lock(lambda: higher_bar(tested))
    upload = send(wide((tested.students[0], "A", "B", "C", "A")), publish=True)
    assert upload.state == Upload.State.PUBLISHED and Result.objects.get().level == 2


def test_a_file_put_away_before_it_was_given_up_did_not_fail(tested, send, monkeypatch, settings):
    settings.UPLOAD_MAX_ATTEMPTS = 0
    give_up = work._fail

    def late(upload):
        cancel_upload(upload, tested.admin)
        give_up(upload)

    monkeypatch.setattr(work, "_fail", late)
    upload = send(wide((tested.students[0], "A", "B", "C", "A")))
    assert (upload.state, upload.failure) == (Upload.State.CANCELLED, "")
    assert list(upload.events.values_list("act", flat=True)) == ["accepted", "cancelled"]


def test_a_file_put_away_while_it_was_checked_is_not_published(tested, send, monkeypatch):
    check = work.check

    def slow(upload, **told):
        checked = check(upload, **told)
        cancel_upload(upload, tested.admin)
        return checked

    monkeypatch.setattr(work, "check", slow)
    upload = send(wide((tested.students[0], "A", "B", "C", "A")), publish=True)
    assert upload.state == Upload.State.CANCELLED
    assert not Result.objects.exists()


def test_a_fix_is_looked_at_before_it_is_published(tested, send):
    """The sender asked for publishing at once; the one who repairs it did not."""
    upload = send(wide((tested.students[0], "A", "B", "C", "A"), ("NOBODY", "A", "A", "A", "A")), publish=True)
    assert upload.state == Upload.State.NEEDS_REVIEW
    decide(upload, tested.admin, {"map_student": {"NOBODY": tested.students[1].pk}})
    assert advanced(upload).state == Upload.State.READY and not Result.objects.exists()
    choose_again(upload, tested.admin, publish=True)
    assert advanced(upload).state == Upload.State.PUBLISHED


def test_a_complete_file_sets_aside_nobody_whose_row_is_an_error(tested, send):
    """The file names the student; what it says cannot be read. That is not being absent."""
    first, second, third = tested.students[:3]
    before = wide(*[(one, "A", "B", "C", "A") for one in (first, second, third)])
    send(before, publish=True)
    fresh = wide((first, "A", "B", "C", "D"), (second, "A", "B", "C", "9"))
    upload = send(fresh, complete_for=("100",))
    assert upload.answer["rows_rejected"] == 1
    assert upload.answer["preview"]["aside_students"] == [third.pk]
    advanced(publish_upload(upload, tested.admin, approve=True))
    assert set(Result.objects.values_list("student", "points")) == {(first.pk, 4.0), (second.pk, 3.0)}


def test_a_school_of_two_networks_counts_in_the_growth_of_both(tested, send):
    south = make.network("south", "Southside Network")
    tested.ash.networks.create(network=south, starts=tested.year.starts)
    students = tested.students[:3]
    send(wide(*[(s, "A", last, "A", "A") for s, last in zip(students, "ABB", strict=True)]), publish=True)
    send(
        wide(*[(s, "A", "B", third, "D") for s, third in zip(students, "ACC", strict=True)]),
        window="2025-26/Q2", publish=True,
    )  # fmt: skip
    matched = GrowthSummary.objects.filter(network__isnull=False, grade="").values_list("network", "matched")
    assert set(matched) == {(tested.network.pk, 3), (south.pk, 3)}
    assert GrowthSummary.objects.filter(school=tested.ash, grade="").count() == 1
