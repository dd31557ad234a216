"""Xero's sales invoices as CSV: imported as drafts; the business says there that amounts are without tax."""

from collections.abc import Iterator

from chalicelib.domain.accounting import Words
from chalicelib.domain.export_cells import Cell
from chalicelib.domain.export_lines import ONE, Paper, Sold, plainly_sold_on
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.party import Address

HEADER = (
    *("*ContactName", "EmailAddress", "POAddressLine1", "POAddressLine2", "POAddressLine3", "POAddressLine4"),
    *("POCity", "PORegion", "POPostalCode", "POCountry", "*InvoiceNumber", "Reference", "*InvoiceDate", "*DueDate"),
    *("InventoryItemCode", "*Description", "*Quantity", "*UnitAmount", "Discount", "*AccountCode", "*TaxType"),
    *("TrackingName1", "TrackingOption1", "TrackingName2", "TrackingOption2", "Currency", "BrandingTheme"),
)
MOST_INVOICES = 500
"""That Xero takes in one file."""
ADDRESS_LINES = 4


def rows(paper: Paper, words: Words) -> Iterator[tuple[Cell, ...]]:
    """A row for each line, all with the contact and the dates; a credit note's amounts are below zero."""
    document = paper.document
    due = document.due_date if isinstance(document, Invoice) else None
    refers_to = document.purchase_order if isinstance(document, Invoice) else document.invoice_number
    head: tuple[Cell, ...] = (
        paper.parties.buyer.name,
        paper.parties.buyer.email,
        *_address(paper.parties.buyer.address),
        paper.number,
        refers_to,
        document.issue_date,
        due or document.issue_date,
    )
    for line in plainly_sold_on(paper):
        yield (*head, *_sold(line, paper, words), None, None, None, None, document.currency, None)
    if rounding := document.figures.rounding_adjustment:
        booked = (words.account(booked_as="rounding"), words.tax_code(()))
        sold: tuple[Cell, ...] = (None, "Rounding", ONE, paper.sign * rounding.decimal, None)
        yield (*head, *sold, *booked, None, None, None, None, document.currency, None)


def _sold(line: Sold, paper: Paper, words: Words) -> tuple[Cell, ...]:
    return (
        None,
        line.description,
        line.quantity,
        paper.sign * line.unit_price,
        None,
        words.account(line.catalog_code),
        words.tax_code(line.taxes),
    )


def _address(address: Address) -> tuple[Cell, ...]:
    lines = (*address.lines, *[""] * ADDRESS_LINES)[:ADDRESS_LINES]
    rest = ", ".join(address.lines[ADDRESS_LINES - 1 :])
    return (*lines[:-1], rest, address.city, address.region, address.postal_code, address.country)
