"""The developers' one door."""

import subprocess
import sys

import pytest

from infra import dev


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone with a lock of two packages; what dev.py would start is written down instead of started."""
    lock = tmp_path / "development.txt"
    lock.write_text(
        "ruff==0.17.6 \\\n    --hash=sha256:00\nPy.Test_Thing==1.0 ; python_version < '4' \\\n    --hash=sha256:11\n"
    )
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "lock.sha256")
    monkeypatch.setattr(dev, "LOCK", lock)
    (tmp_path / ".venv").mkdir()
    started = []

    def start(command, **_):
        started.append([str(part) for part in command])
        frozen = "ruff==0.17.6\npy-test-thing==1.0\nleft-behind==3\n" if "freeze" in command else ""
        return subprocess.CompletedProcess(command, 0, stdout=frozen)

    monkeypatch.setattr(dev.subprocess, "run", start)
    return started


def test_the_environment_is_made_from_the_locks_hashes(clone):
    dev.make_environment()
    assert clone[0][1:4] == ["-m", "venv", "--clear"]
    assert clone[1][3:] == [
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        str(dev.LOCK),
    ]


def test_nothing_is_done_when_the_environment_is_as_the_lock_says(clone):
    dev.make_environment()
    clone.clear()
    dev.make_environment()
    assert clone == []


def test_a_changed_lock_is_installed_and_what_it_no_longer_names_removed(clone):
    dev.make_environment()
    clone.clear()
    dev.LOCK.write_text(dev.LOCK.read_text() + "# changed\n")
    dev.make_environment()
    assert [command[4] for command in clone] == ["install", "freeze", "uninstall"]
    assert clone[-1][5:] == ["--quiet", "--yes", "left-behind"]


def test_an_installation_that_broke_off_is_begun_again(clone, monkeypatch):
    def break_off(command, **_):
        if "install" in command:
            raise subprocess.CalledProcessError(1, command)
        return subprocess.CompletedProcess(command, 0, stdout="")

    monkeypatch.setattr(dev.subprocess, "run", break_off)
    with pytest.raises(subprocess.CalledProcessError):
        dev.make_environment()
    assert not dev.STAMP.exists()


def test_every_check_runs_even_after_one_failed(clone, monkeypatch, capsys):
    monkeypatch.setattr(dev, "_step", lambda name, _: clone.append(name) or (1 if name == "style" else 0))
    assert dev.check([]) == 1
    assert clone == ["style", "format", "types", "layers", "openapi", "tests"]
    assert capsys.readouterr().out == "check: failed: style\n"


def test_it_knows_the_standard_library_only():
    """A clean clone has nothing else."""
    probe = "import sys; sys.path.insert(0, 'infra'); import dev"
    subprocess.run([sys.executable, "-I", "-S", "-c", probe], check=True, cwd=dev.ROOT)


def test_an_unknown_benchmark_is_refused_by_its_name(clone, capsys):
    assert dev.bench(["speed"]) == 2
    assert "there is no benchmark speed" in capsys.readouterr().err


def test_packaging_without_a_python_that_can_is_refused(clone, monkeypatch, capsys):
    monkeypatch.setattr(dev, "packaging_python", lambda: None)
    assert dev.package([]) == 2
    assert "no Python 3.12 or 3.13 was found" in capsys.readouterr().err
    assert clone == []
