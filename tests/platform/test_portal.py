"""`make run` as a person meets it: starting, stopping, and all that goes wrong around it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import psycopg
import pytest

from pop_network.embedded import processes
from pop_network.embedded.environment import REPO, read_portal_env
from pop_network.embedded.processes import free_port
from tests.platform.running import RunningPortal, manage

pytestmark = pytest.mark.servers

NOBODY = 65534
PYTHONS = [sys.base_prefix + "/bin/python3", "/usr/bin/python3"]
FIT = "-c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'"
CHILDREN = ["web", "worker", "beat", "postgres", "valkey"]


def wait_until(true, seconds=30):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def add_district(folder):
    with psycopg.connect(read_portal_env(folder)["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO schools_district (code, name, timezone) VALUES ('KEPT', 'Kept', 'America/New_York')"
        )


def districts(folder):
    with psycopg.connect(read_portal_env(folder)["DATABASE_URL"]) as connection:
        return [code for (code,) in connection.execute("SELECT code FROM schools_district")]


def test_starts_heals_and_stops(portal):
    """One long day of a portal: each step stands on the one before, since a start takes seconds."""
    first = portal().start()
    first.wait_for("Ready in", 90)
    assert f"http://localhost:{first.port}" in first.words
    assert first.status("/accounts/login/") == 200
    assert first.status("/health/live/") == 200
    wait_until(lambda: all(first.child(name) for name in CHILDREN))
    assert (first.folder / "portal.env").stat().st_mode & 0o777 == 0o600

    add_district(first.folder)

    # A command finds the servers of the running portal, and leaves them running. The id of what rings for a
    # task goes with it, into the worker's own log.
    ring = (
        "import structlog; structlog.contextvars.bind_contextvars(request_id='the-one-id');"
        "from assessments.tasks import sweep; sweep.delay()"
    )
    assert manage(first.folder, "shell", "--no-imports", "-c", ring).returncode == 0
    log = first.folder / "logs" / "worker.log"
    wait_until(lambda: '"request_id": "the-one-id"' in log.read_text())
    wait_until(lambda: "task_succeeded" in log.read_text())
    assert first.child("postgres")

    # A second start in the same folder says where the first is, and harms nothing.
    second = portal(first.folder).start()
    assert second.ends() == 1
    assert f"already runs: http://localhost:{first.port}" in second.words
    assert first.status("/health/live/") == 200

    # A child that dies comes back, and the console says so; a server likewise.
    worker = first.child("worker")
    worker.kill()
    first.wait_for("worker ended (killed by SIGKILL)")
    wait_until(lambda: first.child("worker") and first.child("worker").pid != worker.pid)
    postmaster = first.child("postgres")
    postmaster.kill()
    first.wait_for("A server behind the portal ended")
    wait_until(lambda: first.status("/health/ready/") == 200)

    # The supervisor is killed: what it left is taken over or ended, nothing is lost.
    orphan = first.child("web")
    first.kill()
    assert processes.is_alive(orphan)
    again = portal(first.folder, port=first.port).start()
    again.wait_for("Ready in", 60)
    assert "web of an earlier run was still there" in again.words
    assert again.child("web").pid != orphan.pid
    assert again.status("/accounts/login/") == 200
    assert districts(first.folder) == ["KEPT"]

    family = [again.child(name) for name in CHILDREN]
    assert again.interrupt() == 0
    assert "The data is kept" in again.words
    assert not any(processes.is_alive(member) for member in family if member)
    assert not (first.folder / "postgres" / "postmaster.pid").exists(), "PostgreSQL did not stop cleanly"


def test_a_taken_port_is_named(portal):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = portal(port=other.getsockname()[1]).start()
        assert refused.ends() == 1
        assert f"Port {refused.port} is taken by" in refused.words
        assert f"(process {os.getpid()})" in refused.words
        assert f"make run PORT={refused.port + 1}" in refused.words
    assert refused.child("postgres") is None


def test_a_full_disk_is_named_before_anything_is_written(portal, tmp_path):
    with small_disk(tmp_path / "small", "20m") as folder:
        refused = portal(folder / "data").start()
        assert refused.ends() == 1
        assert "The disk is full" in refused.words
        assert not (folder / "data" / "postgres").exists()


def test_a_disk_that_fills_up_keeps_the_data(portal, tmp_path, long_form):
    with small_disk(tmp_path / "small", "400m") as folder:
        running = portal(folder / "data", STATIC_ROOT=str(tmp_path / "static")).start()
        running.wait_for("Ready in", 90)
        add_district(running.folder)
        running.interrupt()
        ballast = folder / "ballast"
        with ballast.open("wb") as file, pytest.raises(OSError, match="No space left"):
            while True:
                file.write(b"\0" * 1_000_000)
                file.flush()
        refused = portal(running.folder).start()
        assert refused.ends() == 1
        assert "The disk is full" in refused.words
        ballast.unlink()
        again = portal(running.folder, STATIC_ROOT=str(tmp_path / "static")).start()
        again.wait_for("Ready in", 60)
        assert districts(running.folder) == ["KEPT"]
        again.interrupt()


class small_disk:
    """A file system of its own in memory; needs root and the right to mount."""

    def __init__(self, path, size):
        self.path, self.size = path, size

    def __enter__(self):
        self.path.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={self.size},mode=755", "tmpfs", str(self.path)]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("a full disk is made with a small file system of its own, which needs root")
        return self.path

    def __exit__(self, *_):
        for server in ("postgres", "valkey"):
            left = processes.recall(self.path / "data" / "run" / f"{server}.json")
            if left is not None:
                processes.stop(left, signal.SIGINT, 10)
        subprocess.run(["umount", "--lazy", str(self.path)], check=True)


def test_a_fresh_clone_runs_as_an_ordinary_user(tmp_path, long_form):
    """`make run` in a clone that belongs to `nobody`, with nothing installed, when root runs the tests."""
    if os.geteuid() != 0:
        pytest.skip("the suite runs as an ordinary user, so every other test of this file shows it")
    clone = tmp_path / "clone"
    files = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, text=True, check=True)
    for name in filter(None, files.stdout.split("\0")):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPO / name, clone / name)
    open_the_way(tmp_path)
    for path in (tmp_path, clone, *clone.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "sh", "-c"]
    fits = {python: subprocess.run([*as_nobody, f"{python} {FIT}"]).returncode == 0 for python in PYTHONS}
    found = [python for python in PYTHONS if fits[python]]
    if not found:
        pytest.skip("no Python 3.11 or later here that an ordinary user may run")
    port = free_port()
    command = [*as_nobody, f"exec make run PYTHON={found[0]} PORT={port} DEMO=no"]
    running = RunningPortal(clone / ".data", port, command, code=clone, HOME=str(tmp_path))
    try:
        running.start().wait_for("Ready in", 240)
        assert running.status("/accounts/login/") == 200
        assert running.child("postgres").uids().real == NOBODY
        running.interrupt()
        assert "The data is kept" in running.words
    finally:
        running.close()


def open_the_way(path):
    """Let others pass through pytest's own folders, which are closed to them."""
    for folder in [path, *path.parents]:
        if folder.owner() == "root" and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
