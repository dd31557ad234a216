"""A client of the API on one kept connection, which times its calls with the monotonic clock."""

import http.client
import json
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

TIMEOUT_S = 120
KEPT_S = 60
"""A connection that nobody used for longer may have been closed by the local run (after 75 s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """took_ms: from the call until the whole answer was here."""

    status: int
    body: bytes
    took_ms: float

    @property
    def json(self) -> Any:  # noqa: ANN401  # JSON of any shape
        return json.loads(self.body)


class Caller:
    """One connection, authenticated. Not to be shared between threads."""

    def __init__(self, url: str, api_key: str) -> None:
        self._url, self._api_key = url, api_key
        self._connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=TIMEOUT_S)
        self._used_at = time.monotonic()
        self._headers = {"Authorization": f"Bearer {api_key}", "Content-Type": "application/json"}

    def another(self) -> "Caller":
        """One more connection with the same key, for another thread."""
        return Caller(self._url, self._api_key)

    def try_(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        """The answer, whatever its status; a body of bytes is sent as it is."""
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        if time.monotonic() - self._used_at > KEPT_S:
            self._connection.close()  # the next request opens it anew
        began = time.perf_counter()
        self._connection.request(method, path, body=sent, headers={**self._headers, **(headers or {})})
        response = self._connection.getresponse()
        answer = response.read()
        self._used_at = time.monotonic()
        return Reply(status=response.status, body=answer, took_ms=(time.perf_counter() - began) * 1000)

    def ask(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        """The answer. Raises RuntimeError with its words if it is a refusal."""
        reply = self.try_(method, path, body, headers)
        if reply.status >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{method} {path} was refused with {reply.status}: {reply.body[:600]!r}")
        return reply

    def settle(self, *, at_most_s: float = TIMEOUT_S - 10) -> None:
        """Wait until streams and queues are empty, so that what follows is measured alone."""
        ends = time.monotonic() + at_most_s
        while True:
            settled = self.ask("POST", "/_local/settle", {"timeout_s": min(TIMEOUT_S - 10, at_most_s)}).json
            if settled["drained"] and not settled["dead_letters"]:
                return
            if settled["dead_letters"] or time.monotonic() >= ends:
                raise RuntimeError(f"the local run did not come to rest: {settled}")
