"""Stripe's test cards, and what happens when one is charged."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a test card does.

    declined:       (code, decline code), empty if it is charged.
    authentication: True if the payer must confirm with 3-D Secure.
    bank_debit:     not a card at all: the money comes days later, or never.
    disputed:       the payer disputes the charge at once.
    refund:         how a refund on it starts.
    """

    number: str
    name: str
    name_fr: str
    declined: tuple[str, str] | tuple[()] = ()
    authentication: bool = False
    bank_debit: bool = False
    disputed: bool = False
    refund: str = "succeeded"

    @property
    def brand(self) -> str:
        return {"5": "mastercard", "3": "amex"}.get(self.number[0], "visa")


CARDS = {
    "pm_card_visa": Card(number="4242424242424242", name="Visa: is accepted", name_fr="Visa : acceptée"),
    "pm_card_mastercard": Card(
        number="5555555555554444", name="Mastercard: is accepted", name_fr="Mastercard : acceptée"
    ),
    "pm_card_visa_chargeDeclined": Card(
        number="4000000000000002",
        name="Visa: is declined",
        name_fr="Visa : refusée",
        declined=("card_declined", "generic_decline"),
    ),
    "pm_card_visa_chargeDeclinedInsufficientFunds": Card(
        number="4000000000009995",
        name="Visa: has not enough money",
        name_fr="Visa : provision insuffisante",
        declined=("card_declined", "insufficient_funds"),
    ),
    "pm_card_visa_chargeDeclinedLostCard": Card(
        number="4000000000009987",
        name="Visa: was reported lost",
        name_fr="Visa : déclarée perdue",
        declined=("card_declined", "lost_card"),
    ),
    "pm_card_chargeDeclinedExpiredCard": Card(
        number="4000000000000069",
        name="Visa: has expired",
        name_fr="Visa : expirée",
        declined=("expired_card", "expired_card"),
    ),
    "pm_card_authenticationRequired": Card(
        number="4000002760003184",
        name="Visa: asks for 3-D Secure",
        name_fr="Visa : demande 3-D Secure",
        authentication=True,
    ),
    "pm_card_createDispute": Card(
        number="4000000000000259", name="Visa: is disputed at once", name_fr="Visa : contestée aussitôt", disputed=True
    ),
    "pm_card_pendingRefund": Card(
        number="4000000000007726",
        name="Visa: is refunded slowly",
        name_fr="Visa : remboursée lentement",
        refund="pending",
    ),
    "pm_usBankAccount": Card(
        number="000123456789", name="Bank debit: takes days", name_fr="Prélèvement : prend des jours", bank_debit=True
    ),
}

MESSAGES = {
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
    "payment_intent_authentication_failure": "We are unable to authenticate your payment method.",
}
