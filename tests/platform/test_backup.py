"""A backup is worth what its return is worth: it is restored elsewhere and compared, row by row."""

import json
import shutil

import psycopg
import pytest

from pop_network.backups.contents import contents, differences
from pop_network.backups.programs import BackupFailed
from pop_network.backups.restoring import read_manifest
from pop_network.backups.taking import take
from pop_network.embedded.environment import read_portal_env
from pop_network.embedded.servers import Servers
from tests.platform.running import manage

pytestmark = pytest.mark.servers

ROWS = """
from django.core.management import call_command
from django.db import connection
from tests import make
call_command("prepare", verbosity=0)
district = make.district(); year = make.year(district); school = make.school(district, "100", "Ash \\u00c9cole")
admin = make.user("admin@example.org"); make.member(admin, "district_admin", district=district)
student = make.student(district, family_name="O\\u2019Neil\\tTab\\nLine")
held = make.administration(make.assessment(district), make.window(year))
with connection.cursor() as cursor:
    cursor.execute("SELECT result_partition_prepare(%s)", [held.pk])
    cursor.execute("SELECT result_partition_attach(%s)", [held.pk])
    cursor.execute(
        "INSERT INTO assessments_result (administration_id, student_id, school_id, upload_id, status, grade,"
        " points, points_vector, strands) VALUES (%s, %s, %s, 1, 1, '05', 3.5, '\\\\x0102ff', '{1.5,2.25}')",
        [held.pk, student.pk, school.pk])
"""
SIGN_IN = """
from django.test import Client
page = Client(headers={"host": "localhost"})
sent = page.post("/accounts/login/", {"login": "admin@example.org", "password": "correct horse battery"})
print(sent.status_code, page.get("/").status_code)
"""


def shell(folder, script):
    done = manage(folder, "shell", "--no-imports", "-c", script)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def answer(folder, *arguments):
    """The exit status and the one JSON object of a command."""
    done = manage(folder, *arguments, "--json")
    assert done.stdout.count("\n") == 1, done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout)


def everything(folder):
    """The contents of a data folder's database, read without the portal."""
    with Servers(folder).in_use() as values, psycopg.connect(values["DATABASE_OWNER_URL"]) as connection:
        return contents(connection.cursor())


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A data folder with one row of many kinds, and its backup."""
    folder = tmp_path_factory.mktemp("filled")
    data, backup = folder / "data", folder / "backup"
    with Servers(data).in_use():
        shell(data, ROWS)
        status, body = answer(data, "backup", backup)
    assert (status, body["status"]) == (0, "done"), body
    return data, backup


def test_restored_elsewhere_everything_is_the_same(filled, tmp_path):
    data, backup = filled
    before = everything(data)
    assert before["assessments_result_1"]["rows"] == 1
    assert before["schools_student"]["rows"] == 1
    elsewhere = tmp_path / "elsewhere"
    with Servers(elsewhere).in_use():
        status, body = answer(elsewhere, "restore", backup)
        assert (status, body["still_to_do"]) == (0, ""), body
        assert body["rows"] == sum(table["rows"] for table in before.values())
        assert differences(before, everything(elsewhere)) == []
        assert shell(elsewhere, SIGN_IN) == "302 200"
        key = read_portal_env(data)["SECRET_KEY"]
        assert read_portal_env(elsewhere)["SECRET_KEY"] == key

        # The application's rights came back too: the access log still only grows.
        with psycopg.connect(read_portal_env(elsewhere)["DATABASE_URL"]) as connection:
            connection.execute("SELECT count(*) FROM schools_accesslog")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM schools_accesslog")


@pytest.mark.long
def test_a_database_with_people_in_it_is_not_overwritten_unasked(filled):
    data, backup = filled
    before = everything(data)
    with Servers(data).in_use() as values:
        status, body = answer(data, "restore", backup)
        assert status == 1
        assert "it holds 1 districts, 1 people" in body["message"]
        assert differences(before, everything(data)) == []

        with psycopg.connect(values["DATABASE_URL"]) as connection:
            connection.execute("UPDATE schools_district SET name = 'Changed since'")
            connection.commit()
            status, body = answer(data, "restore", backup, "--replace")
            assert (status, "Stop it first" in body["message"]) == (1, True)
        status, body = answer(data, "restore", backup, "--replace")
        assert status == 0, body
        assert differences(before, everything(data)) == []


def test_a_damaged_backup_is_refused_and_nothing_changes(filled, tmp_path):
    data, backup = filled
    before = everything(data)
    damaged = tmp_path / "damaged"
    shutil.copytree(backup, damaged)
    with (damaged / "database.dump").open("r+b") as file:
        file.seek(2000)
        file.write(b"\0\0\0\0")
    with pytest.raises(BackupFailed, match="is damaged"):
        read_manifest(damaged)

    # A manifest that promises something else is found out after the rows are in, and all of it is undone.
    lying = tmp_path / "lying"
    shutil.copytree(backup, lying)
    manifest = json.loads((lying / "manifest.json").read_text())
    manifest["tables"]["schools_student"]["rows"] = 2
    (lying / "manifest.json").write_text(json.dumps(manifest))
    with Servers(data).in_use():
        status, body = answer(data, "restore", lying, "--replace")
        assert status == 1
        assert "schools_student has 1 rows instead of 2" in body["message"]
    assert differences(before, everything(data)) == []


def test_a_backup_never_replaces_another(filled):
    _, backup = filled
    with pytest.raises(BackupFailed, match="is there already"):
        take(backup)


def test_a_folder_that_is_no_backup_is_refused(tmp_path):
    with pytest.raises(BackupFailed, match="is not a backup"):
        read_manifest(tmp_path)


def test_a_backup_is_for_its_owner_alone(filled):
    _, backup = filled
    assert backup.stat().st_mode & 0o777 == 0o700
    assert (backup / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_differences_are_named():
    one = {"a": {"rows": 1, "checksum": "5"}, "b": {"rows": 1, "checksum": "5"}, "c": {"rows": 0, "checksum": "0"}}
    two = {"a": {"rows": 1, "checksum": "6"}, "b": {"rows": 2, "checksum": "5"}, "d": {"rows": 0, "checksum": "0"}}
    assert differences(one, one) == []
    assert differences(one, two) == [
        "a has other values than the backup",
        "b has 2 rows instead of 1",
        "c is only in the backup",
        "d is only in the database",
    ]
