"""The demo in the database, and its facts read with plain SQL: what a second program makes the portal's figures of."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from pop_network.demo import loading
from pop_network.demo.network import make_network
from schools.models import User
from tests.demo.conftest import MD5, NOON, TODAY
from tests.independent.facts import Facts


@pytest.fixture(scope="package")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo as of `TODAY`, loaded once for this folder; all of it is rolled back after the last test here."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        override_settings(DATA_DIR=tmp_path_factory.mktemp("independent"), PASSWORD_HASHERS=MD5),
        transaction.atomic(),
    ):
        patch.setattr(timezone, "now", lambda: NOON)
        network = make_network(TODAY)
        loading.load(network)
        office = User.objects.get(email="district@example.org")
        yield SimpleNamespace(network=network, facts=Facts.read(TODAY), office=office)
        transaction.set_rollback(True)


@pytest.fixture
def facts(demo):
    return demo.facts
