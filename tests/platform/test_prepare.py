from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pop_network.demo.places import DISTRICT_CODE
from pop_network.embedded.processes import free_port
from pop_network.management.commands import prepare
from tests import make


@pytest.fixture
def demos(monkeypatch, settings, tmp_path):
    """Count the demo's loadings instead of doing them; static files are another test's matter."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(prepare, "collect_static_files", lambda: None)
    run = prepare.call_command
    loaded = []

    def instead(name, **options):
        return loaded.append(name) if name == "demo" else run(name, **options)

    monkeypatch.setattr(prepare, "call_command", instead)
    return loaded


def steps(**options):
    out = StringIO()
    call_command("prepare", stdout=out, **options)
    return [line.split("  ")[1].strip() for line in out.getvalue().splitlines()]


@pytest.mark.django_db
def test_an_empty_database_gets_the_demo_where_it_is_wanted(demos):
    assert steps() == ["Tables", "Static files"]
    assert demos == []
    assert steps(with_demo=True) == ["Tables", "Demo network", "Static files"]
    assert demos == ["demo"]


@pytest.mark.django_db
def test_a_demo_that_was_cut_short_goes_on(demos, tmp_path):
    make.district(code=DISTRICT_CODE)
    call_command("prepare", with_demo=True, verbosity=0)
    assert demos == ["demo"]
    (tmp_path / "demo-sign-ins.txt").write_text("done")
    call_command("prepare", with_demo=True, verbosity=0)
    assert demos == ["demo"]


@pytest.mark.django_db
def test_a_real_district_is_never_given_a_demo(demos):
    make.district(code="4711")
    call_command("prepare", with_demo=True, verbosity=0)
    assert demos == []


def test_a_database_that_does_not_answer_is_a_sentence(monkeypatch, demos):
    from django.db import connections
    from django.db.utils import OperationalError

    def gone(self):
        raise OperationalError(f"connection to port {free_port()} refused")

    monkeypatch.setattr(type(connections["default"]), "ensure_connection", gone)
    with pytest.raises(CommandError, match=r"^The database does not answer: connection to port \d+ refused$"):
        call_command("prepare", verbosity=0)
