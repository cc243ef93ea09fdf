"""Celery's door: a task takes an id, calls one service, and is safe to run twice."""

from celery import shared_task

from assessments import notices
from assessments.pipeline import work
from assessments.pipeline.bell import ADVANCE
from assessments.releases import work as releases
from assessments.releases.acts import COMPUTE
from schools.bell import ring


@shared_task
def advance(upload_id: int) -> None:
    """Take an upload one step on. Where something stops the work it is tried again, three times in all."""
    try:
        work.advance(upload_id)
    except Exception:
        ring(ADVANCE, upload_id)
        raise


@shared_task
def sweep() -> int:
    """Ring for every upload that has stopped moving; how many there were."""
    stale = work.stale_uploads()
    for upload_id in stale:
        ring(ADVANCE, upload_id)
    return len(stale)


@shared_task
def compute_release(release_id: int) -> None:
    """Work a release out. Where something stops the work it is tried again, three times in all."""
    try:
        releases.compute(release_id)
    except Exception:
        ring(COMPUTE, release_id)
        raise


@shared_task
def sweep_releases() -> int:
    """Ring for every release that waits to be worked out and has stopped moving; how many there were."""
    stale = releases.stale_releases()
    for release_id in stale:
        ring(COMPUTE, release_id)
    return len(stale)


@shared_task
def tell_releases() -> int:
    """Tell of every release that has opened since; how many there were."""
    return notices.tell_open_releases()
