"""The commands of results: one JSON object, the counts, the exit status, and what stays behind."""

import json

import pytest
from django.core.management import call_command

from assessments.models import Result, Upload
from tests import make
from tests.assessments.sending import wide

pytestmark = pytest.mark.django_db

KEYS = {
    "status", "id", "format", "sha256", "rows_read", "rows_loaded", "rows_not_tested", "rows_ignored",
    "rows_rejected", "rows_unchanged", "issues", "administrations", "seconds",
}  # fmt: skip


@pytest.fixture
def run(capsys):
    def command(*arguments):
        status = 0
        try:
            call_command(*map(str, arguments), "--json")
        except SystemExit as left:
            status = left.code
        return status, json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def given(tested, tmp_path, run):
    """Run import_results on rows of the four-question test."""

    def load(*rows, flags=()):
        path = tmp_path / "results.csv"
        path.write_text(wide(*rows))
        return run("import_results", path, "--district", "D1", "--assessment", "QM5", "--window", "2025-26/Q1", *flags)

    return load


def test_published_then_again_then_undone(tested, given, run):
    row = (tested.students[0], *"ABCA")
    status, body = given(row, flags=["--publish"])
    assert (status, body["status"]) == (0, "published") and body.keys() >= KEYS
    assert (body["rows_read"], body["rows_loaded"], body["rows_unchanged"]) == (1, 1, 0)
    status, again = given(row, flags=["--publish"])
    assert (status, again["rows_loaded"], again["rows_unchanged"]) == (0, 1, 1)
    assert run("undo_import", body["id"]) == (0, {"status": "undone", "id": body["id"]})
    assert not Result.objects.exists()
    status, refused = run("undo_import", body["id"])
    assert status == 1 and "undone" in refused["message"]
    assert run("undo_import", 0)[0] == 2


def test_an_undo_says_that_students_stay_whom_the_file_made(tested, given, run):
    _, body = given((tested.students[0], *"ABCA"), flags=["--publish", "--create-students"])
    status, undone = run("undo_import", body["id"])
    assert (status, undone["status"]) == (0, "undone")
    assert undone["message"].startswith("Students, schools and enrollments that this file made stay")


@pytest.mark.parametrize("flags", [(), ("--dry-run",)])
def test_without_publish_nothing_is_published(tested, given, flags):
    status, body = given((tested.students[0], *"ABCA"), flags=flags)
    assert (status, body["status"]) == (0, "ready") and not Result.objects.exists()
    upload = Upload.objects.get(pk=body["id"])
    assert upload.state == (Upload.State.CANCELLED if flags else Upload.State.READY)


@pytest.mark.parametrize(
    ("numbers", "status", "found"),
    [(("S1",), 0, "ready"), (("S1", "NOBODY"), 1, "needs_review"), (("NOBODY",), 1, "rejected")],
)
def test_a_dry_run_leaves_with_what_it_found(tested, given, numbers, status, found):
    make.enroll(make.student(tested.district, "S1"), tested.ash, tested.year)
    left, body = given(*[(number, *"ABCA") for number in numbers], flags=["--dry-run"])
    assert (left, body["status"]) == (status, found) and body.keys() >= KEYS
    assert not Upload.objects.filter(state__in=Upload.WAITING).exists() and not Result.objects.exists()


def test_a_halt_stops_publish_until_approve(tested, given):
    rows = (tested.students[0], *"ABCA"), ("NOBODY", *"ABCA")
    status, body = given(*rows, flags=["--publish"])
    assert (status, body["status"], body["rows_rejected"]) == (1, "needs_review", 1)
    error = next(one for one in body["issues"] if one["level"] == "error")
    assert error.keys() == {"level", "row", "column", "code", "message", "value"}
    assert (error["row"], error["code"], error["value"]) == (3, "UNKNOWN_STUDENT", "NOBODY")
    assert not Result.objects.exists()
    status, body = given(*rows, flags=["--publish", "--approve"])
    assert (status, body["status"]) == (0, "published") and Result.objects.count() == 1


def test_a_refused_file(tested, given):
    status, body = given(("NOBODY", *"ABCA"), flags=["--publish", "--approve"])
    assert (status, body["status"], body["rows_read"], body["rows_rejected"]) == (1, "rejected", 1, 1)
    assert body.keys() >= KEYS and "NO_VALID_ROWS" in {one["code"] for one in body["issues"]}


def test_complete_for_and_its_approval(tested, given):
    first, second, third = tested.students[:3]
    given(*[(one, *"ABCD") for one in (first, second, third)], flags=["--publish"])
    status, body = given((first, *"ABCD"), flags=["--complete-for", "100", "--publish"])
    assert (status, body["status"]) == (1, "needs_review") and Result.objects.count() == 3
    status, body = given((first, *"ABCD"), flags=["--complete-for", "100", "--publish", "--approve"])
    assert (status, body["status"]) == (0, "published") and Result.objects.count() == 1


def test_bad_usage_is_two(tested, given, run, tmp_path):
    row = (tested.students[0], *"ABCA")
    assert given(row, flags=["--dry-run", "--publish"])[0] == 2
    assert given(row, flags=["--by", "nobody@example.org"])[0] == 2
    assert run("import_results", tmp_path / "absent.csv", "--district", "D1")[0] == 2
    status, body = run("import_results", tmp_path / "results.csv")  # two districts, none named
    assert status == 2 and "--district" in body["message"]
    assert not Upload.objects.exists()


def test_school_serves_a_file_that_names_none(tested, given):
    new = ("N1", *"ABCD")
    assert given(new, flags=["--create-students", "--publish"])[1]["status"] == "rejected"
    status, _ = given(new, flags=["--create-students", "--school", "100", "--publish"])
    assert status == 0 and Result.objects.get().school == tested.ash
