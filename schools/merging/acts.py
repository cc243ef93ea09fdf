"""Merging and parting, each in one transaction."""

import structlog
from django.db import transaction
from django.utils import timezone

from schools.merging.movers import (
    move_back,
    move_dated,
    move_plain,
    movers,
    put_back,
    take_away,
)
from schools.merging.refusals import MergeRefused, why_not
from schools.models import Merge, Student, User

NAMES = ("given_name", "family_name")

logger = structlog.get_logger("schools")


@transaction.atomic
def merge(*, kept, gone, by: User, other_name: bool = False) -> Merge:
    """Make two students, or two people, one: everything of `gone` becomes `kept`'s.

    `other_name` gives the kept one the name of the other. A person who goes can sign in no more; how they signed in
    (password, passkeys, the district's account) does not go over. Raises MergeRefused with the reasons.
    """
    model = type(kept)
    rows = {row.pk: row for row in model.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")}
    kept, gone = rows[kept.pk], rows[gone.pk]
    if reasons := why_not(kept, gone):
        raise MergeRefused(" ".join(reasons))
    before = [_fields(kept), _fields(gone)]
    plain, away = move_plain(kept, gone)
    dated, more_away, made = move_dated(kept, gone)
    rooms = {name: mover.move(kept, gone) for name, mover in movers().items()}
    _settle(kept, gone, other_name)
    names = ("kept_student", "gone_student") if model is Student else ("kept_person", "gone_person")
    row = Merge.objects.create(
        **dict(zip(names, (kept, gone), strict=True)),
        district_id=kept.district_id if model is Student else by.standing.only_admin_district_id,
        by=by,
        moved={"before": before, "rows": plain + dated, "away": away + more_away, "made": made, "rooms": rooms},
    )
    logger.info("merged", merge=row.pk, kind=model._meta.model_name, by=by.pk)
    return row


def _fields(row) -> dict:
    names = [*NAMES, "sourced_id", *(["is_active"] if isinstance(row, User) else [])]
    return {name: getattr(row, name) for name in names}


def _settle(kept, gone, other_name: bool) -> None:
    """What becomes of the two rows: the one that goes is a pointer, and gives its OneRoster id to who has none."""
    sourced_id = gone.sourced_id
    gone.merged_into = kept
    if not kept.sourced_id and sourced_id:
        gone.sourced_id = ""
    if isinstance(gone, User):
        gone.is_active = False
    gone.save()
    if not kept.sourced_id:
        kept.sourced_id = sourced_id
    if other_name:
        kept.given_name, kept.family_name = gone.given_name, gone.family_name
    kept.save()


@transaction.atomic
def part(row: Merge, by: User) -> Merge:
    """Undo a merge: everything is as it was. What came after it stays with the one that was kept.

    Raises MergeRefused where something stands on it now.
    """
    row = Merge.objects.select_for_update().get(pk=row.pk)  # unscoped: the caller's own row
    if row.undone_at is not None:
        raise MergeRefused("This merge is undone already.")
    kept, gone = row.kept, row.gone
    if kept.merged_into_id:
        raise MergeRefused("The one that was kept has been merged itself since. Undo that merge first.")
    for name, mover in movers().items():
        mover.move_back(kept, gone, row.moved["rooms"].get(name, {}))
    take_away(row.moved["made"], kept)
    move_back(kept, gone, row.moved["rows"])
    put_back(row.moved["away"])
    _as_before(kept, gone, *row.moved["before"])
    row.undone_at, row.undone_by = timezone.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    logger.info("merge_undone", merge=row.pk, by=by.pk)
    return row


def _as_before(kept, gone, kept_fields: dict, gone_fields: dict) -> None:
    given = "sourced_id" if not kept_fields["sourced_id"] and gone_fields["sourced_id"] else ""
    if given and kept.sourced_id != gone_fields["sourced_id"]:
        raise MergeRefused("A roster has given the kept one another OneRoster id since. The merge stays.")
    if given:
        kept.sourced_id = ""
    taken = all(getattr(kept, name) == gone_fields[name] for name in NAMES)
    if taken:  # the name came from the other, and nobody has changed it since
        for name in NAMES:
            setattr(kept, name, kept_fields[name])
    kept.save()
    gone.merged_into = None
    for name, value in gone_fields.items():
        setattr(gone, name, value)
    gone.save()
