"""Layouts nobody has seen, and kept mappings, on the command line and where things move meanwhile."""

import json

import pytest
from django.core.management import call_command

from assessments.models import ColumnMapping, Result, Upload
from assessments.pipeline.acts import AT_LEISURE, publish_upload
from assessments.pipeline.mapping_acts import name_columns
from tests.assessments.sending import advanced

pytestmark = pytest.mark.django_db
HEADER = ["Pupil", "Task A", "Task B", "Task C", "Task D"]
MEANINGS = ["student", "q1", "q2", "q3", "q4"]


def file_of(w, *answers, header=HEADER):
    rows = [",".join([one.number, *told]) for one, told in zip(w.students, answers or ("ABCD", "ABCA"), strict=False)]
    return "\n".join([",".join(header), *rows]) + "\n"


@pytest.fixture
def run(tested, tmp_path, capsys):
    """Run import_results on a text; (exit status, answer)."""

    def command(text, *flags):
        path = tmp_path / "results.csv"
        path.write_text(text)
        status = 0
        told = ["--district", "D1", "--assessment", "QM5", "--window", "2025-26/Q1", "--json", *flags]
        try:
            call_command("import_results", str(path), *told)
        except SystemExit as left:
            status = left.code
        return status, json.loads(capsys.readouterr().out)

    return command


@pytest.fixture
def kept(tested, send):
    """The mapping of HEADER, kept by the district's administrator."""
    return name_columns(
        send(file_of(tested), asks_columns=True), tested.admin, name="Tasks", headers=HEADER, meanings=MEANINGS
    )


def test_a_command_refuses_an_unknown_layout_and_names_the_page(tested, run):
    status, body = run(file_of(tested))
    assert (status, body["status"], body["rows_rejected"], body["rows_read"]) == (1, "rejected", 2, 2)
    said = {one["code"]: one for one in body["issues"]}
    assert said.keys() == {"MISSING_COLUMN", "UNKNOWN_LAYOUT"}
    assert f"/uploads/{body['id']}/mapping/" in said["UNKNOWN_LAYOUT"]["message"]
    assert Upload.objects.get().chunks.exists()  # the page can still read it


def test_a_file_a_command_refused_is_mapped_on_the_page(tested, run):
    _, body = run(file_of(tested))
    upload = Upload.objects.get(pk=body["id"])
    name_columns(upload, tested.admin, name="Tasks", headers=HEADER, meanings=MEANINGS)
    assert advanced(upload).state == "ready"


@pytest.mark.parametrize("flags", [[], ["--format", "mapped"]])
def test_a_command_reads_by_the_kept_mapping(tested, run, kept, flags):
    status, body = run(file_of(tested), "--publish", *flags)
    assert (status, body["status"], body["format"], body["rows_loaded"]) == (0, "published", "mapped", 2)


@pytest.mark.parametrize("flags", [["--publish", "--approve"], ["--format", "mapped"], ["--dry-run"]])
def test_nothing_is_published_of_a_layout_nobody_has_seen(tested, run, flags):
    status, body = run(file_of(tested), *flags)
    assert (status, body["status"]) == (1, "rejected")
    assert not Result.objects.exists()


def test_at_the_page_not_even_a_yes_publishes_it(tested, send):
    upload = send(file_of(tested), asks_columns=True, publish=True, approve=True)
    assert (upload.state, upload.published_at) == ("needs_review", None)


def test_a_table_of_students_without_questions_or_scores_is_unknown(tested, send):
    upload = send(file_of(tested, header=["student_id", *HEADER[1:]]), asks_columns=True)
    assert (upload.state, upload.answer["unmapped"]) == ("needs_review", True)
    assert "no column score, and none headed like a question" in upload.answer["refusal"]["message"]


def test_a_mapping_deleted_meanwhile_is_not_published_by(tested, send, kept):
    upload = send(file_of(tested), asks_columns=True)
    assert upload.state == "ready"
    ColumnMapping.objects.all().delete()
    publish_upload(upload, tested.admin)
    upload = advanced(upload)
    assert (upload.state, upload.answer["unmapped"]) == ("needs_review", True)
    assert "Nothing was published" in upload.failure
    assert not Result.objects.exists()


def test_a_mapping_changed_meanwhile_is_looked_at_again(tested, send, kept):
    upload, other = (send(file_of(tested), asks_columns=True) for _ in range(2))
    name_columns(other, tested.admin, name="Tasks", headers=HEADER, meanings=["student", "q4", "q3", "q2", "q1"])
    publish_upload(upload, tested.admin)
    assert (advanced(upload).state, Result.objects.exists()) == ("ready", False)


def test_rows_to_correct_come_back_under_the_same_mapping(tested, send, kept):
    upload = send(f"{','.join([*HEADER, 'reason', 'remedy'])}\n{tested.students[0].number},A,B,C,D,why,what\n")
    assert (upload.state, upload.answer["mapping"]["name"]) == ("ready", "Tasks")


def test_naming_is_at_leisure(tested, send, kept):
    upload = send(file_of(tested), publish=True, asks_columns=True)
    assert upload.state == "published"
    waiting = send(file_of(tested, header=[*HEADER[:-1], "Task E"]), publish=True, asks_columns=True)
    name_columns(waiting, tested.admin, name="Tasks E", headers=[*HEADER[:-1], "Task E"], meanings=MEANINGS)
    waiting = advanced(waiting)
    assert {name: waiting.options[name] for name in AT_LEISURE} == AT_LEISURE
    assert waiting.state == "ready"
