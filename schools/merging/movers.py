"""What goes over from one row to the other. Higher rooms add movers for tables of their own, when the portal starts."""

import json
from typing import Protocol

from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, models, transaction

from schools.merging.refusals import MergeRefused
from schools.merging.spans import left_of
from schools.models import DrawnPage, Enrollment, Membership, Merge, SectionEnrollment, SectionStaff, Student, User

# Dated rows that hold a place: of those of the row that goes only the days are kept that the other has not, and by
# which columns two of them are in the same place.
DATED: dict[type[models.Model], dict[type[models.Model], tuple[str, ...]]] = {
    Student: {Enrollment: (), SectionEnrollment: ("section_id",)},  # a student is in one school a day
    User: {
        SectionStaff: ("section_id",),
        Membership: ("role", "school_id", "district_id", "network_id", "organization_id"),
    },
}
NAMED = {Student: "student", User: "user"}  # the column of dated rows
ROOMS = ("schools", "assessments", "sessions_pd", "coaching", "community", "partnership")


class Mover(Protocol):
    """A room's own way to move what it has of a student or a person."""

    tables: frozenset[type[models.Model]]

    def why_not(self, kept, gone) -> list[str]:
        """Why these two cannot be one, each reason a sentence."""

    def move(self, kept, gone) -> dict:
        """Let what named `gone` name `kept`; what is needed to take it back, as JSON."""

    def move_back(self, kept, gone, moved: dict) -> None:
        """Take it back. Raises MergeRefused where something stands on it now."""


_movers: dict[str, Mover] = {}


def add_mover(name: str, mover: Mover) -> None:
    """Let `mover` move its tables at every merge; `name` marks what it moved."""
    _movers[name] = mover


def movers() -> dict[str, Mover]:
    return _movers


def plain_columns(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """The tables and columns that name a student or person and simply name the other after a merge.

    Logs stay as they are (`append_only`), and so do drawn pages, merges, dated rows and what a room moves itself.
    """
    logs_and_merges = {Merge}.union(*(mover.tables for mover in _movers.values()))
    found = []
    for room in ROOMS:
        for table in apps.get_app_config(room).get_models() if apps.is_installed(room) else ():
            if table in logs_and_merges or table is DrawnPage or getattr(table, "append_only", False):
                continue
            keys = (one for one in table._meta.concrete_fields if isinstance(one, models.ForeignKey))
            own = {"merged_into", NAMED[model] if table in DATED[model] else ""}
            found += [(table, one.name) for one in keys if one.related_model is model and one.name not in own]
    return found


def move_plain(kept, gone) -> tuple[list[list], list[dict]]:
    """Let every row that named `gone` name `kept`: [table, column, keys]. A row that `kept` has already is put away."""
    moved, away = [], []
    for table, column in plain_columns(type(kept)):
        keys, once = [], _is_once(table, column)
        for row in table.objects.filter(**{column: gone}):  # unscoped: all that names them, seen or not
            if once and _is_there_already(table, row, column, kept):
                away.append(packed(row))
                row.delete()
            else:
                keys.append(row.pk)
        table.objects.filter(pk__in=keys).update(**{column: kept})  # unscoped: the same rows
        if keys:
            moved.append([table._meta.label_lower, column, keys])
    return moved, away


def _is_once(table, column: str) -> bool:
    """Whether the table holds a student or person once for something."""
    once = (rule for rule in table._meta.constraints if isinstance(rule, models.UniqueConstraint))
    return any(column in rule.fields for rule in once)


def _is_there_already(table, row, column: str, kept) -> bool:
    try:
        with transaction.atomic():
            table.objects.filter(pk=row.pk).update(**{column: kept})  # unscoped: one row, tried
    except IntegrityError:
        return True
    return False


def move_dated(kept, gone) -> tuple[list[list], list[dict], list[list]]:
    """As `move_plain` for rows with days; and the rows that were made of what was left of some: [table, keys]."""
    column = NAMED[type(kept)]
    moved, away, made = [], [], []
    for table, place in DATED[type(kept)].items():
        keys, pieces = [], []
        own = list(table.objects.filter(**{column: kept}))  # unscoped: all that names them
        for row in table.objects.filter(**{column: gone}).order_by("starts", "pk"):  # unscoped: as above
            same = [(o.starts, o.ends) for o in own if all(getattr(o, name) == getattr(row, name) for name in place)]
            rest = left_of((row.starts, row.ends), same)
            if rest == [(row.starts, row.ends)]:
                keys.append(row.pk)
                own.append(row)
                continue
            away.append(packed(row))
            row.delete()
            pieces += [_piece(row, column, kept, span) for span in rest]
        table.objects.filter(pk__in=keys).update(**{column: kept})  # unscoped: the same rows
        table.objects.bulk_create(pieces)
        if keys:
            moved.append([table._meta.label_lower, column, keys])
        if pieces:
            made.append([table._meta.label_lower, [piece.pk for piece in pieces]])
    return moved, away, made


def _piece(row, column: str, kept, span):
    fields = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}
    return type(row)(**fields | {f"{column}_id": kept.pk, "starts": span[0], "ends": span[1]})


def packed(row) -> dict:
    """A row as JSON, with its key, to be put back as it was."""
    return json.loads(serializers.serialize("json", [row]))[0]


def put_back(rows: list[dict]) -> None:
    """Rows that were put away, as they were."""
    try:
        with transaction.atomic():
            for one in serializers.deserialize("json", json.dumps(rows)):
                one.save(force_insert=True)
    except IntegrityError as clash:
        raise MergeRefused(
            "Something entered since the merge stands where a row of before would come back (the same days, or the "
            "same place). End that first, then undo the merge."
        ) from clash


def move_back(kept, gone, moved: list[list]) -> None:
    """Let the rows that went over name `gone` again. Raises MergeRefused where one is no longer there, or not so."""
    for label, column, keys in moved:
        table = apps.get_model(label)
        rows = table.objects.filter(pk__in=keys, **{column: kept})  # unscoped: what the merge moved
        if rows.update(**{column: gone}) != len(keys):
            raise MergeRefused(
                f"Some of what went over ({table._meta.verbose_name_plural}) was changed or removed since. The merge "
                "cannot be undone without losing that."
            )


def take_away(made: list[list], kept) -> None:
    """Remove the rows that the merge made of what was left of others. Raises MergeRefused where one is gone."""
    for label, keys in made:
        table = apps.get_model(label)
        column = NAMED[type(kept)]
        removed, _ = table.objects.filter(pk__in=keys, **{column: kept}).delete()  # unscoped: what the merge made
        if removed != len(keys):
            raise MergeRefused("Some days that the merge put together were changed since. It cannot be undone now.")
