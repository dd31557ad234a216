"""Why a figure is what it is: of invoices, credit notes, quotes, and of what a client owes."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.access import allows
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.explanation import Step
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Quote
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.shapes.explanations import (
    ExplainBalanceQuery,
    ExplainQuery,
    ExplanationOut,
    FigureQuery,
)
from chalicelib.usecases.explaining import explain, explain_document
from chalicelib.usecases.explaining_accounts import Asked, explain_balance


def _told(call: Call, step: Step, of: str, at: datetime | None = None) -> ExplanationOut:
    return ExplanationOut.told(_seen(call, step), of=of, figure=call.query.figure, at=at or call.now)


@operation(
    "GET",
    "/invoices/{invoice_id}/explain",
    needs="invoices.read",
    query=ExplainQuery,
    answer=ExplanationOut,
    refusals=(404, 409, 422),
)
def explain_invoice(call: Call, invoice_id: str) -> ExplanationOut:
    """A figure of an invoice as the chain of steps that leads to it, from lines, rates and roundings to events.

    What moves after issue, such as what is due, can be asked for as of any instant.
    """
    invoice = call.store.get(Invoice, invoice_id)
    step = explain(invoice, call.query.figure, at=call.query.at, now=call.now, store=call.store)
    return _told(call, step, invoice.id, call.query.at)


@operation(
    "GET",
    "/credit-notes/{credit_note_id}/explain",
    needs="credit_notes.read",
    query=FigureQuery,
    answer=ExplanationOut,
    refusals=(404, 422),
)
def explain_credit_note(call: Call, credit_note_id: str) -> ExplanationOut:
    """A figure of a credit note, from what it takes back of which line of its invoice."""
    note = call.store.get(CreditNote, credit_note_id)
    return _told(call, explain_document(note, call.query.figure, store=call.store), note.id)


@operation(
    "GET",
    "/quotes/{quote_id}/explain",
    needs="quotes.read",
    query=FigureQuery,
    answer=ExplanationOut,
    refusals=(404, 422),
)
def explain_quote(call: Call, quote_id: str) -> ExplanationOut:
    """A figure of a quote, from its lines, rates and roundings."""
    quote = call.store.get(Quote, quote_id)
    return _told(call, explain_document(quote, call.query.figure, store=call.store), quote.id)


@operation(
    "GET",
    "/clients/{client_id}/explain",
    needs="events.read",
    query=ExplainBalanceQuery,
    answer=ExplanationOut,
    refusals=(404, 422),
)
def explain_client(call: Call, client_id: str) -> ExplanationOut:
    """A balance of a client as of any instant, down to its invoices, payments or items and the events that moved them.

    Each invoice in it can be explained by itself.
    """
    query: ExplainBalanceQuery = call.query
    asked = Asked(client_id=client_id, currency=query.currency or call.business.currency, at=query.at or call.now)
    step = explain_balance(query.figure, asked, business=call.business, now=call.now, store=call.store)
    return _told(call, step, client_id, query.at)


def _seen(call: Call, step: Step) -> Step:
    """Without the names of the credit notes that are its parts for those who may not see them."""
    if allows(call.role, "credit_notes.read"):
        return step
    seen = (replace(part, because=None, of="") if part.of.startswith("crn_") else part for part in step.parts)
    return replace(step, parts=tuple(seen))
