"""Which invoices a payment that belongs to nobody may be for; a person decides."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Payment, kept_of
from chalicelib.domain.values import dataclass

MOST = 5
"""Suggestions of one payment: more are none."""
MOST_NUMBERS = 10
"""Words of one description that are looked up."""
_WORD = re.compile(r"[\w/-]*\d[\w/-]*")


class Because(StrEnum):
    """Why an invoice is suggested, the surest first."""

    NUMBER = "number"
    AMOUNT_DUE = "amount_due"
    INSTALMENT_DUE = "instalment_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    invoice_id: str
    client_id: str
    number: str
    because: tuple[Because, ...]


def words_with_digits(text: str) -> tuple[str, ...]:
    """What in a description may be the number of an invoice."""
    return tuple(dict.fromkeys(_WORD.findall(text)))[:MOST_NUMBERS]


def suggestions(payment: Payment, candidates: Iterable[Invoice]) -> tuple[Suggestion, ...]:
    """The invoices that fit by number or by what is due, those for which more speaks first.

    candidates: issued invoices, each of which may come twice.
    """
    found: dict[str, Suggestion] = {}
    for invoice in candidates:
        reasons = tuple(_reasons(payment, invoice))
        if reasons and invoice.number:
            found[invoice.id] = Suggestion(
                invoice_id=invoice.id, client_id=invoice.client_id, number=invoice.number, because=reasons
            )
    ranked = sorted(
        found.values(), key=lambda one: (-len(one.because), list(Because).index(one.because[0]), one.number)
    )
    return tuple(ranked[:MOST])


def _reasons(payment: Payment, invoice: Invoice) -> Iterator[Because]:
    if invoice.currency != payment.amount.currency or not invoice.issued_at:
        return
    said = payment.facts.description if payment.facts else ""
    if invoice.number in words_with_digits(said):
        yield Because.NUMBER
    kept = kept_of(payment)
    if kept.minor > 0 and kept == invoice.amount_due:
        yield Because.AMOUNT_DUE
    elif kept.minor > 0 and kept in _instalments_due(invoice):
        yield Because.INSTALMENT_DUE


def _instalments_due(invoice: Invoice) -> tuple[Money, ...]:
    pairs = zip(invoice.schedule, invoice.instalments_settled, strict=False)
    return tuple(instalment.amount - settled for instalment, settled in pairs if settled < instalment.amount)
