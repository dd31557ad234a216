"""The plain table of documents: a row for each line, for spreadsheets and for programs that know no format of ours."""

from collections.abc import Iterator
from decimal import Decimal

from chalicelib.domain.export_cells import Cell
from chalicelib.domain.export_lines import Paper, Sold, sold_on
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money

HEADER = (
    "document",
    "number",
    "issue_date",
    "due_date",
    "client_id",
    "client_reference",
    "client_name",
    "client_email",
    "invoice_number",
    "purchase_order",
    "currency",
    "line",
    "catalog_code",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "taxes",
    "net",
    "tax",
    "net_total",
    "tax_total",
    "total",
    "amount_due",
)


def rows(paper: Paper) -> Iterator[tuple[Cell, ...]]:
    """The lines of a document, each with the whole document's figures; what a credit note takes back is below zero."""
    lines = sold_on(paper)
    before, after = _before(paper), _after(paper)
    for place, line in enumerate(lines, start=1):
        yield (*before, Decimal(place), *_of(line, paper.sign), *after)


def _before(paper: Paper) -> tuple[Cell, ...]:
    document, buyer = paper.document, paper.parties.buyer
    invoice = document if isinstance(document, Invoice) else None
    return (
        "invoice" if invoice else "credit_note",
        paper.number,
        document.issue_date,
        invoice.due_date if invoice else None,
        document.client_id,
        paper.reference,
        buyer.name,
        buyer.email,
        None if isinstance(document, Invoice) else document.invoice_number,
        invoice.purchase_order if invoice else None,
        document.currency,
    )


def _of(line: Sold, sign: int) -> tuple[Cell, ...]:
    return (
        line.catalog_code,
        line.description,
        sign * line.quantity,
        line.unit,
        line.unit_price,
        "+".join(line.taxes),
        signed(line.net, sign),
        signed(line.tax, sign),
    )


def _after(paper: Paper) -> tuple[Cell, ...]:
    figures = paper.document.figures
    due = paper.document.amount_due if isinstance(paper.document, Invoice) else Money.zero(figures.currency)
    totals = (figures.net_total, figures.tax_total, figures.total)
    return (*(signed(total, paper.sign) for total in totals), due)


def signed(amount: Money, sign: int) -> Money:
    return amount if sign > 0 else -amount
