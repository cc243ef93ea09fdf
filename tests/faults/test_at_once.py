"""Nothing counts twice: a task delivered twice, two people at one file, two files at one test, undo during publish."""

import threading

import pytest
from django.db import close_old_connections, connection

from assessments.models import Result, ResultHistory, Upload
from assessments.pipeline.acts import ActRefused, publish_upload, undo_upload
from tests.assessments.pipeline.conftest import tested  # noqa: F401  a fixture
from tests.faults.conftest import (
    answers,
    deliver,
    holds_exactly_one,
    in_state,
    locked,
    post,
    somebody_waits_for_a_lock,
    wait_until,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers, pytest.mark.usefixtures("two_workers")]
PUBLISHED = Upload.State.PUBLISHED


def test_a_task_delivered_twice_works_once(tested):  # noqa: F811
    upload = post(tested, answers(tested))
    for _ in range(4):
        deliver(upload)
    wait_until(lambda: in_state(upload, PUBLISHED), "the upload to be published")
    deliver(upload)
    again = post(tested, answers(tested))
    wait_until(lambda: in_state(again, PUBLISHED), "the queue to be worked off")
    holds_exactly_one(upload)


def test_two_people_publishing_at_once_publish_once(tested):  # noqa: F811
    upload = post(tested, answers(tested), publish=False)
    wait_until(lambda: in_state(upload, Upload.State.READY), "the upload to be checked")
    heard = run_together(lambda: publish_upload(upload, tested.admin), lambda: publish_upload(upload, tested.admin))
    assert sorted(map(type, heard), key=str) == sorted([Upload, ActRefused], key=str)
    wait_until(lambda: in_state(upload, PUBLISHED), "the upload to be published")
    holds_exactly_one(upload)


def test_two_files_for_the_same_students_published_at_once_leave_one_on_the_other(tested):  # noqa: F811
    one, two = post(tested, answers(tested, "A")), post(tested, answers(tested, "D"))
    for upload in (one, two):
        wait_until(lambda upload=upload: in_state(upload, PUBLISHED), "both files to be published")
    written = set(Result.objects.values_list("upload", flat=True))
    assert len(written) == 1 and Result.objects.count() == 2
    replaced = ResultHistory.objects.values_list("upload", "replaced_by").distinct().get()
    assert {replaced[0], replaced[1]} == {one.pk, two.pk} and replaced[1] in written


def test_undo_during_a_publish_waits_and_is_refused(tested):  # noqa: F811
    one = post(tested, answers(tested, "A"))
    wait_until(lambda: in_state(one, PUBLISHED), "the first file to be published")
    heard = []
    with locked("assessments_formsummary"):
        two = post(tested, answers(tested, "D"))
        wait_until(somebody_waits_for_a_lock, "the worker to be inside the publishing transaction")
        undoing = threading.Thread(target=lambda: heard.append(outcome(lambda: undo_upload(one, tested.admin))))
        undoing.start()
        wait_until(lambda: waiting_sessions() == 2, "the undo to wait for the publish")
    undoing.join(60)
    wait_until(lambda: in_state(two, PUBLISHED), "the second file to be published")
    assert isinstance(heard[0], ActRefused) and f"Undo upload {two.pk} first" in str(heard[0])
    assert set(Result.objects.values_list("upload", flat=True)) == {two.pk}


def run_together(*acts) -> list:
    """What each act returned or raised, all begun at once."""
    heard, gate = [], threading.Barrier(len(acts))

    def run(act):
        gate.wait()
        heard.append(outcome(act))

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return heard


def outcome(act):
    """What an act on a connection of its own returned or raised."""
    try:
        return act()
    except ActRefused as refusal:
        return refusal
    finally:
        connection.close()
        close_old_connections()


def waiting_sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]
