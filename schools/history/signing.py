"""Who is changing things here, told to the database beside each change, where its triggers read it.

The name goes before the statement itself and holds for its transaction alone, so that no connection carries it on to
the next person. Reads, and writes of tables without history, are sent as they are.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache

import structlog
from django.db import connections
from psycopg import sql

from schools.history.kept import kept
from schools.wording import printable

SET = "SELECT set_config('portal.who', {}, true)"


@dataclass(frozen=True)
class Who:
    """Who acts (the key of a person, where one asked for it), by which way, in what."""

    via: str
    what: str
    user: int | None = None

    def told(self) -> str:
        """As the database is told, with the id that the logs of this work bear."""
        request_id = printable(str(structlog.contextvars.get_contextvars().get("request_id", "")))
        told = {"user": self.user, "via": self.via, "what": printable(self.what), "request_id": request_id[:64]}
        return json.dumps(told)


_who: ContextVar[Callable[[], Who] | None] = ContextVar("who", default=None)


@contextmanager
def signed(who: Callable[[], Who]) -> Iterator[None]:
    """What is changed inside is signed with what `who` answers at that moment."""
    token = _who.set(who)
    try:
        with ExitStack() as stack:
            for connection in connections.all():
                if _sign not in connection.execute_wrappers:
                    stack.enter_context(connection.execute_wrapper(_sign))
            yield
    finally:
        _who.reset(token)


@contextmanager
def asked_by(user) -> Iterator[None]:
    """What is changed inside was asked for by `user` (None: as before), whoever does the work."""
    before = _who.get()
    if user is None or before is None:
        yield
        return
    with signed(lambda: replace(before(), user=user.pk)):
        yield


def sign_transaction(connection) -> None:
    """Sign the rest of this transaction; before a COPY, which no wrapper sees."""
    who = _who.get()
    if who is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.who', %s, true)", [who().told()])


def _sign(execute, statement, parameters, many, context):
    """Send a write of a kept table with the name before it, as one message."""
    who = _who.get()
    if who is None:
        return execute(statement, parameters, many, context)
    text = statement if isinstance(statement, str) else statement.as_string(context["connection"].connection)
    if not _writes().match(text):
        return execute(statement, parameters, many, context)
    if many:
        sign_transaction(context["connection"])
        return execute(statement, parameters, many, context)
    name = SET.format(sql.quote(who().told()))
    if parameters is not None:
        name = name.replace("%", "%%")
    result = execute(f"{name};{text}", parameters, many, context)
    context["cursor"].nextset()  # past the answer to the name
    return result


def _writes() -> re.Pattern:
    return _writes_of(frozenset(one.table for one in kept().values()))


@cache
def _writes_of(tables: frozenset[str]) -> re.Pattern:
    """Statements that write one of the tables; a WITH may hide a write, so it is signed as well."""
    names = "|".join(sorted(map(re.escape, tables)))
    return re.compile(rf'\s*(?:(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(?:{names})\b|WITH\b)', re.IGNORECASE)
