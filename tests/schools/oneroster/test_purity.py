"""Reading and planning know no Django: they can be tried and timed without a database."""

import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]


def test_reading_and_planning_load_no_django():
    code = "import sys, schools.oneroster.plan, schools.oneroster.roster, schools.oneroster.answering; "
    code += "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=REPO, check=False).returncode == 0
