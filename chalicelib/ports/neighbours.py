"""Whoever else is asked: for new ids, to work later, to keep a secret, to carry a post, to say who somebody is."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol

from chalicelib.domain.access import Claims
from chalicelib.domain.values import dataclass

Ids = Callable[[str], str]
"""Makes a new id for a prefix: ``ids("inv")`` gives ``inv_01J...``."""


class Queue(Protocol):
    def put(self, body: Mapping[str, Any], *, group: str) -> None:
        """Hand work to a worker, at least once; ``group`` is the business, for fairness."""
        ...


class Seal(Protocol):
    """Keeps a text from whoever reads our tables; a sealed one opens for the business it was sealed for only."""

    def seal(self, text: str, *, of: str) -> str: ...

    def open(self, sealed: str, *, of: str) -> str:
        """Raises Refused (``seal_broken``) for what was sealed for another business, or with a key that is gone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came of a post: HTTP's status, or why nothing was answered."""

    status: int | None = None
    error: str | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and HTTPStatus(200) <= self.status < HTTPStatus(300)


class Courier(Protocol):
    """Takes what happened to addresses that businesses gave us, and nowhere inside."""

    def carry(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Receipt:
        """Post a body, once, and follow nothing that is answered."""
        ...


class TokenVerifier(Protocol):
    def verify(self, token: str, *, now: datetime) -> Claims:
        """Who bears an OIDC access token. Raises Unauthenticated."""
        ...
