"""Everything of the local run, started in order and stopped in reverse."""

import functools
import importlib
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import uvicorn
from botocore.config import Config
from chalice.app import Chalice

from infra.local import emulator, functions, resources, stripe, surroundings
from infra.local.attention import Attention
from infra.local.clock import Clock
from infra.local.control import Control, Identity
from infra.local.gateway import Gateway, Request, asgi
from infra.local.gateway_refusals import Answer
from infra.local.mail import MailSink
from infra.local.pumps import Pumps
from infra.local.stripe_control import StripeControl

THREADS = 16
LAST_WORK_S = 10
WEBHOOK = "/v1/stripe/webhook"
NAMED = (
    "CORE_TABLE",
    "JOURNAL_TABLE",
    "OPS_TABLE",
    "DOCUMENTS_BUCKET",
    "DOCUMENTS_QUEUE_URL",
    "PAYMENTS_QUEUE_URL",
    "SENDER",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The running local run.

    identities: the last is the local business.
    """

    url: str
    identities: list[Identity]


def start(data: Path, *, listening: socket.socket, closing: ExitStack) -> House:
    """Start all of it on the data of this folder; closing ends it, everything written down."""
    closing.enter_context(surroundings.own(data))
    attention = Attention()
    closing.callback(attention.stop)
    mails = MailSink(data / "mail", arrived=attention.announce)
    closing.callback(mails.stop)
    aws = emulator.start(data / "aws", accepted=attention.call, smtp=mails.address)
    last = _LastWord(aws)
    closing.callback(last.end)
    url = _address(listening)
    stripe_url = _stripe(data, url, closing)
    _tell_the_app(data, url=url, aws_url=aws.url, stripe_url=stripe_url)
    app: Chalice = importlib.import_module("app").app
    pumps = _pumps(app, aws, data=data, attention=attention, mails=mails)
    clock = Clock(app, now=lambda: datetime.now(UTC), attention=attention)  # noqa: TID251  # EventBridge's is the machine's
    identities: list[Identity] = []
    gateway = Gateway(app)
    control = Control(
        identity=lambda: identities[-1] if identities else None,
        gateway=gateway,
        pumps=pumps,
        mails=mails,
        clock=clock,
        bounced=functions.function(app, "bounced"),
        stripe=StripeControl(url=stripe_url),
    )
    pumps.start()
    closing.callback(lambda: last.note(pumps.finish(at_most_s=LAST_WORK_S)))
    clock.thread.start()
    _serve(lambda request: _answered(request, control, gateway), listening, closing)
    return House(url=url, identities=identities)


def start_on_aws(*, listening: socket.socket, closing: ExitStack) -> House:
    """Serve the API from this machine on a deployed stack; its streams, queues and clock are the cloud's.

    Raises SystemExit unless the environment names the stack's resources, as the functions' own does.
    """
    missing = [name for name in NAMED if not os.environ.get(name)]
    if missing:
        raise SystemExit(f"You cannot run on AWS because the environment does not say {', '.join(missing)}.")
    url = _address(listening)
    os.environ.setdefault("PUBLIC_URL", url)
    gateway = Gateway(importlib.import_module("app").app)
    _serve(gateway.answer, listening, closing)
    return House(url=url, identities=[])


@functools.cache
def client(service: str) -> Any:  # noqa: ANN401  # boto3 makes its clients at run time
    """A client of the local AWS, with enough connections for every pump."""
    return boto3.client(service, config=Config(max_pool_connections=64))


class _LastWord:
    """Whether the emulator may forget its journal: only when nothing is under way, for its snapshot has no stream."""

    def __init__(self, aws: emulator.Emulator) -> None:
        self._aws = aws
        self._is_at_rest = False

    def note(self, is_at_rest: bool) -> None:  # noqa: FBT001
        self._is_at_rest = is_at_rest

    def end(self) -> None:
        if self._is_at_rest:
            self._aws.stop()
        else:
            self._aws.kill()


def _stripe(data: Path, url: str, closing: ExitStack) -> str:
    """The stand-in's address; empty if the developer configured Stripe itself."""
    if surroundings.real_stripe_key():
        return ""
    secrets = surroundings.kept_secrets(data)
    stand_in = stripe.start(
        webhook_url=url + WEBHOOK,
        webhook_secret=secrets.stripe_webhook,
        platform_key=secrets.stripe_key,
        accounts=[surroundings.STRIPE_ACCOUNT],
        data=data / "stripe",
    )
    closing.callback(stand_in.stop)
    return stand_in.url


def _tell_the_app(data: Path, *, url: str, aws_url: str, stripe_url: str) -> None:
    os.environ.update({**emulator.CREDENTIALS, "AWS_ENDPOINT_URL": aws_url})
    os.environ.pop("AWS_PROFILE", None)
    made = resources.create(client)
    client("ses").verify_email_identity(EmailAddress=surroundings.SENDER)
    secrets = surroundings.kept_secrets(data)
    os.environ.update(surroundings.environment(url=url, secrets=secrets, stripe_url=stripe_url, made=made))


def _address(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


def _pumps(app: Chalice, aws: emulator.Emulator, *, data: Path, attention: Attention, mails: MailSink) -> Pumps:
    already = mails.count()
    return Pumps(
        app,
        client=client,
        folder=aws.folder,
        data=data,
        attention=attention,
        also=lambda: mails.count() - already >= attention.writes("SES"),
    )


def _answered(request: Request, control: Control, gateway: Gateway) -> Answer:
    is_ours = request.path == "/_local" or request.path.startswith("/_local/")
    return control.answer(request) if is_ours else gateway.answer(request)


def _serve(answer: Callable[[Request], Answer], listening: socket.socket, closing: ExitStack) -> None:
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="http")
    closing.callback(pool.shutdown, wait=False)
    config = uvicorn.Config(
        asgi(answer, pool),
        log_level="error",
        access_log=False,
        ws="none",
        backlog=2048,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name="uvicorn", daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)

    def stop() -> None:
        server.should_exit = True
        thread.join()

    closing.callback(stop)
