"""A job: the folder of one request of a client, to which everything that comes of it is filed (P31, P32)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.party import Address


class JobStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """address: where the work is done, if not at the client's."""

    id: str
    version: int = 1
    client_id: str
    client_name: str
    title: str
    status: JobStatus = JobStatus.OPEN
    address: Address | None = None
    notes: str | None = None
    created_at: datetime
    closed_at: datetime | None = None
