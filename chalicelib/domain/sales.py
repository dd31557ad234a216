"""What quotes and invoices have in common: their content, and how it is worked out."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.figures import Figures, compute
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.money import Money
from chalicelib.domain.party import Address, Addresses, Party
from chalicelib.domain.schedule import InstalmentTerm
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a document sells, as it was entered.

    rates: the tax rates its lines name, as they stood when it was written.
    given: figures that were allotted, not computed (an instalment's share of its quote).
    """

    currency: str
    lines: tuple[Line, ...]
    allowances: tuple[Adjustment, ...] = ()
    charges: tuple[Adjustment, ...] = ()
    rates: tuple[TaxRate, ...] = ()
    rounding: str = "document"
    prepaid: Money | None = None
    rounding_adjustment: Money | None = None
    schedule: tuple[InstalmentTerm, ...] = ()
    notes: str | None = None
    terms: str | None = None
    addresses: Addresses = Addresses()
    given: Figures | None = None

    def figures(self) -> Figures:
        """The document's totals and taxes.

        Raises Invalid with the place of what is wrong.
        """
        if self.given:
            return self.given
        rates: Mapping[str, TaxRate] = {rate.code: rate for rate in self.rates}
        return compute(
            self.lines,
            currency=self.currency,
            rates=rates,
            allowances=self.allowances,
            charges=self.charges,
            rounding=self.rounding,
            prepaid=self.prepaid,
            rounding_adjustment=self.rounding_adjustment,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A document's content as of one revision; written once and never changed.

    id: the document's id. parties: who and where it names, where that was known when it was written; they count
    unless others were frozen at issue.
    """

    id: str
    revision: int
    content: Content
    parties: "Parties | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Seller and buyer as they were on the day of issue, and where it was done and delivered.

    id: the document's id.
    """

    id: str
    seller: Party
    buyer: Party
    service_site: Address | None = None
    delivery: Address | None = None


def parties_of(document_id: str, content: Content, *, seller: Party, buyer: Party) -> Parties:
    """Who and where a document names; an address for billing of its own goes before the buyer's."""
    own = content.addresses
    return Parties(
        id=document_id,
        seller=seller,
        buyer=replace(buyer, address=own.billing) if own.billing else buyer,
        service_site=own.service_site,
        delivery=own.delivery,
    )


def worked_out(content: Content) -> tuple[Content, Figures]:
    """The content with each line's net beside it, and the totals without the lines' own figures."""
    figures = content.figures()
    lines = tuple(
        replace(line, id=line.id or f"{position}", net=net)
        for position, (line, net) in enumerate(zip(content.lines, figures.line_nets, strict=True), start=1)
    )
    return replace(content, lines=lines), replace(figures, line_nets=())
