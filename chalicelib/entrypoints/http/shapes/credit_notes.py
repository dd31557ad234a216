"""Credit notes as they are asked for and as we give them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from chalicelib.domain.credit_note import SERIES, CreditNote
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.document import Template
from chalicelib.domain.lines import MOST_LINES, Line
from chalicelib.domain.sales import Content
from chalicelib.entrypoints.http.shapes.answering import figures_out, lines_out
from chalicelib.entrypoints.http.shapes.documents import FiguresOut, LineOut
from chalicelib.entrypoints.http.shapes.outgoing import DeliveryOut, PdfOut
from chalicelib.entrypoints.http.shapes.scalars import (
    Amount,
    Code,
    Figure,
    Quantity,
    Shape,
    ShortText,
    one_of,
)
from chalicelib.usecases.crediting import Proposal


class CreditedLineIn(Shape):
    """What is credited of one line: so much of its quantity, so much of its net, or all that is left of it."""

    line_id: Code
    quantity: Quantity | None = None
    amount: Amount | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        one_of(self, "quantity", "amount", at_least=0)
        return self


class CreditNoteIn(Shape):
    """What is taken back of an invoice: of some lines, so much of its total with taxes, or all that is left.

    send: mail it to the client at once.
    """

    reason: ShortText
    lines: Annotated[list[CreditedLineIn], Field(min_length=1, max_length=MOST_LINES)] | None = None
    amount: Amount | None = None
    send: bool = False

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        one_of(self, "lines", "amount", at_least=0)
        return self


class CreditedLineOut(LineOut):
    """A line; invoice_line_id: of the invoice's line that it takes back."""

    invoice_line_id: str


class CreditNoteOut(FiguresOut):
    """What was taken back of an invoice; its figures are above zero.

    amount_due: by how much less the invoice is due. freed_total: what of the invoice's payments became the client's
    credit. lines: left out (null) in lists. A dry run has no id, version, number and dates.
    """

    id: str | None
    version: int | None
    number: str | None
    series: str
    invoice_id: str
    invoice_number: str
    invoice_date: date | None
    client_id: str
    client_name: str
    job_id: str | None
    reason: str
    lines: list[CreditedLineOut] | None
    freed_total: Figure
    template: Template
    language: str
    issue_date: date | None
    created_at: datetime | None
    sent_at: datetime | None
    delivery: DeliveryOut
    pdf: PdfOut

    @classmethod
    def of(cls, note: CreditNote, content: Content | None) -> Self:
        return cls(
            **figures_out(note.figures),
            id=note.id,
            version=note.version,
            number=note.number,
            series=note.series,
            invoice_id=note.invoice_id,
            invoice_number=note.invoice_number,
            invoice_date=note.invoice_date,
            client_id=note.client_id,
            client_name=note.client_name,
            job_id=note.job_id,
            reason=note.reason,
            lines=_lines_out(content.lines) if content else None,
            freed_total=f"{note.freed}",
            template=note.template,
            language=note.language,
            issue_date=note.issue_date,
            created_at=note.created_at,
            sent_at=note.sent_at,
            delivery=DeliveryOut.of(note.delivery),
            pdf=PdfOut.of(note.pdf),
        )

    @classmethod
    def proposed(cls, proposal: Proposal, *, reason: str) -> Self:
        """What would be credited, and is not."""
        invoice = proposal.invoice
        nothing: dict[str, Any] = dict.fromkeys(("id", "version", "number", "issue_date", "created_at", "sent_at"))
        return cls(
            **figures_out(proposal.figures) | nothing,
            series=SERIES,
            invoice_id=invoice.id,
            invoice_number=invoice.name,
            invoice_date=invoice.issue_date,
            client_id=invoice.client_id,
            client_name=invoice.client_name,
            job_id=invoice.job_id,
            reason=reason,
            lines=_lines_out(proposal.content.lines),
            freed_total=f"{proposal.freed}",
            template=invoice.template,
            language=invoice.language,
            delivery=DeliveryOut.of(Delivery()),
            pdf=PdfOut.of(None),
        )


def _lines_out(lines: Iterable[Line]) -> list[CreditedLineOut]:
    credited = tuple(lines)
    return [
        CreditedLineOut(**shown.model_dump(), invoice_line_id=line.origins[0].line_id)
        for shown, line in zip(lines_out(credited), credited, strict=True)
    ]
