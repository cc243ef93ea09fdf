"""Processes that outlive their starter, known by pid and creation time, so that none is mistaken."""

import json
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil

STARTED = 19  # the place of the starting time among the numbers of /proc/PID/stat after the name


def birth(pid):
    """When a process started: on Linux in ticks since the boot, which no setting of the clock moves.

    Raises psutil.NoSuchProcess.
    """
    try:
        after_the_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except FileNotFoundError:
        return psutil.Process(pid).create_time()
    except ProcessLookupError:
        raise psutil.NoSuchProcess(pid) from None
    return int(after_the_name.split()[STARTED])


def remember(path, pid):
    """Write down a process, so that a later start can know it again."""
    Path(path).write_text(json.dumps({"pid": pid, "created": birth(pid)}))


def recall(path):
    """The process written down at that path if it still runs, else None."""
    try:
        noted = json.loads(Path(path).read_text())
        process = psutil.Process(noted["pid"])
        return process if birth(process.pid) == noted["created"] and is_alive(process) else None
    except (FileNotFoundError, ValueError, KeyError, TypeError, psutil.NoSuchProcess):
        return None


def is_alive(process):
    """Whether it runs; one that has ended and waits for its parent does not count as running."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def stop(process, number, seconds):
    """Send the signal, wait, and kill the process with all its children if it does not end in time.

    `number` is None where the process has been asked already. Returns True where it ended by itself.
    """
    with suppress(psutil.NoSuchProcess):
        family = process.children(recursive=True)
        if number is not None:
            process.send_signal(number)
        if _ended(process, seconds):
            return True
        for member in [process, *family]:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        _ended(process, 5)
        return False
    return True


def stop_all(name, folder, number):
    """Stop every process of that name that works in that folder, whoever started it."""
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error, OSError):
            if process.info["name"] == name and Path(process.cwd()) == Path(folder).resolve():
                stop(process, number, 5)


def _ended(process, seconds):
    """Wait for the end of a process, be it a child of this one or not."""
    if isinstance(process, psutil.Popen):
        with suppress(subprocess.TimeoutExpired, psutil.TimeoutExpired):
            process.wait(seconds)
            return True
        return False
    deadline = time.monotonic() + seconds
    while is_alive(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def free_port():
    """A TCP port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_listening(port, host="127.0.0.1"):
    """Whether something answers there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0
