"""Charges, and what each moves on the account's balance."""

from infra.local.stripe.books import Object, new_id
from infra.local.stripe.refusals import invalid
from infra.local.stripe.shop import Parameters, Shop, page

_SETTLES_AFTER_S = 2 * 86_400
_NOTHING = (
    "application",
    "application_fee",
    "balance_transaction",
    "failure_balance_transaction",
    "on_behalf_of",
    "receipt_number",
    "receipt_url",
    "review",
    "shipping",
    "source",
    "source_transfer",
    "statement_descriptor",
    "transfer_data",
    "transfer_group",
)
_OF_THE_INTENT = (
    "amount",
    "application_fee_amount",
    "currency",
    "customer",
    "description",
    "receipt_email",
    "statement_descriptor_suffix",
)
_CATEGORIES = {
    "charge": "charge",
    "refund": "refund",
    "adjustment": "dispute",
    "payout": "payout",
    "payout_failure": "payout_reversal",
}


def retrieve(shop: Shop, id: str, _: Parameters) -> Object:
    return shop.find("charge", id)


def charges(shop: Shop, _: str, parameters: Parameters) -> Object:
    return page(shop.all("charge"), parameters, url="/v1/charges", by=("payment_intent", "customer"))


def movement(shop: Shop, id: str, _: Parameters) -> Object:
    return shop.find("balance_transaction", id)


def movements(shop: Shop, _: str, parameters: Parameters) -> Object:
    of = parameters.get("payout")
    rows = [moved for moved in shop.all("balance_transaction") if of in (None, moved.get("_private", {}).get("payout"))]
    return page(rows, parameters, url="/v1/balance_transactions", by=("source", "type"))


def charge(
    shop: Shop,
    intent: Object,
    method: Object,
    *,
    status: str,
    failure: tuple[str, str, str] | None = None,
) -> Object:
    """One try at taking an intent's money; failure is (code, decline code, message)."""
    code, reason, message = failure or (None, None, None)
    return shop.save(
        {
            **dict.fromkeys(_NOTHING),
            **{name: intent[name] for name in _OF_THE_INTENT},
            "id": new_id("ch"),
            "object": "charge",
            "amount_captured": 0,
            "amount_refunded": 0,
            "billing_details": method["billing_details"],
            "calculated_statement_descriptor": f"STANDIN* {intent['statement_descriptor_suffix'] or ''}",
            "captured": status == "pending",
            "created": shop.now(),
            "disputed": False,
            "failure_code": code,
            "failure_message": message,
            "fraud_details": {},
            "livemode": shop.livemode,
            "metadata": dict(intent["metadata"]),
            "outcome": _outcome(reason),
            "paid": False,
            "payment_intent": intent["id"],
            "payment_method": method["id"],
            "payment_method_details": _details(method),
            "refunded": False,
            "status": status,
        },
    )


def settled(shop: Shop, made: Object) -> Object:
    """The charge as succeeded; a card's fee is known a little later only (automatic_async, since 2024-04-10)."""
    made |= {
        "status": "succeeded",
        "paid": True,
        "captured": True,
        "amount_captured": made["amount"],
        "receipt_url": f"{shop.public_url}/c/receipt/{made['id']}",
        "_private": {"fee_later": True},
    }
    return shop.save(made)


def tell_fees(shop: Shop) -> None:
    """Write down the fees that are due, with their charge.updated."""
    for made in shop.all("charge"):
        if made.get("_private", {}).pop("fee_later", False):
            fee = round(made["amount"] * 29 / 1000) + 30
            moved = move(shop, "charge", made["amount"], made["currency"], source=made["id"], fee=fee)
            made["balance_transaction"] = moved["id"]
            shop.save(made)
            shop.tell("charge.updated", made, balance_transaction=None)


def settle_in(shop: Shop, currency: str, rate: str) -> Object:
    """Keep the account's balance in one currency from now on; rate: what one minor unit of any other comes to in it."""
    return shop.save({"id": "settlement", "object": "_settlement", "currency": currency, "rate": rate})


def move(shop: Shop, type: str, amount: int, currency: str, *, source: str, fee: int = 0) -> Object:
    """A movement on the account's balance, in the currency in which that is kept."""
    rate = None
    for kept in shop.all("_settlement"):
        if kept["currency"] != currency:
            currency, rate = kept["currency"], float(kept["rate"])
            amount, fee = round(amount * rate), round(fee * rate)
    parts = {"amount": fee, "application": None, "currency": currency, "type": "stripe_fee"}
    return shop.save(
        {
            "id": new_id("txn"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": shop.now() + _SETTLES_AFTER_S,
            "balance_type": "payments",
            "created": shop.now(),
            "currency": currency,
            "description": None,
            "exchange_rate": rate,
            "fee": fee,
            "fee_details": [{**parts, "description": "Stripe processing fees"}] if fee else [],
            "net": amount - fee,
            "reporting_category": _CATEGORIES[type],
            "source": source,
            "status": "pending",
            "type": type,
        },
    )


def succeeded(shop: Shop, parameters: Parameters) -> Object:
    """The charge that a refund is asked for."""
    if parameters.get("charge"):
        return shop.find("charge", parameters["charge"], param="charge")
    if not parameters.get("payment_intent"):
        raise invalid("One of the following params should be provided: payment_intent or charge.")
    intent = shop.find("payment_intent", parameters["payment_intent"], param="payment_intent")
    if intent["status"] != "succeeded":
        raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return shop.find("charge", intent["latest_charge"])


def _outcome(reason: str | None) -> Object:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if reason else "approved_by_network",
        "reason": reason,
        "seller_message": None if reason else "Payment complete.",
        "type": "issuer_declined" if reason else "authorized",
    }


def _details(method: Object) -> Object:
    if method["type"] != "card":
        return {"type": method["type"]}
    kept = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
    shown = {name: method["card"][name] for name in kept}
    nothing = dict.fromkeys(("installments", "mandate", "three_d_secure", "wallet"))
    return {"type": "card", "card": {**nothing, **shown, "network": shown["brand"]}}
