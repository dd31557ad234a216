"""AWS inside the test's own process: boto3 talks to ministack without a socket."""

import asyncio
import base64
import functools
import io
import json
import os
import threading
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar, cast
from urllib.parse import parse_qs, urlsplit

import boto3
import botocore.handlers
from botocore.awsrequest import AWSResponse
from botocore.endpoint import convert_to_response_dict
from botocore.parsers import create_parser

ENDPOINT = "http://127.0.0.1:4566"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "ca-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ENDPOINT_URL": ENDPOINT,
}
ASKED_IN_JSON = ("dynamodb", "sqs")
CREDENTIAL = (  # ministack reads the region and the service out of it and checks no signature
    f"AWS4-HMAC-SHA256 Credential=test/20260101/{ENVIRONMENT['AWS_DEFAULT_REGION']}/{{service}}/aws4_request, "
    "SignedHeaders=host, Signature=0"
)
SENT = {"before-send.ses.SendRawEmail", "before-send.sesv2.SendEmail"}
T = TypeVar("T")
R = TypeVar("R")
Answered = tuple[int, dict[str, str], bytes]
"""The status, the headers, the body."""


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
    emulator: "Emulator"

    @property
    def mails(self) -> list[bytes]:
        return self.emulator.mails

    def client(self, service: str) -> Any:
        return client(service)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every item of a table (`core`, `journal`, `ops`), for assertions; read without botocore, which is slow."""
        rows: list[dict[str, Any]] = []
        request: dict[str, Any] = {"TableName": table}
        while True:
            page = self.emulator.dynamodb("Scan", request)
            rows += page["Items"]
            if "LastEvaluatedKey" not in page:
                return rows
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

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


class Asked(NamedTuple):
    """A request as it goes over the wire."""

    method: str
    url: str
    headers: Mapping[str, Any]
    body: bytes


class Emulator:
    """ministack in this process, reached through botocore's events.

    What is asked in JSON (DynamoDB and SQS) is taken before botocore signs and sends it, which costs more than the
    rest of the call; all else just before it is sent.
    """

    def __init__(self) -> None:
        os.environ.setdefault("LOG_LEVEL", "ERROR")
        from ministack import app  # noqa: PLC0415  # it reads its settings from the environment on import

        self._app = app.app
        self.mails: list[bytes] = []
        self._asked: list[Asked] = []
        self._made: dict[Callable[[], Any], tuple[Any, list[Asked]]] = {}
        self._turn = threading.Lock()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True, name="aws").start()
        self._wait(self._start())
        hooks = [("before-call", self._answer_at_once), ("before-send", self._answer)]
        botocore.handlers.BUILTIN_HANDLERS.extend(hooks)
        boto3.DEFAULT_SESSION = None  # a session takes its handlers when it is made

    def reset(self) -> None:
        self.mails.clear()
        self._asked.clear()
        self._wait(self._call(Asked("POST", f"{ENDPOINT}/_ministack/reset", {}, b"")))

    def holding(self, make: Callable[[], T]) -> T:
        """Reset it to what ``make`` makes. From the second time on, what was asked at the first is asked again."""
        self.reset()
        if make in self._made:
            made, asked = self._made[make]
            self._wait(self._repeat(asked))
        else:
            made = make()
            self._made[make] = made, [*self._asked]
        return cast("T", made)

    async def _repeat(self, everything: list[Asked]) -> None:
        for asked in everything:
            await self._call(asked)

    def _wait(self, work: Coroutine[Any, Any, R]) -> R:
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

    def _answer_at_once(self, model: Any, params: Mapping[str, Any], **_: Any) -> tuple[AWSResponse, Any] | None:
        """What botocore takes instead of signing, sending and reading; None lets it go on."""
        service = model.service_model.signing_name
        if service not in ASKED_IN_JSON or not params["url"].startswith(ENDPOINT):
            return None
        headers = {**params["headers"], "Authorization": CREDENTIAL.format(service=service)}
        asked = Asked(params["method"], params["url"], headers, params["body"])
        self._asked.append(asked)
        response = _response(asked, *self._at_once(asked))
        return response, _parsed(response, model)

    def _answer(self, request: Any, event_name: str, **_: Any) -> AWSResponse | None:
        """What botocore takes instead of sending; None (another host) lets it send."""
        if not request.url.startswith(ENDPOINT):
            return None
        body = request.body.read() if hasattr(request.body, "read") else request.body or b""
        body = body.encode() if isinstance(body, str) else bytes(body)
        asked = Asked(request.method, request.url, dict(request.headers), body)
        self._asked.append(asked)
        response = _response(asked, *self._wait(self._call(asked)))
        if event_name in SENT and response.status_code == 200:
            self.mails.append(_raw_message(asked))
        return response

    def dynamodb(self, operation: str, request: Mapping[str, Any]) -> Any:
        """What DynamoDB answers, as it goes over the wire."""
        target = {"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Content-Type": "application/x-amz-json-1.0"}
        headers = {**target, "Authorization": CREDENTIAL.format(service="dynamodb")}
        status, _, body = self._at_once(Asked("POST", f"{ENDPOINT}/", headers, json.dumps(request).encode()))
        assert status == 200, body
        return json.loads(body)

    def _at_once(self, asked: Asked) -> Answered:
        """The answer to what ministack need not wait for; other threads than the test's take turns at every call."""
        if threading.current_thread() is threading.main_thread():
            return self._driven(asked)
        return self._wait(self._in_turn(asked))

    async def _in_turn(self, asked: Asked) -> Answered:
        return self._driven(asked)

    def _driven(self, asked: Asked) -> Answered:
        with self._turn:
            call = self._call(asked)
            try:
                call.send(None)
            except StopIteration as done:
                return cast("Answered", done.value)
            call.close()
        raise AssertionError(f"ministack waits for something before it answers {asked.url}")

    async def _call(self, asked: Asked) -> Answered:
        status, answer_headers, chunks = 500, {}, []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": asked.body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status, answer_headers
            if message["type"] == "http.response.start":
                status = message["status"]
                answer_headers = {name.decode(): value.decode() for name, value in message["headers"]}
            chunks.append(message.get("body", b""))

        await self._app(_scope(asked), receive, send)
        return status, answer_headers, b"".join(chunks)


class _Raw(io.BytesIO):
    """The body as urllib3 would give it."""

    def stream(self, *_: Any, **__: Any) -> Any:
        while chunk := self.read(65_536):
            yield chunk


def _response(asked: Asked, status: int, headers: Mapping[str, str], body: bytes) -> AWSResponse:
    return AWSResponse(asked.url, status, headers, _Raw(body))


def _parsed(response: AWSResponse, model: Any) -> Any:
    """What botocore reads out of a response; of an error also the fields that are its own."""
    parser = _parser(model.service_model.resolved_protocol)
    answer = convert_to_response_dict(response, model)
    parsed = parser.parse(answer, model.output_shape)
    own = model.service_model.shape_for_error_code(parsed.get("Error", {}).get("Code"))
    return parsed | parser.parse(answer, own) if own else parsed


@functools.cache
def _parser(protocol: str) -> Any:
    return create_parser(protocol)


def _scope(asked: Asked) -> dict[str, Any]:
    parts = urlsplit(asked.url)
    raw = [
        (name.lower().encode(), value if isinstance(value, bytes) else str(value).encode())
        for name, value in asked.headers.items()
    ]
    if not any(name == b"host" for name, _ in raw):
        raw.append((b"host", parts.netloc.encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": parts.scheme,
        "path": parts.path or "/",
        "raw_path": (parts.path or "/").encode(),
        "query_string": parts.query.encode(),
        "headers": raw,
        "client": ("127.0.0.1", 1),
        "server": (parts.hostname, parts.port),
    }


def _raw_message(sent: Asked) -> bytes:
    if "json" in str(sent.headers.get("Content-Type", "")):
        return base64.b64decode(json.loads(sent.body)["Content"]["Raw"]["Data"])
    return base64.b64decode(parse_qs(sent.body.decode())["RawMessage.Data"][0])
