"""A visit, or work order: what a technician does at a client's on a day."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.party import Address
from chalicelib.domain.values import dataclass
from chalicelib.domain.work_events import VisitChanged, VisitCompleted, VisitInvoiced, VisitPlanned, VisitRemoved


class VisitStatus(StrEnum):
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


MOVES = {
    (VisitStatus.SCHEDULED, VisitStatus.IN_PROGRESS),
    (VisitStatus.SCHEDULED, VisitStatus.CANCELLED),
    (VisitStatus.IN_PROGRESS, VisitStatus.SCHEDULED),
    (VisitStatus.IN_PROGRESS, VisitStatus.CANCELLED),
    (VisitStatus.CANCELLED, VisitStatus.SCHEDULED),
}
"""By hand; a visit is completed by a deed of its own, and stays completed."""


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


def planned(visit: Visit, *, at: datetime) -> VisitPlanned:
    """The event of its coming. Raises Invalid for a visit that ends before it starts."""
    _must_end_after_start(visit)
    return VisitPlanned(subject=visit.id, version=1, at=at, client_id=visit.client_id, job_id=visit.job_id)


def changed(visit: Visit, wanted: Visit, *, fields: tuple[str, ...], at: datetime) -> tuple[Visit, VisitChanged]:
    """The visit with what is wanted of it; it is started when it first is in progress.

    Raises Refused for a move that is not allowed, and for anything but notes and its job once it is over.
    """
    _must_end_after_start(wanted)
    if wanted.status is not visit.status and (visit.status, wanted.status) not in MOVES:
        raise Refused(
            "move_not_allowed", f"You cannot make visit {visit.id} {wanted.status} because it is {visit.status}."
        )
    is_over = visit.status is wanted.status and visit.status in {VisitStatus.COMPLETED, VisitStatus.CANCELLED}
    if is_over and set(fields) - {"notes", "status", "job_id"}:
        raise Refused("visit_over", f"You cannot change visit {visit.id} because it is {wanted.status}.")
    started_at = (visit.started_at or at) if wanted.status is VisitStatus.IN_PROGRESS else visit.started_at
    after = replace(wanted, version=visit.version + 1, started_at=started_at)
    return after, VisitChanged(subject=visit.id, version=after.version, at=at, fields=fields)


def completed(visit: Visit, *, notes: str | None, at: datetime) -> tuple[Visit, VisitCompleted]:
    """The visit as done; notes are added in the place of those it had, None keeps them."""
    if visit.status in {VisitStatus.COMPLETED, VisitStatus.CANCELLED}:
        raise Refused("visit_over", f"You cannot complete visit {visit.id} because it is {visit.status}.")
    done = replace(
        visit,
        version=visit.version + 1,
        status=VisitStatus.COMPLETED,
        notes=visit.notes if notes is None else notes,
        started_at=visit.started_at or at,
        completed_at=at,
    )
    return done, VisitCompleted(subject=visit.id, version=done.version, at=at)


def invoiced(visit: Visit, invoice_id: str, *, at: datetime) -> tuple[Visit, VisitInvoiced]:
    """The visit with its invoice."""
    if visit.status is VisitStatus.CANCELLED:
        raise Refused("visit_over", f"You cannot invoice visit {visit.id} because it is cancelled.")
    billed = replace(visit, version=visit.version + 1, invoice_id=invoice_id)
    return billed, VisitInvoiced(subject=visit.id, version=billed.version, at=at, invoice_id=invoice_id)


def freed(visit: Visit, *, at: datetime) -> tuple[Visit, VisitChanged]:
    """The visit when the draft that was its invoice is deleted."""
    after = replace(visit, version=visit.version + 1, invoice_id=None)
    return after, VisitChanged(subject=visit.id, version=after.version, at=at, fields=("invoice_id",))


def removal(visit: Visit, *, at: datetime) -> VisitRemoved:
    """The event of its going. Raises Refused (``visit_begun``) for any but a scheduled one without an invoice."""
    if visit.status is not VisitStatus.SCHEDULED:
        raise Refused("visit_begun", f"You cannot delete visit {visit.id} because it is {visit.status}.")
    return VisitRemoved(subject=visit.id, version=visit.version + 1, at=at)


def _must_end_after_start(visit: Visit) -> None:
    if visit.ends_at and visit.ends_at < visit.starts_at:
        raise Invalid("ends_before_it_starts", "A visit cannot end before it starts.", at="/ends_at")
