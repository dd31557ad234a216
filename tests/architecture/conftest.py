"""The package for AWS, built once for every run of the tests, and again only when something in it changed."""

import fcntl
import hashlib
import json
import subprocess

import pytest

from infra import package as packaging
from infra.dev import packaging_python

SOURCES = ("app.py", "chalicelib", ".chalice", "infra/package.py", "infra/resources.yaml", "infra/alarms.yaml")
LOCKS = ("infra/lock/runtime.txt",)


@pytest.fixture(scope="session")
def packaged():
    """The template and the zip, of the newest Python here that Lambda has too (the first time takes a minute)."""
    python = packaging_python()
    if python is None:
        pytest.skip("there is no Python 3.12 or 3.13 to package with; on 3.11 Chalice builds what Lambda cannot load")
    packaging.BUILD.mkdir(exist_ok=True)
    stamp = packaging.BUILD / "tested.sha256"
    with (packaging.BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # workers of one run share the build
        built = packaging.location(python)
        if not (stamp.exists() and stamp.read_text() == inputs(python) and built.zip.exists()):
            stamp.unlink(missing_ok=True)
            built = packaging.package(python)
            stamp.write_text(inputs(python))
    return built


@pytest.fixture(scope="session")
def template(packaged):
    return json.loads(packaged.template.read_text())


@pytest.fixture(scope="session")
def functions(template):
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def inputs(python):
    digest = hashlib.sha256(subprocess.run([python, "-VV"], capture_output=True, check=True).stdout)
    for source in (*SOURCES, *LOCKS):
        path = packaging.ROOT / source
        files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
        for file in files:
            if file.suffix != ".pyc":
                digest.update(str(file.relative_to(packaging.ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
