"""What happens to jobs, visits and billable items."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOpened(Event):
    type: ClassVar[str] = "job.opened"
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged(Event):
    type: ClassVar[str] = "job.changed"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRemoved(Event):
    type: ClassVar[str] = "job.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPlanned(Event):
    type: ClassVar[str] = "visit.planned"
    client_id: str
    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitChanged(Event):
    type: ClassVar[str] = "visit.changed"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCompleted(Event):
    type: ClassVar[str] = "visit.completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitInvoiced(Event):
    """An invoice was made of the visit, or attached to it."""

    type: ClassVar[str] = "visit.invoiced"
    invoice_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRemoved(Event):
    type: ClassVar[str] = "visit.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceAttached(Event):
    """A draft that was there already became the invoice of a visit, and moved to its job (P42)."""

    type: ClassVar[str] = "invoice.attached"
    visit_id: str
    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceItemsClaimed(Event):
    """Some more of the many items of a draft became its own; claims_left: how many are still to come."""

    type: ClassVar[str] = "invoice.items_claimed"
    claims_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDrafted(Event):
    type: ClassVar[str] = "item.drafted"
    client_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEdited(Event):
    type: ClassVar[str] = "item.edited"
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPublished(Event):
    """The client's balance changed by its amount (H14)."""

    type: ClassVar[str] = "item.published"
    client_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemClaimed(Event):
    type: ClassVar[str] = "item.claimed"
    invoice_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReleased(Event):
    """It can be billed again: it was taken off a draft, or its invoice was voided."""

    type: ClassVar[str] = "item.released"
    invoice_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWaived(Event):
    type: ClassVar[str] = "item.waived"
    client_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRemoved(Event):
    type: ClassVar[str] = "item.removed"
