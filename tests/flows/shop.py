"""A business's own account at Stripe, on nobody's platform: its key, its events, and the address they go to."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from infra.local.stripe import sign
from tests.flows.stripe_events import events_of
from tests.flows.world import Answer, World

HERE = "https://billing.example.com"
PLACE = "/v1/business/stripe-key"


@dataclass(slots=True)
class Shop:
    """url: of the endpoint registered at Stripe, once known; secret: what it signs with."""

    world: World
    account: str
    key: str
    url: str = ""
    secret: str = field(default_factory=lambda: f"whsec_{secrets.token_hex(16)}")
    _told: int = 0

    def give_key(self, **more: Any) -> Any:
        """The business gives its key; the part of its settings that is answered."""
        payments = self.world.ok("PUT", PLACE, {"restricted_key": self.key} | more).body
        self.url = payments["stripe_key"]["webhook_url"]
        return payments

    def give_secret(self) -> Any:
        return self.world.ok("PUT", PLACE, {"webhook_secrets": [self.secret]}).body

    def connect(self) -> "Shop":
        self.give_key()
        self.give_secret()
        return self

    def roll(self) -> None:
        """A new key at Stripe; the old one ends."""
        self.key = self.world.stripe.control.answer("POST", "merchants", {"account": self.account})["restricted_key"]  # type: ignore[index]

    def end_key(self) -> None:
        """The key is deleted at Stripe."""
        self.world.stripe.api.keys.pop(self.key)

    @property
    def path(self) -> str:
        return self.url.removeprefix(HERE)

    @property
    def endpoint(self) -> str:
        return self.url.rpartition("/")[2]

    def events(self) -> list[dict[str, Any]]:
        """What Stripe has to tell of this account and did not yet, as its own endpoint gets it: without an account."""
        own = events_of(self.world.stripe, self.account)
        waiting, self._told = own[self._told :], len(own)
        return waiting

    def post(self, event: dict[str, Any], *, secret: str | None = None, path: str | None = None) -> Answer:
        """One delivery at the shop's address, signed now."""
        body = json.dumps(event, indent=2).encode()
        signed = sign(body, secret or self.secret, int(self.world.time.instant.timestamp()))
        headers = {"content-type": "application/json; charset=utf-8", "stripe-signature": signed}
        return self.world.request("POST", path or self.path, body, headers)

    def deliver(self) -> list[str]:
        """Everything that is to be told arrives and is worked off; what each was answered."""
        answers = [self.post(event) for event in self.events()]
        self.world.settle()
        return [answer["outcome"] for answer in answers]

    def open_pages(self) -> list[str]:
        sessions = self.world.stripe.control.answer("GET", "sessions", {})["data"]  # type: ignore[index]
        return [one["id"] for one in sessions if (one["account"], one["status"]) == (self.account, "open")]


def shop(world: World) -> Shop:
    made: Any = world.stripe.control.answer("POST", "merchants", {})
    return Shop(world, made["account"], made["restricted_key"])
