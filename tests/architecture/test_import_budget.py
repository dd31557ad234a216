"""A cold start pays for what is imported: each entry point in a fresh interpreter."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib import entrypoints

ROOT = Path(__file__).parents[2]
HEAVY = ("stripe", "fpdf", "PIL", "fontTools", "babel", "lxml", "jinja2", "segno", "boto3", "requests")
MODULES = sorted(module.name for module in pkgutil.walk_packages(entrypoints.__path__, "chalicelib.entrypoints."))


@pytest.mark.parametrize("module", ["app", *MODULES])
def test_importing_an_entry_point_loads_nothing_heavy(module):
    assert loaded_by(f"import {module}", cwd=ROOT) == []


def loaded_by(statement, *, cwd):
    probe = f"import sys\n{statement}\nprint(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()
