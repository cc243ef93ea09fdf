"""The databases of a run: each is filled once, by whoever needs it first, and copied for everyone else.

PostgreSQL copies a database in less than a second; the migrations take ten, and loading the demo twenty.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql


def migrated() -> str:
    """The name of the run's database with every table and no row."""
    return original("migrated", _migrate)


def _migrate():
    call_command("migrate", verbosity=0)
    call_command("createcachetable")


def original(purpose: str, fill: Callable[[], None], template: str = "template1") -> str:
    """The name of the run's one database of a purpose; where there is none yet, it is made and filled.

    `fill` writes through Django's connection. Who comes meanwhile waits.
    """
    name = f"{purpose}_{os.environ['POP_TEST_RUN']}"
    with server() as master:
        master.execute("SELECT pg_advisory_lock(%s)", [crc32(name.encode())])  # let go with the connection
        if not master.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            half = f"{name}_half"
            create(master, half, template)
            with behind_django(half):
                fill()
            master.execute(_statement("ALTER DATABASE {} RENAME TO {}", half, name))
    return name


def folder_of_the_run(temporary) -> Path:
    """The folder that all processes of a run share; `temporary` makes pytest's temporary ones."""
    base = temporary.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@contextmanager
def copied(name: str, template: str) -> Iterator[str]:
    """A database after a template, which is gone afterwards."""
    with server() as master:
        create(master, name, template)
    try:
        yield name
    finally:
        with server() as master:
            drop(master, name)


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


def create(master: psycopg.Connection, name: str, template: str) -> None:
    """Make a database anew, after a template."""
    drop(master, name)
    master.execute(_statement("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template))


def drop(master: psycopg.Connection, name: str) -> None:
    """Drop a database with whoever of ours is still in it.

    By force it would fail where PostgreSQL itself is cleaning up in it; unforced, that makes way.
    """
    ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
    master.execute(ours, [name])
    master.execute(_statement("DROP DATABASE IF EXISTS {}", name))


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Identifier, names))
