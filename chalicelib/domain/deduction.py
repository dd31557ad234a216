"""The final invoice of a quote less the deposits on it: each deposit is deducted once, by an invoice that names it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.deposit import Deducted, DepositTax, left_after, recalled, rest_of, taken_off
from chalicelib.domain.deposit_events import DepositDeducted
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Content
from chalicelib.domain.schedule import dated, settled


def must_be_deductible(deposit: Invoice) -> None:
    """Raise Refused for a deposit of which it is not settled yet what it comes to."""
    if deposit.issued_at is None:
        raise Refused(
            "deposit_not_issued",
            f"You cannot invoice the quote because its deposit {deposit.name} is a draft; issue or delete it.",
        )
    if is_partly_credited(deposit):
        raise Refused(
            "deposit_partly_credited",
            f"You cannot invoice the quote because its deposit {deposit.name} is partly credited; credit the rest.",
        )


def counts(deposit: Invoice) -> bool:
    """Whether there is anything to deduct: neither void nor wholly credited."""
    return deposit.voided_at is None and (not deposit.credited_total or is_partly_credited(deposit))


def is_partly_credited(deposit: Invoice) -> bool:
    return bool(deposit.credited_total) and deposit.credited_total < deposit.figures.amount_due


def as_deducted(deposit: Invoice) -> Deducted:
    """Raises ValueError for a draft, and for what is no deposit."""
    if deposit.number is None or deposit.issue_date is None or deposit.deposit is None:
        raise ValueError(f"{deposit.id} was never issued")
    return Deducted(
        invoice_id=deposit.id,
        number=deposit.number,
        issued_on=deposit.issue_date,
        total=deposit.figures.total,
        tax=deposit.deposit,
    )


def less_deposits(
    content: Content, quote: Quote, deposits: Sequence[tuple[Invoice, Content]], *, approval: date
) -> Content:
    """What the final invoice sells: all of the quote, less what was invoiced on deposit, and what is paid of it."""
    taxed = [(one, sold) for one, sold in deposits if one.deposit is DepositTax.ON_RECEIPT]
    untaxed = [one for one, _ in deposits if one.deposit is not DepositTax.ON_RECEIPT]
    after = replace(content, schedule=tuple(settled(term, approval=approval) for term in content.schedule))
    if untaxed:
        prepaid = (content.prepaid or Money.zero(content.currency)) + _total(untaxed, content.currency)
        after = replace(after, prepaid=prepaid)
    if not taxed:
        return after
    lines = [
        line
        for one, sold in taxed
        for line in taken_off(one.id, sold.lines, described=recalled(as_deducted(one), quote.language))
    ]
    known = dated(quote.schedule, approval=approval)
    invoiced = _total([one for one, _ in taxed], content.currency)
    return replace(
        after,
        lines=(*content.lines, *lines),
        given=rest_of(after.figures(), [sold.figures() for _, sold in taxed]),
        schedule=left_after(known, invoiced) if content.schedule else (),
    )


def deducted(deposit: Invoice, *, by: str | None, at: datetime) -> tuple[Invoice, DepositDeducted]:
    """The deposit with the invoice that deducts it; None frees it again."""
    after = replace(deposit, version=deposit.version + 1, deducted_by=by)
    return after, DepositDeducted(subject=deposit.id, version=after.version, at=at, by=by)


def _total(deposits: Sequence[Invoice], currency: str) -> Money:
    return Money(sum(one.figures.total.minor for one in deposits), currency)
