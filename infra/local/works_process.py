"""The event functions in a process of their own, as they are Lambdas of their own: a PDF delays no request.

The two processes share a pipe. We say `(None, "word", place)` for each write that the emulator accepted and
`(number, deed, arguments)` for what we want done; the other answers `(number, result or exception)`. When the pipe
ends, because we did however that was, the other ends too.
"""

import contextlib
import functools
import importlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra.local.attention import Attention
from infra.local.pumps import Settled
from infra.local.works import WorksHere

END_S = 20
UP = 0
DEEDS_AT_ONCE = 8


class WorksElsewhere:
    """The works of another process, which is started by this."""

    def __init__(self, *, folder: Path, data: Path) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self._saying = threading.Lock()
        self._up: Future[Any] = Future()
        self._awaited: dict[int, Future[Any]] = {UP: self._up}
        self._process = spawn.Process(target=work, args=(theirs, folder, data), name="functions", daemon=True)
        self._process.start()
        theirs.close()
        threading.Thread(target=self._listen, name="functions", daemon=True).start()

    def wait_until_up(self) -> None:
        """Raises EOFError if it ended instead."""
        self._up.result()

    def word(self, place: str) -> None:
        """Something was written there."""
        self._say((None, "word", (place,)))

    def settle(self, at_most_s: float) -> Settled:
        settled: Settled = self._ask("settle", at_most_s)
        return settled

    def sweep(self) -> bool:
        return bool(self._ask("sweep"))

    def reconcile(self) -> bool:
        return bool(self._ask("reconcile"))

    def tell_of_mail(self, event: dict[str, Any]) -> bool:
        return bool(self._ask("tell_of_mail", event))

    def status(self) -> Mapping[str, Mapping[str, int]]:
        status: Mapping[str, Mapping[str, int]] = self._ask("status")
        return status

    def finish(self, at_most_s: float) -> bool:
        try:
            return bool(self._ask("finish", at_most_s))
        except EOFError:
            return False
        finally:
            self._end()

    def _end(self) -> None:
        with contextlib.suppress(EOFError):
            self._say((None, "end", ()))
        self._process.join(END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(END_S)

    def _ask(self, deed: str, *arguments: object) -> Any:  # noqa: ANN401  # each deed has its own
        answer: Future[Any] = Future()
        self._awaited[id(answer)] = answer
        self._say((id(answer), deed, arguments))
        return answer.result()

    def _say(self, message: tuple[int | None, str, tuple[object, ...]]) -> None:
        with self._saying:
            try:
                self._pipe.send(message)
            except OSError as error:
                raise EOFError("the process of the event functions has ended") from error

    def _listen(self) -> None:
        try:
            while True:
                number, result = self._pipe.recv()
                answer = self._awaited.pop(number)
                if isinstance(result, Exception):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)
        except (EOFError, OSError):
            for answer in list(self._awaited.values()):
                answer.set_exception(EOFError("the process of the event functions has ended"))


def work(pipe: Connection, folder: Path, data: Path) -> None:
    """The other process: everything the environment says is as the app will have it."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # who started us tells us when to end
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    attention = Attention()
    app = importlib.import_module("app").app
    works = WorksHere(app, client=client, folder=folder, data=data, attention=attention)
    works.start()
    pipe.send((UP, None))
    with ThreadPoolExecutor(DEEDS_AT_ONCE) as pool:
        while True:
            try:
                number, deed, arguments = pipe.recv()
            except (EOFError, OSError):
                os._exit(0)
            if deed == "end":
                os._exit(0)
            elif deed == "word":
                attention.call(*arguments)
            else:
                pool.submit(_answer, pipe, number, functools.partial(getattr(works, deed), *arguments))


@functools.cache
def client(service: str) -> Any:  # noqa: ANN401  # boto3 makes its clients at run time
    """A client of the local AWS, with enough connections for every pump."""
    return boto3.client(service, config=Config(max_pool_connections=64))


_answering = threading.Lock()


def _answer(pipe: Connection, number: int, deed: "functools.partial[object]") -> None:
    try:
        result = deed()
    except Exception as error:  # noqa: BLE001  # it is raised again where it was asked
        result = RuntimeError(repr(error))
    with _answering:
        pipe.send((number, result))
