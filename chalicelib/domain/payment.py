"""Money received: by hand or through the provider, applied to an invoice, the rest kept as the client's credit."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.events import InvoicePaid, InvoiceSettled, PaymentChanged, PaymentQuarantined, PaymentReceived
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Posting, balanced
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import PaymentFacts


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

    amount: what was received; refunded: what of it was given back; disputed: what the provider holds
    back or has lost us; under_dispute: what of that is not decided yet.
    applied + credited = what is kept of it: on the invoice, and as the client's credit.
    quarantine: why it belongs to no invoice; a person must match it.
    facts: what the provider said of an online payment, so far.
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
    credited: Money
    received_on: date
    reference: str | None = None
    quarantine: str | None = None
    facts: PaymentFacts | None = None
    created_at: datetime

    @property
    def kept(self) -> Money:
        return self.applied + self.credited


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What one movement of money does to an invoice and to its client's credit."""

    to_invoice: Money
    to_credit: Money


def received(payment: Payment, invoice: Invoice, *, at: datetime) -> tuple[Payment, PaymentReceived, Applied]:
    """A new payment shared out: what is due goes to the invoice, the rest is credit.

    What was given back before the payment was first heard of never counts. A void invoice
    takes nothing: money that arrives for it is all the client's credit.
    """
    share = _share(kept_of(payment), invoice, holding=Applied(to_invoice=payment.applied, to_credit=payment.credited))
    booked = replace(payment, applied=share.to_invoice, credited=share.to_credit)
    event = PaymentReceived(
        subject=payment.id,
        version=payment.version,
        at=at,
        client_id=payment.client_id,
        invoice_id=invoice.id,
        amount=payment.amount,
        method=payment.method,
        credited=share.to_credit,
        postings=_moved(payment.method, kept_of(payment), share),
    )
    return booked, event, share


def changed(
    payment: Payment, now: Payment, invoice: Invoice, *, at: datetime
) -> tuple[Payment, PaymentChanged, Applied]:
    """The same payment after the provider said more: what is kept of it grew or shrank."""
    holding = Applied(to_invoice=payment.applied, to_credit=payment.credited)
    share = _share(kept_of(now) - payment.kept, invoice, holding=holding)
    moved = replace(
        now,
        version=payment.version + 1,
        applied=payment.applied + share.to_invoice,
        credited=payment.credited + share.to_credit,
    )
    event = PaymentChanged(
        subject=payment.id,
        version=moved.version,
        at=at,
        client_id=payment.client_id,
        invoice_id=invoice.id,
        received=moved.amount,
        refunded=moved.refunded,
        disputed=moved.disputed,
        postings=_moved(payment.method, share.to_invoice + share.to_credit, share),
    )
    return moved, event, share


def noted(payment: Payment, now: Payment, *, at: datetime) -> tuple[Payment, PaymentChanged]:
    """More is known of a payment that belongs to no invoice."""
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
        postings=balanced(Posting(Account.CLEARING, difference), Posting(Account.UNMATCHED, -difference)),
    )
    return heard, event


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
        postings=balanced(Posting(Account.CLEARING, kept_of(payment)), Posting(Account.UNMATCHED, -kept_of(payment))),
    )


def settled(
    invoice: Invoice, payment: Payment, share: Applied, *, before: Payment | None = None, at: datetime
) -> tuple[Invoice, InvoiceSettled]:
    """The invoice after a movement of money; paid when nothing is due any more (P27).

    before: the payment as it was counted so far; None for a new one.
    """
    zero = Money.zero(invoice.currency)
    refunded = payment.refunded - (before.refunded if before else zero)
    disputed = payment.under_dispute - (before.under_dispute if before else zero)
    paid_total = invoice.paid_total + share.to_invoice
    after = replace(
        invoice,
        version=invoice.version + 1,
        paid_total=paid_total,
        refunded_total=invoice.refunded_total + refunded,
        disputed_total=invoice.disputed_total + disputed,
        instalments_paid=_instalments(invoice, share.to_invoice, payment.instalment_id),
    )
    fully_paid = after.amount_due.minor <= 0 and not after.voided_at
    after = replace(
        after,
        paid_at=(invoice.paid_at or at) if fully_paid else None,
        refunded_at=(invoice.refunded_at or at) if after.refunded_total and not after.paid_total else None,
    )
    kind = InvoicePaid if fully_paid and not invoice.paid_at else InvoiceSettled
    event = kind(
        subject=invoice.id,
        version=after.version,
        at=at,
        payment_id=payment.id,
        paid_total=after.paid_total,
        amount_due=after.amount_due,
    )
    return after, event


def _share(movement: Money, invoice: Invoice, *, holding: Applied) -> Applied:
    """More money fills what is due, then credit; less money is taken from the credit first, then from the invoice."""
    currency = movement.currency
    if movement.minor >= 0:
        to_invoice = Money(min(movement.minor, max(invoice.amount_due.minor, 0)), currency)
        return Applied(to_invoice=to_invoice, to_credit=movement - to_invoice)
    from_credit = Money(max(movement.minor, -holding.to_credit.minor), currency)
    return Applied(to_invoice=movement - from_credit, to_credit=from_credit)


def _moved(method: Method, gross: Money, share: Applied) -> tuple[Posting, ...]:
    account = Account.CLEARING if method is Method.ONLINE else Account.CASH
    return balanced(
        Posting(account, gross),
        Posting(Account.RECEIVABLE, -share.to_invoice),
        Posting(Account.CUSTOMER_CREDIT, -share.to_credit),
    )


def _instalments(invoice: Invoice, movement: Money, first: str | None) -> tuple[Money, ...]:
    """What is paid of each instalment: the one meant first, then the oldest; money going back leaves the newest."""
    order = sorted(range(len(invoice.schedule)), key=lambda i: invoice.schedule[i].id != first)
    if movement.minor < 0:
        order = list(range(len(invoice.schedule)))[::-1]
    paid = [amount.minor for amount in invoice.instalments_paid]
    left = movement.minor
    for i in order:
        step = min(left, invoice.schedule[i].amount.minor - paid[i]) if left > 0 else max(left, -paid[i])
        paid[i] += step
        left -= step
    return tuple(Money(minor, invoice.currency) for minor in paid)
