"""Carrying a plan out, and taking it back: each in one transaction, all of it or nothing."""

from dataclasses import asdict, replace

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from schools.bulk.acts import ACTS
from schools.bulk.changes import BulkRefused, Change, Line, digest_of, do, undo_one
from schools.bulk.gift import may_change_all
from schools.models import BulkEdit, User

logger = structlog.get_logger("schools")


@transaction.atomic
def carry_out(*, act: str, asked: dict, lines: list[Line], seen: str, by: User) -> BulkEdit:
    """Do what the lines say. Raises BulkRefused where the plan is not the one that was `seen`, or a row has moved."""
    if digest_of(lines) != seen:
        raise BulkRefused("Something changed since you looked. Nothing was done; here is what would change now.")
    done = []
    try:
        for line in lines:
            if not line.refused:
                made = [replace(change, pk=do(change)) for change in line.changes]
                done.append({"row": line.pk, "does": line.does, "changes": [asdict(one) for one in made]})
    except IntegrityError as clash:
        raise BulkRefused("Two of these would hold the same place on the same days. Nothing was done.") from clash
    if not done:
        raise BulkRefused("There is nothing to do here.")
    row = BulkEdit.objects.create(
        act=act, asked=asked, lines=done, by=by, district_id=by.standing.only_admin_district_id
    )
    logger.info("bulk_edit", edit=row.pk, act=act, rows=len(done), by=by.pk)
    return row


@transaction.atomic
def undo(row: BulkEdit, by: User) -> None:
    """Put every row back as it was before.

    Raises BulkRefused where one is no longer as the act left it, or is not `by`'s to change today.
    """
    row = BulkEdit.objects.select_for_update().get(pk=row.pk)  # unscoped: the caller's own row
    if row.act in ACTS and ACTS[row.act].sends:
        raise BulkRefused(
            "Letters that have left cannot be taken back. A newer letter ends the link of the one before."
        )
    if row.undone_at is not None:
        raise BulkRefused("This is undone already.")
    changes = [Change(**change) for line in row.lines for change in line["changes"]]
    if not may_change_all(by, changes):
        raise BulkRefused("Some of these rows are not yours to change any more. Ask the district's office to undo it.")
    try:
        for change in reversed(changes):
            undo_one(change)
    except IntegrityError as clash:
        raise BulkRefused("Something entered since stands where a row of before would come back.") from clash
    row.undone_at, row.undone_by = timezone.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    logger.info("bulk_edit_undone", edit=row.pk, by=by.pk)
