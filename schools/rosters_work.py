"""How a roster that came by the page or the drop folder gets on: one worker at a time, each step a fact in its row.

A worker takes a session lock on the row and commits the attempt before it works. So a killed worker leaves a row that
the sweep finds, a package that kills workers is given up at its third attempt, and a task that is delivered twice
finds the lock held or the work done.
"""

import hashlib

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from schools.bell import ring
from schools.locks import Lock, alone_at
from schools.models import District, Network, RosterImport, User
from schools.oneroster.sealing import sealed
from schools.oneroster.strict import PackageRefused
from schools.rosters import DistrictUnclear, NotWaiting, load_roster, work_out
from schools.rosters_undo import NotUndone, refuse, undo_roster
from schools.waiting_rows import take_stale, teller

ADVANCE = "schools.tasks.advance_roster"
State, Source = RosterImport.State, RosterImport.Source
log = structlog.get_logger(__name__)

STOPPED = (
    "The portal stopped {attempts} times while it worked on this roster. Nothing was changed. Send it once more, or "
    "ask the network's office to look at the log."
)


# --- what a person asks for ------------------------------------------------------------------------------


def accept_roster(
    *,
    data: bytes,
    filename: str,
    district: District,
    network: Network | None = None,
    by: User | None = None,
    source: str = Source.PAGE,
) -> RosterImport:
    """Keep a package, without its passwords, to be read by a worker: queued, and never lost from here on.

    What is no package at all is refused at once.
    """
    try:
        content = sealed(data)
    except PackageRefused:
        return load_roster(
            data=data, filename=filename, district=district, network=network, by=by, dry_run=True, source=source
        )
    with transaction.atomic():
        row = RosterImport.objects.create(
            district=district,
            network=network,
            source=source,
            filename=filename[:255],
            sha256=hashlib.sha256(data).hexdigest(),
            content=content,
            state=State.QUEUED,
            by=by,
        )
        ring(ADVANCE, row.pk)
    return row


def ask_to_apply(roster_import: RosterImport, by: User, approve: bool) -> None:
    """A person's yes to a roster that was checked; a worker applies it. Raises NotWaiting."""
    with transaction.atomic():
        row = RosterImport.objects.select_for_update().get(pk=roster_import.pk)  # unscoped: the caller's own row
        if row.state not in (State.READY, State.NEEDS_REVIEW):
            raise NotWaiting(f"This roster is {row.get_state_display()} already.")
        if row.state == State.NEEDS_REVIEW and not approve:
            raise NotWaiting("This roster needs your yes to what stands above. Nothing was changed.")
        _move(row, State.APPLYING, approve=approve, by=by)


def ask_to_undo(roster_import: RosterImport, by: User) -> None:
    """Take an applied roster back; a worker does it. Raises NotUndone where that is clear at once."""
    with transaction.atomic():
        row = RosterImport.objects.select_for_update().get(pk=roster_import.pk)  # unscoped: the caller's own row
        if row.state != State.UNDOING:
            refuse(row)
            _move(row, State.UNDOING, undone_by=by)


def _move(row: RosterImport, state: str, **fields) -> None:
    """Put the row where a worker takes it on."""
    for name, value in {"state": state, "attempts": 0, "failure": "", "moved_at": timezone.now(), **fields}.items():
        setattr(row, name, value)
    row.save()
    ring(ADVANCE, row.pk)


# --- what a worker does ----------------------------------------------------------------------------------


def advance(pk: int) -> None:
    """Take the roster one step on, where it waits for the portal and nobody else is at it.

    Raises whatever stopped the work, after the attempt was counted; the caller lets the sweep try again.
    """
    with alone_at(Lock.ROSTER_WORK, pk) as alone:
        if not alone:
            return
        row = RosterImport.objects.select_related("district", "network", "by", "undone_by").filter(pk=pk).first()
        if row is None or not row.moving:
            return
        if row.attempts >= settings.UPLOAD_MAX_ATTEMPTS:
            _give_up(row)
            return
        mine = RosterImport.objects.filter(pk=pk)  # unscoped: a worker's
        mine.update(attempts=F("attempts") + 1, moved_at=timezone.now())
        if row.state == State.UNDOING:
            _undo(row)
            return
        if row.state == State.QUEUED:
            mine.update(state=State.CHECKING, rows_done=0, rows_known=None)
        write = row.state == State.APPLYING or row.source == Source.FOLDER
        try:
            work_out(row, bytes(row.content), write=write, approve=row.approve, told=teller(mine), settle=True)
        except DistrictUnclear as unclear:
            mine.update(state=State.FAILED, failure=str(unclear), moved_at=timezone.now())


def stale_rosters() -> list[int]:
    """Rosters that wait for the portal and have not moved for a while; each is noted as moved now."""
    return take_stale(RosterImport.objects.filter(state__in=RosterImport.MOVING))  # unscoped: the sweep's


def _undo(row: RosterImport) -> None:
    try:
        undo_roster(row, row.undone_by)
    except NotUndone as refused:
        RosterImport.objects.filter(pk=row.pk).update(  # unscoped: a worker's
            state=State.APPLIED, failure=str(refused), undone_by=None, attempts=0, moved_at=timezone.now()
        )


def _give_up(row: RosterImport) -> None:
    """Nothing half done stands: every step is one transaction. An undo that keeps failing leaves it applied."""
    back = State.APPLIED if row.state == State.UNDOING else State.FAILED
    RosterImport.objects.filter(pk=row.pk, state=row.state).update(  # unscoped: a worker's
        state=back, failure=STOPPED.format(attempts=row.attempts), moved_at=timezone.now()
    )
    log.error("roster given up", roster_import=row.pk, attempts=row.attempts)
