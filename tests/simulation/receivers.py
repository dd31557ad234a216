"""The servers of businesses, to which webhooks lead: what they take, in which order, and from whom."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.domain.feed import PING
from chalicelib.ports import Receipt
from tests.simulation.scheduler import Crash

if TYPE_CHECKING:
    from tests.simulation.world import World


@dataclass(slots=True)
class Server:
    """One address.

    business: whose it is; secrets: all that somebody was told; unsure: one was made of which nobody was.
    signed: what came since the first was told, to be checked when all are known.
    taken: the event of each sequence; high: the highest of them; posting: whether somebody is posting right now.
    """

    business: str
    secrets: list[str] = field(default_factory=list)
    unsure: bool = False
    signed: list[tuple[bytes, str]] = field(default_factory=list)
    taken: dict[int, str] = field(default_factory=dict)
    high: int = 0
    posting: bool = False


@dataclass(slots=True)
class Receivers:
    """``Courier``: the world's internet. wrong: what no receiver should see."""

    world: "World"
    servers: dict[str, Server] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def carry(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Receipt:
        world, server = self.world, self.servers[url]
        event = json.loads(body)
        if server.secrets:
            server.signed.append((body, headers["Quittance-Signature"]))
        if event["type"] == PING:
            return Receipt(status=200)
        if server.posting:
            self.wrong.append(f"{url} is posted to by two at once: {event['sequence']}")
        server.posting = True
        try:
            fault = world.strike_receiver(f"POST {url} {event['sequence']}")
            if fault == "receiver_500":
                return Receipt(status=500)
            if fault == "receiver_lost_request":
                return Receipt(error="timeout")
            if fault == "receiver_crash" and world.pace.random() < 0.5:
                raise Crash
            self._take(url, server, event)
            if fault == "receiver_crash":
                raise Crash
            return Receipt(error="timeout") if fault == "receiver_lost_answer" else Receipt(status=200)
        finally:
            server.posting = False

    def verdict(self) -> list[str]:
        """What was wrong, now that every secret is known."""
        for url, server in self.servers.items():
            for body, header in server.signed:
                if not server.unsure and not any(_is_signed(body, header, secret) for secret in server.secrets):
                    self.wrong.append(f"{url} was posted what nobody of ours has signed: {body!r}")
        return self.wrong

    def _take(self, url: str, server: Server, event: dict[str, Any]) -> None:
        sequence, id = event["sequence"], event["id"]
        if event["business_id"] != server.business:
            self.wrong.append(f"{url} was told of another business")
        if server.taken.setdefault(sequence, id) != id:
            self.wrong.append(f"{url} was told two events of sequence {sequence}")
        if server.high and sequence > server.high + 1:
            self.wrong.append(f"{url} was told {sequence} and not what is after {server.high}")
        server.high = max(server.high, sequence)


def _is_signed(body: bytes, header: str, secret: str) -> bool:
    parts = [part.partition("=") for part in header.split(",")]
    at = next(value for name, _, value in parts if name == "t")
    expected = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return any(name == "v1" and hmac.compare_digest(expected, value) for name, _, value in parts)
