"""A payment at the provider's stand-in, and its signed event in our own hands, to be posted when we say."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass

from infra.bench.work.caller import Caller

EVENT = "checkout.session.completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """What Stripe would post; signed anew each time it is, since a signature is good for five minutes."""

    body: bytes
    secret: str

    def headers(self) -> dict[str, str]:
        at = int(time.time())
        signature = hmac.new(self.secret.encode(), b"%d." % at + self.body, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={at},v1={signature}"}

    def post(self, caller: Caller) -> int:
        """The status of the answer."""
        return caller.try_("POST", "/v1/stripe/webhook", self.body, self.headers()).status


def paid_at_the_provider(caller: Caller, invoices: list[str], *, secret: str) -> list[Webhook]:
    """Pay these on the provider's pages while its webhooks are held back; the events that it would post."""
    caller.ask("POST", "/_local/stripe/hold", {})
    urls = [caller.ask("POST", f"/v1/invoices/{each}/payment-link", {}).json["url"] for each in invoices]
    sessions = {each["url"]: each["id"] for each in caller.ask("GET", "/_local/stripe/sessions").json["data"]}
    for url in urls:
        caller.ask("POST", "/_local/stripe/pay", {"session": sessions[url]})
    events = caller.ask("GET", "/_local/stripe/events").json["data"]
    by_session = {event["data"]["object"]["id"]: event for event in events if event["type"] == EVENT}
    return [Webhook(body=json.dumps(by_session[sessions[url]]).encode(), secret=secret) for url in urls]


def released(caller: Caller) -> None:
    """Let the provider post what it had held back: all of it is known by now, and none of it may count twice."""
    caller.ask("POST", "/_local/stripe/release", {})
    caller.settle()
