"""Everything of the local run, started in order and stopped in reverse."""

import importlib
import json
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from infra.local import emulator, resources, stripe, surroundings
from infra.local.attention import Attention
from infra.local.control import Control, Identity
from infra.local.gateway import Gateway, Request, asgi
from infra.local.gateway_refusals import Answer
from infra.local.mail import MailSink
from infra.local.stripe_control import StripeControl
from infra.local.works_process import WorksElsewhere, client

THREADS = 16
LAST_WORK_S = 10
WEBHOOK = "/v1/stripe/webhook"
NAMED = (
    "CORE_TABLE",
    "JOURNAL_TABLE",
    "OPS_TABLE",
    "DOCUMENTS_BUCKET",
    "HEADS_BUCKET",
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
    listeners: list[Callable[[str], None]] = [lambda word: _hear(word, attention, mails)]
    aws = emulator.start(data / "aws", accepted=lambda place: _spread(place, listeners), smtp=mails.address)
    last = _LastWord(aws)
    closing.callback(last.end)
    url = _address(listening)
    stripe_url = _stripe(data, url, closing)
    _tell_the_app(data, url=url, aws_url=aws.url, stripe_url=stripe_url)
    works = WorksElsewhere(folder=aws.folder, data=data)
    closing.callback(lambda: last.note(works.finish(LAST_WORK_S)))
    listeners.append(works.word)
    identities: list[Identity] = []
    gateway = Gateway(importlib.import_module("app").app)
    already = mails.count()
    control = Control(
        identity=lambda: identities[-1] if identities else None,
        gateway=gateway,
        works=works,
        mails=mails,
        mail_is_in=lambda seconds: attention.wait_until(
            lambda: mails.count() - already >= attention.writes("SES"), at_most_s=seconds
        ),
        stripe=StripeControl(url=stripe_url),
    )
    works.wait_until_up()
    _serve(lambda request: _answered(request, control, gateway), listening, closing)
    return House(url=url, identities=identities)


def _hear(word: str, attention: Attention, mails: MailSink) -> None:
    place, _, detail = word.partition(" ")
    if detail:
        mails.note_tags(**json.loads(detail))
    attention.call(place)


def _spread(place: str, listeners: list[Callable[[str], None]]) -> None:
    """Tell everybody; who has ended need not know."""
    for listener in listeners:
        with suppress(EOFError):
            listener(place)


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
