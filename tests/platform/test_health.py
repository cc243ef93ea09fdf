import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from pop_network.embedded.processes import free_port

pytestmark = pytest.mark.django_db


def test_live_answers_anyone(client):
    answer = client.get(reverse("health_live"))
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert reverse("health_live") == "/health/live/"
    assert "no-store" in answer["Cache-Control"]


def test_ready_with_everything_there(client):
    answer = client.get(reverse("health_ready"))
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "missing": []})


def test_a_broker_that_is_gone_is_named(client, settings):
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    answer = client.get(reverse("health_ready"))
    assert answer.status_code == 503
    assert answer.json()["missing"] == ["The broker of background work does not answer at the address of REDIS_URL."]


def test_a_missing_migration_is_named(client):
    MigrationRecorder.Migration.objects.filter(app="schools").order_by("-pk")[:1].get().delete()
    answer = client.get(reverse("health_ready"))
    assert answer.status_code == 503
    assert "1 database migrations are not applied. Run `manage.py prepare`." in answer.json()["missing"]


def test_a_database_that_is_gone_is_named(client, monkeypatch):
    from django.db import OperationalError

    from pop_network import health

    def gone(_connection):
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "MigrationExecutor", gone)
    answer = client.get(reverse("health_ready"))
    assert answer.status_code == 503
    assert answer.json()["missing"] == ["The database does not answer at the address of DATABASE_URL."]


@pytest.mark.parametrize("name", ["health_live", "health_ready"])
def test_nothing_is_done_by_post(client, name):
    assert client.post(reverse(name)).status_code == 405
