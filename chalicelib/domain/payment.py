"""Money received: by hand or through the provider, applied to an invoice, the rest kept as the client's credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain import costs
from chalicelib.domain.costs import Costs
from chalicelib.domain.credit_events import PaymentAllocated, PaymentMatched
from chalicelib.domain.errors import Refused
from chalicelib.domain.events import PaymentChanged, PaymentQuarantined, PaymentReceived
from chalicelib.domain.imputation import NOTHING_DUE, Allocation, Applied, Reservation, moved, shared, total, total_of
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Posting, balanced
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import PaymentFacts

CHARGED = "charge"
"""What a payment of ours says of itself that was taken from a stored card while its owner was away."""


class Method(StrEnum):
    """How the money came."""

    CASH = "cash"
    CHEQUE = "cheque"
    TRANSFER = "transfer"
    CARD_TERMINAL = "card_terminal"
    OTHER = "other"
    ONLINE = "online"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment and where its money stands.

    invoice_id: what it was made for; None for money on the client's account, or that no invoice is known for.
    amount: what was received; refunded: what of it was given back; disputed: what the provider holds
    back or has lost us; under_dispute: what of that is not decided yet.
    applied: what of it is on its invoice; allocations: what of it is on others; credited: what of it is the client's
    credit. Together they are what is kept of it.
    refunding: what of it is held for refunds that the provider has not told of yet; given_back: those made by hand.
    quarantine: why it belongs to no invoice; a person must match it.
    facts: what the provider said of an online payment, so far; costs: what was booked of what it cost.
    """

    id: str
    version: int = 1
    client_id: str | None
    invoice_id: str | None
    instalment_id: str | None = None
    method: Method
    amount: Money
    refunded: Money
    disputed: Money
    under_dispute: Money
    applied: Money
    allocations: tuple[Allocation, ...] = ()
    credited: Money
    refunding: tuple[Reservation, ...] = ()
    given_back: tuple[Reservation, ...] = ()
    received_on: date
    reference: str | None = None
    quarantine: str | None = None
    facts: PaymentFacts | None = None
    costs: Costs = costs.NOTHING
    created_at: datetime

    @property
    def kept(self) -> Money:
        return self.held.to_invoices + self.credited

    @property
    def usable(self) -> Money:
        """What of its credit can be put on invoices: what is held for refunds is taken from the credit first."""
        held = total_of(self.refunding, self.amount.currency)
        return max(self.credited - held, Money.zero(self.amount.currency))

    @property
    def charged_card(self) -> str:
        """The client's stored card that we charged, as people know it; empty for money that was brought (H49)."""
        asked = self.facts is not None and self.facts.metadata.get("asked_by") == CHARGED
        return (self.reference or "") if asked else ""

    @property
    def held(self) -> Applied:
        """Where what is kept of it is."""
        return Applied(to_invoice=self.applied, to_credit=self.credited, elsewhere=self.allocations)

    def on(self, invoice_id: str) -> Money:
        """What of it is on an invoice."""
        if invoice_id == self.invoice_id:
            return self.applied
        return total((one for one in self.allocations if one.invoice_id == invoice_id), self.amount.currency)


def blank(
    id: str,
    *,
    client_id: str | None,
    invoice_id: str | None,
    instalment_id: str | None = None,
    amount: Money,
    method: Method,
    received_on: date,
    reference: str | None = None,
    quarantine: str | None = None,
    at: datetime,
) -> Payment:
    """Money of which nothing is shared out yet."""
    zero = Money.zero(amount.currency)
    return Payment(
        id=id,
        client_id=client_id,
        invoice_id=invoice_id,
        instalment_id=instalment_id,
        method=method,
        amount=amount,
        refunded=zero,
        disputed=zero,
        under_dispute=zero,
        applied=zero,
        credited=zero,
        received_on=received_on,
        reference=reference,
        quarantine=quarantine,
        created_at=at,
    )


def received(payment: Payment, invoice: Invoice, *, at: datetime) -> tuple[Payment, PaymentReceived, Applied]:
    """A new payment shared out: what is due goes to the invoice, the rest is credit.

    What was given back before the payment was first heard of never counts. A void invoice
    takes nothing: money that arrives for it is all the client's credit.
    """
    return _received(payment, shared(kept_of(payment), due=invoice.amount_due, held=payment.held), at=at)


def received_on_account(
    payment: Payment, allocations: Sequence[Allocation], *, at: datetime
) -> tuple[Payment, PaymentReceived, Applied]:
    """A new payment of a client for several invoices, or none yet: what is on none of them is credit."""
    left = kept_of(payment) - total(allocations, payment.amount.currency)
    share = Applied(to_invoice=Money.zero(left.currency), to_credit=left, elsewhere=tuple(allocations))
    return _received(payment, share, at=at)


def _received(payment: Payment, share: Applied, *, at: datetime) -> tuple[Payment, PaymentReceived, Applied]:
    booked = _with(payment, share)
    event = PaymentReceived(
        subject=payment.id,
        version=payment.version,
        at=at,
        client_id=payment.client_id,
        invoice_id=payment.invoice_id,
        amount=payment.amount,
        method=payment.method,
        credited=share.to_credit,
        allocated=tuple(one.invoice_id for one in share.elsewhere),
        postings=(*_moved(payment.method, kept_of(payment), share), *costs.booked(costs.NOTHING, payment.costs)),
    )
    return booked, event, share


def changed(
    payment: Payment,
    now: Payment,
    invoice: Invoice | None,
    *,
    dues: Mapping[str, Money] = NOTHING_DUE,
    at: datetime,
) -> tuple[Payment, PaymentChanged, Applied]:
    """The same payment after the provider said more, or some was given back: what is kept of it grew or shrank.

    dues: what is due on the invoices from which some of it was taken.
    """
    share = shared(kept_of(now) - payment.kept, due=_due(invoice, payment), held=payment.held, dues=dues)
    after = replace(_with(now, share), version=payment.version + 1)
    placed = _moved(payment.method, share.to_invoices + share.to_credit, share)
    event = PaymentChanged(
        subject=payment.id,
        version=after.version,
        at=at,
        client_id=payment.client_id,
        invoice_id=payment.invoice_id,
        received=after.amount,
        refunded=after.refunded,
        disputed=after.disputed,
        postings=(*placed, *costs.booked(payment.costs, now.costs)),
    )
    return after, event, share


def noted(payment: Payment, now: Payment, *, at: datetime) -> tuple[Payment, PaymentChanged]:
    """More is known of a payment that belongs to nobody we know."""
    heard = replace(now, version=payment.version + 1)
    difference = kept_of(now) - kept_of(payment)
    event = PaymentChanged(
        subject=payment.id,
        version=heard.version,
        at=at,
        client_id=None,
        invoice_id=None,
        received=heard.amount,
        refunded=heard.refunded,
        disputed=heard.disputed,
        postings=(*_unmatched(difference), *costs.booked(payment.costs, now.costs)),
    )
    return heard, event


def allocated(payment: Payment, invoice_id: str, amount: Money, *, at: datetime) -> tuple[Payment, PaymentAllocated]:
    """The payment with some of its credit put on an invoice; below zero, with some of what is there made credit again.

    Raises ValueError for more than there is: who asks has looked.
    """
    if amount > payment.credited or -amount > payment.on(invoice_id):
        raise ValueError(f"{payment.id} cannot put {amount} on {invoice_id}")
    zero = Money.zero(amount.currency)
    own = invoice_id == payment.invoice_id
    others = () if own else (Allocation(invoice_id=invoice_id, amount=amount),)
    share = Applied(to_invoice=amount if own else zero, to_credit=-amount, elsewhere=others)
    after = replace(_with(payment, share), version=payment.version + 1)
    event = PaymentAllocated(
        subject=payment.id,
        version=after.version,
        at=at,
        client_id=payment.client_id,
        invoice_id=invoice_id,
        amount=amount,
        postings=balanced(Posting(Account.CUSTOMER_CREDIT, amount), Posting(Account.RECEIVABLE, -amount, invoice_id)),
    )
    return after, event


def matched(
    payment: Payment, *, client_id: str, invoice: Invoice | None, at: datetime
) -> tuple[Payment, PaymentMatched, Applied]:
    """A payment that belonged to nobody, put by a person where it belongs: on an invoice, or a client's account.

    Raises Refused (``payment_matched``) for one that belongs to somebody.
    """
    if payment.quarantine is None:
        raise Refused("payment_matched", f"You cannot match payment {payment.id} because it is matched.")
    share = shared(kept_of(payment), due=_due(invoice, payment), held=payment.held)
    found = replace(
        _with(payment, share),
        version=payment.version + 1,
        client_id=client_id,
        invoice_id=invoice.id if invoice else None,
        quarantine=None,
    )
    event = PaymentMatched(
        subject=payment.id,
        version=found.version,
        at=at,
        client_id=client_id,
        invoice_id=found.invoice_id,
        amount=kept_of(payment),
        postings=balanced(
            Posting(Account.UNMATCHED, kept_of(payment)),
            Posting(Account.RECEIVABLE, -share.to_invoice),
            Posting(Account.CUSTOMER_CREDIT, -share.to_credit),
        ),
    )
    return found, event, share


def kept_of(payment: Payment) -> Money:
    """What a payment leaves with the business: received, less what went back and what is held back or lost."""
    return max(payment.amount - payment.refunded - payment.disputed, Money.zero(payment.amount.currency))


def quarantined(payment: Payment, *, at: datetime) -> PaymentQuarantined:
    """The event of money that arrived and belongs to no invoice we know."""
    return PaymentQuarantined(
        subject=payment.id,
        version=payment.version,
        at=at,
        reason=payment.quarantine or "",
        amount=payment.amount,
        postings=(*_unmatched(kept_of(payment)), *costs.booked(costs.NOTHING, payment.costs)),
    )


def _unmatched(amount: Money) -> tuple[Posting, ...]:
    return balanced(Posting(Account.CLEARING, amount), Posting(Account.UNMATCHED, -amount))


def _due(invoice: Invoice | None, payment: Payment) -> Money:
    return invoice.amount_due if invoice else Money.zero(payment.amount.currency)


def _with(payment: Payment, share: Applied) -> Payment:
    """The payment with a movement counted in."""
    return replace(
        payment,
        applied=payment.applied + share.to_invoice,
        allocations=moved(payment.allocations, share.elsewhere),
        credited=payment.credited + share.to_credit,
    )


def _moved(method: Method, gross: Money, share: Applied) -> tuple[Posting, ...]:
    account = Account.CLEARING if method is Method.ONLINE else Account.CASH
    return balanced(
        Posting(account, gross),
        Posting(Account.RECEIVABLE, -share.to_invoice),
        *(Posting(Account.RECEIVABLE, -one.amount, one.invoice_id) for one in share.elsewhere),
        Posting(Account.CUSTOMER_CREDIT, -share.to_credit),
    )
