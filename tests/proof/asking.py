"""Requests that Schemathesis makes up, sent to the app in this process, and aimed at what a business really has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, Response
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation

from infra.local.gateway import Request
from tests.flows.selling import sold
from tests.flows.shop import shop
from tests.flows.world import World

HERE = "http://api.example"
ARGUMENTS = {"method", "url", "headers", "cookies", "params", "data", "json", "files"}
ONE_IN = 4
"""So often what was made up stays, where something that exists could take its place."""
STOPS_EARLY = ("cursor",), ("Idempotency-Key", "If-Match")
"""Parameters of the query and the header whose made-up values are refused before anything else is looked at."""
PLAIN_NUMBERS = st.decimals(min_value=0, max_value=10_000, places=2).map(str)

schemathesis.openapi.format("decimal", PLAIN_NUMBERS)


@dataclass(slots=True)
class Aim:
    """ids: what the business has, by the names of parameters and fields, each taken in turn."""

    ids: Mapping[str, Iterator[str]]
    turn: Iterator[int] = field(default_factory=count)

    def at(self, case: Case) -> None:
        """Let most of what was made up to be valid name what exists."""
        if not _is_broken(case, ParameterLocation.PATH):
            case.path_parameters = {name: self._known(name, value) for name, value in case.path_parameters.items()}
        if not _is_broken(case, ParameterLocation.QUERY):
            kept = {name: value for name, value in case.query.items() if self._stays(name, STOPS_EARLY[0])}
            case.query = {name: self._known(name, value) for name, value in kept.items()}
        if not _is_broken(case, ParameterLocation.HEADER):
            for name in STOPS_EARLY[1]:
                if not self._stays(name, STOPS_EARLY[1]):
                    case.headers.pop(name, None)
        if not (_is_broken(case, ParameterLocation.BODY) or case.body is NOT_SET):
            case.body = self._within(case.body)

    def _stays(self, name: str, stops: tuple[str, ...]) -> bool:
        return name not in stops or next(self.turn) % ONE_IN == 0

    def _known(self, name: str, value: Any) -> Any:
        is_text = isinstance(value, str) and name in self.ids
        return next(self.ids[name]) if is_text and next(self.turn) % ONE_IN else value

    def _within(self, value: Any, name: str = "") -> Any:
        match value:
            case dict():
                return {inner: self._within(one, inner) for inner, one in value.items()}
            case list():
                return [self._within(one, name) for one in value]
        return self._known(name, value)


def prepared(world: World) -> Aim:
    """A sandbox business with a few of everything, and what it has."""
    world.business(sandbox=True, clock=world.time.instant)
    clients = [world.client(name=name) for name in ("Marie Gagnon", "Jean Roy", "Luc Morin")]
    sent, approved, draft = (world.quote(clients[0]) for _ in range(3))
    world.ok("POST", f"/v1/quotes/{sent['id']}/send", {})
    world.approve(approved)
    drafts = [world.draft(clients[1]) for _ in range(2)]
    issued, unpaid = world.invoice(clients[0]), world.invoice(clients[0])
    paid = world.ok("POST", f"/v1/invoices/{issued['id']}/payments", {"amount": "1.00", "method": "cash"})
    own = shop(world).connect()
    user = {"issuer": "https://login.example", "subject": "ann", "email": "ann@example.com", "name": "Ann"}
    world.ok("POST", "/v1/catalog", {"code": "A1", "name": "Visit", "unit_price": "80"})
    ids = {
        "client_id": [client["id"] for client in reversed(clients)],
        "quote_id": [quote["id"] for quote in (draft, sent, approved)],
        "deal_id": [sold(world, "deals")["id"]],
        "order_id": [sold(world, "orders")["id"]],
        "delivery_id": [sold(world, "deliveries")["id"]],
        "invoice_id": [issued["id"], unpaid["id"], *(invoice["id"] for invoice in drafts)],
        "document_id": [draft["id"], issued["id"]],
        "payment_id": [paid["id"]],
        "user_id": [world.ok("POST", "/v1/users", user | {"role": "manager"})["id"]],
        "key_id": [world.ok("POST", "/v1/keys", {"name": "till"})["id"]],
        "code": ["A1", "B2"],
        "catalog_code": ["A1"],
        "series": ["invoice", "quote"],
        "amount": ["1.00"],
        "currency": ["CAD"],
        "country": ["CA"],
        "time_zone": ["America/Toronto"],
        "taxes": ["TPS", "TVQ"],
        "now": [f"2026-0{month}-02T17:00:00Z" for month in range(3, 7)],
        "restricted_key": [own.key],
        "webhook_secrets": [own.secret],
        "number": [world.see(issued)["number"]],
    }
    return Aim({name: cycle(values) for name, values in ids.items()})


def answered(case: Case, world: World) -> Response:
    """What the app answers to a case."""
    asked = {name: value for name, value in case.as_transport_kwargs(base_url=HERE).items() if name in ARGUMENTS}
    prepared = requests.Request(**asked).prepare()
    parts, body = urlsplit(prepared.url or ""), prepared.body or b""
    headers = {name.lower(): _text(value) for name, value in prepared.headers.items()}
    request = Request(
        method=prepared.method or "",
        path=str(parts.path),
        query=str(parts.query),
        headers=headers | {"authorization": f"Bearer {world.house.key}"},
        body=body if isinstance(body, bytes) else body.encode(),
    )
    answer = world.gateway.answer(request)
    return Response(
        status_code=answer.status,
        headers={name.lower(): [value] for name, value in answer.headers},
        content=answer.body,
        request=prepared,
        elapsed=0.0,
        verify=False,
    )


def _is_broken(case: Case, place: ParameterLocation) -> bool:
    return case.meta is not None and case.meta.is_negative_at(place)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
