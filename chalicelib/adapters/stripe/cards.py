"""Cards kept at Stripe: the page on which one is stored, what is stored, and charging it while its owner is away."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import stripe
from stripe.params import CustomerCreateParams, PaymentIntentCreateParams, PaymentIntentListParams
from stripe.params.checkout import SessionCreateParams

from chalicelib.adapters.stripe.amounts import for_stripe
from chalicelib.adapters.stripe.attempts import suffix
from chalicelib.adapters.stripe.pages import locale_of
from chalicelib.domain.card import Card, CardSetup, Decline, DeclineKind, StoredCard, decline_of
from chalicelib.domain.charge import ChargeAttempt, ChargeOutcome
from chalicelib.domain.payment import CHARGED

_V1 = stripe.V1Services
_MADE = {"succeeded", "processing", "requires_capture"}
_LEEWAY = timedelta(hours=1)  # between Stripe's clock and ours


def customer_to_create(setup: CardSetup) -> CustomerCreateParams:
    wanted: CustomerCreateParams = {
        "name": setup.name,
        "metadata": {"business_id": setup.business_id, "client_id": setup.client_id},
    }
    if setup.email:
        wanted["email"] = setup.email
    return wanted


def page_to_open(setup: CardSetup, customer_id: str) -> SessionCreateParams:
    """A page in set-up mode; what is agreed to stands beside its button, and with what is set up."""
    reference = {"business_id": setup.business_id, "client_id": setup.client_id}
    agreed = {"consent": setup.consent, "automatic": "yes" if setup.allowed_automatic else "no"}
    return {
        "mode": "setup",
        "ui_mode": "hosted_page",
        "locale": locale_of(setup.locale),
        "customer": customer_id,
        "allowed_payment_method_types": ["card"],
        "metadata": reference,
        "setup_intent_data": {"metadata": reference | agreed},
        "custom_text": {"submit": {"message": setup.consent}},
        "success_url": setup.success_url,
        "cancel_url": setup.cancel_url,
    }


def newest_card(v1: _V1, customer_id: str, *, account_id: str) -> StoredCard:
    """Whose a customer is, and the newest card that was set up and is still attached."""
    set_up = v1.setup_intents.list({"customer": customer_id, "limit": 100, "expand": ["data.payment_method"]}).data
    owner = _metadata(set_up[0].metadata if set_up else v1.customers.retrieve(customer_id).metadata)
    read = (_card(intent, customer_id, account_id) for intent in set_up if intent.status == "succeeded")
    cards = [card for card in read if card]
    return StoredCard(
        business_id=owner.get("business_id", ""),
        client_id=owner.get("client_id", ""),
        card=cards[0] if cards else None,
        older=tuple(card.payment_method_id for card in cards[1:]),
    )


def detach(v1: _V1, payment_method_id: str) -> None:
    """Let a card be charged no more; one that is gone already is."""
    try:
        v1.payment_methods.detach(payment_method_id)
    except stripe.InvalidRequestError as error:
        if error.code != "resource_missing" and "not attached" not in (error.user_message or ""):
            raise


def intent_to_make(attempt: ChargeAttempt) -> PaymentIntentCreateParams:
    """Depends on the attempt alone, so that it can be sent again byte by byte."""
    return {
        "amount": for_stripe(attempt.amount),
        "currency": attempt.amount.currency.lower(),
        "customer": attempt.customer_id,
        "payment_method": attempt.payment_method_id,
        "allowed_payment_method_types": ["card"],
        "confirm": True,
        "off_session": True,
        "description": attempt.label,
        "statement_descriptor_suffix": suffix(attempt.number),
        "metadata": _reference(attempt),
    }


def outcome_of_error(error: stripe.StripeError) -> ChargeOutcome | None:
    """The outcome where an error is one: the card was declined, or is not there any more."""
    if isinstance(error, stripe.CardError):
        told = error.error
        intent = told.payment_intent.id if told and told.payment_intent else ""
        advice = (told.advice_code if told else "") or ""
        return ChargeOutcome(payment_intent_id=intent, decline=_decline(error, advice))
    if isinstance(error, stripe.InvalidRequestError) and error.param in {"payment_method", "customer"}:
        reason = error.user_message or "The card is not there any more."
        return ChargeOutcome(
            payment_intent_id="", decline=Decline(code="card_gone", kind=DeclineKind.HARD, reason=reason)
        )
    return None


def outcome_made(intents: Iterable[stripe.PaymentIntent], attempt: ChargeAttempt) -> ChargeOutcome | None:
    """What became of an attempt, if one of these payments is it."""
    wanted = _reference(attempt)
    for intent in intents:
        if wanted.items() <= _metadata(intent.metadata).items():
            return outcome_of(intent)
    return None


def outcome_of(intent: stripe.PaymentIntent) -> ChargeOutcome:
    if intent.status in _MADE:
        return ChargeOutcome(payment_intent_id=intent.id)
    decline = decline_of(
        code=_told(intent.last_payment_error, "code") or intent.status,
        decline_code=_told(intent.last_payment_error, "decline_code"),
        advice=_told(intent.last_payment_error, "advice_code"),
        reason=_told(intent.last_payment_error, "message") or "The payment was not made.",
    )
    return ChargeOutcome(payment_intent_id=intent.id, decline=decline)


def where_it_may_be(attempt: ChargeAttempt) -> PaymentIntentListParams:
    """The list that has the payment of an attempt, if it was ever made."""
    since = int((attempt.since - _LEEWAY).timestamp())
    return {"customer": attempt.customer_id, "limit": 100, "created": {"gte": since}}


def _card(intent: stripe.SetupIntent, customer_id: str, account_id: str) -> Card | None:
    method = intent.payment_method
    if method is None or isinstance(method, str) or method.card is None or _id(method.customer) != customer_id:
        return None
    agreed = _metadata(intent.metadata)
    return Card(
        account_id=account_id,
        customer_id=customer_id,
        payment_method_id=method.id,
        brand=method.card.brand,
        last4=method.card.last4,
        exp_month=method.card.exp_month,
        exp_year=method.card.exp_year,
        stored_at=datetime.fromtimestamp(intent.created, UTC),
        allowed_automatic=agreed.get("automatic") == "yes",
        consent=agreed.get("consent", ""),
    )


def _decline(error: stripe.CardError, advice: str) -> Decline:
    told = error.error
    decline_code = (told.decline_code if told else "") or ""
    reason = error.user_message or "The card was declined."
    return decline_of(code=error.code or "card_declined", decline_code=decline_code, advice=advice, reason=reason)


def _reference(attempt: ChargeAttempt) -> dict[str, str]:
    return {
        "business_id": attempt.business_id,
        "invoice_id": attempt.invoice_id,
        "attempt_id": attempt.id,
        "asked_by": CHARGED,
    }


def _metadata(told: stripe.StripeObject | dict[str, str] | None) -> dict[str, str]:
    if told is None:
        return {}
    return told if isinstance(told, dict) else told.to_dict()


def _told(error: stripe.StripeObject | None, name: str) -> str:
    """What is not known is absent there, not null."""
    return getattr(error, name, None) or ""


def _id(reference: object) -> str:
    return reference if isinstance(reference, str) else str(getattr(reference, "id", ""))
