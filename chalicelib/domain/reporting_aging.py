"""What clients owe now, by how long it has been due on a day: client by client, and in each currency together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain.errors import Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.statement import Aging, aging_of, open_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What a client owes in one currency, on so many invoices; oldest: the first day by which some of it was due."""

    client_id: str
    client_name: str
    invoices: int
    oldest: date | None
    aging: Aging


def as_of(day: date | None, *, today: date) -> date:
    """The day asked for. Raises Invalid for one that is over: what was open then is on the statement of each client."""
    if day is not None and day < today:
        detail = "What was open on a day that is over is on the statement of each client; ask for today or later."
        raise Invalid("in_the_past", detail, at="/as_of")
    return day or today


@dataclass(slots=True)
class AgingReport:
    """The sums as they grow, invoice by invoice; it keeps one row for each client and currency."""

    on: date
    _debts: dict[tuple[str, str], Debt] = field(default_factory=dict)
    invoices: int = 0

    def take(self, invoices: Iterable[Invoice]) -> None:
        for invoice in invoices:
            if invoice.amount_due.minor > 0:
                self._count(invoice)

    @property
    def debts(self) -> tuple[Debt, ...]:
        """Who owes most that is overdue comes first."""
        return tuple(sorted(self._debts.values(), key=_place))

    @property
    def totals(self) -> dict[str, Aging]:
        """All that is owed, by currency."""
        sums: dict[str, Aging] = {}
        for debt in self._debts.values():
            currency = debt.aging.current.currency
            sums[currency] = sums[currency] + debt.aging if currency in sums else debt.aging
        return dict(sorted(sums.items()))

    def _count(self, invoice: Invoice) -> None:
        self.invoices += 1
        key = invoice.client_id, invoice.currency
        so_far = self._debts.get(key)
        parts = [(due, part) for due, part in open_parts(invoice, invoice.amount_due) if part]
        aging = aging_of(parts, on=self.on, currency=invoice.currency)
        days = [due for due, _ in parts if due] + ([so_far.oldest] if so_far and so_far.oldest else [])
        self._debts[key] = Debt(
            client_id=invoice.client_id,
            client_name=invoice.client_name,
            invoices=1 + (so_far.invoices if so_far else 0),
            oldest=min(days, default=None),
            aging=so_far.aging + aging if so_far else aging,
        )


def _place(debt: Debt) -> tuple[int, int, str]:
    return -debt.aging.overdue.minor, -debt.aging.total.minor, debt.client_id
