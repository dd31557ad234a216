"""One account's view of the books, and the events that tell of its changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.stripe.books import Books, Object, new_id, shown
from infra.local.stripe.refusals import invalid

API_VERSION = "2026-10-28.endive"
_MOST_METADATA = 50
_LONGEST_NAME = 40
_LONGEST_VALUE = 500

Parameters = Mapping[str, Any]
"""As decoded from the wire: texts, and hashes of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """account: whose objects; public_url: where its pages are; announce: keeps an event and carries it to endpoints.

    request_id, idempotency_key: of the request that is being answered; None if a payer or the bank acts.
    """

    books: Books
    account: str
    public_url: str
    announce: Callable[[str, Object], None]
    request_id: str | None = None
    idempotency_key: str | None = None

    def now(self) -> int:
        return self.books.now()

    @property
    def livemode(self) -> bool:
        return self.books.livemode

    def save(self, object: Object) -> Object:
        return self.books.save(self.account, object)

    def find(self, kind: str, id: str, *, param: str = "id") -> Object:
        return self.books.find(self.account, kind, id, param=param)

    def all(self, kind: str) -> list[Object]:
        return self.books.all(self.account, kind)

    def tell(self, type: str, about: Object, **before: object) -> None:
        """Record an event with the object as it is now, and have it carried to the endpoints."""
        told: dict[str, Any] = {"object": shown(about)}
        if before:
            told["previous_attributes"] = before
        event = {
            "id": new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": told,
            "livemode": self.livemode,
            "pending_webhooks": 0,
            "request": {"id": self.request_id, "idempotency_key": self.idempotency_key},
            "type": type,
        }
        self.announce(self.account, event)


def metadata(parameters: Parameters, *, before: Mapping[str, str] | None = None) -> dict[str, str]:
    """What is there after the change: names not sent stay, an empty value removes one, an empty text all."""
    sent = parameters.get("metadata")
    if sent == "":
        return {}
    kept = {**(before or {}), **(sent or {})}
    for name, value in kept.items():
        if len(name) > _LONGEST_NAME:
            raise invalid("Metadata keys can have up to 40 characters.", param="metadata")
        if len(value) > _LONGEST_VALUE:
            raise invalid("Metadata values can have up to 500 characters.", param=f"metadata[{name}]")
    if len(kept) > _MOST_METADATA:
        raise invalid("Metadata can have up to 50 keys.", param="metadata")
    return {name: value for name, value in kept.items() if value != ""}


def page(rows: list[Object], parameters: Parameters, *, url: str, by: tuple[str, ...] = ()) -> Object:
    """A list answer, newest first; ``by`` names the parameters that rows are chosen by."""
    chosen = [row for row in reversed(rows) if all(parameters.get(name, row[name]) == row[name] for name in by)]
    created = parameters.get("created")
    if isinstance(created, dict):
        chosen = [row for row in chosen if _within(row["created"], created)]
    limit = int(parameters.get("limit", 10))
    if not 1 <= limit <= 100:  # noqa: PLR2004 - Stripe's own bounds
        raise invalid("Invalid limit: must be between 1 and 100", param="limit")
    if after := parameters.get("starting_after"):
        chosen = chosen[_place(chosen, after) + 1 :]
    return {"object": "list", "url": url, "has_more": len(chosen) > limit, "data": chosen[:limit]}


def _within(created: int, bounds: Mapping[str, str]) -> bool:
    checks = {
        "gt": lambda bound: created > bound,
        "gte": lambda bound: created >= bound,
        "lt": lambda bound: created < bound,
        "lte": lambda bound: created <= bound,
    }
    return all(checks[name](int(bound)) for name, bound in bounds.items())


def _place(rows: list[Object], id: str) -> int:
    places = [place for place, row in enumerate(rows) if row["id"] == id]
    if not places:
        raise invalid(f"No such object: '{id}'", param="starting_after", code="resource_missing")
    return places[0]
