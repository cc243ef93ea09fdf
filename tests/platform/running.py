"""A portal in a process of its own, as `make run` starts it, for tests that look at it from outside."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from pop_network.embedded import processes
from pop_network.embedded.environment import REPO
from pop_network.embedded.processes import free_port

OF_THE_TESTS = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "POP_DATA_DIR", "PORTAL_URL"}


def clean_environment(folder, **more):
    """The environment of a person who has just cloned the portal and chosen a data folder."""
    given = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    return given | {"POP_DATA_DIR": str(folder)} | more


def manage(folder, *arguments, **more):
    """Run one `manage.py` command to its end, in the repo, as a person would."""
    command = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=REPO,
        env=clean_environment(folder, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


class RunningPortal:
    """Start with `start()`, ask `answers()`, end with `interrupt()` or `kill()`; `close()` leaves nothing."""

    def __init__(self, folder, port=None, command=None, code=REPO, **environment):
        """Take the data folder; `code` is the folder of the portal's own files."""
        self.folder, self.port = folder, port or free_port()
        self.command = command or [sys.executable, "-m", "pop_network.embedded", "--no-demo", "--port", str(self.port)]
        self.code, self.environment = code, environment
        self.process, self.said = None, []

    def start(self):
        """Start it without waiting."""
        self.said = []
        self.process = subprocess.Popen(
            self.command,
            cwd=self.code,
            env=clean_environment(self.folder, **self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # a terminal sends Ctrl-C to a whole group, make and all
        )
        threading.Thread(target=self._listen, args=[self.process], daemon=True).start()
        return self

    def _listen(self, process):
        for line in process.stdout:
            self.said.append(line)

    @property
    def words(self):
        """Everything it has said so far."""
        return "".join(self.said)

    def wait_for(self, text, seconds=60):
        """Wait until it says that; fails with all it said instead."""
        deadline = time.monotonic() + seconds
        while text not in self.words:
            assert self.process.poll() is None, f"it ended, having said:\n{self.words}"
            assert time.monotonic() < deadline, f'"{text}" was not said in {seconds} s but:\n{self.words}'
            time.sleep(0.05)

    def status(self, path):
        """The HTTP status of a page, 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def ends(self, seconds=60):
        """Wait for its end; returns the exit status."""
        code = self.process.wait(seconds)
        time.sleep(0.1)  # the last lines are on their way from the pipe
        return code

    def interrupt(self):
        """Press Ctrl-C and wait for the end."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.ends()

    def kill(self):
        """End the supervisor without a word to anybody."""
        self.process.kill()
        self.process.wait()

    def child(self, name):
        """The running process of that name ("web", "worker", "beat", "postgres", "valkey"), or None."""
        return processes.recall(self.folder / "run" / f"{name}.json")

    def close(self):
        """Leave no process behind."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        for name in ("beat", "worker", "web", "valkey", "postgres"):
            left = self.child(name)
            if left is not None:
                processes.stop(left, signal.SIGINT, 10)
