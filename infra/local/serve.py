"""`dev.py run`: everything on this machine, the main job played once, and then it serves."""

import argparse
import functools
import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

from infra.local import house
from infra.local.control import Identity

DEFAULT_PORT = 8000
HOST = "127.0.0.1"
BACKLOG = 2048
SWITCH_S = 0.0005  # a request need not wait 5 ms (the default) for each step of a PDF being drawn beside it


def main(arguments: Sequence[str]) -> int:
    asked = _arguments(arguments)
    out = _keep_stdout_clean()
    say = functools.partial(print, file=sys.stderr if asked.json else out, flush=True)
    sys.setswitchinterval(SWITCH_S)
    stop = threading.Event()
    with suppress(KeyboardInterrupt), ExitStack() as closing:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, _interrupt)
        listening = closing.enter_context(_listen(asked.port))
        if asked.aws:
            running = house.start_on_aws(listening=listening, closing=closing)
            say(f"serving {running.url} on the AWS that the environment names; Ctrl-C stops it")
        else:
            _start_here(asked, listening, closing, out=out, say=say)
        stop.wait()
    return 0


def _start_here(
    asked: argparse.Namespace,
    listening: socket.socket,
    closing: ExitStack,
    *,
    out: TextIO,
    say: Callable[[str], None],
) -> None:
    say("starting the local AWS, Stripe's stand-in, mail and the API...")
    closing.callback(say, f"stopped; the data is kept in {asked.data}")
    running = house.start(asked.data, listening=listening, closing=closing)
    closing.callback(_be_patient, say)
    from infra.local import opening, story  # noqa: PLC0415  # the app reads the environment that the house has set

    identity = opening.identity(asked.data, url=running.url)
    running.identities.append(identity)
    if asked.json:
        answer = {"ready": True, "url": identity.url, "api_key": identity.api_key}
        answer |= {"business_id": identity.business_id, "local_url": f"{identity.url}/_local"}
        print(json.dumps(answer), file=out, flush=True)
    portal = "" if asked.json or asked.no_story else story.play(identity, say=say)
    say(_summary(identity, portal))


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py run", description=__doc__)
    parser.add_argument(
        "--port", type=int, help=f"where to serve (default {DEFAULT_PORT}, or a free one if it is taken)"
    )
    parser.add_argument("--data", type=Path, default=Path(".local"), help="where the data is kept (default .local)")
    parser.add_argument("--no-story", action="store_true", help="do not play the main job first")
    parser.add_argument("--json", action="store_true", help="print one line of JSON when it serves, and no story")
    parser.add_argument("--aws", action="store_true", help="serve on the deployed stack that the environment names")
    asked = parser.parse_args(arguments)
    asked.data = asked.data.resolve()
    return asked


def _listen(port: int | None) -> socket.socket:
    try:
        listening = socket.create_server((HOST, DEFAULT_PORT if port is None else port), backlog=BACKLOG)
    except OSError as error:
        if port is not None:
            raise SystemExit(f"You cannot serve on port {port} because it is taken ({error}).") from error
        listening = socket.create_server((HOST, 0), backlog=BACKLOG)
    # asyncio sets TCP_NODELAY only where the protocol is named, which a socket made from a descriptor does;
    # without it each answer waits 40 ms for the client's delayed acknowledgement
    return socket.socket(fileno=listening.detach())


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _keep_stdout_clean() -> TextIO:
    """What we say ourselves goes to the answer; all that the app and its libraries print goes to standard error."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    return out


def _be_patient(say: Callable[[str], None]) -> None:
    """A second Ctrl-C would tear the snapshot that is being written."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    say("stopping: finishing the work in hand and writing everything down...")


def _summary(identity: Identity, portal: str) -> str:
    lines = {
        "API": identity.url,
        "reference": f"{identity.url}/docs",
        "API key": identity.api_key,
        "business": identity.business_id,
        "portal": portal,
        "control page": f"{identity.url}/_local",
    }
    return "\n".join(["", *(f"  {name:13} {value}" for name, value in lines.items() if value), "", "Ctrl-C stops it."])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
