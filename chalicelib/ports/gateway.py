"""The payment provider."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.balance import Movement
from chalicelib.domain.card import CardSetup, StoredCard
from chalicelib.domain.charge import ChargeAttempt, ChargeOutcome
from chalicelib.domain.checkout import CheckoutAttempt, CheckoutPage, CheckoutState, PaymentAccount
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import PaymentFacts
from chalicelib.ports.listing import Page


class Gateway(Protocol):
    """The payment provider, on one payment account."""

    def open_checkout(self, attempt: CheckoutAttempt, *, account: PaymentAccount) -> CheckoutPage: ...

    def expire_checkout(self, session_id: str, *, account: PaymentAccount) -> CheckoutState: ...

    def checkout(self, session_id: str, *, account: PaymentAccount) -> CheckoutState: ...

    def payment(self, payment_intent_id: str, *, account: PaymentAccount) -> PaymentFacts: ...

    def refund(
        self, payment_intent_id: str, amount: Money, *, refund_id: str, business_id: str, account: PaymentAccount
    ) -> None:
        """Give back so much of a payment; the same refund asked for again gives nothing back twice.

        Raises Refused when the provider never will, UnknownOutcome if the same must be asked again.
        """
        ...

    def open_setup(self, setup: CardSetup, *, account: PaymentAccount) -> CheckoutPage:
        """A page on which a client stores a card."""
        ...

    def stored_card(self, customer_id: str, *, account: PaymentAccount) -> StoredCard:
        """Whose a customer is, and the newest card that is kept of it."""
        ...

    def forget_card(self, payment_method_id: str, *, account: PaymentAccount) -> None:
        """Keep a card no more; again, nothing happens."""
        ...

    def charge(self, attempt: ChargeAttempt, *, account: PaymentAccount) -> ChargeOutcome:
        """Charge a stored card; the same attempt again, within a day, charges nothing twice.

        Raises Refused when it cannot be asked for, UnknownOutcome if it must be looked for.
        """
        ...

    def charge_made(self, attempt: ChargeAttempt, *, account: PaymentAccount) -> ChargeOutcome | None:
        """What became of an attempt, however long ago it was sent; None if it never arrived."""
        ...

    def events(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of ``ProviderEvent``, newest first; after: the last id of the page before."""
        ...

    def payments(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of ``Sighting``, of payments by when they were begun, newest first."""
        ...

    def movements(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of ``Movement``, all that moved on the account's balance, newest first."""
        ...

    def paid_out(self, payout_id: str, *, account: PaymentAccount, most: int) -> Sequence[Movement]:
        """The movements of payments in a payout, as far as the provider tells and at most so many."""
        ...

    def lacking(self, account: PaymentAccount) -> tuple[str, ...]:
        """What an own key should allow and does not, in the provider's words; asking changes nothing there.

        Raises Refused (``key_refused``) for a key that opens nothing.
        """
        ...

    def is_same(self, account: PaymentAccount, other: PaymentAccount) -> bool | None:
        """Whether two keys open one account, as the last page opened there tells; None if there is none.

        Raises Refused (``key_refused``) when the first opens nothing any more.
        """
        ...
