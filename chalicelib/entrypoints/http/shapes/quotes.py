"""Quotes as we give them."""

from datetime import date, datetime

from chalicelib.domain.document import Template
from chalicelib.domain.quote import Quote, QuoteStatus
from chalicelib.domain.sales import Content
from chalicelib.entrypoints.http.shapes.answering import figures_out, planned_out
from chalicelib.entrypoints.http.shapes.documents import FiguresOut, InstalmentOut
from chalicelib.entrypoints.http.shapes.outgoing import DeliveryOut, ItemsOut, items_out
from chalicelib.entrypoints.http.shapes.scalars import Shape


class InvoicingOut(Shape):
    mode: str
    send: str
    send_on: date | None


class QuoteOut(FiguresOut, ItemsOut):
    id: str
    version: int
    number: str | None
    status: QuoteStatus
    client_id: str
    client_name: str
    job_id: str | None
    schedule: list[InstalmentOut]
    template: Template
    language: str
    valid_until: date | None
    invoicing: InvoicingOut | None
    made: list[str]
    created_at: datetime
    sent_at: datetime | None
    viewed_at: datetime | None
    approved_at: datetime | None
    approved_by: str | None
    declined_at: datetime | None
    declined_by: str | None
    delivery: DeliveryOut

    @classmethod
    def of(cls, quote: Quote, content: Content | None) -> "QuoteOut":
        own = quote.invoicing
        return cls(
            **figures_out(quote.figures),
            **items_out(content),
            id=quote.id,
            version=quote.version,
            number=quote.number,
            status=quote.status,
            client_id=quote.client_id,
            client_name=quote.client_name,
            job_id=quote.job_id,
            schedule=planned_out(quote.schedule, quote.figures.currency),
            template=quote.template,
            language=quote.language,
            valid_until=quote.valid_until,
            invoicing=InvoicingOut(mode=own.mode.value, send=own.send.value, send_on=own.send_on) if own else None,
            made=list(quote.made),
            created_at=quote.created_at,
            sent_at=quote.sent_at,
            viewed_at=quote.viewed_at,
            approved_at=quote.approved_at,
            approved_by=quote.approved_by,
            declined_at=quote.declined_at,
            declined_by=quote.declined_by,
            delivery=DeliveryOut.of(quote.delivery),
        )
