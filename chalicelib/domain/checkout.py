"""Paying on the provider's own page: what we ask for, where the money goes, and what can come back."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import DomainError
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


class UnknownOutcome(DomainError):
    """The provider did not say whether it was done; the same attempt may be sent again, a new one may not."""


class AccountMode(StrEnum):
    CONNECT = "connect"  # the platform's key, acting on the business's connected account
    OWN_KEY = "own_key"  # a restricted key that the business gave us


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAccount:
    """Where a business's money goes.

    account_id: the provider's id of a connected account; with an own key, the endpoint that stands for its account.
    sealed_key: the own key, sealed for the business; only the gateway opens it.
    """

    mode: AccountMode
    account_id: str = ""
    business_id: str = ""
    sealed_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutAttempt:
    """One try at having an amount of an invoice paid; stored before it is sent, and sent again only unchanged.

    id:          with business and invoice it makes the idempotency key: a new try is a new id.
    label:       the line on the page, in the payer's language; number: the invoice's, for the card statement.
    success_url: the provider replaces ``{CHECKOUT_SESSION_ID}`` in it.
    expires_at:  30 minutes to 24 hours after it is first sent.
    locale:      IETF tag; one the page does not speak becomes the browser's.
    metadata:    ids only, never personal data; the three ids are added by the gateway.
    """

    id: str
    business_id: str
    invoice_id: str
    number: str
    amount: Money
    label: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    customer_email: str = ""
    locale: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutPage:
    session_id: str
    url: str
    expires_at: datetime


class CheckoutStatus(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"  # the payer has paid, or a debit of their bank is on its way
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutState:
    """url: where it can be paid while it is open; payment_intent_id: empty until somebody tried to pay.

    setup_of: the customer whose card is stored there; empty for a page on which an invoice is paid.
    """

    session_id: str
    status: CheckoutStatus
    url: str
    payment_intent_id: str
    metadata: Mapping[str, str]
    setup_of: str = ""

    @property
    def paid_meanwhile(self) -> bool:
        """True if it cannot be expired any more: its payment must be read before another is asked for."""
        return self.status is CheckoutStatus.COMPLETE

    @property
    def is_over(self) -> bool:
        """True if nobody can pay on it any more."""
        return self.status is not CheckoutStatus.OPEN
