"""Bringing a backup back: into an empty database, or beside the old one until it has proved whole.

What was there moves aside under another schema name and goes only when the restored tables have the counts and
checksums of the manifest. Where anything fails it moves back.
"""

import json
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction

from pop_network.backups.contents import contents, differences
from pop_network.backups.programs import BackupFailed, owner_connection, run, sha256
from pop_network.backups.taking import DUMP, FORMAT, MANIFEST, SECRETS
from pop_network.embedded.environment import read_portal_env, real_environment, write_portal_env
from pop_network.embedded.lock import Lock

STOP_FIRST = "The portal is running on this database. Stop it first, so that nobody writes in between."
ASIDE = "before_restore"
COUNTED = {"schools_district": "districts", "schools_user": "people", "assessments_upload": "uploads"}


def bring_back(path, replace=False):
    """Restore the backup in the folder `path`. Returns (manifest, what a person still has to do).

    Raises BackupFailed where the folder is no whole backup, where the portal runs, where the database holds
    something and `replace` is not said, or where the result is not what the manifest says; the database is
    then as it was.
    """
    path = Path(path)
    manifest = read_manifest(path)
    connection = owner_connection()
    try:
        refuse_while_in_use(connection)
        held = what_it_holds(connection)
        if held and not replace:
            raise BackupFailed(
                f"This database is not empty: it holds {held}. Restore into a fresh POP_DATA_DIR, "
                "or say --replace to put the backup in its place."
            )
        with set_aside(connection):
            run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-acl", path / DUMP)
            verify(connection, manifest)
        call_command("prepare", verbosity=0)
    except DatabaseError as error:
        raise BackupFailed(f"The database refused: {str(error).strip()}") from None
    return manifest, bring_back_the_secret(path)


def read_manifest(path):
    """The manifest of a whole backup. Raises BackupFailed where something is missing or was changed."""
    try:
        manifest = json.loads((path / MANIFEST).read_text())
        known, promised = manifest["format"], manifest["sha256"][DUMP]
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupFailed(f"{path} is not a backup: it needs a readable {MANIFEST}.") from None
    if known != FORMAT:
        raise BackupFailed(f"{path} was taken by another version of the portal (format {known}).")
    if not (path / DUMP).is_file() or sha256(path / DUMP) != promised:
        raise BackupFailed(f"{path / DUMP} is damaged, its checksum is not the manifest's. Use another backup.")
    return manifest


def refuse_while_in_use(connection):
    """Raise BackupFailed while a portal runs on this data folder, or anybody is connected to this database."""
    note = settings.DATA_DIR / "run" / "portal.lock"
    lock = Lock(note)
    if note.exists() and not lock.try_alone():
        raise BackupFailed(STOP_FIRST)
    lock.release()
    for other in connections.all(initialized_only=True):
        if other.alias != connection.alias:
            other.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
    if others:
        raise BackupFailed(STOP_FIRST)


def what_it_holds(connection):
    """ "2 districts, 31 people" or an empty text."""
    held = []
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        for table, name in COUNTED.items():
            if table in there:
                cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  (names of ours)
                (count,) = cursor.fetchone()
                held += [f"{count} {name}"] if count else []
    return ", ".join(held)


@contextmanager
def set_aside(connection):
    """An empty schema `public` for the duration, in place of the old one; the old one comes back on failure."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [ASIDE])
        if cursor.fetchone():
            raise BackupFailed(
                f"An earlier restore was cut short, and the schema {ASIDE} still holds what was there before. "
                f"Rename it to public, or drop it if you are sure, and try again."
            )
        with transaction.atomic(using=connection.alias):
            cursor.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
            cursor.execute("CREATE SCHEMA public")
    try:
        yield
    except BaseException:
        with connection.cursor() as cursor, transaction.atomic(using=connection.alias):
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def verify(connection, manifest):
    """Hold every table against the manifest. Raises BackupFailed naming those that differ."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        found = contents(cursor)
        wrong = differences(manifest["tables"], found)
        if not wrong:
            cursor.execute("ANALYZE")
    if wrong:
        raise BackupFailed(f"The restored data is not what was backed up: {'; '.join(wrong[:5])}.")


def bring_back_the_secret(path):
    """Put the backup's SECRET_KEY into `portal.env`, or say that somebody has to."""
    (line,) = (path / SECRETS).read_text().splitlines()
    secret = line.removeprefix("SECRET_KEY=")
    if secret == settings.SECRET_KEY:
        return ""
    kept = read_portal_env(settings.DATA_DIR)
    if "SECRET_KEY" in real_environment() or "SECRET_KEY" not in kept:
        return f"Set SECRET_KEY to the value in {path / SECRETS}: sessions and invitations hang on it."
    write_portal_env(settings.DATA_DIR, kept | {"SECRET_KEY": secret})
    return ""
