"""What the pages say of a document on a day, in words that are ready to print."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.document import Columns, Document, Emphasis, Fact, Group, Passage, Total
from chalicelib.domain.document import Party as Block
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_document import columns_of, groups_of, invoice_document, passages_of
from chalicelib.domain.invoice_status import InvoiceStatus, status_of
from chalicelib.domain.invoice_totals import agreed, totals_of
from chalicelib.domain.letterhead import DOT
from chalicelib.domain.money import Money
from chalicelib.domain.party import Party
from chalicelib.domain.quote import OPEN, Quote, QuoteStatus
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.schedule import Instalment, InstalmentState
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording
from chalicelib.usecases.paying import payable


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """tone: "good", "wait", "alert" or "quiet"; it is never told by colour alone."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One instalment; share: its part of the whole, in percent."""

    label: str
    when: str
    amount: str
    badge: Badge | None
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What is asked of the client now."""

    label: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A quote or an invoice as it is laid out on the page."""

    title: str
    number: str
    parties: tuple[Block, ...]
    facts: tuple[Fact, ...]
    columns: Columns
    groups: tuple[Group, ...]
    totals: tuple[Total, ...]
    steps: tuple[Step, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A document in the client's list."""

    path: str
    title: str
    day: str
    amount: str
    badge: Badge


INVOICE_BADGES: Final = {
    InvoiceStatus.VOID: ("Void", "quiet"),
    InvoiceStatus.REFUNDED: ("Refunded", "quiet"),
    InvoiceStatus.DISPUTED: ("Disputed", "alert"),
    InvoiceStatus.WRITTEN_OFF: ("Closed", "quiet"),
    InvoiceStatus.PAID: ("Paid", "good"),
    InvoiceStatus.PARTIALLY_REFUNDED: ("Partly refunded", "wait"),
    InvoiceStatus.PARTIALLY_PAID: ("Partly paid", "wait"),
    InvoiceStatus.OVERDUE: ("Overdue", "alert"),
}
"""How an invoice stands in its client's eyes; whatever else it is, it is to be paid."""

QUOTE_BADGES: Final = {
    QuoteStatus.APPROVED: ("Approved", "good"),
    QuoteStatus.INVOICED: ("Approved", "good"),
    QuoteStatus.DECLINED: ("Declined", "quiet"),
    QuoteStatus.EXPIRED: ("Expired", "quiet"),
}


def can_be_seen(document: Quote | Invoice) -> bool:
    """Whether the client may know of it: drafts are the business's own."""
    if isinstance(document, Invoice):
        return document.issued_at is not None
    return document.status is not QuoteStatus.DRAFT or document.delivery.requests > 0


def can_be_answered(quote: Quote, today: date) -> bool:
    return quote.status in OPEN and (quote.valid_until is None or quote.valid_until >= today)


def invoice_sheet(invoice: Invoice, content: Content, parties: Parties, *, today: date, words: Wording) -> Sheet:
    document = invoice_document(invoice, content, parties, wording=words)
    return Sheet(
        title=document.title,
        number=document.number,
        parties=document.parties,
        facts=document.facts,
        columns=document.columns,
        groups=document.groups,
        totals=(*_totals_so_far(document, invoice, words),),
        steps=(*_steps_paid(invoice, today, words),),
        passages=document.passages,
    )


def panel(invoice: Invoice, words: Wording) -> Panel | None:
    """The instalment that is next, or all that is owed; None when nothing is."""
    if invoice.amount_due.minor <= 0:
        return None
    offers = payable(invoice)
    due_on = invoice.next_due()
    notes = [words.text("by {day}", day=words.day(due_on))] if due_on else []
    if len(offers) > 1:
        notes.append(words.text("Total balance: {amount}", amount=words.money(invoice.amount_due)))
    return Panel(
        label=words.text("Instalment due" if len(offers) > 1 else "Amount due"),
        amount=words.money(offers[0].amount),
        note=DOT.join(notes),
    )


def quote_sheet(quote: Quote, content: Content, business: Business, client: Client, *, words: Wording) -> Sheet:
    day = business.today(quote.sent_at or quote.created_at)
    facts = [Fact(label=words.text("Quote date"), value=words.day(day))]
    if quote.valid_until:
        facts.append(Fact(label=words.text("Valid until"), value=words.day(quote.valid_until)))
    return Sheet(
        title=words.text("Quote"),
        number=words.text("No. {number}", number=quote.number) if quote.number else "",
        parties=(
            _block(words.text("From"), business.as_seller()),
            _block(words.text("For"), client.as_buyer()),
        ),
        facts=tuple(facts),
        columns=columns_of(content, business.as_seller(), words),
        groups=groups_of(content, business.as_seller(), words),
        totals=tuple(_named_total(total, words) for total in totals_of(quote.figures, words)),
        steps=tuple(_steps(quote.schedule, words)) if len(quote.schedule) > 1 else (),
        passages=passages_of(content, words),
    )


def is_credited(invoice: Invoice) -> bool:
    """Whether nothing is to be paid because all of it was credited, and nothing because it was paid."""
    return bool(invoice.credited_total) and not invoice.amount_due and not invoice.paid_total


def invoice_badge(invoice: Invoice, today: date, words: Wording) -> Badge:
    if is_credited(invoice):
        return Badge(text=words.text("Credited"), tone="quiet")
    text, tone = INVOICE_BADGES.get(status_of(invoice, today), ("To pay", "wait"))
    return Badge(text=words.text(text), tone=tone)


def quote_badge(quote: Quote, today: date, words: Wording) -> Badge:
    if quote.status in OPEN and not can_be_answered(quote, today):
        return Badge(text=words.text("Expired"), tone="quiet")
    text, tone = QUOTE_BADGES.get(quote.status, ("To approve", "wait"))
    return Badge(text=words.text(text), tone=tone)


def invoice_row(invoice: Invoice, today: date, words: Wording) -> Row:
    due = invoice.next_due()
    is_owed = invoice.amount_due.minor > 0
    return Row(
        path=f"/invoices/{invoice.id}",
        title=words.text("Invoice {number}", number=invoice.name),
        day=words.text("Due {day}", day=words.day(due)) if due and is_owed else _issued(invoice, words),
        amount=words.money(invoice.amount_due if is_owed else invoice.figures.total),
        badge=invoice_badge(invoice, today, words),
    )


def quote_row(quote: Quote, today: date, words: Wording) -> Row:
    until = quote.valid_until
    return Row(
        path=f"/quotes/{quote.id}",
        title=words.text("Quote {number}", number=quote.number) if quote.number else words.text("Quote"),
        day=words.text("Valid until {day}", day=words.day(until)) if until and can_be_answered(quote, today) else "",
        amount=words.money(quote.figures.total),
        badge=quote_badge(quote, today, words),
    )


def _issued(invoice: Invoice, words: Wording) -> str:
    return words.text("Issued {day}", day=words.day(invoice.issue_date)) if invoice.issue_date else ""


def _block(label: str, party: Party) -> Block:
    contact = tuple(part for part in (party.phone, party.email) if part)
    return Block(label=label, name=party.legal_name or party.name, lines=(*party.address.printed, *contact))


def _named_total(total: Total, words: Wording) -> Total:
    """A quote asks for nothing yet: its last figure is just the total."""
    return replace(total, label=words.text("Total")) if total.emphasis is Emphasis.FINAL else total


def _totals_so_far(document: Document, invoice: Invoice, words: Wording) -> Iterator[Total]:
    """The totals as issued, then what was paid, credited and given up since, and what is left."""
    *before, last = document.totals
    less = (
        ("Paid", invoice.paid_total),
        ("Credited", invoice.credited_total),
        ("No longer asked for", invoice.written_off),
    )
    moved = [Total(label=words.text(label), value=words.money(-amount)) for label, amount in less if amount]
    yield from before
    if moved:
        yield replace(last, emphasis=Emphasis.STRONG)
        yield from moved
        left = Money(max(invoice.amount_due.minor, 0), invoice.currency)
        last = Total(label=words.text("Balance due"), value=words.money(left), emphasis=Emphasis.FINAL)
    yield last


def _steps_paid(invoice: Invoice, today: date, words: Wording) -> Iterator[Step]:
    if len(invoice.schedule) < 2:  # noqa: PLR2004 - one instalment is the whole
        return
    for step, state in zip(_steps(invoice.schedule, words), invoice.instalment_states(today), strict=True):
        badge = None if invoice.voided_at else _step_badge(state, today, words)
        yield replace(step, when=DOT.join(filter(None, (step.when, *_settled_in_part(state, words)))), badge=badge)


def _settled_in_part(state: InstalmentState, words: Wording) -> Iterator[str]:
    """What of an instalment is paid and what is credited, where neither is all of it."""
    for said, amount in (("of which {amount} is paid", state.paid), ("of which {amount} is credited", state.credited)):
        if amount and amount != state.instalment.amount:
            yield words.text(said, amount=words.money(amount))


def _steps(instalments: tuple[Instalment, ...], words: Wording) -> Iterator[Step]:
    whole = sum(instalment.amount.minor for instalment in instalments) or 1
    for place, instalment in enumerate(instalments, 1):
        yield Step(
            label=instalment.label or words.text("Instalment {number}", number=str(place)),
            when=words.day(instalment.due_on) if instalment.due_on else agreed(instalment.due, words),
            amount=words.money(instalment.amount),
            badge=None,
            share=max(round(100 * instalment.amount.minor / whole), 0),
        )


def _step_badge(state: InstalmentState, today: date, words: Wording) -> Badge:
    instalment = state.instalment
    if state.status == "paid":
        return Badge(
            text=words.text("Credited" if state.credited else "Paid"), tone="quiet" if state.credited else "good"
        )
    if state.status == "overdue":
        return Badge(text=words.text("Overdue"), tone="alert")
    if state.paid:
        return Badge(text=words.text("Partly paid"), tone="wait")
    if instalment.awaits_completion or (instalment.due_on and instalment.due_on > today):
        return Badge(text=words.text("Upcoming"), tone="quiet")
    return Badge(text=words.text("Due"), tone="wait")
