"""How a release is worked out: one worker at a time, the row is the truth, all of it in one transaction.

A worker takes a session lock on the release and commits the attempt before it works. A worker that is killed leaves a
row that still says "being worked out", which the sweep finds; the release before it stays open all the while.
"""

import time

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assessments.models import Release, ReleaseEvent
from assessments.releases.basis import earlier_release
from assessments.releases.correcting import Earlier, TooFewChanged, correct
from assessments.releases.cube import live_cube
from assessments.releases.figures import LiveCube
from assessments.releases.labels import labels_of
from assessments.releases.suppressing import Hidden, floors, hide
from assessments.releases.writing import digest_of, figures_digest, write
from schools.disclosure import Finding, audit
from schools.locks import Lock, alone_at
from schools.waiting_rows import take_stale

log = structlog.get_logger(__name__)

GAVE_UP = (
    "The portal stopped {attempts} times while it worked this release out. Nothing of it is open, and the earlier "
    "release stands. Resume it to try again, or ask the network's office to look at the log."
)
NO_RESULTS = (
    "No student of the network has a result of this test in this window any more, so there is nothing to release."
)
TOO_FEW = (
    "Fewer than {floor} students' results changed since release {number}. Its figures stand until more have changed; "
    "then resume this release."
)
WORKED_OUT = "Worked out: {shown} rows of figures are shown, {hidden} are not. {verdict}"
CLEAN = "The audit is clean."
NOT_CLEAN = "The audit found figures that could be worked out; this release cannot be opened."
MOST_FINDINGS = 20


def compute(release_id: int) -> None:
    """Work the release out, where it waits for that and nobody else is at it.

    Raises whatever stopped the work, after the attempt was counted; the caller lets the sweep try again.
    """
    with alone_at(Lock.RELEASE, release_id) as alone:
        if not alone:
            return
        release = Release.objects.select_related("network", "district", "window").get(pk=release_id)  # unscoped
        if release.state != Release.State.COMPUTING:
            return
        if release.attempts >= settings.UPLOAD_MAX_ATTEMPTS:
            _hold(release, GAVE_UP.format(attempts=release.attempts))
            return
        Release.objects.filter(pk=release_id).update(  # unscoped: no person asks
            attempts=F("attempts") + 1, moved_at=timezone.now()
        )
        _work_out(release)


def stale_releases() -> list[int]:
    """Releases that wait to be worked out and have not moved for a while; each is noted as moved now."""
    return take_stale(Release.objects.filter(state=Release.State.COMPUTING))  # unscoped: no person asks


def _work_out(release: Release) -> None:
    started = time.monotonic()
    what = (release.network, release.district, release.series, release.window)
    previous = earlier_release(*what)
    live = live_cube(*what, previous)
    if not len(live.prints):
        _hold(release, NO_RESULTS)
        return
    try:
        earlier = Earlier.of(previous, live) if previous else None
    except TooFewChanged:
        _hold(release, TOO_FEW.format(floor=floors().group, number=previous.number))
        return
    hidden = hide(live, earlier.before() if earlier else None)
    findings: list[Finding] = []
    if earlier:
        hidden, findings = correct(live, hidden, earlier)
    findings = [*audit(hidden.published).findings, *findings]
    _save(release, live, hidden, findings, time.monotonic() - started)


def _save(release: Release, live: LiveCube, hidden: Hidden, findings: list[Finding], seconds: float) -> None:
    """Write it all, or nothing where a person stopped or held the release meanwhile."""
    verdict = {
        "clean": not findings,
        "findings": _sentences(findings, live),
        "figures": figures_digest(hidden, live),
        "shown": sum(cell.tested is not None for cell in hidden.cells.values()),
        "hidden": sum(cell.tested is None for cell in hidden.cells.values()),
        "floor": floors().group,
        "subgroup_floor": floors().subgroup,
        "seconds": round(seconds, 2),
    }
    with transaction.atomic():
        row = Release.objects.select_for_update(of=("self",), no_key=True).get(pk=release.pk)  # unscoped
        if row.state != Release.State.COMPUTING:
            return
        write(row, live, hidden)
        row.audit, row.digest = verdict, digest_of(row, verdict["figures"])
        row.state, row.computed_at, row.moved_at, row.attempts = (
            Release.State.PREPARED,
            timezone.now(),
            timezone.now(),
            0,
        )
        row.save()
        said = WORKED_OUT.format(
            shown=verdict["shown"], hidden=verdict["hidden"], verdict=NOT_CLEAN if findings else CLEAN
        )
        ReleaseEvent.objects.create(release=row, words=said)
    log.info("release worked out", release=release.pk, clean=verdict["clean"], seconds=verdict["seconds"])


def _sentences(findings: list[Finding], live: LiveCube) -> list[str]:
    """The findings for those who turn keys: which figure and why, without the numbers a reader could reach."""
    named = labels_of(live)
    return sorted({f"{named.get(one.cell, one.cell)}: {one.what}." for one in findings})[:MOST_FINDINGS]


def _hold(release: Release, words: str) -> None:
    """Hold a release that the portal cannot work out, and say why."""
    with transaction.atomic():
        waiting = Release.objects.filter(pk=release.pk, state=Release.State.COMPUTING)  # unscoped: no person asks
        if waiting.update(state=Release.State.HELD, moved_at=timezone.now()):
            ReleaseEvent.objects.create(release=release, words=words)
    log.warning("release held", release=release.pk, why=words)
