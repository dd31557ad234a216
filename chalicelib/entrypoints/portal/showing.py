"""What the pages say of a document on a day, in words that are ready to print."""

from datetime import date
from typing import Final

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_standing import CREDITED, TO_PAY, said_of, standing_of
from chalicelib.domain.quote import OPEN, Quote, QuoteStatus
from chalicelib.domain.quote_document import ANSWERS
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """tone: "good", "wait", "alert" or "quiet"; it is never told by colour alone."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A document in the client's list."""

    path: str
    title: str
    day: str
    amount: str
    badge: Badge


INVOICE_TONES: Final = {
    "Void": "quiet",
    "Refunded": "quiet",
    "Disputed": "alert",
    "Closed": "quiet",
    "Paid in full": "good",
    "Partly refunded": "wait",
    "Paid in part": "wait",
    "Overdue": "alert",
    CREDITED: "quiet",
    TO_PAY: "wait",
}
INSTALMENT_TONES: Final = {
    "Paid": "good",
    "Credited": "quiet",
    "Overdue": "alert",
    "Partly paid": "wait",
    "Upcoming": "quiet",
    "Due": "wait",
}
"""By what is said."""

QUOTE_TONES: Final = {"Approved": "good", "Declined": "quiet", "Expired": "quiet", "To approve": "wait"}


def can_be_seen(document: Quote | Invoice) -> bool:
    """Whether the client may know of it: drafts are the business's own."""
    if isinstance(document, Invoice):
        return document.issued_at is not None
    return document.status is not QuoteStatus.DRAFT or document.delivery.requests > 0


def can_be_answered(quote: Quote, today: date) -> bool:
    return quote.status in OPEN and (quote.valid_until is None or quote.valid_until >= today)


def instalment_badges(invoice: Invoice, today: date, words: Wording) -> list[Badge]:
    """How each instalment stands; nothing is told of those of a void invoice."""
    states = () if invoice.voided_at else invoice.instalment_states(today)
    said = [said_of(state, today) for state in states]
    return [Badge(text=words.text(one), tone=INSTALMENT_TONES[one]) for one in said]


def invoice_badge(invoice: Invoice, today: date, words: Wording) -> Badge:
    said = standing_of(invoice, today)
    return Badge(text=words.text(said), tone=INVOICE_TONES[said])


def quote_badge(quote: Quote, today: date, words: Wording) -> Badge:
    is_over = quote.status in OPEN and not can_be_answered(quote, today)
    said = "Expired" if is_over else ANSWERS.get(quote.status, "To approve")
    return Badge(text=words.text(said), tone=QUOTE_TONES[said])


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
