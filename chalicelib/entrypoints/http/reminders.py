"""/v1/invoices/{id}/remind: the bell beside an invoice that is not paid."""

from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.invoices import shown, shown_again
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.sales import Nothing
from chalicelib.usecases.reminding import ask_to_remind


@operation(
    "POST",
    "/invoices/{invoice_id}/remind",
    needs="invoices.remind",
    body=Nothing,
    answer=InvoiceOut,
    status=202,
    refusals=(404, 409, 412),
    again=shown_again,
)
def remind_of_invoice(call: Call, invoice_id: str, body: Nothing) -> InvoiceOut:  # noqa: ARG001
    """Remind the client of an issued invoice that is not paid, by mail; once a day at most."""
    return shown(call, ask_to_remind(invoice_id, if_match=call.if_match, now=call.now, store=call.store))
