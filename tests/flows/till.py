"""What payers do at Stripe in a flow test, and events about it."""

import secrets
from typing import Any

from infra.local.clock import scheduled
from infra.local.stripe import payments
from tests.flows.world import Answer, World

CARD = "pm_card_visa"
DECLINED = "pm_card_visa_chargeDeclined"
DEBIT = "pm_usBankAccount"
WHOLE = "1149.75"


def page(world: World, invoice: Any, choice: str = "all") -> str:
    """The address of a page to pay."""
    return str(world.ok("POST", f"/v1/invoices/{invoice['id']}/payment-link", {"choice": choice})["url"])


def pay(world: World, invoice: Any, choice: str = "all", card: str = CARD) -> str:
    """Pay on our page; the id of the payment. Its events wait."""
    return str(world.pay_at_checkout(page(world, invoice, choice), card=card)["id"])


def pay_elsewhere(world: World, cents: int, *, currency: str = "cad", **metadata: str) -> str:
    """A payment that nobody made on a page of ours; its id."""
    shop = world.stripe.api.shop(world.house.account)
    intent = payments.create(shop, "", {"amount": str(cents), "currency": currency, "metadata": metadata})
    return str(world.stripe.control.pay({"payment_intent": intent["id"], "card": CARD})["id"])


def reference(world: World, invoice: Any) -> dict[str, str]:
    """What a payment of ours says of itself."""
    return {"business_id": world.house.id, "invoice_id": invoice["id"], "attempt_id": "9"}


def arrived(world: World, *, order: str = "kept") -> list[Answer]:
    """Everything Stripe has to tell arrives and is worked off."""
    answers = world.deliver_events(order=order)
    world.settle()
    return answers


def told(world: World, kind: str) -> dict[str, Any]:
    """The last waiting event of a type; it stays with the others."""
    return [event for event in world.events() if event["type"] == kind][-1]


def about(world: World, kind: str, object: dict[str, Any], **event: Any) -> dict[str, Any]:
    """An event made up by the test."""
    plain: dict[str, Any] = {
        "id": f"evt_{secrets.token_hex(12)}",
        "object": "event",
        "account": world.house.account,
        "api_version": "2026-10-28.endive",
        "created": int(world.time.instant.timestamp()),
        "data": {"object": object},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
    return plain | event


def intent(payment: str) -> dict[str, Any]:
    return {"id": payment, "object": "payment_intent"}


def shown(world: World, invoice: Any) -> tuple[str, str, str]:
    """Status, paid, due."""
    seen = world.see(invoice)
    return seen["status"], seen["paid_total"], seen["amount_due"]


def payments_of(world: World, invoice: Any) -> list[Any]:
    listed: list[Any] = world.ok("GET", f"/v1/invoices/{invoice['id']}/payments")["data"]
    return listed


def quarantined(world: World) -> list[tuple[str, str]]:
    """Why money of this business belongs to no invoice, and how much."""
    listed = world.ok("GET", "/v1/payments?status=quarantined")["data"]
    return [(payment["quarantine"], payment["amount"]) for payment in listed]


def dead_letters(world: World) -> list[str]:
    """What was given up after all tries, as the alarm counts it."""
    sqs = world.aws.client("sqs")
    queue = sqs.get_queue_url(QueueName="payments-dead-letters")["QueueUrl"]
    found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
    return [message["Body"] for message in found]


def compare(world: World, *, minutes: int = 20) -> None:
    """A while later every payment account is compared with Stripe, and what that asked for is done."""
    world.time.pass_(minutes=minutes)
    world.wake("reconcile", scheduled("reconcile", world.time.instant))
    world.settle()


def give_up(world: World) -> None:
    """Try what fails as often as the queue allows."""
    for _ in range(5):
        world.pump.settle()
    world.pump.settle()
