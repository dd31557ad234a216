"""/v1/invoices/{id}/instalments: what becomes of an issued invoice's payment schedule."""

from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.invoices import shown, shown_again
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.sales import WorkDoneIn
from chalicelib.usecases import replanning


@operation(
    "POST",
    "/invoices/{invoice_id}/instalments/{instalment_id}/complete",
    needs="invoices.write",
    body=WorkDoneIn,
    answer=InvoiceOut,
    refusals=(404, 409, 412, 422),
    again=shown_again,
)
def complete_instalment(call: Call, invoice_id: str, instalment_id: str, body: WorkDoneIn) -> InvoiceOut:
    """Call the work of a milestone done, or accepted: the instalment that waits for it gets its day."""
    invoice = replanning.complete_instalment(
        invoice_id,
        instalment_id,
        on=body.on or call.business.today(call.now),
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return shown(call, invoice)
