"""Why a figure is what it is: of all documents with lines, and of what a client owes."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.access import allows
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.explanation import Step
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.sales import PLACES, Place, named
from chalicelib.entrypoints.http.shapes.explanations import (
    ExplainBalanceQuery,
    ExplainQuery,
    ExplanationOut,
    FigureQuery,
)
from chalicelib.usecases import selling
from chalicelib.usecases.explaining import explain, explain_document
from chalicelib.usecases.explaining_accounts import Asked, explain_balance


def _told(
    call: Call, step: Step, of: str, *, rounding: str | None = None, at: datetime | None = None
) -> ExplanationOut:
    figure = call.query.figure
    return ExplanationOut.told(_seen(call, step), of=of, figure=figure, rounding=rounding, at=at or call.now)


def _told_of(call: Call, document: CreditNote | Quote | SalesDocument) -> ExplanationOut:
    step = explain_document(document, call.query.figure, store=call.store)
    return _told(call, step, document.id, rounding=document.figures.rounding)


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
    return _told(call, step, invoice.id, rounding=invoice.figures.rounding, at=call.query.at)


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
    return _told_of(call, call.store.get(CreditNote, credit_note_id))


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
    return _told_of(call, call.store.get(Quote, quote_id))


def _explain_sales(place: Place) -> None:
    @operation(
        "GET",
        f"{place.path}/explain",
        needs="sales.read",
        query=FigureQuery,
        answer=ExplanationOut,
        refusals=(404, 422),
    )
    @named(f"explain_{place.kind}", f"A figure of a {place.one}, from its lines, rates and roundings.")
    def _(call: Call, **id: str) -> ExplanationOut:
        return _told_of(call, selling.of_kind(place.kind, id[f"{place.kind}_id"], call.store))


for _place in PLACES.values():
    _explain_sales(_place)


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
    return _told(call, step, client_id, at=query.at)


def _seen(call: Call, step: Step) -> Step:
    """Without the names of the credit notes that are its parts for those who may not see them."""
    if allows(call.role, "credit_notes.read"):
        return step
    seen = (replace(part, because=None, of="") if part.of.startswith("crn_") else part for part in step.parts)
    return replace(step, parts=tuple(seen))
