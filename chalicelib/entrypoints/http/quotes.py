"""/v1/quotes."""

from dataclasses import replace
from typing import Any

from pydantic import RootModel

from chalicelib.domain import quote as quotes
from chalicelib.domain.access import require
from chalicelib.domain.business import Business, InvoicingMode, Sending
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Invoicing, Quote
from chalicelib.entrypoints.http.contents import content_of, patched, quantities
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.invoices import shown as shown_invoice
from chalicelib.entrypoints.http.lists import Listed, QuoteQuery, listed, matches, within
from chalicelib.entrypoints.http.searches import searched
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.quotes import QuoteOut
from chalicelib.entrypoints.http.shapes.sales import (
    Approval,
    Conversion,
    Decline,
    InvoicingIn,
    QuoteIn,
    QuotePatch,
    SendIn,
)
from chalicelib.entrypoints.http.shapes.timelines import EventOut
from chalicelib.ports import Filter
from chalicelib.usecases import converting, quoting, reading


def shown(call: Call, quote: Quote) -> QuoteOut:
    content = reading.content_of(quote, call.store)
    return QuoteOut.of(quote, content)


def _quote(call: Call, quote_id: str) -> QuoteOut:
    return shown(call, call.store.get(Quote, quote_id))


@operation("GET", "/quotes", needs="quotes.read", query=QuoteQuery, answer=Listed[QuoteOut])
def list_quotes(call: Call) -> Listed[QuoteOut]:
    """The quotes, newest first, without their lines."""
    query = call.query

    def fits(quote: Quote) -> bool:
        return (
            (query.status is None or quote.status == query.status)
            and (query.client_id is None or quote.client_id == query.client_id)
            and (query.number is None or quote.number == query.number)
            and within(call.business.today(quote.created_at), query)
            and matches(query, quote.number, quote.client_name)
        )

    wanted = Filter(client_id=query.client_id, job_id=query.job_id, number=query.number, series="quote", fits=fits)
    found = searched(call, wanted, series="quote", prefix=quoting.NUMBERING.prefix)
    return listed(call, Quote, found, lambda quote: QuoteOut.of(quote, None))


@operation(
    "POST",
    "/quotes",
    needs="quotes.write",
    body=QuoteIn,
    answer=QuoteOut,
    status=201,
    place="/quotes",
    refusals=(404, 409, 422),
    again=_quote,
)
def create_quote(call: Call, body: QuoteIn) -> QuoteOut:
    """Write a quote."""
    quote = quoting.draft_quote(
        content_of(call, body),
        client_id=body.client_id,
        language=body.language,
        template=body.template,
        valid_until=body.valid_until,
        invoicing=_invoicing(body.invoicing),
        job_id=body.job_id,
        business=call.business,
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return shown(call, quote)


@operation("GET", "/quotes/{quote_id}", needs="quotes.read", answer=QuoteOut, refusals=(404,))
def get_quote(call: Call, quote_id: str) -> QuoteOut:
    """One quote with its lines."""
    return _quote(call, quote_id)


@operation(
    "PATCH",
    "/quotes/{quote_id}",
    needs="quotes.write",
    body=QuotePatch,
    answer=QuoteOut,
    refusals=(404, 409, 412, 422),
    again=_quote,
)
def edit_quote(call: Call, quote_id: str, body: QuotePatch) -> QuoteOut:
    """Change a quote that the client has not answered."""
    quote = quoting.edit_quote(
        quote_id,
        lambda known, content: (
            _informed(known, body, call.business),
            patched(call, content, body, client_id=known.client_id),
        ),
        business=call.business,
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return shown(call, quote)


@operation("DELETE", "/quotes/{quote_id}", needs="quotes.write", status=204, refusals=(404, 409, 412))
def remove_quote(call: Call, quote_id: str) -> Answer:
    """Delete a quote that nobody was shown."""
    quoting.remove_quote(quote_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation(
    "POST",
    "/quotes/{quote_id}/send",
    needs="quotes.send",
    body=SendIn,
    answer=QuoteOut,
    status=202,
    refusals=(404, 409, 412),
    again=_quote,
    forever=True,
)
def send_quote(call: Call, quote_id: str, body: SendIn) -> QuoteOut:
    """Mail a quote to the client, with its PDF; ``delivery.state`` says how far it has come."""
    quote = quoting.send_quote(quote_id, template=body.template, if_match=call.if_match, now=call.now, store=call.store)
    return shown(call, quote)


@operation(
    "POST",
    "/quotes/{quote_id}/approve",
    needs="quotes.approve",
    body=Approval,
    answer=QuoteOut,
    refusals=(404, 409, 412),
    again=_quote,
)
def approve_quote(call: Call, quote_id: str, body: Approval) -> QuoteOut:
    """Approve a quote; its draft invoices follow by themselves where that is set up."""
    quote = quoting.approve_quote(
        quote_id, by=body.by, signature=body.signature, if_match=call.if_match, now=call.now, store=call.store
    )
    return shown(call, quote)


@operation(
    "POST",
    "/quotes/{quote_id}/decline",
    needs="quotes.approve",
    body=Decline,
    answer=QuoteOut,
    refusals=(404, 409, 412),
    again=_quote,
)
def decline_quote(call: Call, quote_id: str, body: Decline) -> QuoteOut:
    """Decline a quote."""
    quote = quoting.decline_quote(
        quote_id, by=body.by, reason=body.reason, if_match=call.if_match, now=call.now, store=call.store
    )
    return shown(call, quote)


class ConversionOut(RootModel[InvoiceOut | Listed[InvoiceOut]]):
    """The draft; with one per instalment, a list of them."""


def _converted(call: Call, id: str) -> Answer:
    if (known := call.store.find(Invoice, id)) and known.sources:
        return _made(call, (id,))
    invoices: tuple[Invoice, ...] = call.store.page(Invoice, Filter(parent=call.parts["quote_id"]), limit=100).rows
    billing = [invoice for invoice in invoices if invoice.bills_quote]
    in_order = sorted(billing, key=lambda invoice: (len(invoice.instalment_id or ""), invoice.instalment_id))
    return _made(call, tuple(invoice.id for invoice in in_order))


def _made(call: Call, invoice_ids: tuple[str, ...]) -> Answer:
    made = [shown_invoice(call, invoice) for invoice in call.store.many(Invoice, invoice_ids)]
    if len(made) == 1:
        return Answer(body=made[0], status=201)
    return Answer(body=Listed[InvoiceOut](data=made, next_cursor=None), status=201)


@operation(
    "POST",
    "/quotes/{quote_id}/invoices",
    needs="invoices.write",
    body=Conversion,
    answer=ConversionOut,
    status=201,
    place="/invoices",
    refusals=(404, 409, 412, 422),
    again=_converted,
)
def invoice_quote(call: Call, quote_id: str, body: Conversion) -> Answer:
    """Turn a quote into its draft invoice in one call; with one per instalment, the answer is a list.

    With ``lines`` it is billed in parts: its order is made with the first, and keeps count of what is left; without
    them the last part takes the rest.
    """
    if body.send_on:
        require(call.role, "invoices.send")
    if body.lines or call.store.get(Quote, quote_id).in_parts:
        return _made(call, (_invoiced_in_parts(call, quote_id, body),))
    wanted = Invoicing(mode=InvoicingMode(body.mode), send_on=body.send_on)
    ids = quoting.invoice_quote(quote_id, wanted, if_match=call.if_match, now=call.now, store=call.store)
    return _made(call, ids)


def _invoiced_in_parts(call: Call, quote_id: str, body: Conversion) -> str:
    require(call.role, "sales.write")
    if body.mode != "single":
        quotes.must_not_be_ordered(call.store.get(Quote, quote_id))
    invoice = converting.invoice_quote_in_parts(
        quote_id,
        quantities(body.lines),
        send_on=body.send_on,
        if_match=call.if_match,
        business=call.business,
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return invoice.id


@operation("GET", "/quotes/{quote_id}/timeline", needs="quotes.read", answer=Listed[EventOut], refusals=(404,))
def get_quote_timeline(call: Call, quote_id: str) -> Listed[EventOut]:
    """Everything that happened to a quote, oldest first."""
    history = call.store.history(quote_id) if quote_id.startswith("quo_") else ()
    if not history:
        call.store.get(Quote, quote_id)
    return Listed[EventOut](data=[EventOut.of(one) for one in history], next_cursor=None)


def _invoicing(wanted: InvoicingIn | None) -> Invoicing | None:
    if wanted is None:
        return None
    return Invoicing(mode=InvoicingMode(wanted.mode), send=Sending(wanted.send), send_on=wanted.send_on)


def _informed(quote: Quote, patch: QuotePatch, business: Business) -> Quote:
    given = patch.model_fields_set
    changed: dict[str, Any] = {"template": patch.template} if patch.template else {}
    changed |= {"language": business.speaks(patch.language)} if patch.language else {}
    changed |= {name: getattr(patch, name) for name in given & {"job_id", "valid_until"}}
    if "invoicing" in given:
        changed["invoicing"] = _invoicing(patch.invoicing)
    return replace(quote, **changed)
