"""What `make run` runs."""

import os
import sys
from pathlib import Path

from django.core.management import BaseCommand

from pop_network.embedded.environment import REPO, real_environment


class Command(BaseCommand):
    help = "Run the portal: its servers, web, worker and beat, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", help="the web server's port; by default PORT, or 8000")
        parser.add_argument("--data-dir", help="where everything is kept; by default POP_DATA_DIR, or .data")

        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *, port, data_dir, no_demo, **options):
        """Become the supervisor: a small process without Django, with the environment as it was given."""
        command = [sys.executable, "-m", "pop_network.embedded"]
        command += ["--port", port] if port else []
        command += ["--data-dir", str(Path(data_dir).resolve())] if data_dir else []
        command += ["--no-demo"] if no_demo else []
        os.chdir(REPO)
        os.execve(sys.executable, command, real_environment())  # noqa: S606
