"""What people do with an upload: choose again, fix, publish, cancel, undo. Each is logged with its person."""

from dataclasses import asdict, fields, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments import store
from assessments.models import Result, ResultHistory, Upload, UploadEvent
from assessments.notices import tell_undone
from assessments.pipeline.bell import ADVANCE
from assessments.pipeline.growing import measure_growth
from assessments.pipeline.publishing import settle_version
from assessments.pipeline.rescoring import rescore_administration
from assessments.pipeline.summarizing import summarize
from assessments.pipeline.uploads import Options
from assessments.retention import destroyed_since
from schools.bell import ring
from schools.models import User

OPEN = (*Upload.WAITING, Upload.State.REJECTED, Upload.State.FAILED)
ASKED = "asked for approval"
# Whoever repairs a file looks at it again: the sender's "publish at once" was said of another reading of it.
AT_LEISURE = {"publish": False, "approve": False}
NOT_MAPPED = "The portal does not know this layout yet. Say what its columns are; then it is checked again."
FOLLOWS_THE_KEY = "A new scoring follows the key. Change the key back in Test set-up to undo it."


class ActRefused(Exception):
    """The act cannot be done now; the sentence says why and what to do instead."""


@transaction.atomic
def choose_again(upload: Upload, by: User | None, **changes) -> Upload:
    """Check the upload again with other options (assessment, window, format, complete_for ...).

    Raises ActRefused where it is already being published, or is done.
    """
    row = _locked(upload, OPEN)
    known = {field.name for field in fields(Options)}
    if unknown := set(changes) - known:
        raise TypeError(f"no such option: {', '.join(sorted(unknown))}")
    options = replace(Options.of(row), **AT_LEISURE | changes)
    return _requeue(row, by, options, "chose again", ", ".join(sorted(changes)))


@transaction.atomic
def decide(upload: Upload, by: User | None, decision: dict) -> Upload:
    """Add a person's fix for rows of this file; it is checked again with it.

    `decision` holds one or more of map_student {number: student id}, blank [[column, value]],
    keep_line {number: line}, skip_lines [line]. Raises ActRefused as `choose_again`.
    """
    row = _locked(upload, OPEN)
    options = Options.of(row)
    merged = dict(options.decisions)
    for name, value in decision.items():
        held = merged.get(name, {} if isinstance(value, dict) else [])
        if isinstance(value, dict):
            merged[name] = {**held, **value}
        else:
            merged[name] = list(dict.fromkeys(tuple(one) if isinstance(one, list) else one for one in [*held, *value]))
    return _requeue(row, by, replace(options, **AT_LEISURE, decisions=merged), "fixed", ", ".join(sorted(decision)))


@transaction.atomic
def publish_upload(
    upload: Upload, by: User | None, *, approve: bool = False, seen: str = "", tell_at: datetime | None = None
) -> Upload:
    """Ask for publishing. Raises ActRefused where the file is not ready, or is halted and nobody says yes.

    `seen` is the digest of what the person looked at: refused where the file was checked anew meanwhile. `tell_at` is
    when those concerned are told, None for at once.
    """
    row = _locked(upload, Upload.WAITING)
    if seen and seen != row.digest:
        raise ActRefused("This file was checked again since you looked. Nothing was published; please look once more.")
    if row.answer.get("unmapped"):
        raise ActRefused(NOT_MAPPED)
    if row.state == Upload.State.NEEDS_REVIEW:
        if not approve:
            raise ActRefused("This file needs approval first: " + " ".join(row.answer.get("halts", [])))
        UploadEvent.objects.create(upload=row, by=by, act="approved")
    options = Options.of(row)
    told = tell_at.isoformat() if tell_at else ""
    row.options = asdict(replace(options, approve=options.approve or approve, tell_at=told))
    row.state, row.attempts, row.moved_at = Upload.State.PUBLISHING, 0, timezone.now()
    row.save(update_fields=["state", "attempts", "moved_at", "options"])
    UploadEvent.objects.create(upload=row, by=by, act="publish")
    ring(ADVANCE, row.pk)
    return row


@transaction.atomic
def ask_approval(upload: Upload, by: User | None) -> Upload:
    """Say that a halted file waits for the district's yes; said once. Raises ActRefused where it does not wait."""
    row = _locked(upload, (Upload.State.NEEDS_REVIEW,))
    if row.answer.get("unmapped"):
        raise ActRefused(NOT_MAPPED)
    if not approval_asked(row):
        UploadEvent.objects.create(upload=row, by=by, act=ASKED)
    return row


def approval_asked(upload: Upload) -> bool:
    """Whether somebody asked for the district's yes since the file was last checked."""
    last = upload.events.filter(act__in=[ASKED, "checked"]).order_by("-pk").values_list("act", flat=True).first()
    return last == ASKED


@transaction.atomic
def cancel_upload(upload: Upload, by: User | None) -> Upload:
    """Put the upload away unpublished. Raises ActRefused where it is published or being published."""
    row = _locked(upload, (Upload.State.QUEUED, Upload.State.CHECKING, *OPEN))
    row.state, row.moved_at = Upload.State.CANCELLED, timezone.now()
    row.save(update_fields=["state", "moved_at"])
    UploadEvent.objects.create(upload=row, by=by, act="cancelled")
    return row


@transaction.atomic
def undo_upload(upload: Upload, by: User | None) -> Upload:
    """Put back what stood before this upload. Raises ActRefused, naming the upload that stands on it.

    New scorings that stand on it are taken back with it, and what is left is scored by the present key.
    """
    row = _locked(upload, (Upload.State.PUBLISHED,))
    if row.kind == Upload.Kind.RESCORE:
        raise ActRefused(FOLLOWS_THE_KEY)
    _refuse_destroyed(row)
    held = store.lock(_touched(row))
    scorings = _scorings_on(row)
    for one in [*scorings, row]:
        changed = sum(store.take_back(administration, one.pk) for administration in held.values())
        one.state, one.moved_at = Upload.State.UNDONE, timezone.now()
        one.save(update_fields=["state", "moved_at"])
        UploadEvent.objects.create(upload=one, by=by, act="undone", detail=f"{changed} rows changed")
    for administration in held.values():
        if scorings:
            rescore_administration(administration, by, f"after upload {row.pk} was undone")
        else:
            summarize(administration)
            measure_growth(administration)
            settle_version(administration)
    tell_undone(row)
    return row


def undo_obstacle(upload: Upload) -> str:
    """Why a published upload cannot be undone now, as a sentence; "" where it can."""
    if upload.kind == Upload.Kind.RESCORE:
        return FOLLOWS_THE_KEY
    try:
        _refuse_destroyed(upload)
        _scorings_on(upload)
    except ActRefused as refused:
        return str(refused)
    return ""


def _refuse_destroyed(upload: Upload) -> None:
    """Raises ActRefused where the upload's results are over their time and gone: nothing is left to be put back."""
    gone = destroyed_since(upload)
    if gone is not None:
        raise ActRefused(
            f"The results of this file were over their time and were destroyed on {gone.at:%b} {gone.at.day}, "
            f"{gone.at.year} (certificate {gone.number}). Nothing is left that an undo could put back."
        )


def _touched(upload: Upload) -> set[int]:
    """The administrations an upload changed."""
    touched = set(Result.objects.filter(upload=upload).values_list("administration_id", flat=True).distinct())
    replaced = ResultHistory.objects.filter(Q(replaced_by=upload) | Q(upload=upload))
    return touched | set(replaced.values_list("administration_id", flat=True))


def _scorings_on(upload: Upload) -> list[Upload]:
    """The new scorings that stand on an upload, the newest first. Raises ActRefused where a file stands on it."""
    found: list[Upload] = []
    waiting = [upload.pk]
    while waiting:
        later = store.later_upload(waiting[-1], besides=[one.pk for one in found])
        if later is None:
            waiting.pop()
            continue
        other = Upload.objects.get(pk=later)
        if other.kind != Upload.Kind.RESCORE:
            raise ActRefused(
                f"Upload {later} ({other.filename}, {other.at:%b} {other.at.day}) changed some of the same students "
                f"after this one. Undo upload {later} first."
            )
        found.append(other)
        waiting.append(later)
    return sorted(found, key=lambda one: one.pk, reverse=True)


def _locked(upload: Upload, states) -> Upload:
    """The upload's row, locked (history rows may still point at it). Raises ActRefused in any other state."""
    row = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    if row.state not in states:
        raise ActRefused(f"This upload is {row.get_state_display()}; that cannot be done with it now.")
    return row


def _requeue(row: Upload, by: User | None, options: Options, act: str, detail: str) -> Upload:
    row.options = asdict(options)
    row.state, row.attempts, row.moved_at, row.failure = Upload.State.QUEUED, 0, timezone.now(), ""
    row.save(update_fields=["options", "state", "attempts", "moved_at", "failure"])
    UploadEvent.objects.create(upload=row, by=by, act=act, detail=detail)
    ring(ADVANCE, row.pk)
    return row
