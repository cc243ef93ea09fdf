"""PostgreSQL's own programs for a dump and its return, run against the database of the settings."""

import hashlib
import os
import shutil
import subprocess

from django.conf import settings
from django.db import connections

from pop_network.embedded.environment import StartError
from pop_network.embedded.postgres import binary


class BackupFailed(Exception):
    """The backup or its return did not work; the text says why and what was left as it was."""


def owner_connection():
    """The connection of the tables' owner, or the only one there is."""
    return connections["owner" if "owner" in settings.DATABASES else "default"]


def run(name, *arguments):
    """Run `pg_dump` or `pg_restore` on the owner's database. Raises BackupFailed with its last words.

    The password travels in the environment, so that it stands in no list of processes.
    """
    database = owner_connection().settings_dict
    where = [
        f"--host={database['HOST']}",
        f"--port={database['PORT'] or 5432}",
        f"--username={database['USER']}",
        f"--dbname={database['NAME']}",
        "--no-password",
    ]
    environment = os.environ | {"PGPASSWORD": database["PASSWORD"], "LC_ALL": "C"}
    command = [str(program(name)), *where, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise BackupFailed(f"{name} failed: {done.stderr.strip()[-600:]}")


def program(name):
    """The embedded program, else the machine's own. Raises BackupFailed where there is neither."""
    try:
        return binary(name)
    except StartError:
        found = shutil.which(name)
    if found is None:
        raise BackupFailed(f"{name} is not installed here. Install PostgreSQL's client programs.")
    return found


def sha256(path):
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
