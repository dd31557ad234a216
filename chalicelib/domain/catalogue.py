"""What a business sells: products, services and intervention codes."""

from dataclasses import dataclass
from decimal import Decimal


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
