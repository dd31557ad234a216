"""AWS inside the test's own process: boto3 talks to ministack without a socket."""

import asyncio
import base64
import functools
import io
import json
import os
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import botocore.handlers
from botocore.awsrequest import AWSResponse

ENDPOINT = "http://127.0.0.1:4566"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "ca-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ENDPOINT_URL": ENDPOINT,
}
SENT = {"before-send.ses.SendRawEmail", "before-send.sesv2.SendEmail"}


@functools.cache
def client(service: str) -> Any:
    """A boto3 client of the emulator; making one costs more than most tests."""
    return boto3.client(service)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """The AWS of one test: everything in resources.yaml is there and empty.

    environment: what the functions are told (CORE_TABLE, DOCUMENTS_QUEUE_URL...); set in os.environ too.
    mails:       every raw MIME message SES accepted, in order.
    """

    environment: Mapping[str, str]
    mails: list[bytes] = field(default_factory=list)

    def client(self, service: str) -> Any:
        return client(service)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every item of a table (`core`, `journal`, `ops`), for assertions."""
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=table)
        return [item for page in pages for item in page["Items"]]

    def messages(self, queue: str) -> list[str]:
        """The bodies waiting in a queue (`documents`, `payments`, ...-dead-letters); they stay there."""
        sqs = self.client("sqs")
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        bodies = []
        while received := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            bodies += received
        for message in bodies:
            sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
        return [message["Body"] for message in bodies]


class Emulator:
    """ministack on an event loop of its own, reached through botocore's before-send event."""

    def __init__(self) -> None:
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        from ministack import app  # noqa: PLC0415  # it reads its settings from the environment on import

        self._app = app.app
        self.mails: list[bytes] = []
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True, name="aws").start()
        self._wait(self._start())
        botocore.handlers.BUILTIN_HANDLERS.append(("before-send", self._answer))
        boto3.DEFAULT_SESSION = None  # a session takes its handlers when it is made

    def reset(self) -> None:
        self.mails.clear()
        self._wait(self._call("POST", f"{ENDPOINT}/_ministack/reset", {}, b""))

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> None:
        started = asyncio.Event()
        events = asyncio.Queue[dict[str, str]]()
        events.put_nowait({"type": "lifespan.startup"})

        async def send(_: Any) -> None:
            started.set()

        self._life = asyncio.ensure_future(
            self._app({"type": "lifespan", "asgi": {"version": "3.0"}}, events.get, send)
        )
        await started.wait()

    def _answer(self, request: Any, event_name: str, **_: Any) -> AWSResponse | None:
        """What botocore takes instead of sending; None (another host) lets it send."""
        if not request.url.startswith(ENDPOINT):
            return None
        body = request.body.read() if hasattr(request.body, "read") else request.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        status, headers, answer = self._wait(self._call(request.method, request.url, request.headers, body))
        if event_name in SENT and status == 200:
            self.mails.append(_raw_message(request.headers, body))
        return AWSResponse(request.url, status, headers, _Raw(answer))

    async def _call(
        self, method: str, url: str, headers: Mapping[str, Any], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        inbox = _inbox(body)
        status, answer_headers, chunks = 500, {}, []

        async def receive() -> dict[str, Any]:
            return await anext(inbox)

        async def send(message: dict[str, Any]) -> None:
            nonlocal status, answer_headers
            if message["type"] == "http.response.start":
                status = message["status"]
                answer_headers = {name.decode(): value.decode() for name, value in message["headers"]}
            chunks.append(message.get("body", b""))

        await self._app(_scope(method, url, headers), receive, send)
        return status, answer_headers, b"".join(chunks)


class _Raw(io.BytesIO):
    """The body as urllib3 would give it."""

    def stream(self, *_: Any, **__: Any) -> Any:
        while chunk := self.read(65_536):
            yield chunk


async def _inbox(body: bytes) -> AsyncIterator[dict[str, Any]]:
    yield {"type": "http.request", "body": body, "more_body": False}
    await asyncio.Event().wait()  # the client never hangs up


def _scope(method: str, url: str, headers: Mapping[str, Any]) -> dict[str, Any]:
    parts = urlsplit(url)
    raw = [
        (name.lower().encode(), value if isinstance(value, bytes) else str(value).encode())
        for name, value in headers.items()
    ]
    if not any(name == b"host" for name, _ in raw):
        raw.append((b"host", parts.netloc.encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme,
        "path": parts.path or "/",
        "raw_path": (parts.path or "/").encode(),
        "query_string": parts.query.encode(),
        "headers": raw,
        "client": ("127.0.0.1", 1),
        "server": (parts.hostname, parts.port),
    }


def _raw_message(headers: Mapping[str, Any], body: bytes) -> bytes:
    if "json" in str(headers.get("Content-Type", "")):
        return base64.b64decode(json.loads(body)["Content"]["Raw"]["Data"])
    return base64.b64decode(parse_qs(body.decode())["RawMessage.Data"][0])
