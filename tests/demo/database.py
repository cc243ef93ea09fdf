"""The demo in a database of its own: loaded once in a run of the tests, and copied for each that reads it."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from assessments.models import Upload
from pop_network.demo import loading
from pop_network.demo.network import make_network
from tests.databases import behind_django, copied, folder_of_the_run, migrated, original
from tests.make import MD5

TODAY = date(2026, 11, 22)
NOON = datetime.combine(TODAY, time(17), UTC)
STOPPED_AFTER = 5
NOTES = "loaded.json"


class Stopped(Exception):
    """The load was interrupted."""


@contextmanager
def demo_database(blocker, temporary: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The demo as of `TODAY` behind Django's connection; it is that day.

    It was loaded in two goes, the first interrupted after `STOPPED_AFTER` files: `half` of them were published then,
    `answer` is what the command said at the end, and `folder` has the sign-ins.
    """
    folder = temporary.mktemp("demo")
    shared = folder_of_the_run(temporary) / "demo"
    with (
        pytest.MonkeyPatch.context() as patch,
        blocker.unblock(),
        override_settings(DATA_DIR=folder, PASSWORD_HASHERS=MD5),
    ):
        patch.setattr(timezone, "now", lambda: NOON)
        template = original("demo", lambda: load_in_two_goes(shared), migrated())
        shutil.copytree(shared, folder, dirs_exist_ok=True)
        with copied(f"{connection.settings_dict['NAME']}_demo", template) as own, behind_django(own):
            yield SimpleNamespace(folder=folder, **json.loads((folder / NOTES).read_text()))


def load_in_two_goes(folder: Path):
    """Load the demo, interrupted once, with its sign-ins and notes into `folder`."""

    def stop(done, known):
        if done == STOPPED_AFTER:
            raise Stopped

    folder.mkdir()
    with override_settings(DATA_DIR=folder):
        with pytest.raises(Stopped):
            loading.load(make_network(TODAY), told=stop)
        half = Upload.objects.filter(state="published").count()
        answer = json.loads(run("--json"))  # the day and the seed are those of the first go
    (folder / NOTES).write_text(json.dumps({"half": half, "answer": answer}))


def run(*arguments):
    """What `manage.py demo` prints."""
    out = StringIO()
    call_command("demo", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()
