"""The stand-in's controls as the local run offers them, with short words for what a payer does most."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from infra.local.gateway_refusals import Answer

TIMEOUT_S = 40
DECLINED = "pm_card_visa_chargeDeclined"
ASKS_FOR_3DS = "pm_card_authenticationRequired"


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeControl:
    """url: the stand-in's; empty if Stripe itself is configured."""

    url: str

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Raises ValueError if there is no stand-in."""
        if not self.url:
            raise ValueError("Stripe itself is configured; its dashboard has these controls.")
        if method == "POST" and path == "/decline":
            return self._pay(body, card=DECLINED)
        if method == "POST" and path == "/3ds":
            return self._pay_with_3ds(body)
        return self._ask(method, path, body)

    def drain(self) -> None:
        """Wait until every webhook was delivered."""
        if self.url:
            self._ask("POST", "/drain", b"{}")

    def _pay(self, body: bytes, *, card: str) -> Answer:
        return self._ask("POST", "/pay", json.dumps({**json.loads(body or b"{}"), "card": card}).encode())

    def _pay_with_3ds(self, body: bytes) -> Answer:
        asked: dict[str, Any] = json.loads(body or b"{}")
        passed = asked.pop("passed", True)
        tried = self._pay(json.dumps(asked).encode(), card=ASKS_FOR_3DS)
        answered = json.loads(tried.body)
        if answered.get("object") != "payment_intent":
            return tried
        intent = answered["id"]
        return self._ask("POST", "/authenticate", json.dumps({"payment_intent": intent, "passed": passed}).encode())

    def _ask(self, method: str, path: str, body: bytes) -> Answer:
        asked = urllib.request.Request(  # noqa: S310  # the stand-in's own address
            f"{self.url}/_control{path}",
            data=body or None,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=TIMEOUT_S) as answered:  # noqa: S310
                return _passed_on(answered)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return _passed_on(refusal)


def _passed_on(answered: Any) -> Answer:  # noqa: ANN401  # a response or a refusal, which share no type
    headers = [("Content-Type", answered.headers.get("Content-Type", "application/json"))]
    return Answer(status=answered.status, headers=headers, body=answered.read())
