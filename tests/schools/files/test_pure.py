"""Reading files needs no portal: nothing in `schools.files` loads Django."""

import pkgutil
import subprocess
import sys

import schools.files


def test_no_module_loads_django():
    names = [module.name for module in pkgutil.walk_packages(schools.files.__path__, "schools.files.")]
    assert "schools.files.table" in names
    code = f"import sys, {', '.join(names)}; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
