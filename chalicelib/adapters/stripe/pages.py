"""Stripe's own page on which an invoice is paid: what it is asked for, and where it stands."""

import stripe
from stripe.params.checkout import SessionCreateParams

from chalicelib.adapters.stripe.amounts import for_stripe
from chalicelib.adapters.stripe.attempts import suffix
from chalicelib.domain.checkout import CheckoutAttempt, CheckoutState, CheckoutStatus

_LOCALES = (
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR "
    "ro ru sk sl sv th tr vi zh zh-HK zh-TW"
)


def page_to_open(attempt: CheckoutAttempt) -> SessionCreateParams:
    """Depends on the attempt alone: sent again, Stripe compares it byte by byte with what the key first came with."""
    reference = {
        **attempt.metadata,
        "business_id": attempt.business_id,
        "invoice_id": attempt.invoice_id,
        "attempt_id": attempt.id,
    }
    wanted: SessionCreateParams = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "locale": locale_of(attempt.locale),
        "client_reference_id": f"{attempt.business_id}:{attempt.invoice_id}:{attempt.id}",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": attempt.amount.currency.lower(),
                    "unit_amount": for_stripe(attempt.amount),
                    "product_data": {"name": attempt.label},
                },
            },
        ],
        "metadata": reference,
        "payment_intent_data": {
            "metadata": reference,  # Stripe does not copy the session's own
            "description": attempt.label,
            "statement_descriptor_suffix": suffix(attempt.number),
        },
        "adaptive_pricing": {"enabled": False},  # or the payer may be charged in another currency
        "success_url": attempt.success_url,
        "cancel_url": attempt.cancel_url,
        "expires_at": int(attempt.expires_at.timestamp()),
    }
    if attempt.customer_email:
        wanted["customer_email"] = attempt.customer_email
    return wanted


def state_of(session: stripe.checkout.Session) -> CheckoutState:
    intent = session.payment_intent
    return CheckoutState(
        session_id=session.id,
        status=CheckoutStatus(session.status or CheckoutStatus.OPEN),
        url=session.url or "",
        payment_intent_id=intent if isinstance(intent, str) else intent.id if intent else "",
        metadata=session.metadata.to_dict() if session.metadata else {},
        setup_of=_setup_of(session),
    )


def _setup_of(session: stripe.checkout.Session) -> str:
    """The customer who stored a card there, or is about to."""
    customer = session.customer if session.mode == "setup" else None
    return customer if isinstance(customer, str) else customer.id if customer else ""


def locale_of(tag: str) -> str:
    language = tag.partition("-")[0]
    return next((spoken for spoken in (tag, language) if spoken in _LOCALES.split()), "auto")
