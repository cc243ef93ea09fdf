"""The processes of a running portal (web, worker, beat): each one's command, log and second chances."""

import json
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from pop_network.embedded import processes

LOG_LIMIT = 10 * 1024 * 1024  # bytes; one older file of the same size is kept
LONGEST_PAUSE = 60.0  # seconds between two starts of something that keeps ending
CALM = 60.0  # seconds after which a child counts as well again
LOUD = {"warning", "error", "critical"}


class Log:
    """A log file that is capped, and whose new warnings can be asked for."""

    def __init__(self, path):
        """Take the path; what stands there already is not read again."""
        self.path = Path(path)
        self.seen = self.path.stat().st_size if self.path.exists() else 0

    def cap(self):
        """Set an overgrown log aside. Its writers append, so emptying the file under them is safe."""
        if self.path.exists() and self.path.stat().st_size > LOG_LIMIT:
            shutil.copyfile(self.path, self.path.with_suffix(".log.1"))
            with self.path.open("r+b") as file:
                file.truncate()
            self.seen = 0

    def new_warnings(self):
        """The events of level warning and above since the last call, as short lines."""
        if not self.path.exists() or self.path.stat().st_size <= self.seen:
            return []
        with self.path.open("rb") as file:
            file.seek(self.seen)
            fresh = file.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self.seen += len(whole)
        return [said for said in map(_loud_event, whole.splitlines()) if said]

    def last_lines(self, count):
        """The last lines, for the person who has to see why something ended."""
        if not self.path.exists():
            return []
        return self.path.read_text(errors="replace").splitlines()[-count:]


def _loud_event(line):
    try:
        entry = json.loads(line)
    except ValueError:
        return ""
    if not isinstance(entry, dict) or entry.get("level") not in LOUD:
        return ""
    details = " ".join(str(entry[name]) for name in ("code", "request", "task", "error") if name in entry)
    return f"{entry['level']}: {entry.get('event', '')} {details}".strip()[:300]


@dataclass
class Child:
    """One process to keep running. `record` remembers it for a start after a killed supervisor."""

    name: str
    command: list
    environment: dict
    log: Log
    record: Path
    grace: float = 10.0  # seconds it may take to finish what it holds
    process: psutil.Popen | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    due: float = field(default=0.0, init=False)
    failures: int = field(default=0, init=False)

    def start(self):
        """Start it, apart from the terminal, so that Ctrl-C reaches the supervisor alone."""
        with self.log.path.open("ab") as log:
            self.process = psutil.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started = time.monotonic()
        processes.remember(self.record, self.process.pid)

    def look_after(self, say):
        """Start it again if it has ended: at once the first time, after longer and longer pauses then."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                self.failures = 0 if now - self.started > CALM else self.failures
                return
            pause = min(LONGEST_PAUSE, 2.0**self.failures - 1)
            self.failures, self.due, self.process = self.failures + 1, now + pause, None
            when = f"in {pause:.0f} s" if pause else "now"
            say(f"{self.name} ended ({_how(code)}). It is started again {when}. Its log: {self.log.path}")
        if now >= self.due:
            self.start()

    def ask_to_stop(self):
        """Tell it to finish, without waiting."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self):
        """Let it finish, within its grace."""
        if self.process is not None:
            processes.stop(self.process, None, self.grace)
        self.record.unlink(missing_ok=True)

    def stop_orphan(self):
        """End what a killed supervisor left running. Returns whether there was one."""
        orphan = processes.recall(self.record)
        if orphan is None:
            return False
        processes.stop(orphan, signal.SIGTERM, self.grace)
        return True


def _how(code):
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
