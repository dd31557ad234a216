"""The businesses' servers to which webhooks lead, without a network: what they took, and what they do to a post."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.ports import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One post as it arrived."""

    url: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event

    def is_signed_by(self, secret: str) -> bool:
        """Checked as a receiver would, from what the README says."""
        parts = [part.partition("=") for part in self.headers["Quittance-Signature"].split(",")]
        at = next(value for name, _, value in parts if name == "t")
        expected = hmac.new(secret.encode(), f"{at}.".encode() + self.body, hashlib.sha256).hexdigest()
        return any(hmac.compare_digest(expected, value) for name, _, value in parts if name == "v1")

    @property
    def signatures(self) -> int:
        return self.headers["Quittance-Signature"].count("v1=")

    @property
    def signed_at(self) -> int:
        return int(self.headers["Quittance-Signature"].partition(",")[0].removeprefix("t="))


@dataclass(slots=True)
class Receiver:
    """``Courier``: every post is kept, and taken unless ``answer`` says otherwise."""

    posts: list[Posted] = field(default_factory=list)
    answer: Callable[[Posted], Receipt] = field(default=lambda _: Receipt(status=200))

    def carry(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Receipt:
        posted = Posted(url=url, body=body, headers=headers)
        receipt = self.answer(posted)
        self.posts.append(posted)
        return receipt

    def refuse(self, status: int = 500) -> None:
        self.answer = lambda _: Receipt(status=status)

    def take(self) -> None:
        self.answer = lambda _: Receipt(status=204)

    def sequences(self, url: str | None = None) -> list[int]:
        return [each.event["sequence"] for each in self.posts if url in {None, each.url}]

    def types(self) -> list[str]:
        return [each.event["type"] for each in self.posts]
