"""Taking a backup while the portal runs: the dump and the counts look at one and the same moment."""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction

from pop_network.backups.contents import LEFT_OUT, contents
from pop_network.backups.programs import BackupFailed, owner_connection, run, sha256

FORMAT = 1
DUMP, MANIFEST, SECRETS = "database.dump", "manifest.json", "secrets.env"


def take(path):
    """Write a backup into the new folder `path`, readable by its owner alone. Returns the manifest.

    Raises BackupFailed; then nothing stands at `path`.
    """
    path = Path(path)
    if path.exists():
        raise BackupFailed(f"{path} is there already. Name a folder that is not, so that no backup is lost.")
    unfinished = path.with_name(path.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(mode=0o700, parents=True)
        manifest = _write(unfinished)
        unfinished.rename(path)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise BackupFailed(f"The backup cannot be written to {path}: {error.strerror}.") from None
    except (BackupFailed, DatabaseError) as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise BackupFailed(str(error)) from None
    return manifest


def _write(folder):
    connection = owner_connection()
    with transaction.atomic(using=connection.alias, durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, server = cursor.fetchone()
        tables = contents(cursor)
        left_out = [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
        run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={folder / DUMP}", *left_out)
    with os.fdopen(os.open(folder / SECRETS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"SECRET_KEY={settings.SECRET_KEY}\n")
    manifest = {
        "format": FORMAT,
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "postgresql": server,
        "sha256": {DUMP: sha256(folder / DUMP)},
        "tables": tables,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest
