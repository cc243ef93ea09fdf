"""What the keys in a change are called, for one reader: two questions, however many changes there are."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.db.models import ForeignKey, Model
from psycopg import sql

from schools.history.kept import PLACES, Kept, kept
from schools.models import Change, Student

Names = dict[tuple[str, int], str]  # (kind, key) -> what it is called

KIND_OF = {"person": "user"}


def names_of(user, changes: Iterable[Change]) -> Names:
    """Names of all that the changes are about and that their values name; of a student only where `user` sees them."""
    wanted = defaultdict(set)
    for change in changes:
        for kind, key in keys_of(change):
            wanted[kind].add(key)
    return called(user, wanted)


def called(user, wanted: dict[str, set[int]]) -> Names:
    """What rows are called, given as keys by kind; students only where `user` sees them."""
    students = Student.objects.visible_to(user).filter(pk__in=wanted.get("student", ()))
    found = {("student", one.pk): one.name for one in students}
    return found | _labels(wanted)


def keys_of(change: Change) -> Iterable[tuple[str, int]]:
    """The (kind, key) of everything a change names."""
    for place in PLACES:
        if (key := getattr(change, f"{place}_id")) is not None:
            yield KIND_OF.get(place, place), key
    if change.page and change.thing is not None:
        yield kind_of_page(change.page), change.thing
    one = kept().get(change.kind)
    for values in (change.before, change.after) if one else ():
        for column, key in (values or {}).items():
            to = named_by(one, column)
            if to is not None and key is not None:
                yield to._meta.model_name, key


def kind_of_page(page: str) -> str:
    """The kind of the row whose page it is: "assessment" for "test"."""
    return next((one.kind for one in kept().values() if one.page == (page, "r.id")), "")


def named_by(one: Kept, column: str) -> type[Model] | None:
    """The model that a column of the kept table names, where it is a key of another row."""
    field = field_of(one, column)
    return field.related_model if isinstance(field, ForeignKey) else None


def field_of(one: Kept, column: str):
    """The field of a column; None for one that the model no longer has."""
    return next((field for field in one.model._meta.concrete_fields if field.column == column), None)


def _labels(wanted: dict[str, set[int]]) -> Names:
    """What rows of tables with a name of their own are called today."""
    parts, keys = [], []
    for kind, ids in wanted.items():
        one = kept().get(kind)
        if ids and one is not None and one.label != "''":
            part = "SELECT {kind}, r.id, ({label})::text FROM {table} r WHERE r.id = ANY(%s)"
            label = sql.SQL(one.label)
            parts.append(sql.SQL(part).format(kind=sql.Literal(kind), label=label, table=sql.Identifier(one.table)))
            keys.append(list(ids))
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts), keys)
        return {(kind, key): name for kind, key, name in cursor.fetchall()}
