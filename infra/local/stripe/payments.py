"""Payment intents, and what confirming one leads to."""

from typing import Any

from infra.local.stripe.amounts import chargeable
from infra.local.stripe.books import Object, new_id, shown
from infra.local.stripe.cards import MESSAGES
from infra.local.stripe.charges import charge, settled
from infra.local.stripe.customers import card_of, method_for
from infra.local.stripe.disputes import open_dispute
from infra.local.stripe.refusals import Refusal, invalid
from infra.local.stripe.shop import Parameters, Shop, metadata, page

_CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
_LONGEST_SUFFIX = 22
_NOTHING = (
    "application",
    "canceled_at",
    "cancellation_reason",
    "last_payment_error",
    "latest_charge",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "payment_method_configuration_details",
    "processing",
    "review",
    "shipping",
    "source",
    "statement_descriptor",
    "transfer_data",
    "transfer_group",
)


def create(shop: Shop, _: str, parameters: Parameters) -> Object:
    if parameters.get("off_session") and parameters.get("confirm") != "true":
        raise invalid("The parameter `off_session` cannot be passed unless `confirm` is true.", param="off_session")
    if parameters.get("customer"):
        shop.find("customer", parameters["customer"], param="customer")
    intent = shop.save(_new(shop, parameters))
    shop.tell("payment_intent.created", intent)
    if parameters.get("payment_method"):
        intent["payment_method"] = method_for(shop, parameters["payment_method"])["id"]
        intent["status"] = "requires_confirmation"
        shop.save(intent)
    return confirm(shop, intent["id"], parameters) if parameters.get("confirm") == "true" else intent


def retrieve(shop: Shop, id: str, _: Parameters) -> Object:
    return shop.find("payment_intent", id, param="intent")


def intents(shop: Shop, _: str, parameters: Parameters) -> Object:
    return page(shop.all("payment_intent"), parameters, url="/v1/payment_intents", by=("customer",))


def update(shop: Shop, id: str, parameters: Parameters) -> Object:
    intent = shop.find("payment_intent", id, param="intent")
    intent["metadata"] = metadata(parameters, before=intent["metadata"])
    if "amount" in parameters:
        _must_be(intent, _CONFIRMABLE, "update the amount of")
        intent["amount"] = chargeable(parameters["amount"], intent["currency"], param="amount")
    if "description" in parameters:
        intent["description"] = parameters["description"] or None
    return shop.save(intent)


def cancel(shop: Shop, id: str, parameters: Parameters) -> Object:
    intent = shop.find("payment_intent", id, param="intent")
    _must_be(intent, _CONFIRMABLE, "cancel")
    intent |= {
        "status": "canceled",
        "canceled_at": shop.now(),
        "cancellation_reason": parameters.get("cancellation_reason"),
        "next_action": None,
    }
    shop.save(intent)
    shop.tell("payment_intent.canceled", intent)
    return intent


def confirm(shop: Shop, id: str, parameters: Parameters) -> Object:
    """Try to take the money; a declined card is a Refusal (402)."""
    intent = shop.find("payment_intent", id, param="intent")
    _must_be(intent, _CONFIRMABLE, "confirm")
    if parameters.get("payment_method"):
        intent["payment_method"] = method_for(shop, parameters["payment_method"])["id"]
    if not intent["payment_method"]:
        raise invalid("You cannot confirm this PaymentIntent because it's missing a payment method.")
    method = shop.find("payment_method", intent["payment_method"])
    alone = parameters.get("off_session", "false") != "false"
    if alone and method["customer"] != intent["customer"]:
        raise invalid(
            "The provided PaymentMethod cannot be attached or was detached from a Customer. It may not be used again.",
            param="payment_method",
        )
    card = card_of(method)
    if card.authentication:
        if alone or parameters.get("error_on_requires_action") == "true":
            raise _declined(shop, intent, ("authentication_required", "authentication_required"))
        return _ask_for_authentication(shop, intent, return_url=parameters.get("return_url"))
    return _take(shop, intent)


def authenticate(shop: Shop, id: str, *, passed: bool) -> Object:
    """What the payer does on the 3-D Secure page; failing it is a Refusal (402)."""
    intent = shop.find("payment_intent", id, param="intent")
    _must_be(intent, ("requires_action",), "authenticate")
    if not passed:
        code = "payment_intent_authentication_failure"
        raise _declined(shop, intent, (code, code))
    return _take(shop, intent)


def finish_debit(shop: Shop, id: str, *, paid: bool) -> Object:
    """The bank's answer to a debit, days later."""
    intent = shop.find("payment_intent", id, param="intent")
    _must_be(intent, ("processing",), "finish")
    made = shop.find("charge", intent["latest_charge"])
    if paid:
        return _succeed(shop, intent, made)
    made |= {"status": "failed", "paid": False, "captured": False, "failure_code": "insufficient_funds"}
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": {
            "type": "invalid_request_error",
            "code": "payment_intent_payment_attempt_failed",
            "message": "The payment failed.",
        },
    }
    shop.save(made)
    shop.save(intent)
    shop.tell("charge.failed", made)
    shop.tell("payment_intent.payment_failed", intent)
    return intent


def _take(shop: Shop, intent: Object) -> Object:
    method = shop.find("payment_method", intent["payment_method"])
    card = card_of(method)
    intent["next_action"] = None
    if card.declined:
        raise _declined(shop, intent, card.declined)
    if not card.bank_debit:
        return _succeed(shop, intent, charge(shop, intent, method, status="succeeded"))
    made = charge(shop, intent, method, status="pending")
    intent |= {"status": "processing", "latest_charge": made["id"]}
    shop.save(intent)
    shop.tell("payment_intent.processing", intent)
    shop.tell("charge.pending", made)
    return intent


def _succeed(shop: Shop, intent: Object, made: Object) -> Object:
    settled(shop, made)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": made["id"],
        "last_payment_error": None,
    }
    shop.save(intent)
    shop.tell("charge.succeeded", made)
    shop.tell("payment_intent.succeeded", intent)
    if card_of(shop.find("payment_method", made["payment_method"])).disputed:
        open_dispute(shop, made["id"])
    return intent


def _declined(shop: Shop, intent: Object, why: tuple[str, str]) -> Refusal:
    code, decline_code = why
    message = MESSAGES.get(decline_code, "Your card was declined.")
    method = shop.find("payment_method", intent["payment_method"])
    made = charge(shop, intent, method, status="failed", failure=(code, decline_code, message))
    told: dict[str, Any] = {
        "charge": made["id"],
        "code": code,
        "decline_code": decline_code,
        "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}",
        "payment_method": shown(method),
    }
    intent |= {
        "status": "requires_payment_method",
        "latest_charge": made["id"],
        "next_action": None,
        "payment_method": None,
        "last_payment_error": {"type": "card_error", "message": message, **told},
    }
    shop.save(intent)
    shop.tell("charge.failed", made)
    shop.tell("payment_intent.payment_failed", intent)
    return Refusal(402, "card_error", message, payment_intent=shown(intent), **told)


def _ask_for_authentication(shop: Shop, intent: Object, *, return_url: str | None) -> Object:
    page_url = f"{shop.public_url}/c/3ds/{intent['id']}"
    intent |= {
        "status": "requires_action",
        "next_action": {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": page_url, "return_url": return_url},
        },
    }
    shop.save(intent)
    shop.tell("payment_intent.requires_action", intent)
    return intent


def _must_be(intent: Object, statuses: tuple[str, ...], deed: str) -> None:
    if intent["status"] not in statuses:
        raise invalid(
            f"You cannot {deed} this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
        )


def _new(shop: Shop, parameters: Parameters) -> Object:
    currency = parameters["currency"].lower()
    suffix = parameters.get("statement_descriptor_suffix")
    if suffix and (len(suffix) > _LONGEST_SUFFIX or set(suffix) & set("<>\\'\"*")):
        raise invalid("The statement descriptor suffix is not valid.", param="statement_descriptor_suffix")
    id_ = new_id("pi")
    fee = parameters.get("application_fee_amount")
    return {
        **dict.fromkeys(_NOTHING),
        "id": id_,
        "object": "payment_intent",
        "amount": chargeable(parameters["amount"], currency, param="amount"),
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application_fee_amount": int(fee) if fee else None,
        "automatic_payment_methods": {"enabled": True},
        "capture_method": "automatic_async",
        "client_secret": f"{id_}_secret_{new_id('x')}",
        "confirmation_method": "automatic",
        "created": shop.now(),
        "currency": currency,
        "customer": parameters.get("customer"),
        "description": parameters.get("description"),
        "livemode": shop.livemode,
        "metadata": metadata(parameters),
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "receipt_email": parameters.get("receipt_email"),
        "setup_future_usage": parameters.get("setup_future_usage"),
        "statement_descriptor_suffix": suffix,
        "status": "requires_payment_method",
    }
