"""Carrying events to the endpoints: signed, at least once, in no promised order."""

import hashlib
import hmac
import http.client
import json
import logging
import random
import threading
import time
import urllib.parse
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from infra.local.stripe.books import Books, Object, shown

_MOST_TRIES = 6
_FIRST_PAUSE_S = 0.2
_TIMEOUT_S = 20
_OK = range(200, 300)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where events go. connect: those of the connected accounts, with their ``account``; else the platform's own.

    account: of a merchant on no platform, whose own events go there and nobody else's.
    secrets: each signs, so that a rotation can be played through.
    """

    url: str
    secrets: tuple[str, ...]
    connect: bool = True
    account: str = ""
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    account: str
    event: Object
    endpoint: Endpoint
    tries: int = 0
    due: float = 0


def sign(payload: bytes, secrets: str | Sequence[str], timestamp: int) -> str:
    """``Stripe-Signature`` for a body, with one v1 per secret."""
    each = [secrets] if isinstance(secrets, str) else secrets
    signed = b"%d." % timestamp + payload
    signatures = (hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in each)
    return f"t={timestamp}," + ",".join(f"v1={signature}" for signature in signatures) + f",v0={'0' * 64}"


class Courier:
    """Delivers in a thread of its own, one at a time; what is refused is tried again, up to six times.

    Unlike Stripe's, its pauses are parts of a second, so that a person can watch.
    """

    def __init__(self, books: Books, *, platform: str, clock: Callable[[], float]) -> None:
        self._books, self._platform, self._clock = books, platform, clock
        self.endpoints: list[Endpoint] = []
        self._waiting: deque[Delivery] = deque()
        self._held: list[Delivery] = []
        self._holding = self._losing = self._stopped = False
        self._under_way = 0
        self._change = threading.Condition()
        self.delivered: list[tuple[str, int]] = []
        self._thread = threading.Thread(target=self._run, name="stripe-webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._change:
            self._stopped = True
            self._change.notify_all()
        self._thread.join(timeout=_TIMEOUT_S)

    def listen(self, endpoints: Sequence[Endpoint]) -> None:
        """Deliver to these from now on, first what was not delivered before the last stop."""
        self.endpoints = list(endpoints)
        with self._books.lock:
            for account in self._books.accounts():
                for event in self._books.all(account, "event"):
                    if event["pending_webhooks"]:
                        event["pending_webhooks"] = 0
                        self.announce(account, event)

    def announce(self, account: str, event: Object) -> None:
        """Keep an event, and queue it for every endpoint that wants it."""
        connected = account != self._platform and not self._books.is_merchant(account)
        wanting = [
            endpoint
            for endpoint in self.endpoints
            if not self._losing
            and self._is_for(endpoint, account)
            and (not endpoint.types or event["type"] in endpoint.types)
        ]
        event["pending_webhooks"] += len(wanting)
        self._books.save(account, event)
        told = shown(event) | ({"account": account} if connected else {})
        for endpoint in wanting:
            self._put(Delivery(account=account, event=told, endpoint=endpoint))

    def _is_for(self, endpoint: Endpoint, account: str) -> bool:
        if endpoint.account or self._books.is_merchant(account):
            return endpoint.account == account
        return endpoint.connect == (account != self._platform)

    def redeliver(self, account: str, event_id: str, *, times: int = 1) -> None:
        """Send an event again, as Stripe may do at any time."""
        event = self._books.find(account, "event", event_id)
        for _ in range(times):
            self.announce(account, event)

    def lose(self, losing: bool) -> None:  # noqa: FBT001 - on or off
        """Tell nobody of what happens from now on, ever; or tell of it again."""
        self._losing = losing

    def hold(self) -> None:
        """Keep what comes from now on, until release."""
        with self._change:
            self._holding = True

    def release(self, order: Literal["kept", "reversed", "shuffled"] = "kept", *, times: int = 1) -> int:
        """Send what was held, each so many times; returns how many deliveries that makes."""
        with self._change:
            held = [delivery for delivery in self._held for _ in range(times)]
            self._held, self._holding = [], False
        if order == "reversed":
            held.reverse()
        if order == "shuffled":
            random.shuffle(held)  # no secret depends on it
        for delivery in held:
            self._put(delivery)
        return len(held)

    def drain(self, *, timeout_s: float = 30) -> bool:
        """Wait until nothing is waiting or under way; False if that took too long. What is held does not count."""
        with self._change:
            return self._change.wait_for(lambda: not self._waiting and not self._under_way, timeout=timeout_s)

    def _put(self, delivery: Delivery) -> None:
        with self._change:
            if self._holding:
                self._held.append(delivery)
            else:
                self._waiting.append(delivery)
                self._change.notify_all()

    def _run(self) -> None:
        while (delivery := self._next()) is not None:
            status = self._post(delivery)
            again = status not in _OK and delivery.tries + 1 < _MOST_TRIES
            if not again:
                self._done(delivery)
            with self._change:
                self._under_way -= 1
                self.delivered.append((delivery.event["id"], status))
                if again:
                    due = time.monotonic() + _FIRST_PAUSE_S * 2**delivery.tries
                    self._waiting.append(replace(delivery, tries=delivery.tries + 1, due=due))
                self._change.notify_all()

    def _done(self, delivery: Delivery) -> None:
        with self._books.lock:
            event = self._books.find(delivery.account, "event", delivery.event["id"])
            event["pending_webhooks"] -= 1
            self._books.save(delivery.account, event)

    def _next(self) -> Delivery | None:
        with self._change:
            while not self._stopped:
                now = time.monotonic()
                due = next((delivery for delivery in self._waiting if delivery.due <= now), None)
                if due is not None:
                    self._waiting.remove(due)
                    self._under_way += 1
                    return due
                self._change.wait(min((delivery.due - now for delivery in self._waiting), default=None))
            return None

    def _post(self, delivery: Delivery) -> int:
        """The status of the answer; 0 if there was none."""
        body = json.dumps(delivery.event, indent=2, ensure_ascii=False).encode()
        to = urllib.parse.urlsplit(delivery.endpoint.url)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign(body, delivery.endpoint.secrets, int(self._clock())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        connection = http.client.HTTPConnection(to.hostname or "", to.port, timeout=_TIMEOUT_S)
        try:
            connection.request("POST", to.path + (f"?{to.query}" if to.query else ""), body, headers)
            return connection.getresponse().status
        except OSError as error:
            logger.warning("webhook to %s failed: %s", delivery.endpoint.url, error)
            return 0
        finally:
            connection.close()
