"""The demo in a database of its own: loaded once in a run of the tests, and copied for each that reads it.

PostgreSQL copies a database in less than a second; loading the demo takes twenty of them on both cores.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from psycopg import sql

from pop_network.demo import loading
from pop_network.demo.network import make_network

TODAY = date(2026, 11, 22)
NOON = datetime.combine(TODAY, time(17), UTC)
MD5 = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOADING = 7_301_901  # the lock of whoever loads it; the others wait


@contextmanager
def demo_database(blocker, folder) -> Iterator[None]:
    """The demo as of `TODAY` behind Django's connection; it is that day. `folder` takes its sign-ins."""
    own = connection.settings_dict["NAME"]
    original, copy = f"demo_{run()}", f"{own}_demo"
    with (
        pytest.MonkeyPatch.context() as patch,
        blocker.unblock(),
        override_settings(DATA_DIR=folder, PASSWORD_HASHERS=MD5),
    ):
        patch.setattr(timezone, "now", lambda: NOON)
        with server() as master:
            master.execute("SELECT pg_advisory_lock(%s)", [LOADING])
            if not master.execute("SELECT 1 FROM pg_database WHERE datname = %s", [original]).fetchone():
                create(master, f"{original}_half")
                with behind_django(f"{original}_half"):
                    call_command("migrate", verbosity=0)
                    call_command("createcachetable")
                    loading.load(make_network(TODAY))
                master.execute(statement("ALTER DATABASE {} RENAME TO {}", f"{original}_half", original))
            create(master, copy, original)
            master.execute("SELECT pg_advisory_unlock(%s)", [LOADING])
        try:
            with behind_django(copy):
                yield
        finally:
            with server() as master:
                drop(master, copy)


def run() -> str:
    """One name for all processes of a run."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]


@contextmanager
def behind_django(name: str) -> Iterator[None]:
    """Django's connection leads to another database."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def server() -> psycopg.Connection:
    """The server itself, where databases are made."""
    known = connection.settings_dict
    return psycopg.connect(
        dbname="postgres", user=known["USER"], password=known["PASSWORD"], host=known["HOST"], port=known["PORT"],
        autocommit=True,
    )  # fmt: skip


def create(master: psycopg.Connection, name: str, template: str = "template1") -> None:
    """Make a database anew, after a template."""
    drop(master, name)
    master.execute(statement("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template))


def drop(master: psycopg.Connection, name: str) -> None:
    """Drop a database with whoever is still in it."""
    master.execute(statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Identifier, names))
