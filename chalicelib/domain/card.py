"""A card that a client let the business keep at the payment provider, and what its refusals mean."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is kept of a client's card; its number is the provider's alone.

    account_id: the payment account it is on; customer_id, payment_method_id: the provider's names of both.
    stored_at: when the provider took it; consent: what its owner read and agreed to.
    allowed_automatic: whether it may be charged on due days without anybody asking.
    refused: why the bank will never take it again; it needs to be replaced.
    """

    account_id: str
    customer_id: str
    payment_method_id: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    stored_at: datetime
    allowed_automatic: bool = False
    consent: str = ""
    refused: str | None = None

    @property
    def label(self) -> str:
        """What a person knows it by."""
        return f"{self.brand} {self.last4}"


class DeclineKind(StrEnum):
    """What can be done about a charge that was refused."""

    HARD = "hard"  # never this card again
    SOFT = "soft"  # perhaps on another day
    AUTHENTICATION = "authentication"  # its owner must be there
    REFUSED = "refused"  # the request itself cannot be made; no news of the card


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """code: the provider's, the most particular there is; reason: in words for the business."""

    code: str
    kind: DeclineKind
    reason: str

    @property
    def was_not_asked(self) -> bool:
        """Whether the provider let us not in, so that nobody asked the card: another day it may."""
        return self.kind is DeclineKind.REFUSED and self.code in _NOT_LET_IN

    @property
    def is_of_amount(self) -> bool:
        """Whether nothing but the amount was wrong: the provider takes none so small, or so large."""
        return self.kind is DeclineKind.REFUSED and self.code in _OF_AMOUNT


_OF_AMOUNT = frozenset({"amount_not_payable_online", "amount_too_large", "amount_too_small"})
_NOT_LET_IN = frozenset({"account_not_connected", "key_lacks_permissions", "key_refused", "seal_broken"})

# docs.stripe.com/declines/codes and docs.stripe.com/declines/card (advice codes); what is not listed may pass later.
_HARD = frozenset(
    {
        "card_not_supported",
        "currency_not_supported",
        "do_not_try_again",
        "expired_card",
        "fraudulent",
        "highest_risk_level",
        "incorrect_number",
        "invalid_account",
        "invalid_expiry_month",
        "invalid_expiry_year",
        "invalid_number",
        "lost_card",
        "merchant_blacklist",
        "new_account_information_available",
        "not_permitted",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "service_not_allowed",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    }
)
_AUTHENTICATION = frozenset(
    {
        "authentication_not_handled",
        "authentication_required",
        "offline_pin_required",
        "online_or_offline_pin_required",
        "payment_intent_authentication_failure",
        "requires_action",
    }
)
_HARD_ADVICE = frozenset({"confirm_card_data", "do_not_try_again"})


def decline_of(*, code: str, decline_code: str = "", advice: str = "", reason: str) -> Decline:
    """What a refusal means: the decline code goes before the code, which says less; advice goes before both."""
    said = decline_code or code
    if {said, code} & _AUTHENTICATION:
        return Decline(code=said, kind=DeclineKind.AUTHENTICATION, reason=reason)
    hard = {said, code} & _HARD or advice in _HARD_ADVICE
    return Decline(code=said, kind=DeclineKind.HARD if hard else DeclineKind.SOFT, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSetup:
    """The wish to store a card, for the provider's page.

    consent: what is agreed to, in the client's language; at most 500 characters.
    customer_id: the provider's, where the client is known there already.
    """

    business_id: str
    client_id: str
    name: str
    email: str
    customer_id: str
    consent: str
    allowed_automatic: bool
    success_url: str
    cancel_url: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCard:
    """What the provider says of a customer now: whose it is, and the newest card attached, if one is.

    older: the payment methods of the other cards that are attached still.
    """

    business_id: str
    client_id: str
    card: Card | None
    older: tuple[str, ...] = ()
