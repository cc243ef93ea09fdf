"""`make run` as a person meets it: starting, stopping, and all that goes wrong around it."""

import os
import shutil
import signal
import socket
import subprocess
import time

import psutil
import pytest

from pop_network.embedded import processes
from tests.platform.running import manage

pytestmark = pytest.mark.servers

CHILDREN = ["web", "worker", "beat", "postgres", "valkey"]


def wait_until(true, seconds=30):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def add_district(folder):
    code = "from schools.models import District; District.objects.create(code='KEPT', name='Kept')"
    done = manage(folder, "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr


def districts(folder):
    code = "from schools.models import District; print(list(District.objects.values_list('code', flat=True)))"
    return manage(folder, "shell", "--no-imports", "-c", code).stdout.strip()


def test_starts_heals_and_stops(portal):
    """One long day of a portal: each step stands on the one before, since a start takes seconds."""
    first = portal().start()
    first.wait_for("Ready in", 90)
    assert f"http://localhost:{first.port}" in first.words
    assert first.status("/accounts/login/") == 200
    assert first.status("/health/live/") == 200
    wait_until(lambda: all(first.child(name) for name in CHILDREN))
    assert (first.folder / "portal.env").stat().st_mode & 0o777 == 0o600

    # A command finds the servers of the running portal, and leaves them running.
    if "KEPT" not in districts(first.folder):
        add_district(first.folder)
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
    assert "KEPT" in districts(first.folder)

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
        assert "KEPT" in districts(running.folder)
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


def test_runs_as_an_ordinary_user(portal, tmp_path, long_form):
    """Started by root, the suite runs the portal as `nobody`; started by anyone else, as that person."""
    prefix = []
    if os.geteuid() == 0:
        for parent in [tmp_path, *tmp_path.parents]:
            if not parent.stat().st_mode & 0o001:
                parent.chmod(parent.stat().st_mode | 0o011)
            if parent.name.startswith("pytest-of-"):
                break
        (tmp_path / "data").mkdir()
        os.chown(tmp_path / "data", 65534, 65534)
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        reachable = subprocess.run([*prefix, "test", "-r", __file__, "-a", "-w", str(tmp_path / "data")])
        if reachable.returncode:
            pytest.skip("the repo lies where only root can enter, so no other user can run it")
    running = portal(prefix=prefix, HOME=str(tmp_path)).start()
    running.wait_for("Ready in", 90)
    assert running.status("/accounts/login/") == 200
    assert psutil.Process(running.child("postgres").pid).uids().real == (65534 if prefix else os.getuid())
    assert running.interrupt() == 0
