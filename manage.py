#!/usr/bin/env python
"""Django's command line, with the portal's own servers behind it where no others are named."""

import os
import sys


def main():
    """Find or start the servers this command needs, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pop_network.settings")
    # What the history says of changes that nobody signs: those of migrations, and of the shell.
    os.environ.setdefault("PGAPPNAME", f"manage.py {' '.join(sys.argv[1:2])}".strip())
    from pop_network.embedded.session import servers_for_command

    with servers_for_command(sys.argv):
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
