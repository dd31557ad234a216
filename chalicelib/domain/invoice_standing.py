"""What an invoice says as it stands on a day: what was issued, and what has become of it since."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from chalicelib.domain.document import Document, Emphasis, Instalment, Panel, Schedule, Standing, Total
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_asking import next_part
from chalicelib.domain.invoice_document import asking, invoice_document
from chalicelib.domain.invoice_status import InvoiceStatus, status_of
from chalicelib.domain.invoice_totals import schedule_of
from chalicelib.domain.letterhead import DOT
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.schedule import InstalmentState
from chalicelib.domain.wording import Wording

TO_PAY, CREDITED, UPCOMING = "To pay", "Credited in full", "Upcoming"
STANDINGS: Mapping[InvoiceStatus, str] = {
    InvoiceStatus.VOID: "Void",
    InvoiceStatus.REFUNDED: "Refunded",
    InvoiceStatus.DISPUTED: "Disputed",
    InvoiceStatus.WRITTEN_OFF: "Closed",
    InvoiceStatus.PAID: "Paid in full",
    InvoiceStatus.PARTIALLY_REFUNDED: "Partly refunded",
    InvoiceStatus.PARTIALLY_PAID: "Paid in part",
    InvoiceStatus.OVERDUE: "Overdue",
}
"""How an invoice stands in its client's eyes; whatever else it is, it is to be paid."""
OVER = {"Void", "Refunded", "Closed", "Paid in full", CREDITED}
"""What the paper is stamped with: nothing is to be paid."""
SETTLED: Mapping[str, Standing] = {"Paid": Standing.PAID, "Credited": Standing.PAID, UPCOMING: Standing.UPCOMING}
"""What is said of an instalment of which nothing is asked for now."""


def invoice_as_it_stands(
    invoice: Invoice, content: Content, parties: Parties, *, on: date, wording: Wording
) -> Document:
    """The invoice as a document in one language, with what was paid, credited and given up since it was issued.

    What is over is stamped. content: priced, as ``worked_out`` leaves it.
    """
    issued = invoice_document(invoice, content, parties, wording=wording)
    if invoice.issued_at is None:
        return issued
    said = standing_of(invoice, on)
    return replace(
        issued,
        stamp=wording.text(said).upper() if said in OVER else "",
        panel=panel_of(invoice, wording),
        totals=tuple(_totals(issued, invoice, wording)),
        schedule=_schedule(invoice, on, wording),
    )


def standing_of(invoice: Invoice, on: date) -> str:
    """How it stands on a day, as a message of the catalogues."""
    if is_credited(invoice):
        return CREDITED
    return STANDINGS.get(status_of(invoice, on), TO_PAY)


def is_credited(invoice: Invoice) -> bool:
    """Whether nothing is to be paid because all of it was credited, and nothing because it was paid."""
    return bool(invoice.credited_total) and not invoice.amount_due and not invoice.paid_total


def panel_of(invoice: Invoice, wording: Wording) -> Panel | None:
    """The instalment that is next, or all that is owed; None when nothing is."""
    whole = invoice.amount_due
    if whole.minor <= 0:
        return None
    part = next_part(invoice.schedule, invoice.instalments_settled, whole)
    return asking(part[1] if part else whole, whole=whole, due_on=invoice.next_due(), wording=wording)


def said_of(state: InstalmentState, on: date) -> str:
    """How an instalment stands on a day, as a message of the catalogues."""
    instalment = state.instalment
    if state.status == "paid":
        return "Credited" if state.credited else "Paid"
    if state.status == "overdue":
        return "Overdue"
    if state.paid:
        return "Partly paid"
    if instalment.awaits_completion or (instalment.due_on and instalment.due_on > on):
        return UPCOMING
    return "Due"


def _totals(issued: Document, invoice: Invoice, wording: Wording) -> Iterator[Total]:
    """The totals as issued, then what was voided, paid, credited and given up since, and what is left."""
    *before, last = issued.totals
    nothing = Money.zero(invoice.currency)
    less = (
        ("Void", invoice.figures.amount_due if invoice.voided_at else nothing),
        ("Paid", invoice.paid_total),
        ("Credited", invoice.credited_total),
        ("No longer asked for", invoice.written_off),
    )
    moved = [Total(label=wording.text(label), value=wording.money(-amount)) for label, amount in less if amount]
    yield from before
    if moved:
        yield replace(last, emphasis=Emphasis.STRONG)
        yield from moved
        left = max(invoice.amount_due, nothing)
        last = Total(label=wording.text("Balance due"), value=wording.money(left), emphasis=Emphasis.FINAL)
    yield last


def _schedule(invoice: Invoice, on: date, wording: Wording) -> Schedule | None:
    agreed = schedule_of(invoice.schedule, wording)
    if agreed is None:
        return None
    pairs = zip(agreed.instalments, invoice.instalment_states(on), strict=True)
    entries = (
        _instalment(entry, state, "" if invoice.voided_at else said_of(state, on), wording) for entry, state in pairs
    )
    return replace(agreed, instalments=tuple(entries))


def _instalment(entry: Instalment, state: InstalmentState, said: str, wording: Wording) -> Instalment:
    return replace(
        entry,
        detail=DOT.join(filter(None, (entry.detail, *_settled_in_part(state, wording)))),
        state=wording.text(said) if said else "",
        standing=SETTLED.get(said, Standing.DUE) if said else Standing.UPCOMING,
    )


def _settled_in_part(state: InstalmentState, wording: Wording) -> Iterator[str]:
    """What of an instalment is paid and what is credited, where neither is all of it."""
    for said, amount in (("of which {amount} is paid", state.paid), ("of which {amount} is credited", state.credited)):
        if amount and amount != state.instalment.amount:
            yield wording.text(said, amount=wording.money(amount))
