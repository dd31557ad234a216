"""What becomes of a payment: received, shared out, put elsewhere, matched, changed by what the provider says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import costs
from chalicelib.domain.credit_events import PaymentAllocated, PaymentMatched
from chalicelib.domain.errors import Refused
from chalicelib.domain.imputation import NOTHING_DUE, Allocation, Applied, Back, bounded, moved, shared, total
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Posting, balanced
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment, kept_of
from chalicelib.domain.payment_events import PaymentChanged, PaymentQuarantined, PaymentReceived


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
    back = Back.REFUND if now.refunded != payment.refunded else Back.DISPUTE
    share = shared(kept_of(now) - payment.kept, due=_due(invoice, payment), held=payment.held, dues=dues, back=back)
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
    return _put(payment, invoice_id, amount, freed=None, at=at)


def freed(payment: Payment, invoice_id: str, amount: Money, *, at: datetime) -> tuple[Payment, PaymentAllocated]:
    """The payment with some of what is on an invoice made credit by a credit note.

    Raises ValueError for more than there is.
    """
    return _put(payment, invoice_id, -amount, freed=amount, at=at)


def _put(
    payment: Payment, invoice_id: str, amount: Money, *, freed: Money | None, at: datetime
) -> tuple[Payment, PaymentAllocated]:
    if amount > payment.credited or -amount > payment.on(invoice_id):
        raise ValueError(f"{payment.id} cannot put {amount} on {invoice_id}")
    zero = Money.zero(amount.currency)
    own = invoice_id == payment.invoice_id
    others = () if own else (Allocation(invoice_id=invoice_id, amount=amount, freed=freed),)
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
    credited = payment.credited + share.to_credit
    allocations = moved(payment.allocations, share.elsewhere)
    return replace(
        payment,
        applied=payment.applied + share.to_invoice,
        allocations=bounded(allocations, refunded=payment.refunded, disputed=payment.withdrawn, credited=credited),
        credited=credited,
    )


def _moved(method: Method, gross: Money, share: Applied) -> tuple[Posting, ...]:
    account = Account.CLEARING if method is Method.ONLINE else Account.CASH
    return balanced(
        Posting(account, gross),
        Posting(Account.RECEIVABLE, -share.to_invoice),
        *(Posting(Account.RECEIVABLE, -one.amount, one.invoice_id) for one in share.elsewhere),
        Posting(Account.CUSTOMER_CREDIT, -share.to_credit),
    )
