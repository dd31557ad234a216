"""Jobs, their space, and visits as JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.domain.job import Job, JobStatus
from chalicelib.domain.job_space import Totals
from chalicelib.domain.visit import Visit, VisitStatus
from chalicelib.entrypoints.http.shapes.addresses import AddressesIn, AddressField, AddressOut, Language
from chalicelib.entrypoints.http.shapes.credit_notes import CreditNoteOut
from chalicelib.entrypoints.http.shapes.documents import DocumentIn
from chalicelib.entrypoints.http.shapes.items import ItemOut
from chalicelib.entrypoints.http.shapes.orders import SaleOut
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.plans import RecurringPlanOut
from chalicelib.entrypoints.http.shapes.quotes import QuoteOut
from chalicelib.entrypoints.http.shapes.sales import Lines
from chalicelib.entrypoints.http.shapes.scalars import (
    Code,
    Day,
    Figure,
    Instant,
    LongText,
    Shape,
    ShortText,
    TemplateName,
)


class JobFields(Shape):
    address: AddressField | None = None
    notes: LongText | None = None


class JobIn(JobFields):
    """Without a title a job is called by its client's name."""

    client_id: Code
    title: ShortText | None = None


class JobPatch(JobFields):
    title: ShortText | None = None
    status: Annotated[JobStatus | None, Field(strict=False)] = None


class JobOut(Shape):
    id: str
    version: int
    client_id: str
    client_name: str
    title: str
    status: JobStatus
    address: AddressOut | None
    notes: str | None
    created_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, job: Job) -> "JobOut":
        return cls(
            id=job.id,
            version=job.version,
            client_id=job.client_id,
            client_name=job.client_name,
            title=job.title,
            status=job.status,
            address=AddressOut.of(job.address) if job.address else None,
            notes=job.notes,
            created_at=job.created_at,
            closed_at=job.closed_at,
        )


class VisitFields(Shape):
    ends_at: Instant | None = None
    technician_id: Code | None = None
    address: AddressField | None = None
    notes: LongText | None = None


class VisitIn(VisitFields):
    """Without a title a visit is called by its client's name; without a job it opens one."""

    client_id: Code
    job_id: Code | None = None
    title: ShortText | None = None
    starts_at: Instant


class VisitPatch(VisitFields):
    """A technician changes the notes, and whether the visit is in progress; the office everything."""

    job_id: Code | None = None
    title: ShortText | None = None
    starts_at: Instant | None = None
    status: Literal["scheduled", "in_progress", "cancelled"] | None = None


class CompletionIn(Shape):
    """Notes take the place of those that the visit had; left out, they stay."""

    notes: LongText | None = None


class VisitInvoiceIn(DocumentIn):
    """What the invoice of a visit bills after the visit's own published items, and whether it is sent at once."""

    lines: Lines = Field(default_factory=list)
    language: Language | None = None
    template: TemplateName | None = None
    purchase_order: ShortText | None = None
    due_date: Day | None = None
    notes: LongText | None = None
    terms: LongText | None = None
    addresses: AddressesIn | None = None
    send: bool = False


class AttachmentIn(Shape):
    """A draft that was made beforehand, and whether it is sent at once."""

    invoice_id: Code
    send: bool = False


class VisitOut(Shape):
    id: str
    version: int
    client_id: str
    client_name: str
    job_id: str
    title: str
    status: VisitStatus
    starts_at: datetime
    ends_at: datetime | None
    technician_id: str | None
    address: AddressOut | None
    notes: str | None
    invoice_id: str | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None

    @classmethod
    def of(cls, visit: Visit) -> "VisitOut":
        return cls(
            id=visit.id,
            version=visit.version,
            client_id=visit.client_id,
            client_name=visit.client_name,
            job_id=visit.job_id,
            title=visit.title,
            status=visit.status,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            technician_id=visit.technician_id,
            address=AddressOut.of(visit.address) if visit.address else None,
            notes=visit.notes,
            invoice_id=visit.invoice_id,
            created_at=visit.created_at,
            started_at=visit.started_at,
            completed_at=visit.completed_at,
        )


class TotalsOut(Shape):
    """Of one currency; with taxes, but for what is unbilled."""

    currency: str
    quoted: Figure
    approved: Figure
    invoiced: Figure
    paid: Figure
    due: Figure
    unbilled: Figure
    credited: Figure

    @classmethod
    def of(cls, currency: str, totals: Totals) -> "TotalsOut":
        amounts: dict[str, Any] = {name: f"{getattr(totals, name)}" for name in cls.model_fields if name != "currency"}
        return cls(currency=currency, **amounts)


class SpaceOut(Shape):
    """A job's whole folder, newest first, kind by kind.

    totals: of this page and all before it, so of the whole folder where ``next_cursor`` is null.
    """

    job: JobOut
    quotes: list[QuoteOut]
    visits: list[VisitOut]
    items: list[ItemOut]
    plans: list[RecurringPlanOut]
    documents: list[SaleOut]
    invoices: list[InvoiceOut]
    credit_notes: list[CreditNoteOut]
    totals: list[TotalsOut]
    next_cursor: str | None
