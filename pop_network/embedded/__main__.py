"""`python -m pop_network.embedded`: the portal's supervisor, which `make run` and `manage.py portal` start."""

import argparse
import os
import sys

from pop_network.embedded.environment import data_dir
from pop_network.embedded.portal import run_portal

parser = argparse.ArgumentParser(prog="portal", description="Run the portal until Ctrl-C.")
parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
parser.add_argument("--data-dir", default=os.environ.get("POP_DATA_DIR"))
parser.add_argument("--no-demo", action="store_true", default=os.environ.get("DEMO") == "no")
chosen = parser.parse_args()
if chosen.data_dir:
    os.environ["POP_DATA_DIR"] = chosen.data_dir
sys.exit(run_portal(data_dir(), chosen.port, not chosen.no_demo))
