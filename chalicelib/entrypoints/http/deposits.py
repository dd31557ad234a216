"""/v1/quotes/{id}/deposit: money asked for before the work; and kept when there is none."""

from chalicelib.domain.access import require
from chalicelib.domain.deposit import DepositTax, DepositWish
from chalicelib.domain.quote import Quote
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.invoices import shown, shown_again
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.reading import to_money
from chalicelib.entrypoints.http.shapes.sales import DepositIn, Nothing
from chalicelib.usecases import depositing, forfeiting


@operation(
    "POST",
    "/quotes/{quote_id}/deposit",
    needs="invoices.write",
    body=DepositIn,
    answer=InvoiceOut,
    status=201,
    place="/invoices",
    refusals=(404, 409, 412, 422),
    again=shown_again,
)
def ask_deposit(call: Call, quote_id: str, body: DepositIn) -> InvoiceOut:
    """Draft the invoice of a deposit on a quote; the quote's invoice deducts it, to the cent, taxes too."""
    if body.send_on:
        require(call.role, "invoices.send")
    currency = call.store.get(Quote, quote_id).figures.currency
    wish = DepositWish(
        percent=body.percent,
        amount=to_money(body.amount, currency=currency, at="/amount"),
        tax=DepositTax(body.tax) if body.tax else None,
        label=body.label,
    )
    invoice = depositing.ask_deposit(
        quote_id,
        wish,
        send_on=body.send_on,
        if_match=call.if_match,
        business=call.business,
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return shown(call, invoice)


@operation(
    "POST",
    "/invoices/{invoice_id}/forfeit",
    needs="invoices.write",
    body=Nothing,
    answer=InvoiceOut,
    status=201,
    place="/invoices",
    refusals=(404, 409, 412),
    again=shown_again,
)
def forfeit_deposit(call: Call, invoice_id: str, body: Nothing) -> InvoiceOut:  # noqa: ARG001
    """Keep a deposit because the client withdrew: draft the invoice that says so, with the tax that is in it."""
    invoice = forfeiting.forfeit_deposit(
        invoice_id, if_match=call.if_match, business=call.business, now=call.now, ids=call.ids, store=call.store
    )
    return shown(call, invoice)
