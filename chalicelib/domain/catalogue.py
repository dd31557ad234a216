"""What a business sells: products, services and intervention codes, and what was agreed on their prices."""

from dataclasses import replace
from decimal import Decimal

from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """A thing sold under a code; the code is its id.

    taxes: codes of the business's rates; None means the business's default taxes.
    """

    id: str
    version: int = 1
    name: str
    description: str | None = None
    unit: str | None = None
    unit_price: Decimal
    taxes: tuple[str, ...] | None = None
    kind: str = "service"

    @property
    def told(self) -> str:
        """What is written where it is sold: its description, or its name where that says nothing."""
        return self.description if self.description and self.description.strip() else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPrice:
    """What one client pays for a thing sold, or what is paid for it under one contract.

    id: ``<holder>/<code>``; the holder is the id of the client, or of the contract.
    """

    id: str
    version: int = 1
    unit_price: Decimal

    @property
    def holder(self) -> str:
        return self.id.partition("/")[0]

    @property
    def code(self) -> str:
        return self.id.partition("/")[2]


def price_id(holder: str, code: str) -> str:
    return f"{holder}/{code}"


def at_price(entry: CatalogueEntry, agreed: AgreedPrice | None) -> CatalogueEntry:
    """The entry as it is sold to whom the price was agreed with."""
    return replace(entry, unit_price=agreed.unit_price) if agreed else entry
