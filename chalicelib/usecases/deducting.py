"""Deposits deducted from the invoice of their quote, and freed again when that ends."""

from collections.abc import Sequence
from datetime import date, datetime

from chalicelib.domain.deduction import (
    as_deducted,
    counts,
    deducted,
    is_partly_credited,
    less_deposits,
    must_be_deductible,
)
from chalicelib.domain.deposit import Deducted
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Quote, with_deposits
from chalicelib.domain.sales import Content
from chalicelib.ports import Change, Save, Store
from chalicelib.usecases.reading import content_of, notes_of


def deposits_of(quote: Quote, store: Store) -> tuple[Invoice, ...]:
    """The deposits on a quote that are neither void nor wholly credited, and that no invoice deducts or keeps."""
    return tuple(one for one in store.many(Invoice, quote.deposits) if counts(one) and not one.deducted_by)


def to_deduct(quote: Quote, content: Content, *, approval: date, store: Store) -> tuple[Content, tuple[Invoice, ...]]:
    """What the one invoice of a quote sells, and the deposits that it deducts.

    Raises Refused for a deposit that is still a draft, or partly credited.
    """
    deposits = deposits_of(quote, store)
    for deposit in deposits:
        must_be_deductible(deposit)
    sold = [(deposit, content_of(deposit, store)) for deposit in deposits]
    return less_deposits(content, quote, sold, approval=approval), deposits


def recalling(deposits: Sequence[Invoice]) -> tuple[Deducted, ...]:
    return tuple(as_deducted(deposit) for deposit in deposits)


def deducting(deposits: Sequence[Invoice], invoice_id: str, *, now: datetime, store: Store) -> tuple[Change, ...]:
    """The changes that go with the final invoice. Raises Refused when a deposit is not what it was when it was read."""
    changes: list[Change] = []
    for read in deposits:
        deposit = store.get(Invoice, read.id)
        if deposit.deducted_by == invoice_id:
            continue
        if not counts(deposit) or is_partly_credited(deposit) or deposit.deducted_by:
            raise Refused("quote_changed", f"You cannot invoice the quote because its deposit {deposit.name} changed.")
        changes.append(Save(*deducted(deposit, by=invoice_id, at=now)))
    return tuple(changes)


def without(invoice: Invoice, *, now: datetime, store: Store) -> tuple[Change, ...]:
    """What follows when an invoice is deleted or voided: what it deducted is free, and its quote is without it."""
    known = store.many(Invoice, [one.invoice_id for one in invoice.deposits])
    freed = [Save(*deducted(one, by=None, at=now)) for one in known if one.deducted_by == invoice.id]
    if not invoice.deposit or not invoice.quote_id:
        return tuple(freed)
    quote = store.get(Quote, invoice.quote_id)
    others = tuple(id for id in quote.deposits if id != invoice.id)
    return (*freed, Save(*with_deposits(quote, others, at=now)))


def must_not_be_deducted(invoice: Invoice, deed: str, store: Store) -> None:
    """Raise Refused (``deposit_deducted``) for a deposit that another invoice deducts, unless all that is credited."""
    final = store.find(Invoice, invoice.deducted_by) if invoice.deducted_by else None
    if final and not _is_taken_back(final, store):
        raise Refused(
            "deposit_deducted",
            f"You cannot {deed} deposit {invoice.name} because invoice {final.name} deducts it;"
            " void or credit that one first.",
        )


def _is_taken_back(final: Invoice, store: Store) -> bool:
    """Whether it is void, or all of it is credited: what was prepaid, too."""
    if final.voided_at or not final.credited_total:
        return final.voided_at is not None
    return sum(note.figures.total.minor for note in notes_of(final.id, store)) == final.figures.total.minor
