"""A letter to a client as it would look: of an invoice that there is, or of nobody's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from chalicelib.domain import invoice_reminders
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.letter import Letter
from chalicelib.domain.letter_kinds import names_in
from chalicelib.domain.letter_text import LetterText, checked
from chalicelib.domain.money import Money
from chalicelib.domain.wording import Wording
from chalicelib.ports import Store, Wordings
from chalicelib.usecases.document_letters import letter_about
from chalicelib.usecases.own_letters import own_letter
from chalicelib.usecases.reminder_letters import reminder_of_one

CLIENT: Final = "Camille Roy"
TOTAL, HALF, OWED = Decimal("1149.75"), Decimal("574.88"), Decimal("1724.63")
OVERDUE = timedelta(days=12)
MONTH = timedelta(days=30)

Facts = tuple[tuple[str, str], ...]

OF_INVOICE: Final[Facts] = (("Invoice", "number"), ("Amount due", "amount_due"), ("Due date", "due_date"))
SAMPLES: Final[Mapping[str, Facts]] = {
    "quote_sent": (("Quote", "number"), ("Total", "total"), ("Valid until", "valid_until")),
    "invoice_sent": OF_INVOICE,
    "credit_note_sent": (("Credit note", "number"), ("Invoice corrected", "invoice"), ("Amount credited", "amount")),
    "receipt": (("Amount", "amount"), ("Received on", "received_on"), ("Amount due", "amount_due")),
    "receipt_several": (("Amount", "amount"), ("Received on", "received_on")),
    "receipt_on_account": (("Amount", "amount"), ("Received on", "received_on")),
    "statement": (("Closing balance", "balance"),),
    "refund_made": (("Invoice", "number"), ("Amount refunded", "amount"), ("Received on", "received_on")),
    "card_needs_client": (("Amount due", "amount_due"),),
}
"""What stands in the panel of each; of reminders, see ``_panel``."""


def preview_letter(
    kind: str,
    language: str,
    *,
    text: LetterText | None,
    invoice_id: str | None,
    now: datetime,
    store: Store,
    wordings: Wordings,
    link: str,
) -> Letter:
    """A letter with its link to look at; nothing is sent, and nothing is given that opens.

    text: what it would say; None: what it says now.
    Raises Invalid (see ``must_be_written`` and ``checked``; ``not_of_an_invoice``), and for an invoice NotFound, and
    Refused where nobody can be reminded of it.
    """
    business = store.get(Business)
    own = own_letter(kind, language, business=business, store=store)
    words = checked(text, names_in(kind), at="/text") if text else own.text if own else None
    if invoice_id is None:
        letter = _sample(kind, language, business, today=business.today(now), wordings=wordings)
    else:
        letter = _of_invoice(kind, language, store.get(Invoice, invoice_id), now=now, store=store, wordings=wordings)
    return replace(letter, own=words, link=link)


def _of_invoice(
    kind: str, language: str, invoice: Invoice, *, now: datetime, store: Store, wordings: Wordings
) -> Letter:
    business, client = store.get(Business), store.get(Client, invoice.client_id)
    if kind == "invoice_sent":
        looked_at = replace(invoice, language=language)
        return letter_about(looked_at, business, client, wording=wordings(language, business.country))
    if not kind.startswith("reminder") or kind.endswith("several"):
        raise Invalid("not_of_an_invoice", f"The letter {kind} is not about one invoice.", at="/invoice_id")
    invoice_reminders.requested(invoice, at=now)
    return reminder_of_one(
        invoice, client, business, template=kind, language=language, on=business.today(now), wordings=wordings
    )


def _sample(kind: str, language: str, business: Business, *, today: date, wordings: Wordings) -> Letter:
    wording = wordings(language, business.country)
    due = today - OVERDUE if "days_overdue" in names_in(kind) else today + MONTH
    values = _values(business, wording, today, due=due)
    return Letter(
        template=kind,
        business=business,
        language=language,
        values={name: values[name] for name in names_in(kind)} | {"online": "yes"},
        facts=tuple((wording.text(label), values[name]) for label, name in _panel(kind)),
    )


def _panel(kind: str) -> Facts:
    if kind in SAMPLES:
        return SAMPLES[kind]
    if kind.endswith("several"):
        return (("Total due", "amount_due"),)
    return OF_INVOICE if kind == "reminder_soon" else (*OF_INVOICE, ("Days overdue", "days_overdue"))


def _values(business: Business, wording: Wording, today: date, *, due: date) -> dict[str, str]:
    """Every value that a letter can have, of nobody."""
    total, half, owed = (wording.money(Money.rounded(amount, business.currency)) for amount in (TOTAL, HALF, OWED))
    return {
        "amount": half,
        "amount_due": half,
        "balance": owed,
        "business": business.name,
        "card": "visa 4242",
        "client": CLIENT,
        "count": "3",
        "days_overdue": f"{OVERDUE.days}",
        "due_date": wording.day(due),
        "invoice": "2026-00041",
        "number": "2026-00042",
        "received_on": wording.day(today),
        "since": wording.day(today - MONTH),
        "total": total,
        "until": wording.day(today),
        "valid_until": wording.day(today + MONTH),
    }
