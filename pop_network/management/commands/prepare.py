"""Bring the database and the static files up to what this version of the portal needs."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import DatabaseError, connections

from pop_network.grants import grant_to_application
from schools.models import District


class Command(BaseCommand):
    help = "Make tables, rights and static files ready. Safe to repeat; run it after every update."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--with-demo", action="store_true", help="load the demo network where there is no district yet"
        )

    def handle(self, *, with_demo, **options):
        # Compressing the charts' script takes longer than all else but the demo, so it goes beside.
        with ThreadPoolExecutor(1) as beside:
            static_files = beside.submit(collect_static_files)
            self.prepare_database(with_demo)
            with self.step("Static files"):
                static_files.result()

    def prepare_database(self, with_demo):
        """Tables, the application's rights on them and, where wanted, the demo network."""
        owner = "owner" if "owner" in settings.DATABASES else "default"
        with self.step("Tables"):
            self.refuse_unreachable(owner)
            call_command("migrate", database=owner, interactive=False, verbosity=0)
            call_command("createcachetable", database=owner, verbosity=0)
        if owner != "default":
            with self.step("Rights of the application in the database"):
                grant_to_application(connections[owner], settings.DATABASES["default"]["USER"])
        if with_demo and "demo" in get_commands() and not District.objects.exists():  # unscoped: is it empty
            with self.step("Demo network"):
                call_command("demo", stdout=self.stderr)

    def refuse_unreachable(self, alias):
        try:
            connections[alias].ensure_connection()
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}") from None

    @contextmanager
    def step(self, name):
        """Say what is done and how long it took, one line a step."""
        started = time.monotonic()
        yield
        if self.verbosity:
            self.stdout.write(f"  {name:<42} {time.monotonic() - started:5.1f} s")
            self.stdout.flush()

    def execute(self, *args, **options):
        self.verbosity = options["verbosity"]
        return super().execute(*args, **options)


def collect_static_files():
    """Collect, name by content and compress, unless nothing has changed since the last time."""
    mark = Path(settings.STATIC_ROOT) / ".collected"
    now = fingerprint_of_static_files()
    if mark.exists() and mark.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(now)


def fingerprint_of_static_files():
    """A hash of the name, size and time of every static file that would be collected."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list(["CVS", ".*", "*~"]), key=lambda found: found[0]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
