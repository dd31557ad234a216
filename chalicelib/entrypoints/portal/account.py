"""The client's account: what was paid, with a receipt for each payment, and the statement of a period."""

from collections.abc import Iterator, Mapping
from typing import Final

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.errors import NotFound
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.letterhead import DOT
from chalicelib.domain.payment import Payment
from chalicelib.domain.receipt import placed_on, reference_of
from chalicelib.domain.receipt_document import method_of
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording
from chalicelib.entrypoints.portal.looks import pdf_file
from chalicelib.entrypoints.portal.pages import Visit, laid_out, page
from chalicelib.entrypoints.portal.showing import Badge
from chalicelib.ports import Filter
from chalicelib.usecases.receipting import language_of, receipt_of, receipt_pdf
from chalicelib.usecases.sending import pdf_name

MOST_ROWS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment in the client's list; path: of its receipt."""

    path: str
    title: str
    detail: str
    amount: str
    badge: Badge | None


@page("GET", "/payments")
def payments(visit: Visit) -> Response:
    """What the client paid, the newest first, each with its receipt."""
    paid = visit.store.page(Payment, Filter(client_id=visit.client.id), limit=MOST_ROWS).rows
    named = {id: None for payment in paid for id in placed_on(payment)}
    invoices = {one.id: one for one in visit.store.many(Invoice, named)} if named else {}
    words = visit.wording(None)
    rows = [_row(payment, invoices, words) for payment in paid]
    return laid_out(visit, "payments.html", None, payments=rows)


@page("GET", "/payments/{payment_id}/receipt")
def receipt(visit: Visit, payment_id: str) -> Response:
    payment = visit.store.get(Payment, payment_id)
    if payment.client_id != visit.client.id:
        raise NotFound("payment", payment_id)
    told = receipt_of(payment, visit.business, store=visit.store)
    body = receipt_pdf(
        told,
        visit.business,
        language=language_of(told, visit.client, visit.business),
        renderer=wiring.renderer(),
        wordings=wiring.wording,
    )
    return pdf_file(body, pdf_name(told.reference))


def _row(payment: Payment, invoices: Mapping[str, Invoice], words: Wording) -> Paid:
    details = [method_of(payment, words)]
    details += [words.text("Invoice {number}", number=invoices[id].name) for id in placed_on(payment) if id in invoices]
    return Paid(
        path=f"/payments/{payment.id}/receipt",
        title=words.day(payment.received_on),
        detail=DOT.join((*details, words.text("Receipt {number}", number=reference_of(payment)))),
        amount=words.money(payment.amount),
        badge=next(_badges(payment, words), None),
    )


def _badges(payment: Payment, words: Wording) -> Iterator[Badge]:
    """What became of it since, the weightiest first."""
    if payment.under_dispute:
        yield Badge(text=words.text("Payment disputed"), tone="alert")
    if payment.refunded >= payment.amount:
        yield Badge(text=words.text("Payment refunded"), tone="quiet")
    if payment.refunded:
        yield Badge(text=words.text("Payment refunded in part"), tone="wait")
    if payment.credited:
        yield Badge(text=words.text("Credit {amount}", amount=words.money(payment.credited)), tone="good")
