"""What is given up of an invoice because its client will never pay, and taken up again if he does."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.credit_events import InvoiceRestored, InvoiceWrittenOff
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.journal import Account, Posting, balanced


def written_off(invoice: Invoice, *, reason: str, at: datetime) -> tuple[Invoice, InvoiceWrittenOff]:
    """The invoice of which what is due is given up; it is a loss, not a correction: its taxes stay.

    Raises Refused for a draft or void one, one that is paid, and one whose payment is in dispute.
    """
    must_be_issued(invoice, "write off")
    if invoice.disputed_total:
        raise Refused("invoice_disputed", f"You cannot write off invoice {invoice.name} because it is disputed.")
    if invoice.amount_due.minor <= 0:
        raise Refused("nothing_due", f"You cannot write off invoice {invoice.name} because nothing is due.")
    given_up = invoice.amount_due
    after = replace(
        invoice, version=invoice.version + 1, written_off_total=invoice.written_off + given_up, checkout=None
    )
    event = InvoiceWrittenOff(
        subject=invoice.id,
        version=after.version,
        at=at,
        amount=given_up,
        reason=reason,
        postings=balanced(Posting(Account.BAD_DEBT, given_up), Posting(Account.RECEIVABLE, -given_up)),
    )
    return after, event


def restored(invoice: Invoice, *, at: datetime) -> tuple[Invoice, InvoiceRestored]:
    """The invoice with what was given up due again, since the client pays after all.

    Raises Refused (``not_written_off``) where nothing was.
    """
    if not invoice.written_off:
        raise Refused("not_written_off", f"You cannot restore invoice {invoice.name} because it was not written off.")
    back = invoice.written_off
    after = replace(invoice, version=invoice.version + 1, written_off_total=None)
    event = InvoiceRestored(
        subject=invoice.id,
        version=after.version,
        at=at,
        amount=back,
        postings=balanced(Posting(Account.RECEIVABLE, back), Posting(Account.BAD_DEBT, -back)),
    )
    return after, event
