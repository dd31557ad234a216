"""What a job comes to: offered, won, billed, paid and still to be billed, currency by currency."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, is_in_balance
from chalicelib.domain.money import Money
from chalicelib.domain.quote import WON, Quote, QuoteStatus
from chalicelib.domain.values import dataclass

LOST = {QuoteStatus.DECLINED, QuoteStatus.EXPIRED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """In one currency, taxes included but for ``unbilled``.

    quoted: on quotes that were not lost; approved: on those that were won, the invoiced ones among them.
    invoiced, credited, paid, due: of issued invoices in force; unbilled: published items that are on none.
    """

    quoted: Money
    approved: Money
    invoiced: Money
    paid: Money
    due: Money
    unbilled: Money
    credited: Money

    @classmethod
    def zero(cls, currency: str) -> "Totals":
        return cls(**{field.name: Money.zero(currency) for field in fields(cls)})

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})


def totals_of(
    rows: Iterable[Any], *, claimants: Mapping[str, Invoice], before: Mapping[str, Totals] | None = None
) -> dict[str, Totals]:
    """The totals of what is filed to a job, by currency.

    claimants: the invoices that claim the items among them, by id; before: the totals of what came before these rows.
    """
    sums = dict(before or {})
    for row in rows:
        for name, amount in _worth(row, claimants):
            zero = Totals.zero(amount.currency)
            worth = Totals(**{f.name: amount if f.name == name else getattr(zero, f.name) for f in fields(zero)})
            sums[amount.currency] = sums.get(amount.currency, zero) + worth
    return dict(sorted(sums.items()))


def _worth(row: Any, claimants: Mapping[str, Invoice]) -> list[tuple[str, Money]]:  # noqa: ANN401 - anything filed
    match row:
        case Quote():
            total = row.figures.total
            quoted = [("quoted", total)] if row.status not in LOST else []
            return [*quoted, ("approved", total)] if row.status in WON else quoted
        case Invoice() if row.issued_at and not row.voided_at:
            credited = ("credited", row.credited_total)
            return [("invoiced", row.figures.total), credited, ("paid", row.paid_total), ("due", row.amount_due)]
        case Item() if is_in_balance(row, claimants.get(row.invoice_id or "")):
            return [("unbilled", row.amount)]
    return []
