"""One row of the set-up at a time: made or changed whole, or a sentence with its place."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import models

from schools.models import District


class ConfigurationRefused(Exception):
    """The file cannot be applied; `problems` are sentences, each with its place. Nothing was changed."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(slots=True)
class Applied:
    """What a set-up file did."""

    district: District
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rescored: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def save_row(applied: Applied, place: str, model: type[models.Model], key: dict, values: dict):
    """Create or change the one row of `key`, whole and valid; (row or None, whether it changed). Counts it.

    A problem is added to `applied` with its place; then the row is None.
    """
    missing = [name for name, value in key.items() if value in (None, "") and name not in ("grade",)]
    if missing:
        applied.problems.append(f'{place}: "{missing[0]}" is missing.')
        return None, False
    row = model.objects.filter(**key).first()
    fresh = row is None
    row = row or model(**key)
    if not fresh and _says_the_same(row, values):
        applied.unchanged += 1
        return row, False
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as refusal:
        applied.problems += [f"{place}{_field(name)}: {sentence}" for name, sentence in _sentences(refusal)]
        return None, False
    row.save()
    applied.created += fresh
    applied.changed += not fresh
    return row, True


def _says_the_same(row: models.Model, values: dict) -> bool:
    """Whether the row holds these values already, whatever way the file writes them ("2", 2)."""
    try:
        return all(row._meta.get_field(name).to_python(value) == getattr(row, name) for name, value in values.items())
    except ValidationError:
        return False


def _sentences(refusal: ValidationError):
    found = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
    return [(name, sentence) for name, sentences in found.items() for sentence in sentences]


def _field(name: str) -> str:
    return "" if name in ("", "__all__") else f".{name}"


def number_of(applied: Applied, place: str, value) -> Decimal | None:
    try:
        return Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        applied.problems.append(f'{place}: "{value}" is not a number.')
        return None
