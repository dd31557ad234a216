"""The local AWS: ministack as a child on 127.0.0.1 whose data outlives a crash, and which never outlives us."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STOP_S = 60
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulator:
    """A running local AWS.

    url: for AWS_ENDPOINT_URL.
    folder: this generation's; what is kept there lives until the next clean stop.
    """

    url: str
    folder: Path
    process: subprocess.Popen[str]
    listener: threading.Thread

    def stop(self) -> None:
        """Write everything down and end."""
        if self.process.poll() is None:
            _say(self.process, "snapshot\n")
        self._end()

    def kill(self) -> None:
        """End without a snapshot; the journal has every write."""
        self.process.kill()
        self._end()

    def _end(self) -> None:
        self.process.wait(STOP_S)
        self.listener.join(STOP_S)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def start(data: Path, *, accepted: Callable[[str], None], smtp: str = "") -> Emulator:
    """Start it on the state in data, and return when it answers.

    accepted is called, in a thread of ours, with the place of each write that the emulator accepted (journal.py).
    smtp: host:port to which SES relays mail.
    """
    folder = _current(data)
    folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.aws_server"],
            cwd=ROOT,
            env=_environment(data, folder, port=port, listen_fd=listening.fileno(), smtp=smtp),
            pass_fds=[listening.fileno()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            start_new_session=True,  # Ctrl-C is ours to pass on, after the pumps have stopped
        )
    if not _is_ready(process):
        process.kill()
        raise RuntimeError(f"You cannot start the local AWS because its process ended; its state is in {data}.")
    listener = threading.Thread(target=_listen, args=(process, accepted), name="emulator", daemon=True)
    listener.start()
    return Emulator(url=f"http://127.0.0.1:{port}", folder=folder, process=process, listener=listener)


def _current(data: Path) -> Path:
    name = data / "current"
    return data / (name.read_text() if name.exists() else "1")


def _environment(data: Path, folder: Path, *, port: int, listen_fd: int, smtp: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **inherited,
        **CREDENTIALS,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "LISTEN_FD": str(listen_fd),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder.resolve()),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str((data / "s3").resolve()),
        "SMTP_HOST": smtp,
        "LOG_LEVEL": "WARNING",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _is_ready(process: subprocess.Popen[str]) -> bool:
    """Whether it came up; messages that the journal sends again are announced before, and nobody waits yet."""
    assert process.stdout is not None
    return any(word.strip() == "ready" for word in iter(process.stdout.readline, ""))


def _listen(process: subprocess.Popen[str], accepted: Callable[[str], None]) -> None:
    assert process.stdout is not None
    for word in process.stdout:
        accepted(word.strip())


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line)
    process.stdin.flush()
