"""A planned change of one row, and the lines of a plan: what is done to whom, or why not."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from django.apps import apps
from django.core.exceptions import ValidationError

from schools.kept_rows import as_typed, exchanged, kept


class BulkRefused(Exception):
    """The act, or its undoing, cannot be done; the sentence says why and what to do."""


@dataclass(frozen=True)
class Change:
    """One row of a table: new where `pk` is None, else with the fields of `after` instead of those of `before`."""

    table: str
    pk: int | None
    before: dict
    after: dict

    @property
    def model(self):
        return apps.get_model(self.table)


@dataclass(frozen=True)
class Line:
    """What an act does to one student or person (`pk`), in words; or why it does nothing there."""

    pk: int
    does: str = ""
    refused: str = ""
    changes: tuple[Change, ...] = field(default=())


def changed(row, **after) -> Change:
    """The change that gives an existing row other values."""
    before = {name: getattr(row, name) for name in after}
    return Change(row._meta.label_lower, row.pk, kept(before), kept(after))


def added(model, **fields) -> Change:
    """The change that adds a row; keys of other rows are named with their column (`school_id`)."""
    return Change(model._meta.label_lower, None, {}, kept(fields))


def digest_of(lines: list[Line]) -> str:
    """Stands for exactly this plan: what a person looked at is what is done."""
    return hashlib.sha256(json.dumps([asdict(line) for line in lines], sort_keys=True).encode()).hexdigest()


def do(change: Change) -> int:
    """Carry out one change; the key of its row. Raises BulkRefused where the row is not as it was planned."""
    if change.pk is None:
        row = change.model(**as_typed(change.model, change.after))
        try:
            row.full_clean()
        except ValidationError as error:
            raise BulkRefused(" ".join(error.messages)) from error
        row.save()
        return row.pk
    _set(change, change.before, change.after)
    return change.pk


def undo_one(change: Change) -> None:
    """Take one change back. Raises BulkRefused where the row is no longer as the act left it."""
    if change.before:
        _set(change, change.after, change.before)
        return
    rows = change.model.objects.filter(pk=change.pk, **as_typed(change.model, change.after))  # unscoped: what was added
    if not rows.delete()[0]:
        raise BulkRefused("A row that this added was changed since. Undo that first, or end it by hand.")


def _set(change: Change, was: dict, to: dict) -> None:
    if not exchanged(change.model, change.pk, was, to):
        raise BulkRefused("A row was changed by somebody else meanwhile. Nothing was done; look once more.")
