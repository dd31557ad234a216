"""A billable item: an intervention, time, a product, an expense, usage; what it is worth is billed once, or waived."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.money import Money


class ItemKind(StrEnum):
    INTERVENTION = "intervention"
    TIME = "time"
    PRODUCT = "product"
    EXPENSE = "expense"
    USAGE = "usage"


class ItemStatus(StrEnum):
    """What was done with it; whether it is invoiced or paid follows from its invoice."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WAIVED = "waived"


class Visibility(StrEnum):
    CLIENT = "client"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """amount: quantity times price, before tax, rounded once; invoice_id: the document that claims it.

    An item is not rewritten when its invoice is issued or paid: claimed by a draft it is still unbilled (H24), claimed
    by an issued invoice it is billed.
    """

    id: str
    version: int = 1
    client_id: str
    kind: ItemKind
    catalog_code: str | None = None
    description: str
    occurred_at: datetime
    quantity: Decimal = Decimal(1)
    unit: str | None = None
    unit_price: Decimal
    taxes: tuple[str, ...] | None = None
    amount: Money
    job_id: str | None = None
    visit_id: str | None = None
    contract_id: str | None = None
    visibility: Visibility = Visibility.CLIENT
    notes: str | None = None
    professional_notes: str | None = None
    status: ItemStatus = ItemStatus.DRAFT
    invoice_id: str | None = None
    created_at: datetime
    published_at: datetime | None = None
    waived_at: datetime | None = None
