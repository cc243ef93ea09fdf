"""Both embedded servers of one data folder: started by whoever comes first, stopped by whoever leaves last.

Two files order this. `servers.lock` is held alone for the moment of starting or stopping. `in-use.lock` is
held together by everybody who uses the servers; who can get it alone knows that nobody else is left. The
kernel lets go of both when a process dies, so that a killed one leaves no stale lock.
"""

import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from pop_network.embedded import postgres
from pop_network.embedded.environment import EMBEDDED, StartError, read_portal_env, write_portal_env
from pop_network.embedded.lock import Lock
from pop_network.embedded.postgres import Postgres
from pop_network.embedded.processes import free_port, is_listening
from pop_network.embedded.valkey import Valkey


def silent(_sentence):
    """The listener of those who want no progress."""


class Servers:
    """PostgreSQL and Valkey of one data folder."""

    def __init__(self, folder, durable=True, can_create_databases=False):
        """Take the data folder; the switches are for tests, which need speed and databases of their own."""
        self.folder = Path(folder)
        self.run, self.logs = self.folder / "run", self.folder / "logs"
        self.can_create_databases = can_create_databases
        self.postgres = Postgres(
            self.folder / "postgres", self.logs / "postgres.log", self.run / "postgres.json", durable
        )
        self.valkey = Valkey(self.folder / "valkey", self.logs / "valkey.log", self.run / "valkey.json")
        self.next_try = 0.0  # the moment before which a failed restart is not repeated

    @contextmanager
    def in_use(self, say=silent):
        """Have both servers up for the duration; yields the values of `portal.env`."""
        make_folders(self.folder)
        turn, users = Lock(self.run / "servers.lock"), Lock(self.run / "in-use.lock")
        with turn.alone():
            users.take_together()
            try:
                values = self.up(say)
            except BaseException:
                self._leave(users, say)
                raise
        try:
            yield values
        finally:
            with turn.alone():
                self._leave(users, say)

    def _leave(self, users, say):
        users.release()
        if users.try_alone():
            self.down(say)
            users.release()

    def up(self, say=silent):
        """Start what does not run yet. Returns the values of `portal.env`, which follow a port that moves."""
        values = read_portal_env(self.folder)
        fresh = first_values(values)
        if fresh["DATABASE_OWNER_URL"] != values.get("DATABASE_OWNER_URL") or not self.postgres.exists:
            say("Making the database")
            owner, app = urlsplit(fresh["DATABASE_OWNER_URL"]), urlsplit(fresh["DATABASE_URL"])
            self.down()
            self.postgres.make(owner.password, app.password, self.can_create_databases)
        if self.postgres.process() is None:
            say("Starting PostgreSQL")
            port = _usable(urlsplit(fresh["DATABASE_URL"]).port)
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
                fresh[name] = _with_port(fresh[name], port)
            self._write(values, fresh)
            self.postgres.start(port)
        if self.valkey.process() is None:
            say("Starting Valkey")
            port = _usable(urlsplit(fresh["REDIS_URL"]).port)
            fresh["REDIS_URL"] = _with_port(fresh["REDIS_URL"], port)
            self._write(values, fresh)
            self.valkey.start(port, urlsplit(fresh["REDIS_URL"]).password)
        return fresh

    def are_up(self):
        """Whether both processes run."""
        return self.postgres.process() is not None and self.valkey.process() is not None

    def restart(self):
        """Start what has ended, while in use. Raises StartError."""
        with Lock(self.run / "servers.lock").alone():
            self.up()

    def down(self, say=silent):
        """Stop both."""
        if self.valkey.process() or self.postgres.process():
            say("Stopping PostgreSQL and Valkey")
        self.valkey.stop()
        self.postgres.stop()

    def _write(self, before, after):
        if before != after:
            write_portal_env(self.folder, after)


def make_folders(folder):
    """Make the data folder with its rooms, for its owner alone. Raises StartError where that is refused."""
    try:
        for room in (folder, folder / "run", folder / "logs"):
            room.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(room, os.W_OK | os.X_OK):
                raise PermissionError
    except PermissionError:
        raise StartError(
            f"The data folder {folder} cannot be written by this user. "
            "Start the portal as its owner, or choose another POP_DATA_DIR."
        ) from None
    except OSError as error:
        raise StartError(f"The data folder {folder} cannot be made: {error.strerror}.") from None


def first_secret():
    """A new SECRET_KEY."""
    return secrets.token_urlsafe(50)


def first_values(values):
    """`values` completed with what a first start chooses: secrets, and addresses of the embedded servers."""
    database = f"127.0.0.1:{free_port()}/{postgres.DATABASE}"
    chosen = {
        "SECRET_KEY": first_secret(),
        EMBEDDED: "yes",
        "DATABASE_URL": f"postgres://{postgres.APPLICATION}:{secrets.token_hex(16)}@{database}",
        "DATABASE_OWNER_URL": f"postgres://{postgres.OWNER}:{secrets.token_hex(16)}@{database}",
        "REDIS_URL": f"redis://:{secrets.token_hex(16)}@127.0.0.1:{free_port()}/0",
    }
    if "DATABASE_URL" not in values or "DATABASE_OWNER_URL" not in values:
        values = {name: value for name, value in values.items() if not name.startswith("DATABASE")}
    return chosen | values


def _usable(port):
    return port if port and not is_listening(port) else free_port()


def _with_port(url, port):
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rsplit(':', 1)[0]}:{port}").geturl()
