"""What the log says, and what it must never say."""

import json
import logging

import pytest
import structlog
from django.db import IntegrityError, connection, transaction

from pop_network.logs import LOGGING, without_row_values


@pytest.fixture
def lines(caplog):
    """Everything logged so far, as the JSON objects that would stand in the file."""
    options = dict(LOGGING["formatters"]["json"])
    formatter = options.pop("()")(**options)
    caplog.set_level(logging.INFO)
    return lambda: [json.loads(formatter.format(record)) for record in caplog.records]


@pytest.mark.django_db
def test_a_request_is_two_lines_with_one_id_and_no_query(client, lines):
    client.get("/accounts/login/?next=/students/Maria-Lopez/")
    mine = [line for line in lines() if line["logger"].startswith("django_structlog")]
    assert [line["event"] for line in mine] == ["request_started", "request_finished"]
    assert {line["request"] for line in mine} == {"GET /accounts/login/"}
    assert len({line["request_id"] for line in mine}) == 1
    assert mine[1]["code"] == 200
    assert "Maria" not in json.dumps(lines())


@pytest.mark.django_db
def test_what_is_sent_in_a_form_is_not_logged(client, lines):
    client.post("/accounts/login/", {"login": "maria.lopez@example.org", "password": "not this one"})
    everything = json.dumps(lines())
    assert "request_finished" in everything
    assert "maria.lopez" not in everything
    assert "not this one" not in everything


@pytest.mark.django_db
def test_probes_are_not_logged(client, lines):
    client.get("/health/live/")
    assert lines() == []


@pytest.mark.django_db
def test_a_database_error_is_logged_without_the_row(lines):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE t (name text CHECK (length(name) < 3))")
            cursor.execute("INSERT INTO t VALUES (%s)", ["Maria" + " Lopez"])
    except IntegrityError as error:
        structlog.get_logger("pop_network.test").exception("import_failed", error=str(error))
    (line,) = [line for line in lines() if line["event"] == "import_failed"]
    assert "violates check constraint" in line["error"]
    assert line["exception"].count("DETAIL: (left out)") >= 1
    assert "Maria Lopez" not in line["error"] + line["exception"]


def test_only_the_details_are_left_out():
    event = {"error": "duplicate key\nDETAIL:  Key (number)=(77) already exists.\nHINT: none", "code": 5}
    assert without_row_values(None, "error", event) == {
        "error": "duplicate key\nDETAIL: (left out)\nHINT: none",
        "code": 5,
    }


def test_a_task_carries_the_id_of_the_request_that_rang_for_it():
    """What the broker is handed names the request; the worker's side is shown with a real worker elsewhere."""
    from django_structlog.celery.receivers import CeleryReceiver

    headers = {}
    with structlog.contextvars.bound_contextvars(request_id="the-one-id"):
        CeleryReceiver().receiver_before_task_publish(headers=headers, body={}, properties={})
    assert headers["__django_structlog__"]["request_id"] == "the-one-id"
