"""JSON over HTTPS to accounting programs: what was answered, or that nobody knows."""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from decimal import Decimal
from email.message import Message
from http import HTTPStatus
from typing import IO, Any, Final
from urllib.parse import urlencode, urlsplit

from chalicelib.domain.bookkeeping import Tokens
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.errors import Refused
from chalicelib.domain.values import dataclass

TIMEOUT_S: Final = 10.0
MOST_READ_BYTES: Final = 4_000_000
LONGEST_REASON: Final = 300
HERE: Final = "127.0.0.1"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    status: int
    body: Json

    @property
    def is_done(self) -> bool:
        return HTTPStatus(200) <= self.status < HTTPStatus(300)


class Calls:
    """One call at a time; nothing is followed, and nothing is asked twice by itself."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._opener = urllib.request.build_opener(_NoRedirects)

    def __call__(
        self, method: str, url: str, *, headers: Mapping[str, str], body: Json | bytes | None = None
    ) -> Answered:
        """Raises UnknownOutcome where nothing was answered, or that it went wrong on the other side."""
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname != HERE:
            raise ValueError(f"{url} is not https")
        sent = json.dumps(body).encode() if isinstance(body, dict) else body
        named = {"Accept": "application/json", "Content-Type": "application/json", **headers}
        request = urllib.request.Request(url, data=sent, method=method, headers=named)  # noqa: S310 - checked above
        try:
            with self._opener.open(request, timeout=self._timeout_s) as answer:
                return Answered(status=answer.status, body=_read(answer.read(MOST_READ_BYTES)))
        except urllib.error.HTTPError as error:
            answered = Answered(status=error.code, body=_read(error.read(MOST_READ_BYTES)))
        except (OSError, ValueError) as error:
            raise UnknownOutcome("program_silent", "The accounting program did not answer; try again.") from error
        if answered.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answered.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise UnknownOutcome("program_busy", "The accounting program did not say what became of it; try again.")
        return answered


def traded(calls: Calls, url: str, *, client_id: str, client_secret: str, refresh_token: str) -> Tokens:
    """The next tokens for a refresh token (RFC 6749, 6). Raises Refused (``connection_refused``)."""
    given = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    secret = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/x-www-form-urlencoded"}
    answer = calls("POST", url, headers=headers, body=urlencode(given).encode())
    if not answer.is_done:
        raise Refused("connection_refused", "You cannot export because the accounting program lets us in no more.")
    said = answer.body
    return Tokens(
        access=str(said["access_token"]),
        refresh=str(said.get("refresh_token") or refresh_token),
        seconds=int(said.get("expires_in", 0)),
    )


def must_let_in(answer: Answered) -> Answered:
    """The same. Raises Refused (``access_ended``) for a token that is good for nothing any more; (``not_let_in``)."""
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise Refused("access_ended", "The accounting program does not take this token any more.")
    if answer.status == HTTPStatus.FORBIDDEN:
        raise Refused("not_let_in", "You cannot export because the program does not let us into this organisation.")
    return answer


def refused(reason: str) -> Refused:
    """What the program never takes, in its own words."""
    return Refused("refused_by_program", f"The accounting program refused it: {reason[:LONGEST_REASON]}")


def refused_with(answer: Answered, reason: str) -> Refused:
    """The same of an answer, whatever it says."""
    return refused(reason or f"it answered {answer.status}.")


def _read(body: bytes) -> Json:
    """What is no JSON object tells nothing but its status."""
    try:
        said = json.loads(body, parse_float=Decimal) if body else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """A token is for nobody else's eyes."""
