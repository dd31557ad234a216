"""The whole API as its callers see it: requests as API Gateway hands them over, answers as they come back."""

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from chalicelib import wiring
from chalicelib.domain.business import Business
from chalicelib.domain.journal import Caller
from chalicelib.usecases import opening
from infra.local.gateway import Gateway, Request
from tests import builders as b

LINES = [{"description": "Réparation", "quantity": "1", "unit_price": "100.00"}]
HALVES = [{"label": "Acompte", "percent": "50"}, {"label": "Solde", "remainder": True}]


@cache
def site() -> Gateway:
    """Once, since a Chalice app is made once."""
    return Gateway(importlib.import_module("app").app)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: ``body`` as it was sent, ``json`` as it reads; headers by their lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [(fault["at"], fault["code"]) for fault in self.json["errors"]]

    @property
    def is_replay(self) -> bool:
        return self.headers.get("idempotent-replay") == "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a credential; ``business`` is whom it was made for."""

    credential: str | None
    business: Business = field(default_factory=b.a_business)

    def ask(self, method: str, path: str, body: Any = None, *, query: Any = None, **headers: str) -> Reply:
        """headers: ``if_match="..."`` is sent as If-Match; a body of bytes is sent as it is."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {"accept": "application/json"} | ({"content-type": "application/json"} if raw else {})
        named |= {"authorization": f"Bearer {self.credential}"} if self.credential else {}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        asked = Request(method=method, path=path, query=urlencode(query or {}), headers=named, body=raw)
        answer = site().answer(asked)
        return Reply(answer.status, {name.lower(): value for name, value in answer.headers}, answer.body)

    def get(self, path: str, **more: Any) -> Reply:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        return self.ask("POST", path, {} if body is None else body, **more)

    def patch(self, path: str, body: Any, **more: Any) -> Reply:
        return self.ask("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> Reply:
        return self.ask("DELETE", path, **more)

    def made(self, path: str, body: Any = None, **more: Any) -> Any:
        """What a POST made; it must have gone well."""
        reply = self.post(path, body, **more)
        assert reply.status in {200, 201, 202}, reply.body
        return reply.json

    def walk(
        self, path: str, *, limit: int, between: Callable[[], object] = lambda: None, **query: str
    ) -> list[dict[str, Any]]:
        """The rows of every page, in order; ``between`` happens after each."""
        rows, position = [], {}
        while True:
            page = self.get(path, query={**query, "limit": limit, **position}).json
            rows += page["data"]
            if page["next_cursor"] is None:
                return rows
            position = {"cursor": page["next_cursor"]}
            between()

    def as_role(self, role: str) -> "Person":
        """Somebody else of the same business, with a key of that role."""
        return replace(self, credential=self.made("/v1/keys", {"name": role, "role": role})["secret"])

    # --- what most tests begin with

    def a_client(self, **more: Any) -> str:
        return str(self.made("/v1/clients", {"name": "Marie Gagnon", "email": "marie@example.com"} | more)["id"])

    def a_quote(self, **more: Any) -> str:
        client_id = more.pop("client_id", None) or self.a_client()
        return str(self.made("/v1/quotes", {"client_id": client_id, "lines": LINES} | more)["id"])

    def an_invoice(self, **more: Any) -> str:
        client_id = more.pop("client_id", None) or self.a_client()
        return str(self.made("/v1/invoices", {"client_id": client_id, "lines": LINES} | more)["id"])

    def an_issued_invoice(self, **more: Any) -> str:
        invoice_id = self.an_invoice(**more)
        self.made(f"/v1/invoices/{invoice_id}/issue")
        return invoice_id


def opened(business: Business | None = None) -> Person:
    """The owner of a new business."""
    business = business or b.a_business(sandbox=True)
    store = wiring.store(Caller(business_id=business.id, actor="opening"), sandbox=business.sandbox)
    _, secret = opening.open_business(
        business,
        key_name="Owner",
        random=wiring.random_bytes(32),
        now=wiring.now(),
        ids=wiring.ids,
        store=store,
    )
    return Person(credential=secret, business=business)
