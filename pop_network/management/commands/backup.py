"""`manage.py backup PATH`: everything, consistent, checksummed; the portal may run meanwhile."""

import time

from pop_network.backups.programs import BackupFailed
from pop_network.backups.taking import take
from schools.commands import JsonCommand


class Command(JsonCommand):
    help = "Write a backup of everything into a new folder. The portal may keep running."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("path", help="a folder that is not there yet; it will hold a secret, so guard it")

    def handle(self, *, path, **options):
        started = time.monotonic()
        try:
            manifest = take(path)
        except BackupFailed as failure:
            self.answer({"status": "failed", "message": str(failure)}, 1, str(failure))
        rows = sum(table["rows"] for table in manifest["tables"].values())
        body = {
            "status": "done",
            "path": path,
            "tables": len(manifest["tables"]),
            "rows": rows,
            "sha256": manifest["sha256"],
            "seconds": round(time.monotonic() - started, 2),
        }
        self.answer(
            body,
            0,
            f"Backed up {rows:,} rows of {body['tables']} tables to {path} in {body['seconds']} s. "
            "The folder holds the portal's secret key and students' data: keep it where only you can read it.",
        )
