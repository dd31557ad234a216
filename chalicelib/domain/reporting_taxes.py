"""Taxes of a period by code, rate and registration number: the sum of the tax lines, to the cent (C29)."""

from collections.abc import Iterable, Sequence
from dataclasses import field
from decimal import Decimal

from chalicelib.domain.money import Money
from chalicelib.domain.reporting import Entry
from chalicelib.domain.taxation import TaxLine
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """What makes tax lines the same tax: one rate under one number, in one currency.

    rate_percent: None for a fixed tax; withheld: the client pays it to the tax office, and it is not owed by us.
    """

    currency: str
    code: str
    rate_percent: Decimal | None
    registration_number: str | None
    category: str
    withheld: bool

    @classmethod
    def of(cls, line: TaxLine) -> "Tax":
        return cls(
            currency=line.amount.currency,
            code=line.code,
            rate_percent=line.rate_percent,
            registration_number=line.registration_number,
            category=line.category,
            withheld=line.withheld,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTotal:
    """What a tax came to; base: what it was taken on.

    charged: by invoices; taken_back: by credit notes and voiding, above zero; the amount is what is left.
    documents: the tax lines counted.
    """

    tax: Tax
    name: str
    base: Money
    charged: Money
    taken_back: Money
    documents: int

    @property
    def amount(self) -> Money:
        return self.charged - self.taken_back


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxSum:
    """What one currency came to; net_total: of all documents, before tax; withheld_total is not in tax_total."""

    currency: str
    net_total: Money
    tax_total: Money
    withheld_total: Money
    taxes: tuple[TaxTotal, ...]


@dataclass(slots=True)
class TaxReport:
    """The sums as they grow, entry by entry; it keeps nothing of the documents but these."""

    _taxes: dict[Tax, TaxTotal] = field(default_factory=dict)
    _nets: dict[str, int] = field(default_factory=dict)

    def take(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            figures = entry.document.figures
            net = entry.counted(figures.net_total)
            self._nets[net.currency] = self._nets.get(net.currency, 0) + net.minor
            for line in figures.taxes:
                self._count(entry, line)

    @property
    def sums(self) -> tuple[TaxSum, ...]:
        return tuple(self._sum(currency) for currency in sorted(self._nets))

    def _count(self, entry: Entry, line: TaxLine) -> None:
        tax, zero = Tax.of(line), Money.zero(line.amount.currency)
        so_far = self._taxes.get(tax)
        back = entry.sign < 0
        self._taxes[tax] = TaxTotal(
            tax=tax,
            name=so_far.name if so_far else line.name,
            base=(so_far.base if so_far else zero) + entry.counted(line.base),
            charged=(so_far.charged if so_far else zero) + (zero if back else line.amount),
            taken_back=(so_far.taken_back if so_far else zero) + (line.amount if back else zero),
            documents=(so_far.documents if so_far else 0) + 1,
        )

    def _sum(self, currency: str) -> TaxSum:
        taxes = sorted((one for one in self._taxes.values() if one.tax.currency == currency), key=_place)
        return TaxSum(
            currency=currency,
            net_total=Money(self._nets[currency], currency),
            tax_total=_total([one.amount for one in taxes if not one.tax.withheld], currency),
            withheld_total=_total([one.amount for one in taxes if one.tax.withheld], currency),
            taxes=tuple(taxes),
        )


def _place(total: TaxTotal) -> tuple[str, bool, Decimal, str, str]:
    tax = total.tax
    return tax.code, tax.withheld, tax.rate_percent or Decimal(0), tax.registration_number or "", tax.category


def _total(amounts: Sequence[Money], currency: str) -> Money:
    return Money(sum(amount.minor for amount in amounts), currency)
