"""Deals, orders and delivery notes as they are sent to us and as we give them."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator

from chalicelib.domain.document import Template
from chalicelib.domain.lines import Line
from chalicelib.domain.sales import Content
from chalicelib.domain.sales_document import SalesDocument, SalesKind, SalesStatus, left_of
from chalicelib.entrypoints.http.shapes.answering import figures_out, plain, planned_out
from chalicelib.entrypoints.http.shapes.documents import DocumentIn, FiguresOut, InstalmentOut, LineIn, lines_that_fit
from chalicelib.entrypoints.http.shapes.outgoing import ItemsOut, items_out
from chalicelib.entrypoints.http.shapes.sales import DocumentPatch, Information, Portions
from chalicelib.entrypoints.http.shapes.scalars import Code, Day, Figure, Shape, ShortText


class SaleInformation(Information):
    purchase_order: ShortText | None = None


class SaleIn(DocumentIn, SaleInformation):
    client_id: Code


class SaleLineIn(LineIn):
    """A line; with the id of one that was there, it stays that line: of the document it was made from, too."""

    id: Code | None = None


class SalePatch(DocumentPatch, SaleInformation):
    lines: Annotated[list[SaleLineIn], BeforeValidator(lines_that_fit)] | None = None  # type: ignore[assignment] # narrower


class ContinuationIn(Shape):
    """What goes into the document that is made; all of it, unless lines are chosen."""

    lines: Portions | None = None


class BillingIn(ContinuationIn):
    """What is invoiced: everything that is left, unless lines are chosen."""

    send_on: Day | None = None


class LineSourceOut(Shape):
    document_id: str
    line_id: str


class LineStandingOut(Shape):
    """How far a line is billed, whatever the sign of its quantity; ``source`` is the line it was made from."""

    line_id: str
    quantity: Figure
    billed: Figure
    left: Figure
    source: LineSourceOut | None


class SaleOut(FiguresOut, ItemsOut):
    """A deal, an order or a delivery note.

    ``source_id`` is the document it was made from, ``made`` are those that were made of it: sales documents and
    invoices. ``standing`` is left out (null) in lists.
    """

    id: str
    version: int
    kind: SalesKind
    number: str | None
    status: SalesStatus
    client_id: str
    client_name: str
    job_id: str | None
    source_id: str | None
    made: list[str]
    purchase_order: str | None
    standing: list[LineStandingOut] | None
    schedule: list[InstalmentOut]
    template: Template
    language: str
    created_at: datetime
    cancelled_at: datetime | None

    @classmethod
    def of(cls, document: SalesDocument, content: Content | None) -> "SaleOut":
        return cls(
            **figures_out(document.figures),
            **items_out(content),
            id=document.id,
            version=document.version,
            kind=document.kind,
            number=document.number,
            status=document.status,
            client_id=document.client_id,
            client_name=document.client_name,
            job_id=document.job_id,
            source_id=document.source_id,
            made=list(document.made),
            purchase_order=document.purchase_order,
            standing=_standing(document, content.lines) if content else None,
            schedule=planned_out(document.schedule, document.figures.currency),
            template=document.template,
            language=document.language,
            created_at=document.created_at,
            cancelled_at=document.cancelled_at,
        )


def _standing(document: SalesDocument, lines: tuple[Line, ...]) -> list[LineStandingOut]:
    return [
        LineStandingOut(
            line_id=line.id,
            quantity=plain(abs(line.quantity)),
            billed=plain(abs(line.quantity) - left),
            left=plain(left),
            source=LineSourceOut(document_id=line.origins[0].document_id, line_id=line.origins[0].line_id)
            if line.origins
            else None,
        )
        for line, left in zip(lines, left_of(document, lines), strict=True)
    ]
