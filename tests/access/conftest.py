"""The furnished world and everyone in it, made once for a file of routes: each test takes back what it changed."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from tests.make import MD5
from tests.policy.asking import readers_of
from tests.policy.rows import furnish
from tests.worlds import small_world


@pytest.fixture(scope="module")
def everyone(django_db_setup, django_db_blocker):
    """The furnished world on December 10, 2025, and each person with a browser of their own.

    The tests are marked `django_db`, so that the database is set up.
    """
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=MD5),
        transaction.atomic(),
    ):
        patch.setattr(timezone, "now", lambda: datetime(2025, 12, 10, 17, 0, tzinfo=UTC))
        world = small_world()
        furnish(world)
        yield world, readers_of(world)
        transaction.set_rollback(True)
