"""What an invoice says of the items that it bills: a line for each, or one for all of a ticket or a contract."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.item import Item
from chalicelib.domain.lines import Line
from chalicelib.domain.sales import Content
from chalicelib.domain.values import dataclass


class Grouping(StrEnum):
    """What becomes one line (A39)."""

    CONTRACT = "contract"
    TICKET = "ticket"
    TIME_ENTRY = "time_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Itemiser:
    """What lines are written from, beside the items themselves.

    contracts: of the items, by id; titles: what the visits and jobs are called that the items were done for, by id.
    """

    business: Business
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    grouping: Grouping = Grouping.TIME_ENTRY

    def content(self, items: Sequence[Item], client: Client, *, currency: str) -> Content:
        """What an invoice to a client for these items says, in the order in which they were done."""
        ordered = sorted(items, key=lambda item: (item.contract_id or "", item.occurred_at, item.id))
        lines = tuple(self._lines(ordered, client))
        known = self.business.rates
        if client.tax_exempt:
            known = known | {client.tax_exempt.rate.code: client.tax_exempt.rate}
        codes = dict.fromkeys(code for line in lines for code in line.taxes)
        return Content(
            currency=currency,
            lines=lines,
            rates=tuple(known[code] for code in codes if code in known),
            rounding=self.business.invoice_defaults.rounding,
            notes=self.business.invoice_defaults.notes,
            terms=self.business.invoice_defaults.terms,
        )

    def taxes_of(self, item: Item, client: Client) -> tuple[str, ...]:
        """The tax codes of an item: of one of a contract that is not taxable none (A17)."""
        contract = self.contracts.get(item.contract_id or "")
        if contract and not contract.taxable:
            return ()
        agreed = contract.taxes if contract and item.taxes is None else item.taxes
        if agreed is not None:
            return self.business.taxes_named(agreed)
        usual = self.business.default_taxes
        return client.tax_exempt.in_place_of(usual, self.business.rates) if client.tax_exempt else usual

    def _lines(self, items: Sequence[Item], client: Client) -> list[Line]:
        if self.grouping is Grouping.TIME_ENTRY:
            return [self._alone(item, client) for item in items]
        together: dict[tuple[str | None, str | None, tuple[str, ...], bool], list[Item]] = defaultdict(list)
        for item in items:
            taxes = self.taxes_of(item, client)
            together[item.contract_id, self._ticket(item), taxes, item.on_account].append(item)
        return [self._joined(some, taxes) for (_, _, taxes, _), some in together.items()]

    def _alone(self, item: Item, client: Client) -> Line:
        return Line(
            description=item.description,
            quantity=item.quantity,
            unit=item.unit,
            unit_price=item.unit_price,
            taxes=self.taxes_of(item, client),
            catalog_code=item.catalog_code,
            item_id=item.id,
            item_version=item.version,
            group=self._name_of(item.contract_id),
            on_account=item.on_account,
        )

    def _joined(self, items: Sequence[Item], taxes: tuple[str, ...]) -> Line:
        """One line for items: so many at their price where that is the same, else their sum."""
        quantity, unit, unit_price = Decimal(1), None, sum((item.amount.decimal for item in items), Decimal(0))
        prices = {(item.unit, item.unit_price) for item in items}
        together = sum((item.quantity for item in items), Decimal(0))
        if len(prices) == 1 and together * items[0].unit_price == unit_price:
            quantity, unit, unit_price = together, items[0].unit, items[0].unit_price
        contract, ticket = self._name_of(items[0].contract_id), self._ticket(items[0])
        by_ticket = self.grouping is Grouping.TICKET
        name = self.titles.get(ticket or "") if by_ticket else contract
        return Line(
            description=name or items[0].description,
            quantity=quantity,
            unit=unit,
            unit_price=unit_price,
            taxes=taxes,
            item_ids=tuple(item.id for item in items),
            item_versions=tuple(item.version for item in items),
            group=contract if by_ticket else None,
            on_account=items[0].on_account,
        )

    def _ticket(self, item: Item) -> str | None:
        """The visit or else the job that it was done for; what was done for neither stands alone.

        None where all of a contract is one line: an item of no contract stands alone there, too.
        """
        if self.grouping is Grouping.CONTRACT:
            return None if item.contract_id else item.id
        return item.visit_id or item.job_id or item.id

    def _name_of(self, contract_id: str | None) -> str | None:
        contract = self.contracts.get(contract_id or "")
        return contract.name if contract else None
