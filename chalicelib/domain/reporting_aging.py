"""What clients owe, by how long it has been due on a day: client by client, and in each currency together."""

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import date

from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.statement import Aging, Ledger, aging_of, open_parts, parts_owed
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What a client owes in one currency, on so many invoices; oldest: the first day by which some of it was due."""

    client_id: str
    client_name: str
    invoices: int
    oldest: date | None
    aging: Aging


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

    def take_owed(self, client: Client, ledger: Ledger, invoices: Iterable[Invoice]) -> None:
        """Count what a client owed by its account; invoices: those that it owed, as they stand now."""
        owed = {id: amount for id, amount in ledger.owed.items() if amount.minor > 0}
        if owed:
            parts = [(due, part) for due, part in parts_owed(owed, ledger.due_on, invoices) if part]
            self._add(client.id, client.name, ledger.currency, parts, invoices=len(owed))

    def _count(self, invoice: Invoice) -> None:
        parts = [(due, part) for due, part in open_parts(invoice, invoice.amount_due) if part]
        self._add(invoice.client_id, invoice.client_name, invoice.currency, parts, invoices=1)

    def _add(
        self, client_id: str, name: str, currency: str, parts: Sequence[tuple[date | None, Money]], *, invoices: int
    ) -> None:
        self.invoices += invoices
        so_far = self._debts.get((client_id, currency))
        aging = aging_of(parts, on=self.on, currency=currency)
        days = [due for due, _ in parts if due] + ([so_far.oldest] if so_far and so_far.oldest else [])
        self._debts[client_id, currency] = Debt(
            client_id=client_id,
            client_name=name,
            invoices=invoices + (so_far.invoices if so_far else 0),
            oldest=min(days, default=None),
            aging=so_far.aging + aging if so_far else aging,
        )


def _place(debt: Debt) -> tuple[int, int, str]:
    return -debt.aging.overdue.minor, -debt.aging.total.minor, debt.client_id
