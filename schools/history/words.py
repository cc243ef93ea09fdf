"""A change in words: what it is of, and each value as it was and as it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BooleanField, DateField, DateTimeField, Field

from schools.dates import day_words, moment_words
from schools.history.kept import PLACES, Kept, kept
from schools.history.names import KIND_OF, Names, field_of, kind_of_page, named_by, names_of
from schools.models import Change
from schools.wording import how_many

LONGEST = 160
NOTHING = "nothing"
CLOSED = "not open to you yet"
GONE = "no longer there"
SEVERAL = {"person": "people", "enrollment": "enrollments", "class": "classes", "school of the network": "schools of "
           "the network", "seat in a class": "seats in classes", "class staff": "class staff",
           "other name of a school": "other names of schools", "school of the agreement": "schools of agreements",
           "standard of a question": "standards of questions", "test in a window": "tests in windows",
           "file of results": "files of results", "meaning of columns": "meanings of columns",
           "columns of programs": "columns of programs", "rule of retention": "rules of retention"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One column of a change."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One change: what was done ("added", "changed", "removed"), to what, and what of it."""

    pk: int
    did: str
    what: str
    values: tuple[Value, ...]

    @property
    def told(self) -> list[str]:
        """Each value in words: "minimum: 60 → 65", or "minimum: 65" of a row that was added or removed."""
        arrow = " → " if self.did == "changed" else ""
        return [f"{one.label}: {one.before}{arrow}{one.after}" for one in self.values]


def lines_of(user, changes: Iterable[Change]) -> dict[int, Line]:
    """The changes in words, by key, as `user` may read them."""
    rows = list(changes)
    names, closed = names_of(user, rows), closed_to(user, rows)
    return {change.pk: line_of(change, names, change.pk in closed) for change in rows}


def closed_to(user, changes: list[Change]) -> set[int]:
    """Keys of the changes whose guarded columns the reader may not see."""
    closed = set()
    for one in kept().values():
        rows = [change for change in changes if one.opens and change.kind == one.kind]
        if rows:
            opened = one.opens(user, {change.thing for change in rows})
            closed |= {change.pk for change in rows if change.thing not in opened}
    return closed


def line_of(change: Change, names: Names, closed: bool = False) -> Line:
    """One change in words. `closed`: its guarded columns are not said."""
    one = kept().get(change.kind)
    if one is None:  # a table that is kept no more
        return Line(change.pk, change.get_op_display(), f"{change.kind} {change.label}".strip(), ())
    values = (value_of(change, one, column, names, closed) for column in columns_of(change, one))
    told = tuple(value for value in values if change.op == "U" or NOTHING not in (value.before or value.after,))
    return Line(change.pk, change.get_op_display(), what_of(change, one, names), told)


def columns_of(change: Change, one: Kept) -> list[str]:
    """The columns of a change in the order of the model, without what its head says; one long gone comes last."""
    there = (change.after or change.before or {}).keys() - said_already(change, one)
    ordered = [field.column for field in one.model._meta.concrete_fields if field.column in there]
    return ordered + sorted(there - set(ordered))


def what_of(change: Change, one: Kept, names: Names) -> str:
    """The row, then where it belongs: "Role teacher (Ana Ruiz, Ash School)"."""
    head = f"{one.noun} {label_of(change, one)}".strip()
    around = []
    for place in reversed(PLACES):
        key, kind = getattr(change, f"{place}_id"), KIND_OF.get(place, place)
        if key is not None and kind != change.kind and (place != "district" or not (around or change.page)):
            around.append(names.get((kind, key), GONE if kind != "student" else "a student"))
    if change.kind == "student":
        head = f"{one.noun} {names.get(('student', change.row), '')}".strip()
    thing = kind_of_page(change.page)
    if thing and thing != change.kind and (name := names.get((thing, change.thing))):
        around.insert(0, name)
    head = head[:1].upper() + head[1:]
    return f"{head} ({', '.join(around)})" if around else head


def label_of(change: Change, one: Kept) -> str:
    """The row's own name; a code of a list of choices as a person reads it."""
    choices = {str(key): str(words) for field in one.model._meta.concrete_fields for key, words in field.flatchoices}
    is_code = one.label.removeprefix("r.").isidentifier() and change.label in choices
    return choices[change.label] if is_code else change.label


def said_already(change: Change, one: Kept) -> set[str]:
    """Columns of an added or removed row that its head says."""
    if change.op == "U":
        return set()
    keys = {getattr(change, f"{place}_id") for place in PLACES} | {change.thing}
    values = change.after or change.before
    said = {column for column, value in values.items() if named_by(one, column) is not None and value in keys}
    return said | {one.label.removeprefix("r.")}


def value_of(change: Change, one: Kept, column: str, names: Names, closed: bool) -> Value:
    """A column as it was and as it is."""
    field = field_of(one, column)
    label = one.name_of(field) if field is not None else column
    if closed and column in one.guarded:
        return Value(label, CLOSED if change.before else "", CLOSED if change.after else "")
    to, means = named_by(one, column), one.means.get(column, {})

    def said(values: dict | None) -> str:
        if values is None:
            return ""
        value = values.get(column)
        if to is not None and value is not None:
            return names.get((to._meta.model_name, value), GONE)
        return means[value] if isinstance(value, str) and value in means else text_of(field, value)

    return Value(label, said(change.before), said(change.after))


def text_of(field: Field | None, value) -> str:
    """A value as a person reads it."""
    if value in (None, "", [], {}):
        return NOTHING
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool) or isinstance(field, BooleanField):
        return "yes" if value else "no"
    if isinstance(field, DateTimeField):
        return moment_words(datetime.fromisoformat(value))
    if isinstance(field, DateField):
        return day_words(date.fromisoformat(value))
    text = plain(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def plain(value) -> str:
    """A number, a list or a dictionary without the signs of the machine: the texts of choices as "A 12, B 21"."""
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {plain(one)}" for name, one in value.items() if one not in ("", None))
    return str(value)


def several(kind: str, count: int) -> str:
    """ "600,000 students": a count of rows of a kind."""
    one = kept().get(kind)
    noun = one.noun if one else kind
    return how_many(count, noun, SEVERAL.get(noun, f"{noun}s"))
