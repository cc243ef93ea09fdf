"""What `make run` runs."""

import os
import sys

from django.core.management import BaseCommand

from pop_network.embedded import environment
from pop_network.embedded.portal import run_portal


class Command(BaseCommand):
    help = "Run the portal: its servers, web, worker and beat, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--data-dir", help="where everything is kept; by default POP_DATA_DIR, or .data")

    def handle(self, *, port, data_dir, **options):
        if data_dir:
            os.environ["POP_DATA_DIR"] = data_dir
        sys.exit(run_portal(environment.data_dir(), port))
