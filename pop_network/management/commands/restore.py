"""`manage.py restore PATH`: bring a backup back and prove that it is whole."""

import time

from pop_network.backups.programs import BackupFailed
from pop_network.backups.restoring import bring_back
from schools.commands import JsonCommand


class Command(JsonCommand):
    help = "Restore a backup into an empty database and compare it with its manifest."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("path", help="the folder that backup wrote")
        parser.add_argument("--replace", action="store_true", help="put it in the place of what the database holds now")

    def handle(self, *, path, replace, **options):
        started = time.monotonic()
        try:
            manifest, still_to_do = bring_back(path, replace)
        except BackupFailed as failure:
            self.answer({"status": "failed", "message": str(failure)}, 1, str(failure))
        rows = sum(table["rows"] for table in manifest["tables"].values())
        body = {
            "status": "done",
            "path": path,
            "taken": manifest["taken"],
            "tables": len(manifest["tables"]),
            "rows": rows,
            "still_to_do": still_to_do,
            "seconds": round(time.monotonic() - started, 2),
        }
        words = f"Restored {rows:,} rows of {body['tables']} tables as of {manifest['taken']}; all checksums agree."
        self.answer(body, 0, f"{words}\n{still_to_do}".strip())
