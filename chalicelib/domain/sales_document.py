"""Deals, orders and delivery notes: what was agreed or brought before it is billed, wholly or in parts (K6 to K9)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.figures import Figures


class SalesKind(StrEnum):
    DEAL = "deal"
    ORDER = "order"
    DELIVERY = "delivery"


class SalesStatus(StrEnum):
    OPEN = "open"
    PARTLY_INVOICED = "partly_invoiced"
    INVOICED = "invoiced"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesDocument:
    """The head; its lines are in the body of the same revision.

    source_id: the quote or sales document it was made from; billed: so much of each line's quantity was invoiced,
    in the order of the lines.
    """

    id: str
    version: int = 1
    kind: SalesKind
    client_id: str
    client_name: str
    job_id: str | None = None
    source_id: str | None = None
    number: str | None = None
    purchase_order: str | None = None
    revision: int = 1
    figures: Figures
    billed: tuple[Decimal, ...] = ()
    status: SalesStatus = SalesStatus.OPEN
    language: str
    template: str = "modern"
    created_at: datetime
    cancelled_at: datetime | None = None
