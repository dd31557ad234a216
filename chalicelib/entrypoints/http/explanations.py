"""Why a figure is what it is."""

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.shapes.explanations import DerivationOut, ExplainQuery, ExplanationOut
from chalicelib.usecases.explaining import explain


@operation(
    "GET",
    "/invoices/{invoice_id}/explain",
    needs="invoices.read",
    query=ExplainQuery,
    answer=ExplanationOut,
    refusals=(404, 422),
)
def explain_invoice(call: Call, invoice_id: str) -> ExplanationOut:
    """A figure of an invoice as the chain of steps that leads to it, from lines, rates and roundings to events.

    What is due can be asked for as of any instant.
    """
    query: ExplainQuery = call.query
    invoice = call.store.get(Invoice, invoice_id)
    step = explain(invoice, query.figure, at=query.at, store=call.store)
    return ExplanationOut(
        invoice_id=invoice.id,
        figure=query.figure,
        currency=invoice.currency,
        amount=f"{Money.rounded(step.value, invoice.currency).decimal}",
        derivation=DerivationOut.of(step),
    )
