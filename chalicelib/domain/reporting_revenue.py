"""Revenue of a period, month by month: by client, by catalogue code, or as a whole; net of what was taken back.

It is what was earned before tax. A deposit that is taxed when it is applied is none before the invoice that applies
it (``Invoice.earns``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import field
from enum import StrEnum

from chalicelib.domain.errors import Refused
from chalicelib.domain.export_lines import Paper, sold_on
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account
from chalicelib.domain.money import Money
from chalicelib.domain.reporting import Entry
from chalicelib.domain.values import dataclass


class By(StrEnum):
    """What revenue is told apart by, within each month."""

    MONTH = "month"
    CLIENT = "client"
    CATALOG_CODE = "catalog_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where revenue came from; month: of issue or of what took back, ``2026-03``.

    catalog_code: None for lines without one, and where revenue is not told apart by it; so is client_id.
    """

    currency: str
    month: str
    client_id: str | None = None
    catalog_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """invoiced: by invoices; taken_back: by credit notes and voiding, above zero."""

    source: Source
    invoiced: Money
    taken_back: Money
    documents: int

    @property
    def net(self) -> Money:
        return self.invoiced - self.taken_back


def earns(entry: Entry) -> bool:
    document = entry.document
    return (document.earns if isinstance(document, Invoice) else document.earned) is Account.REVENUE


@dataclass(slots=True)
class RevenueReport:
    """The sums as they grow, entry by entry."""

    _rows: dict[Source, Revenue] = field(default_factory=dict)

    def take(self, entries: Iterable[Entry], by: By) -> None:
        """Count entries as wholes."""
        for entry in entries:
            if earns(entry):
                self._count(entry, _source(entry, by), entry.document.figures.earned)

    def take_lines(self, entry: Entry, paper: Paper) -> None:
        """Count an entry by the catalogue codes of its lines."""
        if earns(entry):
            amounts: dict[str | None, Money] = {}
            for code, net in _by_code(paper):
                amounts[code] = amounts.get(code, Money.zero(net.currency)) + net
            for code, net in amounts.items():
                self._count(entry, Source(currency=net.currency, month=_month(entry), catalog_code=code), net)

    @property
    def rows(self) -> tuple[Revenue, ...]:
        """Month by month; within a month what came to most first."""
        return tuple(sorted(self._rows.values(), key=_place))

    @property
    def totals(self) -> dict[str, Money]:
        """The revenue in each currency."""
        sums: dict[str, Money] = {}
        for row in self._rows.values():
            sums[row.net.currency] = sums.get(row.net.currency, Money.zero(row.net.currency)) + row.net
        return dict(sorted(sums.items()))

    def _count(self, entry: Entry, source: Source, net: Money) -> None:
        so_far, zero = self._rows.get(source), Money.zero(net.currency)
        back = entry.sign < 0
        self._rows[source] = Revenue(
            source=source,
            invoiced=(so_far.invoiced if so_far else zero) + (zero if back else net),
            taken_back=(so_far.taken_back if so_far else zero) + (net if back else zero),
            documents=(so_far.documents if so_far else 0) + 1,
        )


def _source(entry: Entry, by: By) -> Source:
    document = entry.document
    client_id = document.client_id if by is By.CLIENT else None
    return Source(currency=document.currency, month=_month(entry), client_id=client_id)


def _month(entry: Entry) -> str:
    return f"{entry.day:%Y-%m}"


def _by_code(paper: Paper) -> Iterator[tuple[str | None, Money]]:
    """The nets of the lines with their codes; where the lines do not come to the document's net, that without one."""
    try:
        sold = sold_on(paper)
    except Refused:
        yield None, paper.document.figures.earned
        return
    for line in sold:
        if not line.on_account:
            yield line.catalog_code, line.net


def _place(row: Revenue) -> tuple[str, str, int, str]:
    source = row.source
    return source.month, source.currency, -row.net.minor, source.client_id or source.catalog_code or ""
