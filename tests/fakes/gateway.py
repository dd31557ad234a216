"""A payment provider in memory: pages that are paid by a test, charges, refunds and disputes."""

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
    Charge,
    ChargeStatus,
    Dispute,
    DisputeStatus,
    PaymentFacts,
    Refund,
    RefundStatus,
    received,
)

NEVER = datetime(2100, 1, 1, tzinfo=UTC)

Place = tuple[str, str]
"""The connected account, and the id there."""


@dataclass(slots=True)
class _Session:
    attempt: CheckoutAttempt
    page: CheckoutPage
    status: CheckoutStatus = CheckoutStatus.OPEN
    payment_intent_id: str = ""


@dataclass(slots=True)
class FakeGateway:
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
    _sessions: dict[Place, _Session] = field(default_factory=dict)
    _payments: dict[Place, PaymentFacts] = field(default_factory=dict)
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

    # --- what payers, the provider's dashboard and banks do

    @property
    def sessions(self) -> list[CheckoutAttempt]:
        """The attempts for which a page was opened, in order."""
        return [session.attempt for session in self._sessions.values()]

    def open_pages(self, account_id: str) -> list[str]:
        """The sessions on an account that can still be paid, in order."""
        here = [(id, session) for (account, id), session in self._sessions.items() if account == account_id]
        return [id for id, session in here if session.status is CheckoutStatus.OPEN]

    def pay(self, session_id: str, *, status: ChargeStatus = ChargeStatus.SUCCEEDED) -> str:
        """Somebody pays on a page, or tries to (``FAILED``), or lets a bank be debited (``PENDING``).

        Answers the payment's id.
        """
        (place,) = (place for place in self._sessions if place[1] == session_id)
        session = self._sessions[place]
        if session.status is not CheckoutStatus.OPEN:
            raise Refused("checkout_closed", f"You cannot pay because the page is {session.status}.")
        if not session.payment_intent_id:
            session.payment_intent_id = f"pi_{len(self._payments) + 1}"
            self._payments[place[0], session.payment_intent_id] = self._unpaid(session, place[0])
        if status is not ChargeStatus.FAILED:
            session.status = CheckoutStatus.COMPLETE
        self._charged(place[0], session.payment_intent_id, session.attempt.amount, status)
        return session.payment_intent_id

    def promise(self, session_id: str) -> str:
        """Somebody takes a voucher on a page, to pay it in a shop one day; nothing is charged until then."""
        (place,) = (place for place in self._sessions if place[1] == session_id)
        session = self._sessions[place]
        session.status, session.payment_intent_id = CheckoutStatus.COMPLETE, f"pi_{len(self._payments) + 1}"
        self._payments[place[0], session.payment_intent_id] = self._unpaid(session, place[0])
        return session.payment_intent_id

    def cancel(self, payment_intent_id: str) -> None:
        """A payment that nobody made is given up."""
        place = self._place(payment_intent_id)
        self._payments[place] = replace(self._payments[place], canceled=True)

    def receive(self, amount: Money, *, account_id: str = "", metadata: dict[str, str] | None = None) -> str:
        """A payment that was not asked for on one of our pages; answers its id."""
        payment = f"pi_{len(self._payments) + 1}"
        self._payments[account_id, payment] = PaymentFacts(
            payment_intent_id=payment, account=account_id, currency=amount.currency, metadata=metadata or {}
        )
        self._charged(account_id, payment, amount, ChargeStatus.SUCCEEDED)
        return payment

    def settle(self, payment_intent_id: str, status: ChargeStatus) -> None:
        """The last charge ends: a bank debit went through or came back."""
        place = self._place(payment_intent_id)
        facts = self._payments[place]
        last = replace(facts.charges[-1], status=status)
        self._payments[place] = replace(facts, charges=(*facts.charges[:-1], last))

    def stray(self, amount: Money, *, account_id: str = "acct_1", **metadata: str) -> str:
        """Somebody pays on no page of ours; the payment's id."""
        payment = f"pi_stray_{len(self._payments) + 1}"
        self._payments[account_id, payment] = PaymentFacts(
            payment_intent_id=payment, account=account_id, currency=amount.currency, metadata=metadata
        )
        self._charged(account_id, payment, amount, ChargeStatus.SUCCEEDED)
        return payment

    def refund_in_dashboard(
        self, payment_intent_id: str, amount: Money, *, status: RefundStatus = RefundStatus.SUCCEEDED
    ) -> str:
        """Somebody gives money back without asking us."""
        place = self._place(payment_intent_id)
        facts = self._payments[place]
        refund = Refund(id=f"re_{len(facts.refunds) + 1}", status=status, amount=amount)
        self._payments[place] = replace(facts, refunds=(*facts.refunds, refund))
        return refund.id

    def forget(self, payment_intent_id: str) -> None:
        """The account knows nothing of a payment any more."""
        del self._payments[self._place(payment_intent_id)]

    def fail_refund(self, payment_intent_id: str, refund_id: str) -> None:
        """The payer's bank sends a refund back."""
        place = self._place(payment_intent_id)
        facts = self._payments[place]
        failed = (replace(r, status=RefundStatus.FAILED) if r.id == refund_id else r for r in facts.refunds)
        self._payments[place] = replace(facts, refunds=tuple(failed))

    def tell_fee(self, payment_intent_id: str, fee: Money) -> None:
        """What the provider kept of the last charge becomes known."""
        place = self._place(payment_intent_id)
        facts = self._payments[place]
        self._payments[place] = replace(facts, charges=(*facts.charges[:-1], replace(facts.charges[-1], fee=fee)))

    def dispute(self, payment_intent_id: str, amount: Money) -> str:
        """The payer's bank takes money back until it is decided."""
        place = self._place(payment_intent_id)
        facts = self._payments[place]
        id = f"du_{len(facts.disputes) + 1}"
        held = Dispute(id=id, status=DisputeStatus.NEEDS_RESPONSE, amount=amount, movements=1)
        self._payments[place] = replace(facts, disputes=(*facts.disputes, held))
        return id

    def decide(self, payment_intent_id: str, dispute_id: str, status: DisputeStatus) -> None:
        """A dispute is decided; a won one gives the money back."""
        place = self._place(payment_intent_id)
        facts = self._payments[place]
        decided = tuple(
            replace(d, status=status, movements=d.movements + (status is DisputeStatus.WON))
            if d.id == dispute_id
            else d
            for d in facts.disputes
        )
        self._payments[place] = replace(facts, disputes=decided)

    def expire_pages(self, now: datetime) -> None:
        """What was not paid in time closes by itself."""
        for session in self._sessions.values():
            if session.status is CheckoutStatus.OPEN and session.page.expires_at <= now:
                session.status = CheckoutStatus.EXPIRED

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
        self._sessions[account.account_id, id] = _Session(attempt=attempt, page=page)
        return account.account_id, id

    def _session(self, id: str, account: PaymentAccount) -> _Session:
        if (account.account_id, id) not in self._sessions:
            raise NotFound("checkout", id)
        return self._sessions[account.account_id, id]

    def _unpaid(self, session: _Session, account_id: str) -> PaymentFacts:
        return PaymentFacts(
            payment_intent_id=session.payment_intent_id,
            account=account_id,
            currency=session.attempt.amount.currency,
            metadata=_metadata(session.attempt),
        )

    def _charged(self, account_id: str, payment: str, amount: Money, status: ChargeStatus) -> None:
        facts = self._payments[account_id, payment]
        charge = Charge(
            id=f"ch_{payment}_{len(facts.charges) + 1}", status=status, amount=amount, method="card", label="visa 4242"
        )
        self._payments[account_id, payment] = replace(facts, charges=(*facts.charges, charge))

    def _place(self, payment_intent_id: str) -> Place:
        (place,) = (place for place in self._payments if place[1] == payment_intent_id)
        return place


def _metadata(attempt: CheckoutAttempt) -> dict[str, str]:
    ours = {"business_id": attempt.business_id, "invoice_id": attempt.invoice_id, "attempt_id": attempt.id}
    return {**attempt.metadata, **ours}


def _state(session: _Session) -> CheckoutState:
    return CheckoutState(
        session_id=session.page.session_id,
        status=session.status,
        url=session.page.url if session.status is CheckoutStatus.OPEN else "",
        payment_intent_id=session.payment_intent_id,
        metadata=_metadata(session.attempt),
    )
