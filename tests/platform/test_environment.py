"""`portal.env`, the lock files, the notes about processes: everything that survives a start."""

import os
import subprocess
import sys

import psutil
import pytest

from pop_network.embedded import environment, processes
from pop_network.embedded.children import LOG_LIMIT, Log
from pop_network.embedded.environment import (
    StartError,
    lend,
    load_portal_env,
    read_portal_env,
    real_environment,
    write_portal_env,
)
from pop_network.embedded.lock import Lock
from pop_network.embedded.servers import first_values, make_folders


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("POP_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(environment, "_lent", {})
    return tmp_path


def test_what_is_written_is_read_and_nobody_else_s_business(folder):
    write_portal_env(folder, {"SECRET_KEY": "a=b#c", "PORTAL_URL": "http://localhost:8000"})
    assert read_portal_env(folder) == {"SECRET_KEY": "a=b#c", "PORTAL_URL": "http://localhost:8000"}
    assert (folder / "portal.env").stat().st_mode & 0o777 == 0o600


def test_the_real_environment_wins(folder, monkeypatch):
    write_portal_env(folder, {"DATABASE_URL": "postgres://kept", "TIME_ZONE": "America/Chicago"})
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.setenv("TIME_ZONE", "x")
    monkeypatch.delenv("TIME_ZONE")
    load_portal_env()
    assert os.environ["DATABASE_URL"] == "postgres://real"
    assert os.environ["TIME_ZONE"] == "America/Chicago"
    assert "TIME_ZONE" not in real_environment()
    assert real_environment()["DATABASE_URL"] == "postgres://real"
    monkeypatch.delenv("TIME_ZONE")


def test_the_owner_of_another_database_is_not_taken(folder, monkeypatch):
    write_portal_env(folder, {"DATABASE_URL": "postgres://kept", "DATABASE_OWNER_URL": "postgres://owner"})
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    load_portal_env()
    assert "DATABASE_OWNER_URL" not in os.environ


def test_what_was_lent_and_then_changed_is_real(folder, monkeypatch):
    monkeypatch.setenv("POP_TEST_LENT", "x")
    monkeypatch.delenv("POP_TEST_LENT")
    lend({"POP_TEST_LENT": "one"})
    assert "POP_TEST_LENT" not in real_environment()
    monkeypatch.setenv("POP_TEST_LENT", "two")
    assert real_environment()["POP_TEST_LENT"] == "two"


def test_first_values_keep_what_a_person_chose():
    values = first_values({"TIME_ZONE": "America/Denver", "SECRET_KEY": "kept"})
    assert values["TIME_ZONE"] == "America/Denver"
    assert values["SECRET_KEY"] == "kept"
    assert values["DATABASE_URL"].startswith("postgres://portal_app:")
    assert values["DATABASE_OWNER_URL"].startswith("postgres://portal_owner:")
    assert first_values({})["SECRET_KEY"] != first_values({})["SECRET_KEY"]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StartError, match="cannot be made: Not a directory"):
        make_folders(tmp_path / "file" / "data")


def test_a_lock_held_alone_keeps_others_out_until_it_is_released(tmp_path):
    mine, other = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert mine.try_alone()
    assert not other.try_alone()
    mine.release()
    mine.take_together()
    other.take_together()
    assert not Lock(tmp_path / "lock").try_alone()
    mine.release()
    assert mine.try_alone() is False
    other.release()
    assert mine.try_alone()


def test_a_killed_holder_holds_nothing(tmp_path):
    script = (
        "import sys, time; from pop_network.embedded.lock import Lock\n"
        "assert Lock(sys.argv[1]).try_alone(); print('held', flush=True); time.sleep(60)"
    ).replace("assert Lock(sys.argv[1]).try_alone()", "held = Lock(sys.argv[1]); assert held.try_alone()")
    command = [sys.executable, "-c", script, str(tmp_path / "lock")]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=environment.REPO)
    assert holder.stdout.readline() == "held\n"
    assert not Lock(tmp_path / "lock").try_alone()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert Lock(tmp_path / "lock").try_alone()


def test_a_process_is_known_by_number_and_birth(tmp_path):
    note = tmp_path / "note.json"
    processes.remember(note, os.getpid())
    assert processes.recall(note).pid == os.getpid()
    assert processes.birth(os.getpid()) == processes.birth(os.getpid()) != processes.birth(os.getppid())
    with pytest.raises(psutil.NoSuchProcess):
        processes.birth(2**22 + 1)
    note.write_text(f'{{"pid": {os.getpid()}, "created": {processes.birth(os.getpid()) - 1}}}')
    assert processes.recall(note) is None, "another program with the same number was taken for it"
    note.write_text("half a no")
    assert processes.recall(note) is None
    assert processes.recall(tmp_path / "none") is None


def test_a_log_shows_new_warnings_once_and_stays_small(tmp_path):
    path = tmp_path / "web.log"
    path.write_text('{"level": "error", "event": "old"}\n')
    log = Log(path)
    with path.open("a") as file:
        file.write('{"level": "info", "event": "quiet"}\nplain text\n[1, 2]\n')
        file.write('{"level": "warning", "event": "slow", "request": "GET /"}\n{"level": "err')
    assert log.new_warnings() == ["warning: slow GET /"]
    assert log.new_warnings() == []
    with path.open("a") as file:
        file.write('or", "event": "late"}\n')
        assert log.new_warnings() == []
        file.flush()
        assert log.new_warnings() == ["error: late"]
        file.write("x" * LOG_LIMIT)
        file.flush()
        log.cap()
        file.write("after\n")
        file.flush()
        assert path.read_text() == "after\n"
    assert (tmp_path / "web.log.1").stat().st_size > LOG_LIMIT
