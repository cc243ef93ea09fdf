"""How an upload gets on: one worker at a time, each step a fact in the database before and after it.

A worker takes a session lock on the upload and commits the attempt before it works, so that a killed worker leaves
a row that the sweep finds, a file that kills workers fails at its third attempt, and a task that is delivered twice
finds the lock held or the work done.
"""

import time

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assessments.models import Upload, UploadEvent, UploadIssue
from assessments.pipeline.answering import answer_of, issue_rows
from assessments.pipeline.checking import Checked, check
from assessments.pipeline.publishing import Moved, Withdrawn, publish
from assessments.pipeline.uploads import Options
from schools.history.signing import asked_by
from schools.locks import Lock, alone_at
from schools.waiting_rows import collector_waiting, take_stale, teller

log = structlog.get_logger(__name__)

STOPPED = (
    "The portal stopped {attempts} times while it worked on this file. Nothing of it was published. "
    "The file is kept; try it once more, or ask the network's office to look at the log."
)
LOOK_AGAIN = "The roster or other results changed since you looked. Nothing was published; please look once more."


def advance(upload_id: int) -> None:
    """Take the upload one step on, where it is waiting for the portal and nobody else is at it.

    Raises whatever stopped the work, after the attempt was counted; the caller lets the sweep try again.
    """
    with alone_at(Lock.UPLOAD, upload_id) as alone:
        if not alone:
            return
        upload = Upload.objects.select_related("district", "school", "by").get(pk=upload_id)
        if upload.state not in Upload.MOVING:
            return
        if upload.attempts >= settings.UPLOAD_MAX_ATTEMPTS:
            _fail(upload)
            return
        Upload.objects.filter(pk=upload_id).update(attempts=F("attempts") + 1, moved_at=timezone.now())
        with collector_waiting(), asked_by(_who_published(upload)):
            if upload.state == Upload.State.PUBLISHING:
                _publish_as_seen(upload)
            else:
                _check(upload)


def stale_uploads() -> list[int]:
    """Uploads that wait for the portal and have not moved for a while; each is noted as moved now."""
    return take_stale(Upload.objects.filter(state__in=Upload.MOVING))


def _check(upload: Upload) -> None:
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.CHECKING, rows_done=0, rows_known=None)
    started = time.monotonic()
    checked = check(upload, told=teller(Upload.objects.filter(pk=upload.pk)))
    options = Options.of(upload)
    at_once = options.publish and not checked.refused and (options.approve or not checked.halts)
    _save(upload, checked, started, state=Upload.State.PUBLISHING if at_once else Upload.State(checked.status))
    if at_once:
        _publish(upload, checked, started)


def _publish_as_seen(upload: Upload) -> None:
    """Publish what a person looked at; where it has changed since, it is theirs to look at again."""
    started = time.monotonic()
    checked = check(upload, told=teller(Upload.objects.filter(pk=upload.pk)))
    if checked.digest() != upload.digest:
        _save(upload, checked, started, state=Upload.State(checked.status), failure=LOOK_AGAIN)
        return
    _publish(upload, checked, started, seen=upload.digest)


def _publish(upload: Upload, checked: Checked, started: float, *, seen: str = "") -> None:
    """Publish; where results moved meanwhile, check again. `seen` is the digest of what a person looked at."""
    by = _who_published(upload)
    for _ in range(settings.UPLOAD_MAX_ATTEMPTS):
        try:
            publish(upload, checked, by)
        except Withdrawn:
            return
        except Moved:
            checked = check(upload)
            halted = bool(checked.halts) and not Options.of(upload).approve
            refused = checked.refused or (checked.digest() != seen if seen else halted)
            _save(
                upload,
                checked,
                started,
                state=Upload.State(checked.status) if refused else Upload.State.PUBLISHING,
                failure=LOOK_AGAIN if refused else "",
            )
            if refused:
                return
        else:
            seconds = round(time.monotonic() - started, 3)
            upload.refresh_from_db(fields=["answer"])
            upload.answer |= {"status": "published", "seconds": seconds}
            upload.save(update_fields=["answer"])
            log.info("upload published", upload=upload.pk, seconds=seconds, **checked.counts)
            return
    raise Moved


def _who_published(upload: Upload):
    asked = upload.events.filter(act="publish").order_by("-pk").select_related("by").first()
    return asked.by if asked else upload.by


def _save(upload: Upload, checked: Checked, started: float, *, state: Upload.State, failure: str = "") -> None:
    """What the check found, in one transaction; only a row that still waits for it is changed."""
    answer = answer_of(checked) | {"seconds": round(time.monotonic() - started, 3)}
    with transaction.atomic():
        waiting = Upload.objects.filter(pk=upload.pk, state__in=Upload.MOVING)
        if not waiting.update(
            state=state,
            answer=answer,
            digest=checked.digest(),
            failure=failure,
            rows_known=checked.counts["rows_read"],
            rows_done=checked.counts["rows_read"],
            moved_at=timezone.now(),
            attempts=F("attempts") if state == Upload.State.PUBLISHING else 0,
        ):
            return
        UploadIssue.objects.filter(upload=upload).delete()
        UploadIssue.objects.bulk_create(issue_rows(upload.pk, checked), batch_size=2000)
        UploadEvent.objects.create(upload=upload, act="checked", detail=checked.status)


def _fail(upload: Upload) -> None:
    """Give the file up, where it still waits for the portal: a person may have put it away meanwhile."""
    failure = STOPPED.format(attempts=upload.attempts)
    with transaction.atomic():
        waiting = Upload.objects.filter(pk=upload.pk, state__in=Upload.MOVING)
        if not waiting.update(state=Upload.State.FAILED, failure=failure, moved_at=timezone.now()):
            return
        UploadEvent.objects.create(upload=upload, act="failed", detail=f"after {upload.attempts} attempts")
    log.error("upload failed", upload=upload.pk, attempts=upload.attempts)
