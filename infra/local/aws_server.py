"""The AWS emulator's own process: ministack behind the redo journal, on a socket that its parent opened.

Its parent speaks to it through standard input: the line `snapshot` means stop cleanly, and the end of input (the
parent is gone, however it died) means stop at once. On standard output stands `ready`, and then one word for each
accepted write. Started by emulator.py only; the environment has the settings.
"""

import asyncio
import os
import shutil
import socket
import sys
import threading
from pathlib import Path

import uvicorn
from ministack import app as ministack
from ministack.core import persistence

from infra.local import sorted_indexes
from infra.local.journal import Journal, Message, Receive, Scope, Send

SAVED = ("dynamodb.json", "sqs.json")


class Generations:
    """The emulator with its lifespan tied to generations of the state folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = int(folder.name)
        self._journal = Journal(ministack.app, folder / "journal.jsonl", accepted=_tell)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._journal(scope, receive, send)
            return

        async def follow(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                await self._journal.repeat()
            if message["type"] == "lifespan.shutdown.complete":
                self._turn_over()
            await send(message)

        async def next_event() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                persistence.STATE_DIR = str(self._next)
            return message

        await ministack.app(scope, next_event, follow)

    @property
    def _next(self) -> Path:
        return self._folder.parent / str(self._number + 1)

    def _turn_over(self) -> None:
        """Make the snapshot just written the current generation, if it is whole."""
        if not all((self._next / name).exists() for name in SAVED):
            return
        new = self._folder.parent / "current.new"
        new.write_text(self._next.name)
        new.replace(self._folder.parent / "current")
        shutil.rmtree(self._folder, ignore_errors=True)


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _tell("ready" if self.started else "failed")


def main() -> None:
    sorted_indexes.install()
    folder = Path(os.environ["STATE_DIR"])
    config = uvicorn.Config(
        Generations(folder),
        lifespan="on",
        ws="none",
        log_level="error",
        access_log=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,  # open connections belong to a parent that has finished
    )
    server = _Server(config)
    threading.Thread(target=_listen_to_parent, args=(server,), daemon=True).start()
    asyncio.run(server.serve([socket.socket(fileno=int(os.environ["LISTEN_FD"]))]))


def _listen_to_parent(server: uvicorn.Server) -> None:
    if sys.stdin.readline().strip() != "snapshot":
        os._exit(1)
    server.should_exit = True


def _tell(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
