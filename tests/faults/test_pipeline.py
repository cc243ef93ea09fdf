"""Nothing is lost: workers killed at each stage, the broker emptied, the broker away."""

import os
import subprocess
import sys

import pytest

from assessments.models import Result, Upload
from tests.assessments.pipeline.conftest import tested  # noqa: F401  a fixture
from tests.faults.conftest import (
    REPO,
    answers,
    database_url,
    empty_broker,
    holds_exactly_one,
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
LONG = os.environ.get("POP_FAULTS") == "long"  # `make faults`; the suite runs a short form
STAGES = {"assessments_formsummary": "inside the publishing transaction"}
OTHER_STAGES = {
    "schools_student": "reading the roster",
    "assessments_uploadissue": "saving what was found",
    "assessments_result": "attaching the partition",
}


@pytest.mark.parametrize("table", [*STAGES, *(OTHER_STAGES if LONG else ())])
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
