"""Refunds: full or partial, at once or slowly, and the ones that fail in the end."""

from infra.local.stripe.books import Object, new_id
from infra.local.stripe.charges import move, succeeded
from infra.local.stripe.customers import card_of
from infra.local.stripe.refusals import invalid
from infra.local.stripe.shop import Parameters, Shop, metadata, page


def update(shop: Shop, id: str, parameters: Parameters) -> Object:
    refund = shop.find("refund", id)
    refund["metadata"] = metadata(parameters, before=refund["metadata"])
    return shop.save(refund)


def create(shop: Shop, _: str, parameters: Parameters) -> Object:
    charge = succeeded(shop, parameters)
    amount = _refundable(charge, parameters.get("amount"))
    card = card_of(shop.find("payment_method", charge["payment_method"]))
    id_ = new_id("re")
    moved = move(shop, "refund", -amount, charge["currency"], source=id_)
    refund = shop.save(
        {
            "id": id_,
            "object": "refund",
            "amount": amount,
            "balance_transaction": moved["id"],
            "charge": charge["id"],
            "created": shop.now(),
            "currency": charge["currency"],
            "metadata": metadata(parameters),
            "payment_intent": charge["payment_intent"],
            "reason": parameters.get("reason"),
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": card.refund,
            "transfer_reversal": None,
        },
    )
    before = charge["amount_refunded"]
    _give_back(shop, charge, amount)
    shop.tell("refund.created", refund)
    shop.tell("charge.refunded", charge, amount_refunded=before)
    return refund


def retrieve(shop: Shop, id: str, _: Parameters) -> Object:
    return shop.find("refund", id)


def refunds(shop: Shop, _: str, parameters: Parameters) -> Object:
    return page(shop.all("refund"), parameters, url="/v1/refunds", by=("payment_intent", "charge"))


def finish(shop: Shop, id: str, *, succeeded: bool) -> Object:
    """The bank's answer to a refund; it may refuse even what had succeeded, and the money comes back."""
    refund = shop.find("refund", id)
    if succeeded:
        before = refund["status"]
        refund["status"] = "succeeded"
        shop.save(refund)
        shop.tell("refund.updated", refund, status=before)
        return refund
    charge = shop.find("charge", refund["charge"])
    moved = move(shop, "refund", refund["amount"], refund["currency"], source=refund["id"])
    refund |= {
        "status": "failed",
        "failure_reason": "lost_or_stolen_card",
        "failure_balance_transaction": moved["id"],
    }
    shop.save(refund)
    _give_back(shop, charge, -refund["amount"])
    shop.tell("refund.updated", refund)
    shop.tell("refund.failed", refund)
    shop.tell("charge.updated", charge)
    return refund


def _refundable(charge: Object, asked: str | None) -> int:
    if charge.get("_private", {}).get("charged_back"):
        raise invalid(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left <= 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = left if asked is None else int(asked)
    if amount < 1:
        raise invalid("Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if amount > left:
        raise invalid(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount")
    return amount


def _give_back(shop: Shop, charge: Object, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    shop.save(charge)
