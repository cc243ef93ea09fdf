"""A world that many tests read, built once: rows committed in a database of their own, where each of them begins."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings
from django.utils import timezone

from tests.databases import copied, migrated
from tests.make import MD5
from tests.worlds import WINTER, furnish, small_world


@contextmanager
def kept_world(blocker, name: str) -> Iterator[tuple[SimpleNamespace, BaseDatabaseWrapper]]:
    """A world of `WORLDS` in December, committed in a database of its own, and the connection that leads there.

    Nothing that waits for a commit is run: nobody is mailed of how a world came to be.
    """
    database = f"{connection.settings_dict['NAME']}_{name}"
    with blocker.unblock():
        template = migrated()
    with copied(database, template):
        own = type(connections["default"])(connection.settings_dict | {"NAME": database}, "default")
        with (
            pytest.MonkeyPatch.context() as patch,
            blocker.unblock(),
            override_settings(PASSWORD_HASHERS=MD5),
            led_by(own),
            transaction.atomic(),
        ):
            patch.setattr(timezone, "now", lambda: WINTER)
            world = furnish(small_world(), name)
            own.run_on_commit.clear()
        yield world, own
        own.close()


@contextmanager
def led_by(own: BaseDatabaseWrapper) -> Iterator[None]:
    """Django's connection is another one, which stays open for the next who comes."""
    before = connections["default"]
    connections["default"] = own
    try:
        yield
    finally:
        connections["default"] = before
