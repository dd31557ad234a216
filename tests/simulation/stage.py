"""One process ready to play worlds: the app, its clients and its clock are wired to the world that is on stage."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any
from unittest.mock import patch

import boto3
from chalice.local import LocalChalice

from chalicelib import wiring
from chalicelib.adapters.dynamodb import codec, indexes
from chalicelib.adapters.dynamodb.tables import DynamoTables, Table
from chalicelib.adapters.ses import SesMailer
from chalicelib.adapters.stripe.gateway import StripeGateway
from chalicelib.domain import export, invariants
from chalicelib.domain.letter import Mail
from chalicelib.entrypoints import metrics, runtime
from chalicelib.ports import Rendering
from infra.local import clock as local_clock
from infra.local import gateway as local_gateway
from tests.aws import ENVIRONMENT
from tests.conftest import SETTINGS, forget_what_was_wired
from tests.flows.world import application, blueprints
from tests.simulation.aws import hook
from tests.simulation.direct import Direct
from tests.simulation.payers import PLATFORM_KEY, SameThread, Wire
from tests.simulation.remembering import judgments, remembering
from tests.simulation.scheduler import Own

NAMES = {
    "CORE_TABLE": "core",
    "JOURNAL_TABLE": "journal",
    "OPS_TABLE": "ops",
    "DOCUMENTS_BUCKET": "documents",
    "DOCUMENTS_QUEUE_URL": "https://sqs.example.com/000000000000/documents",
    "PAYMENTS_QUEUE_URL": "https://sqs.example.com/000000000000/payments",
    "HOOKS_QUEUE_URL": "https://sqs.example.com/000000000000/hooks.fifo",
    "BATCHES_QUEUE_URL": "https://sqs.example.com/000000000000/batches.fifo",
    "STRIPE_API_BASE": "https://stripe.example.com",
    "EVENTS_TAKE_S": "0",
}
FEW_SHARDS = 2
DOCS_KNOWN = 4_096


class Stage:
    """The world that is played now."""

    world: Any = None

    @classmethod
    def sleep(cls, seconds: float) -> None:
        cls.world.sleep(seconds)

    @classmethod
    def random_bytes(cls, count: int) -> bytes:
        return bytes(cls.world.random_bytes(count))


def door(service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = Stage.world.aws(service, operation, request)
    return answer


@cache
def boto(service: str) -> Any:
    """A client of boto3 that reaches the world by botocore's ``before-call`` event."""
    client = boto3.session.Session(region_name="ca-central-1").client(service)
    hook.install(client, service, door)
    return client


@cache
def direct(service: str) -> Any:
    """The same world without botocore between, several times quicker."""
    return Direct(service, door)


class Clients:
    """A client per service, of the kind that the world on stage asks for."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __getattr__(self, name: str) -> Any:
        return getattr((boto if Stage.world.through_boto else direct)(self._service), name)


class PlainMail:
    """What a mail says, without its dress: that too is proven elsewhere."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    def as_bytes(self) -> bytes:
        head = f"To: {self._mail.to}\nSubject: {self._mail.subject}\nContent-Type: text/plain; charset=utf-8"
        return f"{head}\nContent-Transfer-Encoding: 8bit\n\n{self._mail.text}".encode()


class PlainSeal:
    """A seal that knows no chance, which the real one takes from the machine."""

    def seal(self, text: str, *, of: str) -> str:
        return f"{of}: {text}"

    def open(self, sealed: str, *, of: str) -> str:
        assert sealed.startswith(f"{of}: "), f"{sealed!r} was not sealed for {of}"
        return sealed.removeprefix(f"{of}: ")


class PlainRenderer:
    """A page that says what it is about; drawing is proven elsewhere, and takes longer than all else here."""

    def render(self, document: Any, attachments: Any = ()) -> Rendering:
        del attachments
        return Rendering(pdf=f"%PDF {document.number} {document.title} {document.totals}".encode())


@contextmanager
def stage() -> Iterator[None]:
    """Wire this process for worlds, and leave it as it was."""
    app, _ = application()
    logging.disable(logging.CRITICAL)
    tables = DynamoTables(
        client=Clients("dynamodb"),
        names={Table.CORE: "core", Table.JOURNAL: "journal", Table.OPS: "ops"},
        sleep=Stage.sleep,
        jitter=lambda least, _: least,
    )

    def logged(message: str, **_: Any) -> None:
        Stage.world.clerk.logged(message, sys.exc_info()[1])

    gateway = StripeGateway(platform_key=PLATFORM_KEY, api_base=NAMES["STRIPE_API_BASE"])
    gateway._clients._http.close()
    gateway._clients._http, gateway._threads = Wire(lambda: Stage.world), SameThread()
    patches = [
        patch.dict(os.environ, ENVIRONMENT | NAMES | SETTINGS),
        patch.object(wiring, "aws", Clients),
        patch.object(wiring, "tables", lambda: tables),
        patch.object(wiring, "gateway", lambda: gateway),
        patch.object(wiring, "courier", lambda: Stage.world.receivers),
        patch.object(wiring, "accounting", lambda target: Stage.world.programs.accounting(target)),  # noqa: PLW0108 - later
        patch.object(wiring, "renderer", PlainRenderer),
        patch.object(wiring, "seal", PlainSeal),
        patch.object(wiring, "now", lambda business=None: Stage.world.now(business)),
        patch.object(wiring, "random_bytes", Stage.random_bytes),
        patch.object(export, "PAGE", 2),
        patch.object(export, "CALLS", 1),
        patch.object(metrics, "count", lambda *_, **__: None),
        patch.object(runtime.logger, "exception", logged),
        patch.object(indexes, "DUE_SHARDS", FEW_SHARDS),
        patch.object(codec, "loads", lru_cache(DOCS_KNOWN)(codec.loads)),
        patch.object(LocalChalice, "_THREAD_LOCAL", Own()),
        patch.object(local_gateway, "request_id", lambda: f"req-{Stage.world.calls}"),
        patch.object(local_clock, "request_id", lambda: f"evt-{Stage.world.calls}"),
        patch.object(SesMailer, "_mime", PlainMail),
        *(patch.object(blueprint, "_current_app", app) for blueprint in blueprints()),
        *(
            patch.object(invariants, name, remembering(name, judge, lambda: Stage.world.clerk.sound))
            for name, judge in judgments(invariants).items()
        ),
    ]
    forget_what_was_wired()
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in reversed(patches):
            each.stop()
        forget_what_was_wired()
        logging.disable(logging.NOTSET)
        Stage.world = None
