"""A mark that a law wants on a paper: whose papers, from when until when, in which case, and what it takes."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.figures import Figures, TaxLine
from chalicelib.domain.party import Party
from chalicelib.domain.sales import Parties
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording


class PaperKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    QUOTE = "quote"
    ORDER = "order"
    DELIVERY = "delivery"


ALL = frozenset(PaperKind)
BILLS = frozenset({PaperKind.INVOICE, PaperKind.CREDIT_NOTE})
INVOICES = frozenset({PaperKind.INVOICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A paper as the law looks at it; on: its day."""

    kind: PaperKind
    figures: Figures
    parties: Parties
    on: date

    @property
    def seller(self) -> Party:
        return self.parties.seller

    @property
    def buyer(self) -> Party:
        return self.parties.buyer

    @property
    def region(self) -> str:
        return (self.seller.address.region or "").upper()

    @property
    def taxed(self) -> tuple[TaxLine, ...]:
        """The taxes that the buyer is charged."""
        return tuple(tax for tax in self.figures.taxes if tax.amount and not tax.withheld)

    @property
    def categories(self) -> frozenset[str]:
        """Of the taxes on it (EN 16931, BT-118)."""
        return frozenset(tax.category for tax in self.figures.taxes)

    @property
    def is_abroad(self) -> bool:
        """Whether the buyer is known to be in another country."""
        return self.buyer.address.country not in {None, self.seller.home}

    def comes_to(self, total: int) -> bool:
        """Whether its total is so much, in units of its currency."""
        return self.figures.total.decimal >= Decimal(total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What must be known; at: where somebody sets it."""

    what: str
    at: str
    known: Callable[[Case], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One mark of one law, for the days from since until until, both included; without them, always.

    sellers: countries (ISO 3166-1) whose businesses it binds; regions: only those of them, as addresses write them.
    applies: in which case. needs: what the business must have said. said: what is printed by itself; without it the
    paper says it in a place of its own. subject: what that is to an e-invoice (EN 16931, BT-21; UNTDID 4451).
    """

    id: str
    source: str
    sellers: frozenset[str]
    regions: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    kinds: frozenset[PaperKind] = INVOICES
    applies: Callable[[Case], bool] = lambda _: True
    needs: tuple[Need, ...] = ()
    said: Callable[[Case, Wording], str] | None = None
    subject: str = ""

    def binds(self, case: Case) -> bool:
        """Whether the law wants it on this paper."""
        if case.kind not in self.kinds or case.seller.home not in self.sellers:
            return False
        if self.regions and case.region not in self.regions:
            return False
        if (self.since and case.on < self.since) or (self.until and case.on > self.until):
            return False
        return self.applies(case)
