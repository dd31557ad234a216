"""A visit, or work order: what a technician does at a client's on a day."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.party import Address


class VisitStatus(StrEnum):
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """technician_id: the user or API key whose visit it is; invoice_id: the invoice made of it or attached to it."""

    id: str
    version: int = 1
    client_id: str
    client_name: str
    job_id: str
    title: str
    status: VisitStatus = VisitStatus.SCHEDULED
    starts_at: datetime
    ends_at: datetime | None = None
    technician_id: str | None = None
    address: Address | None = None
    notes: str | None = None
    invoice_id: str | None = None
    created_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
