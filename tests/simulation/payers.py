"""Stripe in the world: its books, the SDK's way to them, and the people who pay, refund and dispute."""

import json
from collections import Counter
from concurrent.futures import Future
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import stripe

from chalicelib.domain.balance import Movement
from chalicelib.domain.money import Money
from infra.local.stripe import books as stand_in_books
from infra.local.stripe import payments
from infra.local.stripe.api import PLATFORM, Api, Asked, decoded
from infra.local.stripe.books import Books
from infra.local.stripe.control import Control
from infra.local.stripe.customers import open_account
from infra.local.stripe.refusals import Refusal

if TYPE_CHECKING:
    from tests.simulation.world import World

PLATFORM_KEY = "sk_test_quittance"
CARDS = (
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_visa_chargeDeclined",
    "pm_card_authenticationRequired",
    "pm_card_createDispute",
    "pm_card_pendingRefund",
)


class SameThread:
    """An executor that does everything at once, in the order asked: threads know no seed."""

    def submit(self, deed: Any, *given: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(deed(*given))
        except Exception as error:  # noqa: BLE001 - an executor keeps whatever its deed raises
            future.set_exception(error)
        return future

    def shutdown(self) -> None:
        """There is nothing to end."""


class Wire(stripe.HTTPClient):
    """The SDK's HTTP, without a socket; its retries stay as they are, without their pauses."""

    name = "simulation"

    def __init__(self, world_of: Any) -> None:
        super().__init__()
        self._world_of = world_of

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **_: Any) -> Any:
        parts = urlsplit(url)
        form = post_data if method == "post" else parts.query
        named = {name.lower(): str(value) for name, value in headers.items()}
        asked = Asked(method=method.upper(), path=parts.path, parameters=decoded(form or ""), headers=named)
        try:
            answer = self._world_of().ask_stripe(asked)
        except ConnectionAbortedError as error:
            raise stripe.APIConnectionError("the connection broke", should_retry=True) from error
        return json.dumps(answer.body), answer.status, answer.headers

    def close(self) -> None:
        """There is no connection."""

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0


class Payers:
    def __init__(self, world: "World") -> None:
        self.world = world
        self.books = Books(clock=world.seconds)
        self.api = Api(books=self.books, announce=self._announce, keys={PLATFORM_KEY: PLATFORM})
        self.api.public_url = "https://pay.example.com"
        self.control = Control(self.api, None)  # type: ignore[arg-type]  # nothing is carried by threads here
        open_account(self.api.shop(PLATFORM), PLATFORM)
        stand_in_books.secrets = Signs(Random(f"{world.seed}/stripe"))  # type: ignore[assignment]

    def open_account(self, account: str) -> None:
        open_account(self.api.shop(PLATFORM), account)

    def pay(self, page: str, card: str) -> Any:
        """Fill in the provider's page; the payment intent, or None where the page is closed or the card declined."""
        session = urlsplit(page).path.rpartition("/")[2]
        return self._tried("pays", lambda: self.control.pay({"session": session, "card": card}))

    def pay_elsewhere(self, account: str, cents: int, mark: str) -> str:
        """Somebody pays on no page of ours; the payment's id. mark: of this payment alone."""
        self.world.scheduler.pause()
        named = {"invoice_id": "somewhere else", "attempt_id": mark}
        intent = payments.create(
            self.api.shop(account), "", {"amount": str(cents), "currency": "cad", "metadata": named}
        )
        self.control.pay({"payment_intent": intent["id"], "card": "pm_card_visa"})
        self.world.note("payer pays elsewhere", f"{cents}")
        return str(intent["id"])

    def refunded_twice(self, account: str) -> list[str]:
        """Our refunds that the provider made more than once."""
        ours = Counter(each["metadata"].get("refund_id") for each in self.books.all(account, "refund"))
        return [id for id, times in ours.items() if id and times > 1]

    def authenticate(self, intent: str, *, passed: bool) -> Any:
        return self._tried(
            "authenticates", lambda: self.control.authenticate({"payment_intent": intent, "passed": passed})
        )

    def refund(self, intent: str, amount: int | None = None) -> Any:
        told = {"payment_intent": intent} | ({"amount": amount} if amount else {})
        return self._tried("is refunded", lambda: self.control.refund(told))

    def fail_refund(self, refund: str) -> Any:
        return self._tried("refund fails", lambda: self.control.finish_refund({"refund": refund, "succeeded": False}))

    def dispute(self, intent: str) -> Any:
        return self._tried("disputes", lambda: self.control.dispute({"payment_intent": intent}))

    def close_dispute(self, dispute: str, *, won: bool) -> Any:
        return self._tried("dispute ends", lambda: self.control.close_dispute({"dispute": dispute, "won": won}))

    def pay_out(self, account: str) -> Any:
        """All that is on the balance goes to the bank; the last payout, if there was anything."""
        self.world.scheduler.pause()
        made = self.control.pay_out({"account": account})
        self.world.note("payer is paid out", f"{len(made)}")
        return made[-1] if made else None

    def return_payout(self, payout: str) -> Any:
        return self._tried("bank returns", lambda: self.control.return_payout({"payout": payout}))

    def charged_twice(self, account: str) -> list[str]:
        """The attempts that took money more than once, each as ``invoice/attempt``."""
        paid = [intent for intent in self.books.all(account, "payment_intent") if intent["status"] == "succeeded"]
        attempts = Counter(f"{each['metadata']['invoice_id']}/{each['metadata']['attempt_id']}" for each in paid)
        return [attempt for attempt, times in attempts.items() if times > 1]

    def charged(self, account: str) -> set[str]:
        """The attempts that took money from a stored card, each as ``invoice/attempt``."""
        intents = [one for one in self.books.all(account, "payment_intent") if one["status"] == "succeeded"]
        paid = [intent for intent in intents if intent["metadata"].get("asked_by") == "charge"]
        return {f"{each['metadata']['invoice_id']}/{each['metadata']['attempt_id']}" for each in paid}

    def becomes(self, account: str, card: str) -> None:
        """The cards that are kept of an account's clients behave like another from now on."""
        for method in self.books.all(account, "payment_method"):
            if method["customer"]:
                self.control.card({"payment_method": method["id"], "card": card})

    def open_pages(self, account: str) -> list[dict[str, Any]]:
        """The pages that can be paid now."""
        sessions, now = self.books.all(account, "checkout.session"), self.world.seconds()
        return [each for each in sessions if each["status"] == "open" and each["expires_at"] > now]

    def movements(self, account: str) -> tuple[Movement, ...]:
        """Every line of the provider's report."""
        return tuple(
            Movement(
                account=account,
                payment_intent_id="",
                id=moved["id"],
                type=moved["type"],
                amount=Money(moved["amount"], moved["currency"].upper()),
                fee=Money(moved["fee"], moved["currency"].upper()),
            )
            for moved in self.books.all(account, "balance_transaction")
        )

    def _tried(self, what: str, deed: Any) -> Any:
        self.world.scheduler.pause()
        try:
            done = deed()
        except Refusal as refusal:
            self.world.note(f"payer {what}", str(refusal))
            return None
        self.world.note(f"payer {what}", done["status"])
        return done

    def _announce(self, account: str, event: dict[str, Any]) -> None:
        self.books.save(account, event)
        if account != PLATFORM:
            self.world.waking.announce(account, stand_in_books.shown(event))


class Signs:
    """What ``secrets`` is to the stand-in, from the seed."""

    def __init__(self, chance: Random) -> None:
        self.choice = chance.choice
