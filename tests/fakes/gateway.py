"""A payment provider in memory: the pages it opens, the cards it keeps, and what it answers."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from chalicelib.domain.card import Card, CardSetup, Decline, DeclineKind, StoredCard, decline_of
from chalicelib.domain.charge import ChargeAttempt, ChargeOutcome
from chalicelib.domain.checkout import (
    CheckoutAttempt,
    CheckoutPage,
    CheckoutState,
    CheckoutStatus,
    PaymentAccount,
    UnknownOutcome,
)
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import (
    ChargeStatus,
    PaymentFacts,
    Refund,
    RefundStatus,
    received,
)
from tests.fakes.bank import Bank, Place, Session, metadata_of

NEVER = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class FakeGateway(Bank):
    """``Gateway``: the same attempt opens the same page; what is paid cannot be expired; accounts do not mix.

    down:      how many of the next calls fail before anything is done.
    forgetful: how many of the next pages are opened, but the answer is lost.
    refusing:  accounts that refuse every call, with the code; what is open there goes on.
    declining: the decline code with which every stored card is refused.
    forgets_keys: whether an attempt that is sent again is taken for a new one, as after a day.
    refunds_are: how far a refund has come when it is asked for.
    """

    down: int = 0
    forgetful: int = 0
    refusing: dict[str, str] = field(default_factory=dict)
    _opened: dict[tuple[str, ...], Place] = field(default_factory=dict)
    declining: str = ""
    forgets_keys: bool = False
    refunds_are: RefundStatus = RefundStatus.SUCCEEDED
    _setups: dict[Place, CardSetup] = field(default_factory=dict)
    _cards: dict[Place, StoredCard] = field(default_factory=dict)
    _charges: list[tuple[str, ChargeAttempt, ChargeOutcome]] = field(default_factory=list)

    # --- the protocol

    def open_checkout(self, attempt: CheckoutAttempt, *, account: PaymentAccount) -> CheckoutPage:
        self._answering(account)
        identity = (account.account_id, attempt.business_id, attempt.invoice_id, attempt.id)
        if identity not in self._opened:
            self._opened[identity] = self._new_session(attempt, account)
        session = self._sessions[self._opened[identity]]
        if session.attempt != attempt:
            raise Refused("attempt_changed", "You cannot repeat this attempt because it is not what was sent first.")
        if self.forgetful:
            self.forgetful -= 1
            raise UnknownOutcome("unknown_outcome", "The provider did not answer.")
        return session.page

    def expire_checkout(self, session_id: str, *, account: PaymentAccount) -> CheckoutState:
        self._answering(account)
        session = self._session(session_id, account)
        if session.status is CheckoutStatus.OPEN:
            session.status = CheckoutStatus.EXPIRED
        return _state(session)

    def checkout(self, session_id: str, *, account: PaymentAccount) -> CheckoutState:
        self._answering(account)
        return _state(self._session(session_id, account))

    def payment(self, payment_intent_id: str, *, account: PaymentAccount) -> PaymentFacts:
        self._answering(account)
        place = (account.account_id, payment_intent_id)
        if place not in self._payments:
            raise NotFound("payment", payment_intent_id)
        return self._payments[place]

    def refund(
        self, payment_intent_id: str, amount: Money, *, refund_id: str, business_id: str, account: PaymentAccount
    ) -> None:
        self._answering(account)
        place = (account.account_id, payment_intent_id)
        facts = self._payments[place]
        if not self.forgets_keys and any(known.ours == refund_id for known in facts.refunds):
            return
        if amount > received(facts):
            raise Refused("checkout_refused", "You cannot do this because the provider says no.")
        back = Refund(id=f"re_{len(facts.refunds) + 1}", status=self.refunds_are, amount=amount, ours=refund_id)
        self._payments[place] = replace(facts, refunds=(*facts.refunds, back))
        if self.forgetful:
            self.forgetful -= 1
            raise UnknownOutcome("unknown_outcome", "The provider did not answer.")

    def open_setup(self, setup: CardSetup, *, account: PaymentAccount) -> CheckoutPage:
        self._answering(account)
        customer = setup.customer_id or f"cus_{setup.client_id}"
        self._setups[account.account_id, customer] = setup
        return CheckoutPage(session_id=customer, url=f"https://pay.example/setup/{customer}", expires_at=NEVER)

    def stored_card(self, customer_id: str, *, account: PaymentAccount) -> StoredCard:
        self._answering(account)
        place = (account.account_id, customer_id)
        if place not in self._setups:
            raise NotFound("customer", customer_id)
        setup = self._setups[place]
        nothing = StoredCard(business_id=setup.business_id, client_id=setup.client_id, card=None)
        return self._cards.get(place, nothing)

    def forget_card(self, payment_method_id: str, *, account: PaymentAccount) -> None:
        self._answering(account)
        for place, stored in self._cards.items():
            if stored.card and stored.card.payment_method_id == payment_method_id:
                self._cards[place] = replace(stored, card=None)

    def charge(self, attempt: ChargeAttempt, *, account: PaymentAccount) -> ChargeOutcome:
        self._answering(account)
        outcome = None if self.forgets_keys else self._made(attempt, account)
        if outcome is None:
            outcome = self._tried(attempt, account)
            self._charges.append((account.account_id, attempt, outcome))
        if self.forgetful:
            self.forgetful -= 1
            raise UnknownOutcome("unknown_outcome", "The provider did not answer.")
        return outcome

    def charge_made(self, attempt: ChargeAttempt, *, account: PaymentAccount) -> ChargeOutcome | None:
        self._answering(account)
        return self._made(attempt, account)

    def lacking(self, account: PaymentAccount) -> tuple[str, ...]:
        self._answering(account)
        return ()

    def is_same(self, account: PaymentAccount, other: PaymentAccount) -> bool | None:
        """Every key opens an account of its own."""
        self._answering(account)
        return account == other if any(place[0] == account.account_id for place in self._sessions) else None

    # --- stored cards

    @property
    def charged(self) -> list[ChargeAttempt]:
        """The attempts on stored cards that took money, in order."""
        return [attempt for _, attempt, outcome in self._charges if outcome.decline is None]

    def store_card(self, customer_id: str, *, at: datetime, last4: str = "4242") -> None:
        """Its owner fills in the page for storing a card."""
        (place,) = (place for place in self._setups if place[1] == customer_id)
        setup = self._setups[place]
        card = Card(
            account_id=place[0],
            customer_id=customer_id,
            payment_method_id=f"pm_{customer_id}_{last4}",
            brand="visa",
            last4=last4,
            exp_month=12,
            exp_year=2034,
            stored_at=at,
            allowed_automatic=setup.allowed_automatic,
            consent=setup.consent,
        )
        self._cards[place] = StoredCard(business_id=setup.business_id, client_id=setup.client_id, card=card)

    def _made(self, attempt: ChargeAttempt, account: PaymentAccount) -> ChargeOutcome | None:
        wanted = (account.account_id, attempt)
        return next((outcome for place, made, outcome in self._charges if (place, made) == wanted), None)

    def _tried(self, attempt: ChargeAttempt, account: PaymentAccount) -> ChargeOutcome:
        id = f"pi_{len(self._payments) + 1}"
        metadata = {
            "business_id": attempt.business_id,
            "invoice_id": attempt.invoice_id,
            "attempt_id": attempt.id,
            "asked_by": "charge",
        }
        facts = PaymentFacts(
            payment_intent_id=id, account=account.account_id, currency=attempt.amount.currency, metadata=metadata
        )
        self._payments[account.account_id, id] = facts
        kept = (stored.card for stored in self._cards.values())
        if not any(card and card.payment_method_id == attempt.payment_method_id for card in kept):
            return ChargeOutcome(
                payment_intent_id=id, decline=Decline(code="card_gone", kind=DeclineKind.HARD, reason="No such card.")
            )
        status = ChargeStatus.FAILED if self.declining else ChargeStatus.SUCCEEDED
        self._charged(account.account_id, id, attempt.amount, status)
        return ChargeOutcome(payment_intent_id=id, decline=self._decline(self.declining) if self.declining else None)

    def _decline(self, code: str) -> Decline:
        return decline_of(code="card_declined", decline_code=code, reason="Your card was declined.")

    # --- how

    def _answering(self, account: PaymentAccount) -> None:
        if self.down:
            self.down -= 1
            raise UnknownOutcome("unknown_outcome", "The provider is down.")
        if account.account_id in self.refusing:
            raise Refused(self.refusing[account.account_id], "You cannot do this because the provider refuses.")

    def _new_session(self, attempt: CheckoutAttempt, account: PaymentAccount) -> Place:
        id = f"cs_{len(self._sessions) + 1}"
        page = CheckoutPage(session_id=id, url=f"https://pay.example/{id}", expires_at=attempt.expires_at)
        self._sessions[account.account_id, id] = Session(attempt=attempt, page=page)
        return account.account_id, id

    def _session(self, id: str, account: PaymentAccount) -> Session:
        if (account.account_id, id) not in self._sessions:
            raise NotFound("checkout", id)
        return self._sessions[account.account_id, id]


def _state(session: Session) -> CheckoutState:
    return CheckoutState(
        session_id=session.page.session_id,
        status=session.status,
        url=session.page.url if session.status is CheckoutStatus.OPEN else "",
        payment_intent_id=session.payment_intent_id,
        metadata=metadata_of(session.attempt),
    )
