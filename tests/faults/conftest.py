"""Real workers on the test database, started, killed and started again; locks of PostgreSQL hold them at a stage."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from assessments.models import GroupSummary, Result, ResultHistory, Upload, UploadEvent
from assessments.pipeline.bell import ADVANCE
from assessments.pipeline.uploads import Options, accept_upload
from assessments.tasks import sweep
from tests.assessments.sending import wide

REPO = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; machines are noisy, and a worker has a lot to import


def database_url() -> str:
    """The address of the database the tests use now."""
    d = connection.settings_dict
    return f"postgres://{d['USER']}:{d['PASSWORD']}@{d['HOST']}:{d['PORT']}/{d['NAME']}"


class Worker:
    """One worker process with one child, as the portal runs it."""

    def __init__(self, log: Path):
        environment = os.environ | {"DATABASE_URL": database_url(), "SWEEP_SECONDS": "3600"}
        environment.pop("DATABASE_OWNER_URL", None)
        command = [sys.executable, "-m", "celery", "-A", "pop_network", "worker", "-c", "1", "--loglevel", "WARNING"]
        self.log = log.open("ab")
        self.process = subprocess.Popen(
            command, cwd=REPO, env=environment, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def kill(self):
        """As the kernel would: the whole group at once, without a word."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.log.close()


@pytest.fixture
def worker(transactional_db, tmp_path):
    """Start a worker with `worker()`; every one still running at the end is killed."""
    empty_broker()
    started = []

    def start():
        started.append(Worker(tmp_path / "worker.log"))
        return started[-1]

    yield start
    for one in started:
        one.kill()
    empty_broker()
    print((tmp_path / "worker.log").read_text() if started else "no worker was started")


@pytest.fixture(scope="module")
def two_workers(django_db_setup, tmp_path_factory):
    """Two workers for all tests of a file that kill none: starting one takes longer than most of them."""
    empty_broker()
    log = tmp_path_factory.mktemp("workers") / "worker.log"
    started = [Worker(log), Worker(log)]
    yield
    for one in started:
        one.kill()
    empty_broker()


@pytest.fixture
def world(transactional_db):
    """The small world, in committed rows that other processes see."""
    from tests.worlds import small_world

    return small_world()


def empty_broker():
    import redis

    redis.Redis.from_url(settings.CELERY_BROKER_URL).flushdb()


@contextmanager
def locked(table: str):
    """Nobody else reads or writes `table` until the block ends: whoever needs it waits there."""
    with psycopg.connect(database_url()) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def wait_until(met, what: str):
    """Until `met()` is true. Fails with `what` after a minute."""
    limit = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < limit, f"waited {PATIENCE} s for {what}"
        time.sleep(0.05)


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


def nobody_holds(upload) -> bool:
    """Whether PostgreSQL has noticed that the killed worker's session is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [upload.pk])
        return cursor.fetchone()[0] == 0


def in_state(upload, *states) -> bool:
    upload.refresh_from_db()
    return upload.state in states


def swept(settings):
    """What the beat does once a minute, now: ring for what does not move."""
    settings.UPLOAD_STALE_SECONDS = 0
    return sweep()


def post(tested, text, **options) -> Upload:
    """A file as the page takes it in: kept, and the bell rung."""
    options = {"assessment": "QM5", "window": "2025-26/Q1", "publish": True} | options
    return accept_upload(
        district=tested.district, data=text.encode(), filename="results.csv", by=tested.admin,
        options=Options(**options),
    )  # fmt: skip


def deliver(upload):
    """Put the upload's task on the queue once more."""
    from celery import current_app

    current_app.send_task(ADVANCE, (upload.pk,))


def answers(tested, last="A"):
    return wide((tested.students[0], "A", "B", "C", last), (tested.students[1], "A", "A", "A", last))


def holds_exactly_one(upload):
    """The two students' results of this upload stand once, with one summary of their school."""
    assert Result.objects.filter(upload=upload).count() == 2 == Result.objects.count()
    assert not ResultHistory.objects.exists()
    assert GroupSummary.objects.get(school__code="100", grade="").tested == 2
    assert UploadEvent.objects.filter(upload=upload, act="published").count() == 1
