"""The demo network as of one day: in memory; loaded in two goes, for its command; and a copy that the run shares."""

import json
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from assessments.models import Upload
from pop_network.demo import loading
from pop_network.demo.network import make_network
from tests.demo.database import MD5, NOON, TODAY, demo_database

STOPPED_AFTER = 5


class Stopped(Exception):
    """The load was interrupted."""


def stop(done, known):
    if done == STOPPED_AFTER:
        raise Stopped


def run(*arguments):
    """What `manage.py demo` prints."""
    out = StringIO()
    call_command("demo", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture(scope="session")
def network():
    """In memory; tests must not change it."""
    return make_network(TODAY)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy of the demo that the whole run shares; what a test changes is rolled back after it."""
    with demo_database(django_db_blocker, tmp_path_factory.mktemp("loaded")):
        yield


@pytest.fixture(scope="module")
def demo(network, django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo in the database, loaded in two goes: the first is interrupted after five files. It is `TODAY`.

    All of it is rolled back after the last test of the file. Its tests are marked `django_db`, so that the
    database is set up, and what one of them changes is rolled back after it.
    """
    folder = tmp_path_factory.mktemp("demo")
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        override_settings(DATA_DIR=folder, PASSWORD_HASHERS=MD5),
        transaction.atomic(),
    ):
        patch.setattr(timezone, "now", lambda: NOON)
        with pytest.raises(Stopped):
            loading.load(network, told=stop)
        half = Upload.objects.filter(state="published").count()
        said = run("--json")  # the day and the seed are those of the first go
        yield SimpleNamespace(folder=folder, half=half, answer=json.loads(said))
        transaction.set_rollback(True)
