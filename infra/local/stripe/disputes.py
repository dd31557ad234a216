"""Disputes: opened by the payer's bank, won or lost; and inquiries, which move no money."""

from infra.local.stripe.books import Object, new_id
from infra.local.stripe.charges import move
from infra.local.stripe.refusals import invalid
from infra.local.stripe.shop import Parameters, Shop, page

_FEE = 1500
_DAYS_TO_ANSWER_S = 7 * 86_400
_EVIDENCE = (
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal "
    "customer_communication customer_email_address customer_name customer_purchase_ip customer_signature "
    "duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt "
    "refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
    "shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number "
    "uncategorized_file uncategorized_text"
)


def retrieve(shop: Shop, id: str, _: Parameters) -> Object:
    return shop.find("dispute", id)


def disputes(shop: Shop, _: str, parameters: Parameters) -> Object:
    return page(shop.all("dispute"), parameters, url="/v1/disputes", by=("payment_intent", "charge"))


def open_dispute(shop: Shop, charge_id: str, *, inquiry: bool = False, amount: int | None = None) -> Object:
    """What the payer's bank does; an inquiry asks only, a dispute takes the money at once."""
    charge = shop.find("charge", charge_id)
    if charge["status"] != "succeeded":
        raise invalid(f"Charge {charge_id} brought no money, so nobody disputes it.")
    dispute = shop.save(_new(shop, charge, inquiry=inquiry, amount=amount or charge["amount"]))
    charge |= {"disputed": True, "_private": charge.get("_private", {}) | {"charged_back": not inquiry}}
    shop.save(charge)
    shop.tell("charge.dispute.created", dispute)
    return dispute if inquiry else _withdraw(shop, dispute)


def close(shop: Shop, id: str, *, won: bool) -> Object:
    """The bank's verdict; an inquiry that is closed changes nothing."""
    dispute = shop.find("dispute", id)
    if dispute["status"] in ("won", "lost", "warning_closed"):
        raise invalid(f"This dispute is closed already; its status is {dispute['status']}.")
    inquiry = dispute["status"].startswith("warning")
    dispute["status"] = "warning_closed" if inquiry else "won" if won else "lost"
    if won and not inquiry:
        back = move(shop, "adjustment", dispute["amount"], dispute["currency"], source=id, fee=-_FEE)
        dispute["balance_transactions"].append(back)
        shop.save(dispute)
        shop.tell("charge.dispute.funds_reinstated", dispute)
    shop.save(dispute)
    shop.tell("charge.dispute.closed", dispute)
    return dispute


def _withdraw(shop: Shop, dispute: Object) -> Object:
    taken = move(shop, "adjustment", -dispute["amount"], dispute["currency"], source=dispute["id"], fee=_FEE)
    dispute["balance_transactions"].append(taken)
    shop.save(dispute)
    shop.tell("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _new(shop: Shop, charge: Object, *, inquiry: bool, amount: int) -> Object:
    return {
        "id": new_id("dp"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": shop.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE.split(" ")), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": shop.now() + _DAYS_TO_ANSWER_S,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "manual",
        },
        "is_charge_refundable": inquiry,
        "livemode": shop.livemode,
        "metadata": {},
        "network_reason_code": "10.4",
        "payment_intent": charge["payment_intent"],
        "reason": "fraudulent",
        "status": "warning_needs_response" if inquiry else "needs_response",
    }
