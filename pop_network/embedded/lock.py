"""Locks that die with their holder."""

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path


class Lock:
    """A file of which the kernel keeps count who holds it; a killed process holds nothing."""

    def __init__(self, path):
        """Take the path of the lock's file; it is made when first needed and never removed."""
        self.path, self._file = Path(path), None

    def take_together(self):
        """Hold it beside others."""
        fcntl.flock(self._opened(), fcntl.LOCK_SH)

    def try_alone(self):
        """Hold it alone if nobody else does. Returns whether that worked."""
        try:
            fcntl.flock(self._opened(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            return False
        return True

    @contextmanager
    def alone(self):
        """Wait for it, and hold it alone for the duration."""
        fcntl.flock(self._opened(), fcntl.LOCK_EX)
        try:
            yield
        finally:
            self.release()

    def release(self):
        """Let it go."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _opened(self):
        if self._file is None:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file
