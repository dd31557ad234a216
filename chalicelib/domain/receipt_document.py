"""What a receipt says on paper: who paid how much and how, for which invoices, and what went back of it since."""

from collections.abc import Iterator

from chalicelib.domain.document import (
    Columns,
    Document,
    Emphasis,
    Fact,
    Group,
    Panel,
    Row,
    Template,
    Total,
)
from chalicelib.domain.letterhead import buyer_of, letterhead, sender_of
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment
from chalicelib.domain.receipt import Placed, Receipt
from chalicelib.domain.sales import Parties
from chalicelib.domain.settlement import ChargeStatus
from chalicelib.domain.wording import Wording

METHODS = {
    Method.CASH: "Cash",
    Method.CHEQUE: "Cheque",
    Method.TRANSFER: "Bank transfer",
    Method.CARD_TERMINAL: "Card terminal",
    Method.OTHER: "Other means",
    Method.ONLINE: "Online payment",
}
LAST_DIGITS = 4


def receipt_document(receipt: Receipt, *, template: Template, wording: Wording) -> Document:
    """The receipt of a payment in one language, as the payment and its invoices stand."""
    text, seller, payment = wording.text, receipt.seller, receipt.payment
    parties = Parties(id=payment.id, seller=seller, buyer=receipt.payer)
    return Document(
        **letterhead(seller, wording),
        template=template,
        dated=payment.received_on,
        title=text("Receipt"),
        number=text("No. {number}", number=receipt.reference),
        heading=text("Receipt {number}", number=receipt.reference),
        parties=(sender_of(parties, wording), buyer_of(parties, text("Received from"), wording)),
        panel=Panel(
            label=text("Amount received"),
            amount=wording.money(payment.amount),
            note=_note(payment, wording),
        ),
        facts=tuple(_facts(payment, wording)),
        columns=Columns(
            description=text("For"),
            quantity=text("Invoice total"),
            unit_price=text("Balance due"),
            net=text("Paid by this payment"),
        ),
        groups=(Group(rows=tuple(_rows(receipt, wording))),),
        totals=tuple(_totals(receipt, wording)),
    )


def method_of(payment: Payment, wording: Wording) -> str:
    """How the money came; of a card what its owner knows it by, "Visa •••• 4242"."""
    brand, _, digits = _label_of(payment).rpartition(" ")
    if len(digits) == LAST_DIGITS and digits.isdigit():
        return f"{brand.title() or wording.text('Card')} \N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET} {digits}"
    return wording.text(METHODS[payment.method])


def _label_of(payment: Payment) -> str:
    """What the provider calls the card, or what else was charged."""
    charges = payment.facts.charges if payment.facts else ()
    return next((one.label for one in charges if one.status is ChargeStatus.SUCCEEDED and one.label), "")


def _note(payment: Payment, wording: Wording) -> str:
    if payment.refunded:
        return wording.text("of which {amount} was refunded", amount=wording.money(payment.refunded))
    if payment.disputed:
        return wording.text("of which {amount} is disputed with the bank", amount=wording.money(payment.disputed))
    return wording.text("Thank you for your payment")


def _facts(payment: Payment, wording: Wording) -> Iterator[Fact]:
    yield Fact(label=wording.text("Received on"), value=wording.day(payment.received_on))
    yield Fact(label=wording.text("Means of payment"), value=method_of(payment, wording))
    if payment.reference and payment.reference != _label_of(payment):
        yield Fact(label=wording.text("Reference"), value=payment.reference)


def _rows(receipt: Receipt, wording: Wording) -> Iterator[Row]:
    payment = receipt.payment
    for placed in receipt.placed:
        yield _row(placed, wording)
    if payment.credited or not receipt.placed:
        yield Row(
            description=wording.text("Your account"),
            detail=wording.text("Credit that can be used for other invoices"),
            quantity="",
            unit_price="",
            net=wording.money(payment.credited),
        )


def _row(placed: Placed, wording: Wording) -> Row:
    invoice = placed.invoice
    issued = wording.text("Issued {day}", day=wording.day(invoice.issue_date)) if invoice.issue_date else ""
    left = Money(max(invoice.amount_due.minor, 0), invoice.currency)
    return Row(
        description=wording.text("Invoice {number}", number=invoice.name),
        detail=wording.text("Void") if invoice.voided_at else issued,
        quantity=wording.money(invoice.figures.total),
        unit_price=wording.money(left),
        net=wording.money(placed.amount),
    )


def _totals(receipt: Receipt, wording: Wording) -> Iterator[Total]:
    text, money, payment = wording.text, wording.money, receipt.payment
    if not receipt.returns and not payment.disputed:
        yield Total(label=text("Amount received"), value=money(payment.amount), emphasis=Emphasis.FINAL)
        return
    yield Total(label=text("Amount received"), value=money(payment.amount), emphasis=Emphasis.STRONG)
    for one in receipt.returns:
        said = "Refunded on {day}" if one.amount.minor > 0 else "Refund that failed, on {day}"
        yield Total(label=text(said, day=wording.day(one.day)), value=money(-one.amount))
    if payment.disputed:
        yield Total(label=text("Disputed with the bank"), value=money(-payment.disputed))
    yield Total(label=text("Left of this payment"), value=money(payment.kept), emphasis=Emphasis.FINAL)
