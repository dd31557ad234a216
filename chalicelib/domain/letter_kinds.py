"""The letters to clients that a business may word itself, and what each of them can name.

Letters to the business, and the notes about private links, are ours.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.business import Business
from chalicelib.domain.errors import Invalid
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import first_of

MEANS: Final[Mapping[str, str]] = {
    "amount": "What was paid, credited, refunded or tried to be charged.",
    "amount_due": "What is to be paid now.",
    "balance": "What the client owes at the end of the statement.",
    "business": "The name of your business.",
    "card": "The card that was charged, or to be charged: its brand and last four digits.",
    "client": "The client's name.",
    "count": "How many invoices it is about.",
    "days_overdue": "For how many days the invoice has been overdue.",
    "due_date": "By which day to pay.",
    "invoice": "The number of the invoice that is corrected.",
    "number": "The number of the quote, the invoice or the credit note.",
    "received_on": "The day on which the payment was received.",
    "since": "The first day of the statement.",
    "total": "What the document comes to, with taxes.",
    "until": "The last day of the statement.",
    "valid_until": "The last day on which the quote can be approved.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """What a letter can name.

    always: whether every such letter has it; a line that names what one lacks is left out of that one.
    """

    name: str
    always: bool

    @property
    def means(self) -> str:
        return MEANS[self.name]


def _naming(*names: str, sometimes: tuple[str, ...] = ()) -> tuple[Placeholder, ...]:
    always = (Placeholder(name=name, always=True) for name in ("client", "business", *names))
    return (*always, *(Placeholder(name=name, always=False) for name in sometimes))


ANNOUNCED: Final = _naming("number", "amount_due", sometimes=("due_date",))
REMINDED: Final = _naming("number", "amount_due", sometimes=("due_date", "days_overdue"))
REMINDED_OF_SEVERAL: Final = _naming("count", "amount_due")

KINDS: Final[Mapping[str, tuple[Placeholder, ...]]] = {
    "quote_sent": _naming("number", "total", sometimes=("valid_until",)),
    "invoice_sent": _naming("number", "total", "amount_due", sometimes=("due_date",)),
    "credit_note_sent": _naming("number", "invoice", "amount"),
    "reminder": REMINDED,
    "reminder_soon": ANNOUNCED,
    "reminder_friendly": REMINDED,
    "reminder_neutral": REMINDED,
    "reminder_firm": REMINDED,
    "reminder_formal": REMINDED,
    "reminder_soon_several": REMINDED_OF_SEVERAL,
    "reminder_friendly_several": REMINDED_OF_SEVERAL,
    "reminder_neutral_several": REMINDED_OF_SEVERAL,
    "reminder_firm_several": REMINDED_OF_SEVERAL,
    "reminder_formal_several": REMINDED_OF_SEVERAL,
    "receipt": _naming("number", "amount", "received_on", "amount_due", sometimes=("card",)),
    "receipt_several": _naming("count", "amount", "received_on", sometimes=("card",)),
    "receipt_on_account": _naming("amount", "received_on", sometimes=("card",)),
    "statement": _naming("since", "until", "balance"),
    "refund_made": _naming("amount", "received_on", sometimes=("number",)),
    "card_needs_client": _naming("number", "amount", "amount_due", "card"),
}
"""By the names that reminders are told by in the API and in the journal, too."""


def names_in(kind: str) -> tuple[str, ...]:
    """What a letter can name."""
    return tuple(placeholder.name for placeholder in KINDS[kind])


def languages_of(business: Business) -> tuple[str, ...]:
    """The languages of its mails: of a pair the first."""
    return tuple(dict.fromkeys(first_of(business.speaks(language)) for language in business.languages))


def must_be_written(kind: str, language: str, business: Business) -> None:
    """Raises Invalid for what is no letter to a client (``unknown_letter``), or in no language of the business's."""
    if kind not in KINDS:
        detail = f"There is no letter to clients called {kind!r}; there are {', '.join(KINDS)}."
        raise Invalid("unknown_letter", detail, at="/kind")
    if language not in languages_of(business):
        spoken = " and ".join(languages_of(business))
        detail = f"The business writes no mails in the language {language!r}; it writes in {spoken}."
        raise Invalid("unknown_language", detail, at="/language")
