"""The one door for developers: makes the environment, then runs, tests, checks, measures and packages.

Knows the standard library only, so that a clean clone with a bare Python 3.11 can start it.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "infra" / "lock" / "development.txt"
STAMP = VENV / "lock.sha256"
OLDEST, NEWEST = (3, 11), (3, 14)
PACKAGING = ("python3.13", "python3.12")  # on 3.11 Chalice builds Pillow from source against libraries Lambda lacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    what: str
    run: Callable[[Sequence[str]], int]


def main(arguments: Sequence[str]) -> int:
    commands = {
        "run": Command(what="start everything on this machine and play the main job", run=run),
        "test": Command(what="run the tests (further arguments go to pytest)", run=test),
        "check": Command(what="everything CI asks: style, types, layers, tests, a fresh OpenAPI document", run=check),
        "simulate": Command(what="play histories in which everything goes wrong (--seeds N --from S)", run=simulate),
        "bench": Command(what="measure (dev.py bench NAME, or all)", run=bench),
        "package": Command(what="build the SAM template and the zip for AWS", run=package),
        "verify": Command(what="check saved pages of a chain of numbers, offline (FILE... [--pdfs ZIP])", run=verify),
        "openapi": Command(what="write infra/openapi.json", run=openapi),
    }
    epilog = "\n".join(f"  {name:8} {command.what}" for name, command in commands.items())
    parser = argparse.ArgumentParser(
        prog="dev.py", description=__doc__, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=commands)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on to the command")
    chosen = parser.parse_args(arguments)
    if chosen.command != "verify":
        make_environment()
    return commands[chosen.command].run(chosen.arguments)


def run(arguments: Sequence[str]) -> int:
    """Replace this process, so that signals reach the local run itself."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(_python(), [_python(), "-m", "infra.local.serve", *arguments])  # noqa: S606  # no shell is the point


def test(arguments: Sequence[str]) -> int:
    return _step("tests", [_python(), "-m", "pytest", *(arguments or ["-n", "2", "--dist", "worksteal"])])


def check(arguments: Sequence[str]) -> int:
    """Run every step even if one fails, so that one run tells all; the tests come last."""
    steps = {
        "style": [_tool("ruff"), "check", "."],
        "format": [_tool("ruff"), "format", "--check", "."],
        "types": [_tool("mypy")],
        "layers": [_tool("lint-imports")],
        "openapi": [_python(), "-m", "infra.openapi", "--check"],
    }
    failed = [name for name, command in steps.items() if _step(name, command)]
    if test(arguments):
        failed.append("tests")
    print(f"check: failed: {', '.join(failed)}" if failed else "check: all is well", flush=True)
    return 1 if failed else 0


def verify(arguments: Sequence[str]) -> int:
    """With whatever Python runs this: whoever checks a chain needs no environment of ours."""
    return subprocess.run([sys.executable, ROOT / "infra" / "verify.py", *arguments], check=False).returncode


def simulate(arguments: Sequence[str]) -> int:
    return _step("simulate", [_python(), "-m", "tests.simulation", *arguments])


def bench(arguments: Sequence[str]) -> int:
    folder = ROOT / "infra" / "bench"
    known = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    chosen, rest = (arguments[:1], arguments[1:]) if arguments else (known, [])
    unknown = [name for name in chosen if name not in known]
    if unknown:
        return _refuse(f"there is no benchmark {unknown[0]}; there are: {', '.join(known)}")
    return max((_step(name, [_python(), "-m", f"infra.bench.{name}", *rest]) for name in chosen), default=0)


def package(arguments: Sequence[str]) -> int:
    python = packaging_python()
    if python is None:
        return _refuse(
            "you cannot package here because no Python 3.12 or 3.13 was found (looked on PATH and in pyenv); "
            "install one, for example: pyenv install 3.13"
        )
    return _step(f"package with {python}", [_python(), "-m", "infra.package", "--python", python, *arguments])


def openapi(arguments: Sequence[str]) -> int:
    return _step("openapi", [_python(), "-m", "infra.openapi", *arguments])


def packaging_python() -> str | None:
    """The newest Python that packages correctly, or None."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for name in PACKAGING:
        installed = sorted(versions.glob(f"{name.removeprefix('python')}.*/bin/python"))
        for candidate in [*(str(path) for path in reversed(installed)), shutil.which(name)]:
            if candidate and _version(candidate) == name.removeprefix("python"):
                return candidate
    return None


def make_environment() -> None:
    """Make .venv hold exactly what the lock names; does nothing when it already does.

    Says so on standard error: standard output is the command's own (``run --json`` prints one line there).
    """
    wanted = f"{_own_version()} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    stamp = STAMP.read_text().strip() if STAMP.exists() else ""
    if stamp == wanted:
        return
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(f"dev.py: Python 3.11 to 3.14 is needed, and this is {_own_version()}")
    if not stamp.startswith(f"{_own_version()} "):
        print(f"dev.py: making .venv with Python {_own_version()}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True, stdout=sys.stderr)
    STAMP.unlink(missing_ok=True)
    print(
        f"dev.py: installing what {LOCK.relative_to(ROOT)} names (a minute the first time)", file=sys.stderr, flush=True
    )
    pip = [_python(), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--require-hashes", "-r", str(LOCK)], check=True, stdout=sys.stderr)
    _remove_strangers(pip)
    STAMP.write_text(wanted + "\n")


def _remove_strangers(pip: Sequence[str]) -> None:
    """Uninstall what an older lock had brought and this one does not name."""
    listed = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout
    named = {_plain(line) for line in LOCK.read_text().splitlines() if re.match(r"[A-Za-z0-9]", line)}
    strangers = [_plain(line) for line in listed.splitlines() if "==" in line and _plain(line) not in named]
    if strangers:
        subprocess.run([*pip, "uninstall", "--quiet", "--yes", *strangers], check=True)


def _plain(requirement: str) -> str:
    """A requirement's normalised name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[=\[ ;]", requirement, maxsplit=1)[0]).lower()


def _step(name: str, command: Sequence[str]) -> int:
    print(f"== {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _refuse(sentence: str) -> int:
    print(f"dev.py: {sentence}", file=sys.stderr)
    return 2


def _python() -> str:
    return str(VENV / "bin" / "python")


def _tool(name: str) -> str:
    return str(VENV / "bin" / name)


def _own_version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _version(python: str) -> str | None:
    probe = "import sys; print('%d.%d' % sys.version_info[:2])"
    found = subprocess.run([python, "-c", probe], check=False, capture_output=True, text=True)
    return found.stdout.strip() or None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
