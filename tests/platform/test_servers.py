"""The embedded PostgreSQL and Valkey: shared by commands, and healed whatever was done to them."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from pop_network.embedded import postgres, processes
from pop_network.embedded.environment import REPO, StartError, read_portal_env
from pop_network.embedded.servers import Servers
from tests.platform.running import clean_environment, manage

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """One data folder for the module, since making a cluster takes a second."""
    return tmp_path_factory.mktemp("embedded") / "data"


@pytest.fixture
def servers(cluster):
    yield Servers(cluster)
    assert not Servers(cluster).are_up(), "a test left servers running"


def ask(url, question="SELECT current_user"):
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def test_two_roles_behind_passwords_and_nothing_without(servers):
    with servers.in_use() as values:
        assert ask(values["DATABASE_URL"]) == "portal_app"
        assert ask(values["DATABASE_OWNER_URL"]) == "portal_owner"
        assert ask(values["DATABASE_URL"], "SELECT current_setting('fsync')") == "on"
        wrong = values["DATABASE_URL"].replace(urlsplit(values["DATABASE_URL"]).password, "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            ask(wrong)
        broker = urlsplit(values["REDIS_URL"])
        assert redis.Redis.from_url(values["REDIS_URL"]).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=broker.port).ping()
        listeners = {
            connection.laddr.ip
            for server in (servers.postgres.process(), servers.valkey.process())
            for connection in server.net_connections("inet")
        }
        assert listeners == {"127.0.0.1"}


def test_the_last_one_out_stops_them(servers, cluster):
    with servers.in_use():
        with Servers(cluster).in_use():
            assert servers.are_up()
        assert servers.are_up()
    assert not servers.are_up()


def test_two_that_come_at_once_share(servers, cluster):
    problems, meet = [], threading.Barrier(3)

    def come():
        try:
            with Servers(cluster).in_use() as values:
                meet.wait(30)
                ask(values["DATABASE_URL"])
        except BaseException as problem:
            problems.append(problem)

    visitors = [threading.Thread(target=come) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert problems == []


def test_a_killed_server_comes_back_with_its_rows(servers):
    with servers.in_use() as values:
        with psycopg.connect(values["DATABASE_OWNER_URL"]) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS seven")
        with psycopg.connect(values["DATABASE_URL"]) as busy:
            busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000)")
            processes.stop(servers.postgres.process(), signal.SIGKILL, 5)  # its busy part has not noticed
            processes.stop(servers.valkey.process(), signal.SIGKILL, 5)
            servers.restart()
            busy.close()
        assert ask(values["DATABASE_OWNER_URL"], "SELECT seven FROM kept") == 7


def test_a_note_of_a_server_whose_number_another_program_has(servers):
    with servers.in_use():
        pass
    stale = f"{os.getpid()}\n{servers.postgres.home}\n1\n5432\n\n127.0.0.1\n0 0\nready\n"
    (servers.postgres.home / "postmaster.pid").write_text(stale)
    with servers.in_use() as values:
        assert ask(values["DATABASE_URL"]) == "portal_app"


def test_servers_that_nobody_has_on_record_are_ended_first(servers):
    with servers.in_use():
        before = [servers.postgres.process(), servers.valkey.process()]
        servers.postgres.record.unlink()
        servers.valkey.record.unlink()
        servers.restart()
        assert not any(processes.is_alive(process) for process in before)
        assert servers.are_up()


def test_a_lost_settings_file_gets_new_passwords(servers, cluster):
    with servers.in_use() as values:
        before = values
    (cluster / "portal.env").unlink()
    with servers.in_use() as values:
        assert values["DATABASE_URL"] != before["DATABASE_URL"]
        assert ask(values["DATABASE_URL"]) == "portal_app"
        assert redis.Redis.from_url(values["REDIS_URL"]).ping()


def test_a_port_that_another_program_took_is_left_to_it(servers, cluster):
    taken = urlsplit(read_portal_env(cluster)["DATABASE_URL"]).port
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", taken))
        other.listen()
        with servers.in_use() as values:
            assert urlsplit(values["DATABASE_URL"]).port != taken
            assert ask(values["DATABASE_URL"]) == "portal_app"
            assert read_portal_env(cluster)["DATABASE_URL"] == values["DATABASE_URL"]


def test_a_cluster_appears_whole_or_not_at_all(tmp_path, monkeypatch):
    unfinished = Servers(tmp_path / "data")
    monkeypatch.setattr(postgres, "_roles", lambda *_: ["CREATE NONSENSE"])
    with pytest.raises(StartError, match="could not be set up"), unfinished.in_use():
        raise AssertionError("it started")
    assert not unfinished.postgres.exists


def test_another_user_s_folder_is_named(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    with pytest.raises(StartError, match="cannot be written by this user"), Servers("/root/data").in_use():
        raise AssertionError("it started")


def test_root_runs_them_as_somebody_else(tmp_path_factory, monkeypatch):
    """Where the kernel refuses namespaces, `nobody` owns the cluster; a later root start keeps it so."""
    if os.geteuid() != 0:
        pytest.skip("only root has to become somebody else")
    folder = tmp_path_factory.mktemp("as_nobody")
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o755)
    monkeypatch.setattr(postgres, "_namespaces_work", lambda: False)
    servers = Servers(folder)
    try:
        with servers.in_use() as values:
            assert ask(values["DATABASE_URL"]) == "portal_app"
            assert servers.postgres.process().uids().real == postgres.NOBODY
    except StartError as error:
        pytest.skip(f"nobody has no way into the programs here: {error}")


def test_root_says_so_where_nobody_else_can_enter(tmp_path, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("only root has to become somebody else")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(postgres, "_namespaces_work", lambda: False)
    with pytest.raises(StartError, match="refuses to run as root"), Servers(closed / "data").in_use():
        raise AssertionError("it started")


def test_a_command_brings_its_own_servers(cluster, servers):
    """Nothing but the command's own words on standard output, and nothing left behind."""
    script = "from django.db import connection as c; c.ensure_connection(); print('one line')"
    done = manage(cluster, "shell", "--no-imports", "-c", script)
    assert (done.returncode, done.stdout) == (0, "one line\n"), done.stderr


def test_a_command_without_a_database_starts_nothing(tmp_path):
    done = manage(tmp_path / "data", "help")
    assert done.returncode == 0
    assert not (tmp_path / "data").exists()


def test_a_command_without_its_servers_says_so_in_a_sentence_or_in_json(tmp_path):
    (tmp_path / "in the way").write_text("")
    for flags, where in (([], "stderr"), (["--json"], "stdout")):
        done = manage(tmp_path / "in the way" / "data", "why_can_see", "a@example.org", "1", *flags)
        assert done.returncode == 1
        said = getattr(done, where)
        assert "cannot be made: Not a directory." in said
        assert said.count("\n") == 1
        if flags:
            assert json.loads(said)["status"] == "failed"


def test_a_killed_command_leaves_servers_that_the_next_one_takes_over(cluster, servers):
    script = "import time; print('up', flush=True); time.sleep(60)"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
    killed = subprocess.Popen(command, cwd=REPO, env=clean_environment(cluster), stdout=subprocess.PIPE, text=True)
    assert killed.stdout.readline() == "up\n"
    killed.kill()
    killed.wait()
    killed.stdout.close()
    orphan = servers.postgres.process()
    assert orphan is not None
    with servers.in_use() as values:
        assert servers.postgres.process().pid == orphan.pid
        assert ask(values["DATABASE_URL"]) == "portal_app"
    assert not processes.is_alive(orphan)


def test_a_process_that_will_not_end_is_ended():
    stubborn = subprocess.Popen(
        [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True);"
         " time.sleep(60)"],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    stubborn.stdout.readline()
    process = processes.psutil.Process(stubborn.pid)
    assert processes.stop(process, signal.SIGTERM, 0.2) is False
    assert stubborn.wait(5) == -signal.SIGKILL
    stubborn.stdout.close()
