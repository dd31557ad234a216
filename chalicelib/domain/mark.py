"""A mark that a law wants on a paper: whose papers, from when until when, in which case, and what it takes."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.figures import Figures, TaxLine
from chalicelib.domain.identifiers import country_of
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
PRICED = ALL - {PaperKind.DELIVERY}
BILLS = frozenset({PaperKind.INVOICE, PaperKind.CREDIT_NOTE})
INVOICES = frozenset({PaperKind.INVOICE})
CREDIT_NOTES = frozenset({PaperKind.CREDIT_NOTE})


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
        return country_of(self.buyer) not in {None, self.seller.home}

    def comes_to(self, total: int) -> bool:
        """Whether its total is so much, in units of its currency."""
        return self.figures.total.decimal >= Decimal(total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What must be known.

    at:  where somebody sets it.
    own: whether the business says it of itself, and so can at any time. Nothing else is asked of a credit note: what an
        invoice lacked cannot be added to it any more, and it must still be possible to take it back.
    """

    what: str
    at: str
    known: Callable[[Case], bool]
    own: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One mark of one law, for the days from since until until, both included; without them, always.

    sellers: countries (ISO 3166-1) whose businesses it binds.
    applies: in which case. needs: what the business must have said. said: what is printed by itself; without it the
    paper says it in a place of its own. title: what it is printed under. subject: what that is to an e-invoice
    (EN 16931, BT-21; UNTDID 4451).
    """

    id: str
    source: str
    sellers: frozenset[str]
    since: date | None = None
    until: date | None = None
    kinds: frozenset[PaperKind] = INVOICES
    applies: Callable[[Case], bool] = lambda _: True
    needs: tuple[Need, ...] = ()
    said: Callable[[Case, Wording], str] | None = None
    title: str = "Legal notices"
    subject: str = ""

    def binds(self, case: Case) -> bool:
        """Whether the law wants it on this paper."""
        if case.kind not in self.kinds or case.seller.home not in self.sellers:
            return False
        if (self.since and case.on < self.since) or (self.until and case.on > self.until):
            return False
        return self.applies(case)
