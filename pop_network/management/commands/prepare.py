"""Bring the database and the static files up to what this version of the portal needs."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connections

from pop_network.demo.places import DISTRICT_CODE
from pop_network.demo.sign_ins import FILE as SIGN_INS
from pop_network.grants import grant_to_application
from schools.models import District


class Command(BaseCommand):
    help = "Make tables, rights and static files ready. Safe to repeat; run it after every update."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--with-demo", action="store_true", help="load the demo network into an empty database")

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
        if with_demo and wants_demo():
            with self.step("Demo network"):
                call_command("demo", stdout=StringIO())  # its answer is printed at the end, by the supervisor

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


def wants_demo():
    """Whether the database is empty, or holds a demo network whose loading was cut short."""
    if (settings.DATA_DIR / SIGN_INS).exists():
        return False
    codes = list(District.objects.values_list("code", flat=True)[:2])  # unscoped: is there anything at all
    return codes in ([], [DISTRICT_CODE])


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
