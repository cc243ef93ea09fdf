"""Nothing is lost and nothing counts twice: workers killed at each stage, the broker emptied, everything twice."""

import os
import subprocess
import sys
import threading

import pytest
from django.db import close_old_connections, connection

from assessments.models import GroupSummary, Result, ResultHistory, Upload, UploadEvent
from assessments.pipeline.acts import ActRefused, publish_upload, undo_upload
from tests.assessments.pipeline.conftest import tested, wide  # noqa: F401  a fixture
from tests.faults.conftest import (
    REPO,
    database_url,
    deliver,
    empty_broker,
    in_state,
    locked,
    nobody_holds,
    post,
    somebody_waits_for_a_lock,
    swept,
    wait_until,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]
PUBLISHED = Upload.State.PUBLISHED


@pytest.fixture
def world(transactional_db, request):
    """The small world, in committed rows that other processes see."""
    from tests.conftest import small_world

    return small_world()


def answers(tested, last="A"):  # noqa: F811
    return wide((tested.students[0], "A", "B", "C", last), (tested.students[1], "A", "A", "A", last))


def holds_exactly_one(upload):
    """The two students' results of this upload stand once, with one summary of their school."""
    assert Result.objects.filter(upload=upload).count() == 2 == Result.objects.count()
    assert not ResultHistory.objects.exists()
    assert GroupSummary.objects.get(school__code="100", grade="").tested == 2
    assert UploadEvent.objects.filter(upload=upload, act="published").count() == 1


LONG = os.environ.get("POP_FAULTS") == "long"  # `make faults`; the suite runs a short form
STAGES = {"schools_student": "reading the roster", "assessments_formsummary": "inside the publishing transaction"}
LATER_STAGES = {"assessments_uploadissue": "saving what was found", "assessments_result": "attaching the partition"}


@pytest.mark.parametrize("table", [*STAGES, *(LATER_STAGES if LONG else ())])
def test_a_worker_killed_at_any_stage_loses_and_doubles_nothing(tested, worker, settings, table):  # noqa: F811
    first = worker()
    with locked(table):
        upload = post(tested, answers(tested))
        wait_until(somebody_waits_for_a_lock, f"the worker to reach {table}")
        first.kill()
    wait_until(lambda: nobody_holds(upload), "the database to notice the dead worker")
    upload.refresh_from_db()
    assert upload.state in Upload.MOVING and not Result.objects.exists()
    worker()
    assert swept(settings) == 1
    wait_until(lambda: in_state(upload, PUBLISHED), "the upload to be published")
    holds_exactly_one(upload)


def test_an_emptied_broker_loses_no_upload(tested, worker, settings):  # noqa: F811
    uploads = [post(tested, answers(tested), window=f"2025-26/{code}") for code in ("Q1", "Q2")]
    empty_broker()
    worker()
    assert swept(settings) == 2
    for upload in uploads:
        wait_until(lambda upload=upload: in_state(upload, PUBLISHED), "both uploads to be published")
    assert Result.objects.count() == 4


def test_a_task_delivered_twice_works_once(tested, worker):  # noqa: F811
    worker(), worker()
    upload = post(tested, answers(tested))
    for _ in range(4):
        deliver(upload)
    wait_until(lambda: in_state(upload, PUBLISHED), "the upload to be published")
    deliver(upload)
    again = post(tested, answers(tested))
    wait_until(lambda: in_state(again, PUBLISHED), "the queue to be worked off")
    holds_exactly_one(upload)


def test_two_people_publishing_at_once_publish_once(tested, worker):  # noqa: F811
    worker()
    upload = post(tested, answers(tested), publish=False)
    wait_until(lambda: in_state(upload, Upload.State.READY), "the upload to be checked")
    heard = run_together(lambda: publish_upload(upload, tested.admin), lambda: publish_upload(upload, tested.admin))
    assert sorted(map(type, heard), key=str) == sorted([Upload, ActRefused], key=str)
    wait_until(lambda: in_state(upload, PUBLISHED), "the upload to be published")
    holds_exactly_one(upload)


def test_two_files_for_the_same_students_published_at_once_leave_one_on_the_other(tested, worker):  # noqa: F811
    worker(), worker()
    one, two = post(tested, answers(tested, "A")), post(tested, answers(tested, "D"))
    for upload in (one, two):
        wait_until(lambda upload=upload: in_state(upload, PUBLISHED), "both files to be published")
    written = set(Result.objects.values_list("upload", flat=True))
    assert len(written) == 1 and Result.objects.count() == 2
    replaced = ResultHistory.objects.values_list("upload", "replaced_by").distinct().get()
    assert {replaced[0], replaced[1]} == {one.pk, two.pk} and replaced[1] in written


def test_undo_during_a_publish_waits_and_is_refused(tested, worker):  # noqa: F811
    worker()
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


@pytest.mark.skipif(not LONG, reason="starts four workers: in `make faults`")
def test_a_file_that_stops_workers_fails_at_its_third_attempt(tested, worker, settings):  # noqa: F811
    upload = post(tested, answers(tested))
    for _ in range(settings.UPLOAD_MAX_ATTEMPTS):
        empty_broker()
        one = worker()
        with locked("schools_student"):
            swept(settings)
            wait_until(somebody_waits_for_a_lock, "the worker to be at it")
            one.kill()
        wait_until(lambda: nobody_holds(upload), "the database to notice the dead worker")
    worker()
    swept(settings)
    wait_until(lambda: in_state(upload, Upload.State.FAILED), "the upload to fail")
    assert "Nothing of it was published" in upload.failure and not Result.objects.exists()


def test_an_upload_is_taken_in_while_the_broker_is_down(tested):  # noqa: F811
    """In a process of its own, with a broker's address where nobody listens."""
    script = (
        "import django; django.setup()\n"
        "from assessments.pipeline.uploads import Options, accept_upload\n"
        "from schools.models import District\n"
        "upload = accept_upload(district=District.objects.get(code='D1'), data=b'a', filename='a.csv', by=None,\n"
        "    options=Options())\n"
        "print(upload.state)\n"
    )
    environment = os.environ | {"DATABASE_URL": database_url(), "REDIS_URL": "redis://127.0.0.1:1/0"}
    environment |= {"DJANGO_SETTINGS_MODULE": "pop_network.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=REPO, env=environment, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    assert "queued" in ran.stdout
    assert Upload.objects.get().state == Upload.State.QUEUED


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
