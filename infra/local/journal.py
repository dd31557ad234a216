"""A redo journal before the AWS emulator: what it accepted survives `kill -9`.

The emulator keeps its state in memory and writes it down at a clean stop only. So every accepted write to DynamoDB
and SQS is appended here before its caller hears of it, and the next start repeats what the last snapshot lacks.

A folder holds one generation: a snapshot and the journal of the writes since. A clean stop writes the next
generation's snapshot beside it and then turns the name `current` over, so a crash at any moment leaves one whole
generation and no write is repeated on a snapshot that has it. Flushed to the operating system, not to the disk: safe
against a crash of the process, not of the machine.

    line                               means
    {"call": ..., "body": ..., "as"}       a write to repeat as it was; "as" is the caller's credential scope
    {"sent": id, "message": {...}, "as"}   a message, to send again unless its id is done
    {"done": id}                           that message was deleted
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OK = 200
REPEATED = {
    "DynamoDB_20120810.PutItem",
    "DynamoDB_20120810.UpdateItem",
    "DynamoDB_20120810.DeleteItem",
    "DynamoDB_20120810.BatchWriteItem",
    "DynamoDB_20120810.TransactWriteItems",
    "DynamoDB_20120810.CreateTable",
    "DynamoDB_20120810.UpdateTable",
    "DynamoDB_20120810.DeleteTable",
    "DynamoDB_20120810.UpdateTimeToLive",
    "AmazonSQS.CreateQueue",
    "AmazonSQS.SetQueueAttributes",
}
SENDS = {"AmazonSQS.SendMessage", "AmazonSQS.SendMessageBatch"}
DELETES = {"AmazonSQS.DeleteMessage", "AmazonSQS.DeleteMessageBatch"}
RECEIVES = {"AmazonSQS.ReceiveMessage"}
TABLE_NAME = re.compile(r'"TableName":\s*"([^"]+)"')
MAILS = "SES"  # version 1, which has no target header


class Journal:
    """The emulator's ASGI application with its accepted writes written down.

    accepted is told where each accepted write went ("DynamoDB/journal", "AmazonSQS/documents"), so that nobody need
    poll; of a mail also its id and tags ("SES {...}").
    """

    def __init__(self, emulator: App, path: Path, *, accepted: Callable[[str], None]) -> None:
        self._emulator = emulator
        self._path = path
        self._accepted = accepted
        self._order = asyncio.Lock()  # the journal's order is the order of the writes
        self._message_ids: dict[str, str] = {}  # by receipt handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = _call_of(scope)
        if call in RECEIVES:
            answer = await self._ask(scope, await _body_of(receive))
            self._remember_handles(answer)
            await answer.pass_on(send)
        elif call in REPEATED | SENDS | DELETES:
            body = await _body_of(receive)
            async with self._order:
                answer = await self._ask(scope, body)
                self._write(_lines(call, body, answer, caller=_caller_of(scope), message_ids=self._message_ids))
            await answer.pass_on(send)
        elif call == MAILS:
            body = await _body_of(receive)
            answer = await self._ask(scope, body)
            if answer.status == OK and body.startswith(b"Action=Send"):
                self._accepted(f"{MAILS} {_mail_sent(body, answer.body)}")
            await answer.pass_on(send)
        else:
            await self._emulator(scope, receive, send)

    async def repeat(self) -> int:
        """Repeat the writes of the journal on the emulator; returns how many.

        Raises RuntimeError if the emulator refuses one: its state would not be what it was.
        """
        if not self._path.exists():
            return 0
        lines = list(_read(self._path))
        done = {line["done"] for line in lines if "done" in line}
        for line in lines:
            if "call" in line:
                await self._repeat_call(line)
            elif "sent" in line and line["sent"] not in done:
                await self._send_again(line)
        return len(lines)

    async def _repeat_call(self, line: dict[str, Any]) -> None:
        answer = await self._ask(_request(line["call"], caller=line["as"]), line["body"].encode())
        if answer.status != OK and b"InUseException" not in answer.body:
            raise RuntimeError(f"You cannot go on with {self._path} because {line} was refused: {answer.body!r}")

    async def _send_again(self, line: dict[str, Any]) -> None:
        call, caller, body = "AmazonSQS.SendMessage", line["as"], json.dumps(line["message"]).encode()
        answer = await self._ask(_request(call, caller=caller), body)
        self._write([*_lines(call, body, answer, caller=caller, message_ids={}), {"done": line["sent"]}])

    async def _ask(self, scope: Scope, body: bytes) -> "_Answer":
        answer = _Answer()
        await self._emulator(scope, _once(body), answer.take)
        return answer

    def _remember_handles(self, answer: "_Answer") -> None:
        if answer.status == OK:
            for message in json.loads(answer.body).get("Messages", []):
                self._message_ids[message["ReceiptHandle"]] = message["MessageId"]

    def _write(self, lines: list[dict[str, Any]]) -> None:
        if not lines:
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
        for place in {place for line in lines for place in _written(line)}:
            self._accepted(place)


class _Answer:
    """The emulator's answer, held back until the journal has the write."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def take(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def body(self) -> bytes:
        chunks: list[bytes] = [message.get("body", b"") for message in self.messages[1:]]
        return b"".join(chunks)

    async def pass_on(self, send: Send) -> None:
        for message in self.messages:
            await send(message)


def _lines(
    call: str, body: bytes, answer: _Answer, *, caller: str, message_ids: dict[str, str]
) -> list[dict[str, Any]]:
    if answer.status != OK:
        return []
    if call in REPEATED:
        return [{"call": call, "body": body.decode(), "as": caller}]
    asked, answered = json.loads(body), json.loads(answer.body or b"{}")
    if call == "AmazonSQS.SendMessage":
        return [{"sent": answered["MessageId"], "message": asked, "as": caller}]
    if call == "AmazonSQS.SendMessageBatch":
        messages = {entry.pop("Id"): {**entry, "QueueUrl": asked["QueueUrl"]} for entry in asked["Entries"]}
        return [
            {"sent": sent["MessageId"], "message": messages[sent["Id"]], "as": caller}
            for sent in answered.get("Successful", [])
        ]
    failed = {entry["Id"] for entry in answered.get("Failed", [])}
    entries = [entry for entry in asked.get("Entries", [asked]) if entry.get("Id") not in failed]
    handles = [message_ids.pop(entry["ReceiptHandle"], None) for entry in entries]
    return [{"done": message_id} for message_id in handles if message_id]


def _written(line: dict[str, Any]) -> Iterable[str]:
    """The tables and queues that a line wrote to."""
    if "sent" in line:
        yield f"AmazonSQS/{line['message']['QueueUrl'].rpartition('/')[2]}"
    elif line.get("call", "").startswith("DynamoDB"):
        yield from (f"DynamoDB/{table}" for table in TABLE_NAME.findall(line["body"]))


def _mail_sent(body: bytes, answer: bytes) -> str:
    """What SES will say of this mail later: its id, and the tags that were given with it; JSON in one line."""
    asked = parse_qs(body.decode())
    prefix, name = "Tags.member.", ".Name"
    numbers = [key[len(prefix) : -len(name)] for key in asked if key.startswith(prefix) and key.endswith(name)]
    tags = {asked[f"{prefix}{each}{name}"][0]: [asked[f"{prefix}{each}.Value"][0]] for each in numbers}
    found = re.search(rb"<MessageId>([^<]+)</MessageId>", answer)
    return json.dumps({"message_id": found[1].decode() if found else "", "tags": tags})


def _read(path: Path) -> Iterable[dict[str, Any]]:
    """The journal's lines; a torn last line was never answered, so it is left out (and cut off)."""
    whole = 0
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            yield json.loads(line)
    with path.open("r+b") as file:
        file.truncate(whole)


def _call_of(scope: Scope) -> str:
    if scope["type"] != "http" or scope["method"] != "POST":
        return ""
    headers = dict(scope["headers"])
    if b"/ses/aws4_request" in headers.get(b"authorization", b""):
        return MAILS
    target: bytes = headers.get(b"x-amz-target", b"")
    return target.decode()


async def _body_of(receive: Receive) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


def _once(body: bytes) -> Receive:
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not messages:
            await asyncio.Event().wait()  # the client stays; the emulator answers and never asks again
        return messages.pop()

    return receive


def _caller_of(scope: Scope) -> str:
    """The credential and its scope, without the signature: the emulator keeps accounts and regions apart by it."""
    authorization: bytes = dict(scope["headers"]).get(b"authorization", b"")
    return authorization.partition(b",")[0].decode()


def _request(call: str, *, caller: str) -> Scope:
    """The scope of a call as boto3 would make it."""
    headers = [
        (b"host", b"localhost"),
        (b"x-amz-target", call.encode()),
        (b"content-type", b"application/x-amz-json-1.0"),
        (b"authorization", caller.encode()),
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
    }
