"""/v1/invoices: written, worked out, scheduled, issued, sent, voided."""

from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib import wiring
from chalicelib.domain.access import require
from chalicelib.domain.business import Business
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_status import status_of
from chalicelib.entrypoints.http.choosing import chosen_items, job_of
from chalicelib.entrypoints.http.contents import catalogue_for, content_of, exemption_for, items_for, patched
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import InvoiceQuery, Listed, listed, matches, within
from chalicelib.entrypoints.http.searches import few_among, searched, series_bearing
from chalicelib.entrypoints.http.shapes.answering import preview
from chalicelib.entrypoints.http.shapes.documents import PreviewOut
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.reading import to_terms
from chalicelib.entrypoints.http.shapes.sales import (
    InvoiceIn,
    InvoicePatch,
    InvoicePreviewIn,
    IssueIn,
    ScheduleIn,
    SendIn,
    VoidIn,
)
from chalicelib.entrypoints.http.shapes.timelines import EventOut
from chalicelib.usecases import drafting, invoicing, issuing, paying, reading, replanning
from chalicelib.usecases.drafting import Wish
from chalicelib.usecases.holding import must_not_be_taken_back, whole


def shown(call: Call, invoice: Invoice) -> InvoiceOut:
    content = reading.content_of(invoice, call.store)
    parties = reading.frozen_parties(invoice, call.store)
    return InvoiceOut.of(invoice, content, today=call.business.today(call.now), parties=parties)


def shown_again(call: Call, invoice_id: str) -> InvoiceOut:
    return shown(call, call.store.get(Invoice, invoice_id))


def made_again(call: Call, invoice_id: str) -> InvoiceOut:
    """A new draft as it is now, all its items on it; the same refusal for one that ended for want of an item."""
    must_not_be_taken_back(invoice_id, call.store)
    return shown(call, whole(call.store.get(Invoice, invoice_id), now=call.now, store=call.store))


@operation("GET", "/invoices", needs="invoices.read", query=InvoiceQuery, answer=Listed[InvoiceOut])
def list_invoices(call: Call) -> Listed[InvoiceOut]:
    """The invoices, newest first, without their lines; scheduled, overdue and due ones by day, the earliest first.

    That is the day they go out with ``status=scheduled``, and the day money is due with ``status=overdue`` or
    ``due_before``; those of one ``client_id``, ``job_id``, ``quote_id``, ``plan_id``, ``batch_id`` or
    ``number`` are newest first.
    """
    query, today = call.query, call.business.today(call.now)

    def fits(invoice: Invoice) -> bool:
        return (
            (query.status is None or status_of(invoice, today) == query.status)
            and (query.client_id is None or invoice.client_id == query.client_id)
            and (query.job_id is None or invoice.job_id == query.job_id)
            and (query.plan_id is None or invoice.plan_id == query.plan_id)
            and (query.contract_id is None or invoice.contract_id == query.contract_id)
            and (query.number is None or invoice.number == query.number)
            and (query.batch_id is None or invoice.batch_id == query.batch_id)
            and (query.due_before is None or _is_due_before(query.due_before, invoice))
            and within(invoice.issue_date or call.business.today(invoice.created_at), query)
            and matches(query, invoice.number, invoice.client_name)
        )

    wanted = replace(
        few_among(query, call, today),
        client_id=query.client_id,
        job_id=query.job_id,
        parent=query.quote_id or query.plan_id,
        number=query.number,
        series=series_bearing(query.number, call),
        fits=fits,
    )
    if not query.batch_id:
        wanted = searched(call, wanted, series="invoice", prefix=call.business.numbering.prefix)
    return listed(call, Invoice, wanted, lambda invoice: InvoiceOut.of(invoice, None, today=today))


@operation(
    "POST",
    "/invoices",
    needs="invoices.write",
    body=InvoiceIn,
    answer=InvoiceOut,
    status=201,
    place="/invoices",
    refusals=(404, 409, 422),
    again=made_again,
)
def create_invoice(call: Call, body: InvoiceIn) -> InvoiceOut:
    """Write a draft invoice; it gets its number when it is issued."""
    if body.send_on:  # on that day it is issued and mailed by itself
        require(call.role, "invoices.send")
    chosen = chosen_items(call, body)
    wish = Wish(
        client_id=body.client_id,
        content=content_of(call, body, chosen=chosen),
        language=body.language,
        template=body.template,
        purchase_order=body.purchase_order,
        due_date=body.due_date,
        send_on=body.send_on,
        job_id=body.job_id or job_of(chosen, body.client_id),
    )
    invoice = drafting.draft_invoice(wish, business=call.business, now=call.now, ids=call.ids, store=call.store)
    return shown(call, invoice)


@operation(
    "POST",
    "/invoices/preview",
    needs="invoices.read",
    body=InvoicePreviewIn,
    answer=PreviewOut,
    refusals=(404, 422),
    harmless=True,
)
def preview_invoice(call: Call, body: InvoicePreviewIn) -> PreviewOut:
    """Work an invoice out without saving anything; its tax rates may be given beside it."""
    business = call.business
    return preview(
        body,
        today=business.today(call.now),
        currency=business.currency,
        rounding=business.invoice_defaults.rounding,
        rates=business.rates,
        default_taxes=() if body.tax_rates else business.default_taxes,
        exemption=exemption_for(call, body.lines, body.client_id),
        catalogue=catalogue_for(call, body.lines, body.client_id, currency=body.currency or business.currency),
        items=items_for(call, body.lines),
    )


@operation("GET", "/invoices/{invoice_id}", needs="invoices.read", answer=InvoiceOut, refusals=(404,))
def get_invoice(call: Call, invoice_id: str) -> InvoiceOut:
    """One invoice with its lines."""
    return shown_again(call, invoice_id)


@operation(
    "PATCH",
    "/invoices/{invoice_id}",
    needs="invoices.write",
    body=InvoicePatch,
    answer=InvoiceOut,
    refusals=(404, 409, 412, 422),
    again=shown_again,
)
def edit_invoice(call: Call, invoice_id: str, body: InvoicePatch) -> InvoiceOut:
    """Change a draft: its information, its items, its payment schedule; of an issued invoice the schedule alone.

    Of an issued one the paid instalments stay: the schedule is sent whole, or what follows them is. An entry with the
    ``id`` of an instalment, or its label, is that one again; with an ``id``, what it leaves out stays.
    """
    if body.model_fields_set == {"schedule"} and (known := call.store.get(Invoice, invoice_id)).issued_at:
        terms = to_terms(body.schedule or [], currency=known.currency)
        return shown(call, replanning.replan(invoice_id, terms, if_match=call.if_match, now=call.now, store=call.store))
    if "send_on" in body.model_fields_set:
        require(call.role, "invoices.send")
    invoice = invoicing.edit_invoice(
        invoice_id,
        lambda known, content: (
            _informed(known, body, call.business),
            patched(call, content, body, client_id=known.client_id),
        ),
        business=call.business,
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return shown(call, invoice)


@operation("DELETE", "/invoices/{invoice_id}", needs="invoices.write", status=204, refusals=(404, 409, 412))
def remove_invoice(call: Call, invoice_id: str) -> Answer:
    """Delete a draft; no number is missing, since it had none."""
    invoicing.remove_invoice(invoice_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation(
    "POST",
    "/invoices/{invoice_id}/schedule",
    needs="invoices.send",
    body=ScheduleIn,
    answer=InvoiceOut,
    refusals=(404, 409, 412),
    again=shown_again,
)
def schedule_invoice(call: Call, invoice_id: str, body: ScheduleIn) -> InvoiceOut:
    """Choose the day on which a draft is issued and sent by itself."""
    invoice = invoicing.schedule_invoice(
        invoice_id,
        on=body.send_on,
        business=call.business,
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return shown(call, invoice)


@operation(
    "POST",
    "/invoices/{invoice_id}/issue",
    needs="invoices.issue",
    body=IssueIn,
    answer=InvoiceOut,
    refusals=(404, 409, 412, 422),
    again=shown_again,
    forever=True,
)
def issue_invoice(call: Call, invoice_id: str, body: IssueIn) -> InvoiceOut:
    """Give a draft its number and date; it can never be changed again."""
    invoice = issuing.issue_invoice(
        invoice_id, send=body.send, if_match=call.if_match, now=call.now, store=call.store, press=wiring.press()
    )
    return shown(call, invoice)


@operation(
    "POST",
    "/invoices/{invoice_id}/send",
    needs="invoices.send",
    body=SendIn,
    answer=InvoiceOut,
    status=202,
    refusals=(404, 409, 412),
    again=shown_again,
    forever=True,
)
def send_invoice(call: Call, invoice_id: str, body: SendIn) -> InvoiceOut:
    """Mail an invoice, issuing it first if it is a draft; an issued one is mailed again."""
    invoice = issuing.send_invoice(
        invoice_id,
        template=body.template,
        if_match=call.if_match,
        now=call.now,
        store=call.store,
        press=wiring.press(),
    )
    return shown(call, invoice)


@operation(
    "POST",
    "/invoices/{invoice_id}/void",
    needs="invoices.void",
    body=VoidIn,
    answer=InvoiceOut,
    refusals=(404, 409, 412),
    again=shown_again,
    forever=True,
)
def void_invoice(call: Call, invoice_id: str, body: VoidIn) -> InvoiceOut:
    """Take an unpaid invoice out of force; its number and document stay."""
    invoice = paying.void_invoice(
        invoice_id,
        reason=body.reason,
        if_match=call.if_match,
        now=call.now,
        store=call.store,
        gateway=wiring.gateway,
    )
    return shown(call, invoice)


@operation("GET", "/invoices/{invoice_id}/timeline", needs="invoices.read", answer=Listed[EventOut], refusals=(404,))
def get_invoice_timeline(call: Call, invoice_id: str) -> Listed[EventOut]:
    """Everything that happened to an invoice, oldest first; a deleted draft's story stays."""
    history = call.store.history(invoice_id) if invoice_id.startswith("inv_") else ()
    if not history:
        call.store.get(Invoice, invoice_id)
    return Listed[EventOut](data=[EventOut.of(one) for one in history], next_cursor=None)


def _is_due_before(day: date, invoice: Invoice) -> bool:
    due = invoice.next_due()
    return invoice.issued_at is not None and invoice.amount_due.minor > 0 and due is not None and due < day


def _informed(invoice: Invoice, patch: InvoicePatch, business: Business) -> Invoice:
    given = patch.model_fields_set
    changed: dict[str, Any] = {"template": patch.template} if patch.template else {}
    changed |= {"language": business.speaks(patch.language)} if patch.language else {}
    changed |= {name: getattr(patch, name) for name in given & {"job_id", "purchase_order", "due_date", "send_on"}}
    return replace(invoice, **changed)
