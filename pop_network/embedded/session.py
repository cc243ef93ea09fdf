"""The servers behind one `manage.py` command."""

import json
import os
import sys
from contextlib import ExitStack, contextmanager

from pop_network.embedded.environment import (
    EMBEDDED,
    StartError,
    data_dir,
    fill_for_commands_without_servers,
    lend,
    load_portal_env,
    read_portal_env,
)
from pop_network.embedded.servers import Servers

# `portal` starts its own; the others open no database.
WITHOUT_SERVERS = {
    "", "help", "version", "--version", "--help", "-h", "collectstatic", "findstatic", "compilemessages",
    "makemessages", "startapp", "startproject", "diffsettings", "portal",
}  # fmt: skip


@contextmanager
def servers_for_command(argv):
    """Find the servers that a command needs, or start them for its duration; its exit stops what nobody uses.

    A database of the real environment, or one that a person wrote into `portal.env`, is used as it stands.
    Says nothing on standard output. Ends the program with a sentence where the servers cannot be had.
    """
    with ExitStack() as servers:
        try:
            if _needs_embedded_servers(argv):
                lend(servers.enter_context(Servers(data_dir()).in_use(_say)))
        except (StartError, OSError) as error:
            message = f"The servers behind this command cannot be had. {error}"
            if "--json" in argv:
                print(json.dumps({"status": "failed", "message": message}))
            sys.exit(message)
        yield


def _needs_embedded_servers(argv):
    command = argv[1] if len(argv) > 1 else ""
    if command in WITHOUT_SERVERS or {"--help", "-h"} & set(argv) or _is_check_without_database(argv):
        fill_for_commands_without_servers()
        return False
    if "DATABASE_URL" in os.environ:
        return False
    kept = read_portal_env(data_dir())
    if "DATABASE_URL" in kept and kept.get(EMBEDDED) != "yes":
        load_portal_env()
        return False
    return True


def _is_check_without_database(argv):
    return argv[1:2] == ["check"] and not any(part.startswith("--database") for part in argv)


def _say(sentence):
    if sys.stderr.isatty():
        print(f"{sentence} ...", file=sys.stderr)
