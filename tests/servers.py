"""A real PostgreSQL and a real Valkey for one run of the tests, loaded with `-p tests.servers` by pyproject.

It has to stand before pytest-django reads the settings. Where DATABASE_URL and REDIS_URL are set, those are used.
Otherwise the run takes the first folder under `.data/tests/` that no other run holds, so that two runs at once do
not meet, and a killed run leaves nothing that the next one cannot use.
"""

import atexit
import itertools
import os
import secrets
from contextlib import ExitStack
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from pop_network.embedded.environment import REPO, StartError
from pop_network.embedded.lock import Lock
from pop_network.embedded.servers import Servers

_held = ExitStack()

SETTINGS = {
    "SECRET_KEY": "a-key-for-tests-and-for-nothing-else-0123456789",
    "STATICFILES_BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "STATIC_FROM_SOURCE": "yes",
    "PORTAL_URL": "http://testserver",
    "SECOND_FACTOR": "no",  # people of the tests have none; the tests of it switch it on
    # A test that commits is cleaned up by TRUNCATE, the history's tables among the rest.
    "PGOPTIONS": "-c portal.history_door=truncate",
}


@pytest.hookimpl(wrapper=True, tryfirst=True)  # a wrapper comes before pytest-django, which is "first" too
def pytest_load_initial_conftests():
    """Set the environment, and start the servers that it does not name."""
    prepare_environment()
    return (yield)


def prepare_environment():
    """What settings need, from servers that are there already or are started for this run."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    begins = "POP_TEST_RUN" not in os.environ  # the processes of a run have it from the one that began
    os.environ.setdefault("POP_TEST_RUN", secrets.token_hex(6))
    slot = _free_slot()
    (slot / "static").mkdir(exist_ok=True)  # the server of static files warns where it has no folder
    os.environ["POP_DATA_DIR"] = str(slot)
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        _take_broker_of_ones_own()
        if begins:
            _held.callback(_drop, os.environ["DATABASE_URL"], f"%\\_{os.environ['POP_TEST_RUN']}%")
        return
    servers = Servers(slot, durable=False, can_create_databases=True)
    try:
        values = _held.enter_context(servers.in_use())
    except StartError as error:
        raise SystemExit(f"The tests need a database: {error}") from None
    # The owner makes the test database; what the application's role may do is tested with SET ROLE.
    os.environ.setdefault("DATABASE_URL", values["DATABASE_OWNER_URL"])
    os.environ.setdefault("REDIS_URL", values["REDIS_URL"])
    _drop(values["DATABASE_OWNER_URL"], "%\\_%")  # of runs before this one; the server's own have no such names


# Not pytest_unconfigure: a run that fails while it reads the settings never gets there.
atexit.register(_held.close)


def _drop(address: str, named: str):
    """Drop the databases of runs that are over, by the pattern of their names."""
    place = urlsplit(address)._replace(path="/postgres").geturl()
    with psycopg.connect(place, autocommit=True) as master:
        over = "SELECT datname FROM pg_database WHERE datname LIKE %s AND NOT datistemplate"
        for (name,) in master.execute(over, [named]).fetchall():
            master.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def _take_broker_of_ones_own():
    """Of several processes of one run each takes a numbered database of the broker, as each has its own tables."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        address = os.environ["REDIS_URL"].rsplit("/", 1)[0]
        os.environ["REDIS_URL"] = f"{address}/{int(worker.removeprefix('gw')) + 1}"


def _free_slot():
    """A data folder that belongs to this run alone."""
    slots = (REPO / ".data" / "tests" / str(number) for number in itertools.count())
    return next(slot for slot in slots if _take(slot))


def _take(slot):
    slot.mkdir(mode=0o700, parents=True, exist_ok=True)
    mine = Lock(slot / "taken.lock")
    if not mine.try_alone():
        return False
    _held.callback(mine.release)
    return True
