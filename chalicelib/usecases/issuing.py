"""Invoices issued: the number, the date, the books and the event in one transaction."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain import charge as charges
from chalicelib.domain import invoice_life as invoices
from chalicelib.domain.business import Business
from chalicelib.domain.chain import Issued, tied
from chalicelib.domain.client import Client
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Refused
from chalicelib.domain.events import InvoiceIssued
from chalicelib.domain.figures import not_negative
from chalicelib.domain.follow_up import follow_up_of, next_look
from chalicelib.domain.invoice import Invoice, must_be_draft
from chalicelib.domain.invoice_document import case_of
from chalicelib.domain.late_fee_plan import next_fee, terms_of
from chalicelib.domain.marks import must_be_stated
from chalicelib.domain.numbering import Number, Series, opened, take
from chalicelib.domain.sales import Content, parties_of
from chalicelib.domain.schedule import Instalment, dated
from chalicelib.domain.terms import due_on
from chalicelib.ports import Advance, Keep, Move, Press, Save, Store
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.drawing import drawn
from chalicelib.usecases.holding import whole
from chalicelib.usecases.quoting import must_have_email
from chalicelib.usecases.reading import content_of


def issue_invoice(
    invoice_id: str, *, send: bool = False, if_match: int | None = None, now: datetime, store: Store, press: Press
) -> Invoice:
    """The draft as an invoice under the next number, unchangeable; ``send`` asks for its mail too.

    Raises Refused for what is no draft, is empty, or cannot be mailed though it should be;
    Invalid for a total below zero, and for what can be no e-invoice though it is due to be one.
    """

    def deed() -> Invoice:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        must_be_draft(invoice, "issue")
        invoice = whole(invoice, now=now, store=store)
        return _issued(invoice, send=send, now=now, store=store, press=press)

    return store.persistently(deed)


def issue_due(invoice_id: str, *, now: datetime, store: Store, press: Press) -> bool:
    """Issue and send a draft whose day has come; answers whether it did.

    A draft without anybody to mail to is issued on its day all the same; the failed delivery is told to the business.
    """

    def deed() -> bool:
        invoice = store.find(Invoice, invoice_id)
        if invoice is None or invoice.issued_at or not invoice.scheduled_for or invoice.scheduled_for > now:
            return False
        invoice = whole(invoice, now=now, store=store)
        _issued(invoice, send=True, now=now, store=store, press=press)
        return True

    return store.persistently(deed)


def send_invoice(
    invoice_id: str,
    *,
    template: Template | None = None,
    if_match: int | None = None,
    now: datetime,
    store: Store,
    press: Press,
) -> Invoice:
    """Ask for the invoice to be mailed: a draft is issued first, an issued one is sent again.

    template: of the PDF in this mail; the invoice's own stays what it is.
    """

    def deed() -> Invoice:
        known = unchanged(store.get(Invoice, invoice_id), if_match)
        invoice = replace(known, delivery=replace(known.delivery, template=template))
        must_have_email(store.get(Client, invoice.client_id), "send invoice", invoice.name)
        if invoice.issued_at is None and invoice.voided_at is None:
            invoice = whole(invoice, now=now, store=store)
            return _issued(invoice, send=True, now=now, store=store, press=press)
        asked, event = invoices.send_requested(invoice, at=now)
        store.commit(Save(asked, event))
        return asked

    return store.persistently(deed)


def must_be_issuable(
    invoice: Invoice,
    content: Content,
    business: Business,
    client: Client,
    *,
    now: datetime,
    on: date | None = None,
) -> None:
    """Raise Invalid for a total below zero, Refused for what bills nothing, or a tax that may not be charged.

    Refused, too, for what the law wants on it and nobody has said (``mark_missing``).
    on: the date that it will bear, where that is known not to be today's.
    """
    not_negative(invoice.figures)
    _must_be_registered(invoice, business)
    if not content.lines:
        raise Refused("invoice_empty", f"You cannot issue invoice {invoice.id} because it has no lines.")
    parties = parties_of(invoice.id, content, seller=business.as_seller(), buyer=client.as_buyer())
    must_be_stated(case_of(invoice, parties, on=on or business.today(now)), f"invoice {invoice.id}")


def _must_be_registered(invoice: Invoice, business: Business) -> None:
    """Raise Refused (``tax_unregistered``) for a tax of a business that holds no number for taxes (H44).

    A number that the tax had when the document was written counts too.
    """
    charged = [tax for tax in invoice.figures.taxes if tax.amount and not tax.withheld]
    unregistered = [tax for tax in charged if not tax.registration_number]
    if unregistered and not business.may_tax:
        raise Refused(
            "tax_unregistered",
            f"You cannot charge {unregistered[0].name} because the business has no registration number for taxes.",
        )


def _issued(invoice: Invoice, *, send: bool, now: datetime, store: Store, press: Press) -> Invoice:
    business, client = store.get(Business), store.get(Client, invoice.client_id)
    content = content_of(invoice, store)
    parties = parties_of(invoice.id, content, seller=business.as_seller(), buyer=client.as_buyer())
    series = store.find(Series, "invoice") or opened("invoice", business.numbering)
    issued = Issued(content=content, parties=parties)
    series, number, final, event = numbered(
        invoice, issued, series, client=client, business=business, send=send, now=now, press=press
    )
    store.commit(
        Save(final, event),
        Advance(series),
        Keep(number),
        Keep(parties),
        Move(client_id=client.id, amount_due=final.amount_due, unbilled_total=-final.billed),
    )
    return final


def numbered(
    draft: Invoice,
    issued: Issued,
    series: Series,
    *,
    client: Client,
    business: Business,
    send: bool,
    now: datetime,
    press: Press,
) -> tuple[Series, Number, Invoice, InvoiceIssued]:
    """The draft under the next number of a series, which holds the hash of its PDF; nothing is written.

    Raises as ``must_be_issuable`` and ``drawn`` do for what may not have a number.
    """
    after, number = take(series, document_id=draft.id, on=business.today(now))
    must_be_issuable(draft, issued.content, business, client, now=now, on=number.issue_date)
    final, event = _finished(draft, number, client=client, business=business, send=send, now=now)
    pdf = drawn(final, issued, press).pdf
    after, number = tied(after, number, figures=draft.figures, issued=issued, pdf_sha256=pdf.sha256)
    return after, number, final, event


def _finished(
    draft: Invoice, number: Number, *, client: Client, business: Business, send: bool, now: datetime
) -> tuple[Invoice, InvoiceIssued]:
    """The draft as it is under its number, with what is planned for it."""
    due_date = draft.due_date or due_date_of(draft, business, number.issue_date)
    schedule = _dated(draft, issue=number.issue_date, due_date=due_date)
    final, event = invoices.issued(draft, number=number, due_date=due_date, schedule=schedule, send=send, at=now)
    planned = replace(
        final,
        remind_at=next_look(final, follow_up_of(client, business), now=now),
        charging=charges.by_itself(final, client, business, now=now),
        fee_at=next_fee(final, terms_of(client, business), business),
    )
    return planned, event


def due_date_of(invoice: Invoice, business: Business, issue_date: date) -> date:
    """When it falls due if it does not say so itself.

    The last day of the schedule where it has days, a holdback's aside; else as the business's terms say.
    """
    agreed = [one for one in dated(invoice.schedule, issue=issue_date) if not one.holdback]
    days = [instalment.due_on for instalment in agreed if instalment.due_on]
    return max(days) if days else due_on(invoice.due_terms or business.invoice_defaults.due, issue_date)


def _dated(invoice: Invoice, *, issue: date, due_date: date) -> tuple[Instalment, ...]:
    """Every instalment with a day; one that names none is due with the invoice, unless it waits for the work."""
    return tuple(
        one if one.awaits_completion else replace(one, due_on=one.due_on or due_date)
        for one in dated(invoice.schedule, issue=issue)
    )
