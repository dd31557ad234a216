"""The life of an invoice: edited and scheduled as a draft, issued under its number, sent, seen, voided."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.business import Sending
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.errors import Refused
from chalicelib.domain.events import (
    InvoiceEdited,
    InvoiceIssued,
    InvoiceRemoved,
    InvoiceScheduled,
    InvoiceSendRequested,
    InvoiceViewed,
    InvoiceVoided,
)
from chalicelib.domain.figures import Figures
from chalicelib.domain.invoice import Invoice, covered, must_be_draft, must_be_issued
from chalicelib.domain.journal import Account, Event, Posting, balanced
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number
from chalicelib.domain.schedule import Instalment
from chalicelib.domain.work_events import InvoiceAttached, InvoiceItemsClaimed


def edited(invoice: Invoice, changed: Invoice, *, at: datetime) -> tuple[Invoice, InvoiceEdited]:
    must_be_draft(invoice, "edit")
    edition = replace(changed, version=invoice.version + 1, revision=invoice.revision + 1)
    return edition, InvoiceEdited(subject=invoice.id, version=edition.version, at=at, total=edition.figures.total)


def scheduled(
    invoice: Invoice, *, on: date | None, morning: datetime | None, at: datetime
) -> tuple[Invoice, InvoiceScheduled]:
    """The draft with the day it goes out by itself; None takes the day away (P37, G9)."""
    must_be_draft(invoice, "schedule")
    send = Sending.ON_DATE if on else Sending.MANUAL
    planned = replace(invoice, version=invoice.version + 1, send=send, send_on=on, scheduled_for=morning)
    return planned, InvoiceScheduled(subject=invoice.id, version=planned.version, at=at, send_on=on)


def attached(
    invoice: Invoice, *, visit_id: str, job_id: str, send: bool, at: datetime
) -> tuple[Invoice, InvoiceAttached]:
    """The draft as the invoice of a visit, in the visit's job; ``send`` has it go out as soon as it can (P42)."""
    must_be_draft(invoice, "attach")
    taken = replace(invoice, version=invoice.version + 1, visit_id=visit_id, job_id=job_id)
    if send:
        taken = replace(taken, send=Sending.AT_ONCE, send_on=None, scheduled_for=None)
    event = InvoiceAttached(subject=invoice.id, version=taken.version, at=at, visit_id=visit_id, job_id=job_id)
    return taken, event


def issued(
    invoice: Invoice,
    *,
    number: Number,
    due_date: date,
    schedule: tuple[Instalment, ...],
    send: bool,
    at: datetime,
) -> tuple[Invoice, InvoiceIssued]:
    """The invoice under its number, unchangeable from now on."""
    must_be_draft(invoice, "issue")
    _must_hold_its_items(invoice)
    delivery = replace(invoice.delivery, state=DeliveryState.QUEUED, requests=1) if send else invoice.delivery
    final = replace(
        invoice,
        version=invoice.version + 1,
        number=number.id,
        seq=number.seq,
        series=number.series,
        issue_date=number.issue_date,
        due_date=due_date,
        schedule=schedule,
        instalments_paid=covered(schedule, invoice.figures),
        issued_at=at,
        paid_at=at if invoice.amount_due.minor == 0 else None,
        scheduled_for=None,
        delivery=delivery,
    )
    event = InvoiceIssued(
        subject=invoice.id,
        version=final.version,
        at=at,
        number=number.id,
        client_id=invoice.client_id,
        total=invoice.figures.total,
        due_date=due_date,
        send=send,
        postings=_booked(invoice),
    )
    return final, event


def items_claimed(invoice: Invoice, *, count: int, worth: Money, at: datetime) -> tuple[Invoice, InvoiceItemsClaimed]:
    """The draft with so many more of its items claimed, worth so much."""
    must_be_draft(invoice, "put items on")
    after = replace(
        invoice,
        version=invoice.version + 1,
        items_total=invoice.billed + worth,
        claims_left=invoice.claims_left - count,
    )
    event = InvoiceItemsClaimed(subject=invoice.id, version=after.version, at=at, claims_left=after.claims_left)
    return after, event


def removal(invoice: Invoice, *, reason: str | None = None, at: datetime) -> InvoiceRemoved:
    """What tells that a draft is taken away; reason: why, where nobody asked for it."""
    must_be_draft(invoice, "delete")
    return InvoiceRemoved(
        subject=invoice.id, version=invoice.version + 1, at=at, reason=reason, revision=_still_claiming(invoice)
    )


def was_taken_back(last: Event) -> bool:
    """Whether what happened last to a draft is that it ended for want of an item."""
    return isinstance(last, InvoiceRemoved) and last.reason is not None


def _must_hold_its_items(invoice: Invoice) -> None:
    if invoice.claims_left:
        raise Refused(
            "items_being_claimed",
            f"You cannot issue invoice {invoice.name} because it does not claim {invoice.claims_left} of its items "
            "yet; try again.",
        )


def _still_claiming(invoice: Invoice) -> int | None:
    """The revision whose lines name items that are given back after the document's end, not with it."""
    return invoice.revision if invoice.items_in_body else None


def send_requested(invoice: Invoice, *, at: datetime) -> tuple[Invoice, InvoiceSendRequested]:
    must_be_issued(invoice, "send")
    if invoice.is_imported:
        raise Refused(
            "invoice_imported",
            f"You cannot send invoice {invoice.name} because it was imported; its document is the former system's.",
        )
    delivery = replace(
        invoice.delivery, state=DeliveryState.QUEUED, detail=None, requests=invoice.delivery.requests + 1
    )
    asked = replace(invoice, version=invoice.version + 1, delivery=delivery)
    return asked, InvoiceSendRequested(subject=invoice.id, version=asked.version, at=at)


def was_never_mailed(invoice: Invoice) -> bool:
    """Whether an invoice in force is one that nobody asked to be mailed yet."""
    return bool(invoice.issued_at) and not invoice.voided_at and not invoice.delivery.requests


def viewed(invoice: Invoice, *, at: datetime) -> tuple[Invoice, InvoiceViewed]:
    seen = replace(invoice, version=invoice.version + 1, viewed_at=at)
    return seen, InvoiceViewed(subject=invoice.id, version=seen.version, at=at)


def voided(invoice: Invoice, *, reason: str | None, at: datetime) -> tuple[Invoice, InvoiceVoided]:
    """The invoice without force; its number, date and document stay (C18).

    Raises Refused once money was received: then only a credit note corrects it.
    """
    must_be_issued(invoice, "void")
    if invoice.paid_total or invoice.refunded_total or invoice.credited_total:
        raise Refused(
            "invoice_has_payments",
            f"You cannot void invoice {invoice.name} because it has payments; make a credit note.",
        )
    if invoice.written_off:
        raise Refused(
            "invoice_written_off", f"You cannot void invoice {invoice.name} because it is written off; restore it."
        )
    delivery = invoice.delivery
    if delivery.state is DeliveryState.QUEUED:
        delivery = replace(delivery, state=DeliveryState.NONE, detail="Voided before it was mailed.")
    void = replace(
        invoice,
        version=invoice.version + 1,
        voided_at=at,
        checkout=None,
        charging=None,
        scheduled_for=None,
        delivery=delivery,
    )
    reverse = tuple(Posting(p.account, -p.amount, p.code) for p in _booked(invoice))
    event = InvoiceVoided(
        subject=invoice.id,
        version=void.version,
        at=at,
        reason=reason,
        revision=_still_claiming(invoice),
        booked_in=invoice.booked_in,
        postings=reverse,
    )
    return void, event


def opening_of(figures: Figures) -> tuple[Posting, ...]:
    """What is still to come of an invoice whose net and taxes are in a former system's books."""
    return balanced(
        Posting(Account.RECEIVABLE, figures.amount_due),
        Posting(Account.WITHHELD, figures.withheld_total),
        Posting(Account.PREPAID, figures.prepaid_total),
        Posting(Account.OPENING, -figures.total),
    )


def _booked(invoice: Invoice) -> tuple[Posting, ...]:
    figures = invoice.figures
    if invoice.is_imported:
        return opening_of(figures)
    taxes = [Posting(Account.TAX, -tax.amount, tax.code) for tax in figures.taxes if not tax.withheld]
    return balanced(
        Posting(Account.RECEIVABLE, figures.amount_due),
        Posting(Account.WITHHELD, figures.withheld_total),
        Posting(Account.PREPAID, figures.drawn),
        Posting(Account.ROUNDING, -figures.rounding_adjustment),
        Posting(invoice.earns, -figures.earned),
        *taxes,
    )
