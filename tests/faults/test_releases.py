"""A release is whole or not there: workers killed in the job, two begun at once, two keys at once."""

import os
import threading

import pytest
from django.db import close_old_connections, connection

from assessments.models import Release, ReleasedCell
from assessments.queries.released import open_releases
from assessments.releases import work
from assessments.releases.acts import COMPUTE, ReleaseRefused, prepare, turn_first_key, turn_second_key
from assessments.tasks import sweep_releases
from schools.bell import ring
from tests.assessments.pipeline.conftest import tested  # noqa: F401  a fixture
from tests.assessments.town import Town
from tests.faults.conftest import empty_broker, locked, nobody_holds, somebody_waits_for_a_lock, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]
State = Release.State
SIZES = {"A": {"05": 20}, "B": {"05": 6}, "C": {"06": 20}, "D": {"05": 18}, "E": {"06": 15}}
LONG = os.environ.get("POP_FAULTS") == "long"  # `make faults`; the suite runs a short form
STAGES = {"assessments_withheldfigure": "inside the writing transaction"}
OTHER_STAGES = {
    "assessments_result": "reading the results",
    "assessments_releasedcell": "before the first cell",
    "assessments_releasebasis": "before its last row",
}


@pytest.fixture
def town(tested):  # noqa: F811
    town = Town(tested, SIZES)
    town.sit()
    return town


def begun(town) -> Release:
    w = town.world
    return prepare(w.network, w.district, "QM", w.fall, w.admin, wake_worker=False)


def in_state(release, state) -> bool:
    release.refresh_from_db()
    return release.state == state


@pytest.mark.parametrize("table", [*STAGES, *(OTHER_STAGES if LONG else ())])
def test_a_worker_killed_in_the_job_leaves_the_older_release_and_nothing_half(town, worker, settings, table):
    settings.UPLOAD_STALE_SECONDS = 0
    first = worker()
    older = town.released()
    town.sit(only=[*town.students["A", "05"], *town.students["C", "06"]])
    release = begun(town)
    with locked(table):
        ring(COMPUTE, release.pk)
        wait_until(somebody_waits_for_a_lock, f"the worker to reach {table}")
        first.kill()
    wait_until(lambda: nobody_holds(release), "the database to notice the dead worker")
    assert in_state(release, State.COMPUTING) and not ReleasedCell.objects.filter(release=release).exists()
    assert open_releases(town.world.network, town.world.rep) == [older]
    empty_broker()
    worker()
    assert sweep_releases() == 1
    wait_until(lambda: in_state(release, State.PREPARED), "the release to be worked out")
    assert release.cells.count() == older.cells.count()


def at_once(*jobs):
    """Run the jobs in threads of their own; what each returned or raised."""
    answers = []

    def run(job):
        try:
            answers.append(job())
        except ReleaseRefused as refused:
            answers.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    close_old_connections()
    return answers


def test_two_releases_begun_at_once_are_one(town):
    answers = at_once(*[lambda: begun(town)] * 4)
    made = [one for one in answers if isinstance(one, Release)]
    refusals = [str(one) for one in answers if isinstance(one, ReleaseRefused)]
    assert len(made) == 1 == Release.objects.count()
    assert len(refusals) == 3 and all("being prepared already" in one for one in refusals)


def test_a_key_pressed_twice_at_once_is_turned_once(town):
    release = town.prepared()
    w = town.world
    at_once(*[lambda: turn_first_key(release, w.admin, seen=release.digest)] * 3)
    release.refresh_from_db()
    assert release.state == State.AGREED
    at_once(*[lambda: turn_second_key(release, w.operator, seen=release.digest)] * 3)
    release.refresh_from_db()
    assert release.state == State.RELEASED
    assert release.events.filter(words__startswith="Turned").count() == 2


def test_a_task_delivered_twice_works_once(town):
    release = begun(town)
    at_once(*[lambda: work.compute(release.pk)] * 3)
    release.refresh_from_db()
    assert release.state == State.PREPARED and release.events.filter(words__startswith="Worked out").count() == 1
