"""A job: the folder of one request of a client, to which everything that comes of it is filed (P31, P32)."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.client import Client
from chalicelib.domain.party import Address
from chalicelib.domain.values import dataclass
from chalicelib.domain.work_events import JobChanged, JobOpened, JobRemoved

LONGEST_TITLE = 255


class JobStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """address: where the work is done, if not at the client's.

    removed_at: when it was deleted; kept for what may have been filed to it at that moment.
    """

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
    removed_at: datetime | None = None


def opened(
    id: str, client: Client, *, title: str, address: Address | None = None, notes: str | None = None, at: datetime
) -> tuple[Job, JobOpened]:
    """A new job.

    title: its first line counts; where it says nothing, the job is called by the client's name.
    """
    job = Job(
        id=id,
        client_id=client.id,
        client_name=client.name,
        title=_first_line(title) or client.name,
        address=address,
        notes=notes,
        created_at=at,
    )
    return job, JobOpened(subject=id, version=1, at=at, client_id=client.id)


def changed(job: Job, wanted: Job, *, fields: tuple[str, ...], at: datetime) -> tuple[Job, JobChanged]:
    """The job with what is wanted of it; it is closed at the moment at which its status says so first."""
    closed_at = (job.closed_at or at) if wanted.status is JobStatus.CLOSED else None
    after = replace(wanted, version=job.version + 1, closed_at=closed_at)
    return after, JobChanged(subject=job.id, version=after.version, at=at, fields=fields)


def removed(job: Job, *, at: datetime) -> tuple[Job, JobRemoved]:
    gone = replace(job, version=job.version + 1, removed_at=at)
    return gone, JobRemoved(subject=job.id, version=gone.version, at=at)


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return " ".join(lines[0].split())[:LONGEST_TITLE].strip() if lines else ""
