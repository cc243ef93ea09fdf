"""A planned change of one row, and the lines of a plan: what is done to whom, or why not."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from django.apps import apps
from django.core.exceptions import ValidationError


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
    before = {name: _plain(getattr(row, name)) for name in after}
    return Change(row._meta.label_lower, row.pk, before, {name: _plain(value) for name, value in after.items()})


def added(model, **fields) -> Change:
    """The change that adds a row; keys of other rows are named with their column (`school_id`)."""
    return Change(model._meta.label_lower, None, {}, {name: _plain(value) for name, value in fields.items()})


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def digest_of(lines: list[Line]) -> str:
    """Stands for exactly this plan: what a person looked at is what is done."""
    return hashlib.sha256(json.dumps([asdict(line) for line in lines], sort_keys=True).encode()).hexdigest()


def do(change: Change) -> int:
    """Carry out one change; the key of its row. Raises BulkRefused where the row is not as it was planned."""
    if change.pk is None:
        row = change.model(**typed(change.model, change.after))
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
    rows = change.model.objects.filter(pk=change.pk, **typed(change.model, change.after))  # unscoped: what was added
    if not rows.delete()[0]:
        raise BulkRefused("A row that this added was changed since. Undo that first, or end it by hand.")


def _set(change: Change, was: dict, to: dict) -> None:
    rows = change.model.objects.filter(pk=change.pk, **typed(change.model, was))  # unscoped: what was planned
    if not rows.update(**typed(change.model, to)):
        raise BulkRefused("A row was changed by somebody else meanwhile. Nothing was done; look once more.")


def typed(model, fields: dict) -> dict:
    columns = {one.attname: one for one in model._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in fields.items()}


def day_words(day) -> str:
    """A day as it stands in a line: "Dec 4, 2025"; "open" for none."""
    return f"{day:%b} {day.day}, {day.year}" if day else "open"
