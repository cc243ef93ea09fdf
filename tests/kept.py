"""A world that many tests read, built once: rows committed in a database of their own, where each of them begins."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from tests.conftest import WINTER, small_world
from tests.demo.database import MD5, behind_django, create, drop, server

numbers = count(1)


@contextmanager
def kept_world(blocker, name: str, *furnish: Callable[[SimpleNamespace], None]) -> Iterator[SimpleNamespace]:
    """The small world in December, furnished and committed in a copy of the tests' database: `.database` names it.

    Nothing that waits for a commit is run: nobody is mailed of how a world came to be.
    """
    own = connection.settings_dict["NAME"]
    copy = f"{own}_{name}_{next(numbers)}"  # a conftest that borrows the fixture has a world of its own
    with (
        pytest.MonkeyPatch.context() as patch,
        blocker.unblock(),
        override_settings(PASSWORD_HASHERS=MD5),
        server() as master,
    ):
        connection.close()
        create(master, copy, own)
        with behind_django(copy):
            patch.setattr(timezone, "now", lambda: WINTER)
            with transaction.atomic():
                world = small_world()
                for one in furnish:
                    one(world)
                connection.run_on_commit.clear()
    world.database = copy
    yield world
    with blocker.unblock(), server() as master:
        drop(master, copy)


@contextmanager
def standing_on(blocker, world: SimpleNamespace) -> Iterator[None]:
    """The test's own transaction begins in the world's database."""
    with blocker.unblock(), behind_django(world.database):
        yield
