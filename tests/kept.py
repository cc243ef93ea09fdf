"""A world that many tests read, built once in a run: rows committed in a database, where each of them begins."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings
from django.utils import timezone

from tests.databases import copied, folder_of_the_run, migrated, original
from tests.make import MD5, first_numbers
from tests.worlds import WINTER, furnish, small_world


@contextmanager
def kept_world(
    blocker, temporary: pytest.TempPathFactory, name: str
) -> Iterator[tuple[SimpleNamespace, BaseDatabaseWrapper]]:
    """A world of `WORLDS` in December, in a database of its own, and the connection that leads there.

    Nothing that waits for a commit is run: nobody is mailed of how a world came to be.
    """
    made = folder_of_the_run(temporary) / f"{name}.world"

    def make():
        with transaction.atomic(), first_numbers():
            made.write_bytes(pickle.dumps(furnish(small_world(), name)))
            connection.run_on_commit.clear()

    with (
        pytest.MonkeyPatch.context() as patch,
        blocker.unblock(),
        override_settings(PASSWORD_HASHERS=MD5),
    ):
        patch.setattr(timezone, "now", lambda: WINTER)
        template = original(f"kept_{name}", make, migrated())
    with copied(f"{connection.settings_dict['NAME']}_{name}", template) as database:
        own = type(connections["default"])(connection.settings_dict | {"NAME": database}, "default")
        yield pickle.loads(made.read_bytes()), own
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
