"""What is made of quotes, deals, orders and delivery notes in one call: invoices, and each other (K7 to K9)."""

from chalicelib.domain.access import require
from chalicelib.domain.sales_document import SalesKind
from chalicelib.entrypoints.http.contents import quantities
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.invoices import shown as shown_invoice
from chalicelib.entrypoints.http.invoices import shown_again
from chalicelib.entrypoints.http.sales import PLACES, Place, named, sale, shown
from chalicelib.entrypoints.http.shapes.orders import BillingIn, ContinuationIn, SaleOut
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.sales import Nothing
from chalicelib.usecases import continuing, converting


def _bills(place: Place) -> None:
    kind = place.kind

    @operation(
        "POST",
        f"{place.path}/invoices",
        needs="sales.write",
        body=BillingIn,
        answer=InvoiceOut,
        status=201,
        place="/invoices",
        refusals=(404, 409, 412, 422),
        again=shown_again,
        forever=True,
    )
    @named(f"invoice_{kind}", f"Turn a {place.one} into a draft invoice: all that is left, or chosen quantities.")
    def _(call: Call, body: BillingIn, **id: str) -> InvoiceOut:
        return _invoiced(call, kind, id[f"{kind}_id"], body)


def _continues(place: Place, into: Place) -> None:
    kind = place.kind

    @operation(
        "POST",
        f"{place.path}/{into.all}",
        needs="sales.write",
        body=ContinuationIn,
        answer=SaleOut,
        status=201,
        place=f"/{into.all}",
        refusals=(404, 409, 412, 422),
        again=sale,
        forever=True,
    )
    @named(f"make_{into.kind}_of_{kind}", f"Make a {into.one} of a {place.one}, with its lines or chosen quantities.")
    def _(call: Call, body: ContinuationIn, **id: str) -> SaleOut:
        made = continuing.continue_sale(
            kind,
            id[f"{kind}_id"],
            into.kind,
            quantities(body.lines),
            if_match=call.if_match,
            business=call.business,
            now=call.now,
            ids=call.ids,
            store=call.store,
        )
        return shown(call, made)


for each in PLACES.values():
    _bills(each)
    for following in each.into:
        _continues(each, PLACES[following])


@operation(
    "POST",
    "/quotes/{quote_id}/orders",
    needs="sales.write",
    body=Nothing,
    answer=SaleOut,
    status=201,
    place="/orders",
    refusals=(404, 409, 412),
    again=sale,
    forever=True,
)
def make_order_of_quote(call: Call, quote_id: str, body: Nothing) -> SaleOut:  # noqa: ARG001
    """Make an order of a quote, with its lines; from now on the quote is billed through its orders."""
    made = continuing.continue_quote(
        quote_id, if_match=call.if_match, business=call.business, now=call.now, ids=call.ids, store=call.store
    )
    return shown(call, made)


def _invoiced(call: Call, kind: SalesKind, id: str, body: BillingIn) -> InvoiceOut:
    if body.send_on:  # on that day it is issued and mailed by itself
        require(call.role, "invoices.send")
    invoice = converting.invoice_sale(
        kind,
        id,
        quantities(body.lines),
        send_on=body.send_on,
        if_match=call.if_match,
        business=call.business,
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return shown_invoice(call, invoice)
