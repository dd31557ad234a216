"""/v1/invoices/{id}/late-fee: what paying late costs, and /late-fees: its documents."""

from chalicelib import wiring
from chalicelib.domain.business import Sending
from chalicelib.domain.invoice import Invoice
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.invoices import shown
from chalicelib.entrypoints.http.lists import LateFeeQuery
from chalicelib.entrypoints.http.shapes.late_fees import ChargeLateFeeIn, LateFeeOut
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.usecases.charging_late import charge_late_fee, reckon_late_fee
from chalicelib.usecases.issuing import issue_invoice
from chalicelib.usecases.sweeping import send_at_once


@operation(
    "GET",
    "/invoices/{invoice_id}/late-fee",
    needs="invoices.read",
    query=LateFeeQuery,
    answer=LateFeeOut,
    refusals=(404, 409, 422),
)
def get_late_fee(call: Call, invoice_id: str) -> LateFeeOut:
    """What is owed for paying an invoice late, up to a day, and how it is reckoned."""
    reckoning = reckon_late_fee(invoice_id, through=call.query.through, now=call.now, store=call.store)
    return LateFeeOut.of(reckoning, wiring.wording(reckoning.invoice.language, call.business.country))


def _sent_by_now(call: Call, late_fee_id: str) -> InvoiceOut:
    """The fee, issued if it is to go out at once and its request fell between writing and sending it."""
    send_at_once(late_fee_id, now=call.now, store=call.store.aside(), press=wiring.press())
    return shown(call, call.store.get(Invoice, late_fee_id))


@operation(
    "POST",
    "/invoices/{invoice_id}/late-fees",
    needs="invoices.issue",
    body=ChargeLateFeeIn,
    answer=InvoiceOut,
    status=201,
    place="/invoices",
    refusals=(404, 409, 412, 422),
    again=_sent_by_now,
    forever=True,
)
def make_late_fee(call: Call, invoice_id: str, body: ChargeLateFeeIn) -> InvoiceOut:
    """Make an invoice of what is owed for paying another late; no day is ever charged twice, also if it is deleted."""
    draft = charge_late_fee(
        invoice_id,
        through=body.through,
        send=Sending.AT_ONCE if body.send else Sending.MANUAL,
        if_match=call.if_match,
        now=call.now,
        ids=call.ids,
        store=call.store,
        wordings=wiring.wording,
    )
    if body.issue and not body.send:
        issue_invoice(draft.id, now=call.now, store=call.store, press=wiring.press())
    return _sent_by_now(call, draft.id)
