"""Attempts at having an invoice paid, and what a payer does with them."""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.checkout import AccountMode, CheckoutAttempt, PaymentAccount
from chalicelib.domain.money import Money
from tests.fakes.seal import FakeSeal

MARCH_1 = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ACME = PaymentAccount(mode=AccountMode.CONNECT, account_id="acct_acme")
OTHER = PaymentAccount(mode=AccountMode.CONNECT, account_id="acct_other")


def own(key, business_id="bus_1"):
    """An account opened by a key that the business gave."""
    sealed = FakeSeal().seal(key, of=business_id)
    return PaymentAccount(mode=AccountMode.OWN_KEY, account_id="sep_1", business_id=business_id, sealed_key=sealed)


def an_attempt(**changed):
    attempt = {
        "id": "att_1",
        "business_id": "bus_1",
        "invoice_id": "inv_1",
        "number": "2026-00001",
        "amount": Money(123_45, "EUR"),
        "label": "Facture 2026-00001",
        "success_url": "https://portal.example/paid?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://portal.example/invoice",
        "expires_at": MARCH_1 + timedelta(hours=1),
        "customer_email": "client@example.com",
        "locale": "fr-CA",
    }
    return CheckoutAttempt(**{**attempt, **changed})


def pay(stripe, page, card="pm_card_visa"):
    return stripe.control.pay({"session": page.session_id, "card": card})["id"]


def sessions_made(stripe):
    return [session["id"] for session in stripe.control.answer("GET", "sessions", {})["data"]]
