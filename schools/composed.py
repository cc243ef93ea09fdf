"""Scopes written to SQL once for a reader, and asked again with every letter that is typed.

To write the SQL of a scope takes Django longer than it takes PostgreSQL to answer it. What is kept is the question
and never an answer: rows are always read anew, and who holds something else than before, or reads on another day, has
another question.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any
from weakref import ref

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

READERS = 500  # questions of each kind kept in a process, of a few kilobytes each


@dataclass(frozen=True)
class Composed:
    """Rows as the database is asked for them, without an order. `text` is "" where there can be none."""

    model: type[Model]
    text: str
    params: tuple[Any, ...]
    joint: str = " AND "  # what parts the text from a further condition

    @property
    def columns(self) -> list[str]:
        """The columns that the text selects where nothing else was asked for, in its order."""
        return [one.attname for one in self.model._meta.concrete_fields]

    def values_of(self, column: str, keys: Iterable[int]) -> set[int]:
        """The values of the one column selected, of the rows whose `column` is among `keys`."""
        if not self.text:
            return set()
        condition = f'{self.joint}"{self.model._meta.db_table}"."{column}" = ANY(%s)'
        with connection.cursor() as cursor:
            cursor.execute(self.text + condition, [*self.params, list(keys)])
            return {value for (value,) in cursor.fetchall()}


def compose(rows: QuerySet) -> Composed:
    """`rows` as SQL, their order and what is fetched with them left out."""
    rows = rows.order_by().prefetch_related(None)
    try:
        text, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return Composed(rows.model, "", ())
    return Composed(rows.model, text, tuple(params), " AND " if rows.query.where else " WHERE ")


@dataclass(frozen=True)
class _Reader:
    """A person by what the rules of sight go by; a question that is kept keeps nobody."""

    fingerprint: Hashable
    user: ref[Any] = field(compare=False, repr=False)


def composed_once(rows: Callable[..., QuerySet]) -> Callable[..., Composed]:
    """A function of a reader and plain values that answers rows, composed once for each reader and values.

    It may go by nothing of the reader but what `Standing.fingerprint` holds.
    """

    @lru_cache(maxsize=READERS)
    def once(reader: _Reader, *given: Hashable) -> Composed:
        return compose(rows(reader.user(), *given))

    @wraps(rows)
    def composed(user: Any, *given: Hashable) -> Composed:
        return once(_Reader(user.standing.fingerprint, ref(user)), *given)

    return composed
