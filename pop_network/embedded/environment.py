"""Where the portal keeps its data, and the file of settings that it writes there at its first start.

No Django here: settings import this module.
"""

import os
import secrets
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
ENV_FILE = "portal.env"
EMBEDDED = "EMBEDDED_SERVERS"
_lent = {}  # what this module put into the environment


class StartError(Exception):
    """The portal cannot start. The message is one sentence or two for the person at the keyboard."""


def data_dir():
    """The folder of everything the portal keeps: `POP_DATA_DIR`, or `.data` beside `manage.py`."""
    chosen = os.environ.get("POP_DATA_DIR")
    return Path(chosen).expanduser().resolve() if chosen else REPO / ".data"


def read_portal_env(folder):
    """The names and values of `portal.env` in that folder; an empty dict where there is no such file.

    Raises StartError where the file is there and cannot be read.
    """
    path = Path(folder) / ENV_FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except NotADirectoryError:
        raise StartError(f"The data folder {folder} cannot be made: Not a directory.") from None
    except PermissionError:
        raise StartError(
            f"{path} belongs to another user. Start the portal as that user, or choose another POP_DATA_DIR."
        ) from None
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def write_portal_env(folder, values):
    """Write `portal.env` whole (mode 0600), by way of a second file: a full disk leaves the old one."""
    folder = Path(folder)
    lines = ["# Written by the portal. The real environment wins over this file. Keep it secret."]
    lines += [f"{name}={value}" for name, value in values.items()]
    fresh = folder / f"{ENV_FILE}.new"
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(folder / ENV_FILE)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def load_portal_env():
    """Put what `portal.env` says into the environment, except where the real environment has a word already.

    An owner address of the file is never taken beside a database of the real environment: the two would
    be different databases.
    """
    values = read_portal_env(data_dir())
    if "DATABASE_URL" in os.environ:
        values.pop("DATABASE_OWNER_URL", None)
    lend(values)


def lend(values):
    """Put values into the environment where it has none of that name."""
    for name, value in values.items():
        if name not in os.environ:
            os.environ[name] = _lent[name] = value


def real_environment():
    """The environment as it was given to this process, without what was read or made up here."""
    return {name: value for name, value in os.environ.items() if _lent.get(name) != value}


def fill_for_commands_without_servers():
    """Give settings something to read for a command that opens no database (`help`, `collectstatic`)."""
    load_portal_env()
    nowhere = "127.0.0.1:1"
    lend(
        {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATABASE_URL": f"postgres://none:none@{nowhere}/none",
            "REDIS_URL": f"redis://{nowhere}/0",
        }
    )
