"""Fields of a row as an act keeps them for the way back, and a row given them where it still is as the act left it."""

from django.db.models import Model


def kept(fields: dict) -> dict:
    """The fields as they can be written down: days as 2026-06-15."""
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in fields.items()}


def as_typed(model: type[Model], fields: dict) -> dict:
    """The fields as the table has them, from what was written down; keys of other rows by column (`school_id`)."""
    columns = {one.attname: one for one in model._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in fields.items()}


def exchanged(model: type[Model], pk: int, was: dict, to: dict) -> bool:
    """Give the row the fields `to`, where it still has those of `was`; whether it had."""
    row = model.objects.filter(pk=pk, **as_typed(model, was))  # unscoped: a row of an act whose right was checked
    return bool(row.update(**as_typed(model, to)))
