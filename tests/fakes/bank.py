"""Payments at a provider in memory, and what payers, their banks and the owner's dashboard do with them."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.checkout import (
    CheckoutAttempt,
    CheckoutPage,
    CheckoutStatus,
)
from chalicelib.domain.errors import Refused
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import (
    Charge,
    ChargeStatus,
    Dispute,
    DisputeStatus,
    PaymentFacts,
    Refund,
    RefundStatus,
)

Place = tuple[str, str]
"""The connected account, and the id there."""


@dataclass(slots=True)
class Session:
    attempt: CheckoutAttempt
    page: CheckoutPage
    status: CheckoutStatus = CheckoutStatus.OPEN
    payment_intent_id: str = ""


@dataclass(slots=True)
class Bank:
    """Pages and payments by account; what a test has happen to them."""

    _sessions: dict[Place, Session] = field(default_factory=dict)
    _payments: dict[Place, PaymentFacts] = field(default_factory=dict)

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

    def _unpaid(self, session: Session, account_id: str) -> PaymentFacts:
        return PaymentFacts(
            payment_intent_id=session.payment_intent_id,
            account=account_id,
            currency=session.attempt.amount.currency,
            metadata=metadata_of(session.attempt),
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


def metadata_of(attempt: CheckoutAttempt) -> dict[str, str]:
    ours = {"business_id": attempt.business_id, "invoice_id": attempt.invoice_id, "attempt_id": attempt.id}
    return {**attempt.metadata, **ours}
