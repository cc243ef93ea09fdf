"""A town in a database of its own, where every write is committed: pages are kept there as on a real portal."""

import re
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from schools.drawn import pages
from schools.models import Notice, User
from tests import make
from tests.databases import copied, original
from tests.kept import led_by
from tests.worlds import WINTER

NAMES = ["today", "class", "item map", "school", "network", "side by side", "today, district", "results"]
TOKEN = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+')


@pytest.fixture(scope="session")
def committed(kept_worlds, django_db_blocker):
    """The kept town, its database copied, and Django's connection to the copy."""
    world, _ = kept_worlds("town")
    with copied(f"{connection.settings_dict['NAME']}_drawn", original("kept_town", lambda: None)) as database:
        own = type(connections["default"])(connection.settings_dict | {"NAME": database}, "default")
        with django_db_blocker.unblock(), led_by(own), pytest.MonkeyPatch.context() as patch:
            patch.setattr(timezone, "now", lambda: WINTER)
            _settle(world)
        yield world, own
        own.close()


def _settle(w) -> None:
    """Readers of one school with results, and a release to read."""
    w.school = w.town.schools["A"]
    w.class_a = w.school.sections.order_by("code").first()
    make.staff(w.teacher, w.class_a)
    make.member(w.principal, "principal", school=w.school)
    make.member(w.coach, "psi_coach", school=w.school)
    w.agreement.schools.add(w.school)
    make.notice(w.teacher, at=WINTER - timedelta(days=1))
    w.town.released()


@pytest.fixture
def house(committed, django_db_blocker, monkeypatch):
    """The town with the pages that are kept, one client a reader, and how often a page was drawn."""
    world, own = committed
    monkeypatch.setattr(timezone, "now", lambda: WINTER)
    with django_db_blocker.unblock(), led_by(own):
        own.cursor().execute("DELETE FROM schools_drawnpage; DELETE FROM schools_changedtable")
        Notice.objects.filter(at__gte=WINTER - timedelta(hours=1)).delete()
        yield House(world, own, monkeypatch)


def without_tokens(answer) -> str:
    """The page of an answer, without the tokens of its session."""
    return TOKEN.sub(r"\1", answer.text)


class Clients(dict):
    """A client for each reader by key, signed in when it is first asked for."""

    def __missing__(self, pk):
        self[pk] = Client()
        self[pk].force_login(User.objects.get(pk=pk))
        return self[pk]


class House:
    """Readers, their pages, and a second connection for whoever writes meanwhile."""

    def __init__(self, world, own, monkeypatch):
        self.world, self.own, self.drawings = world, own, []
        section, school = world.class_a.pk, world.school.pk
        self.pages = {
            "today": (world.teacher, "/"),
            "class": (world.teacher, f"/results/sections/{section}/"),
            "item map": (world.teacher, f"/results/sections/{section}/items/"),
            "school": (world.principal, f"/results/schools/{school}/"),
            "network": (world.rep, f"/results/networks/{world.network.pk}/"),
            "side by side": (world.coach, "/results/side-by-side/"),
            "today, district": (world.admin, "/"),
            "results": (world.teacher, "/results/"),
        }
        self.clients = Clients()
        as_before = pages._drawn_now

        def counted(request, *args):
            self.drawings.append(request.get_full_path())
            return as_before(request, *args)

        monkeypatch.setattr(pages, "_drawn_now", counted)

    def get(self, name: str, more: str = ""):
        """The answer to the reader of that page."""
        reader, path = self.pages[name]
        return self.clients[reader.pk].get(path + more)

    def page(self, name: str, more: str = "") -> str:
        """The page without the tokens of its session."""
        answer = self.get(name, more)
        assert answer.status_code == 200, (name, answer.status_code)
        return without_tokens(answer)

    def was_drawn(self, name: str) -> bool:
        """Whether the page is drawn when its reader asks for it now."""
        before = len(self.drawings)
        self.get(name)
        return len(self.drawings) > before

    def elsewhere(self) -> psycopg.Connection:
        """Another connection to the same database, in a transaction."""
        known = self.own.settings_dict
        return psycopg.connect(
            dbname=known["NAME"], user=known["USER"], password=known["PASSWORD"], host=known["HOST"], port=known["PORT"]
        )
