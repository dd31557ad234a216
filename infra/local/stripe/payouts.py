"""Payouts: what is on the balance goes to the owner's bank, and may come back."""

from infra.local.stripe.books import Object, new_id
from infra.local.stripe.charges import move, tell_fees
from infra.local.stripe.refusals import invalid
from infra.local.stripe.shop import Parameters, Shop, page

_ARRIVES_AFTER_S = 2 * 86_400
_NOTHING = (
    "application_fee",
    "application_fee_amount",
    "description",
    "failure_balance_transaction",
    "failure_code",
    "failure_message",
    "original_payout",
    "payout_method",
    "reversed_by",
    "statement_descriptor",
    "trace_id",
)


def retrieve(shop: Shop, id: str, _: Parameters) -> Object:
    return shop.find("payout", id)


def payouts(shop: Shop, _: str, parameters: Parameters) -> Object:
    return page(shop.all("payout"), parameters, url="/v1/payouts")


def pay_out(shop: Shop) -> list[Object]:
    """Pay out all that is on the balance, a payout for each currency; below zero there is nothing to pay out."""
    tell_fees(shop)
    waiting = [moved for moved in shop.all("balance_transaction") if "payout" not in moved.get("_private", {})]
    made = []
    for currency in sorted({moved["currency"] for moved in waiting}):
        parts = [moved for moved in waiting if moved["currency"] == currency]
        if sum(moved["net"] for moved in parts) > 0:
            made.append(_payout(shop, parts, currency))
    return made


def send_back(shop: Shop, id: str) -> Object:
    """The bank does not take a payout: the money is on the balance again."""
    payout = shop.find("payout", id)
    if payout["status"] == "failed":
        raise invalid(f"Payout {id} has failed already.")
    moved = move(shop, "payout_failure", payout["amount"], payout["currency"], source=id)
    payout |= {"status": "failed", "failure_code": "account_closed", "failure_balance_transaction": moved["id"]}
    shop.save(payout)
    shop.tell("payout.failed", payout)
    return payout


def _payout(shop: Shop, parts: list[Object], currency: str) -> Object:
    id, amount = new_id("po"), sum(moved["net"] for moved in parts)
    moved = move(shop, "payout", -amount, currency, source=id)
    for part in (*parts, moved):
        shop.save(part | {"_private": {"payout": id}})
    payout = shop.save(
        {
            **dict.fromkeys(_NOTHING),
            "id": id,
            "object": "payout",
            "amount": amount,
            "arrival_date": shop.now() + _ARRIVES_AFTER_S,
            "automatic": True,
            "balance_transaction": moved["id"],
            "created": shop.now(),
            "currency": currency,
            "destination": None,
            "livemode": shop.livemode,
            "metadata": {},
            "method": "standard",
            "reconciliation_status": "completed",
            "source_type": "card",
            "status": "paid",
            "type": "bank_account",
        },
    )
    shop.tell("payout.paid", payout)
    return payout
