"""QuickBooks Online's invoices as CSV; it takes no credit notes there."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from chalicelib.domain.accounting import OTHERWISE, Words
from chalicelib.domain.errors import Refused
from chalicelib.domain.export_cells import Cell
from chalicelib.domain.export_lines import ONE, Paper, Sold, sold_on
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money

IN_THE_US = (
    *("*InvoiceNo", "*Customer", "*InvoiceDate", "*DueDate", "Terms", "Location", "Memo", "Item(Product/Service)"),
    *("ItemDescription", "ItemQuantity", "ItemRate", "*ItemAmount", "Service Date"),
)
ELSEWHERE = (
    *("*InvoiceNo", "*Customer", "*InvoiceDate", "*DueDate", "Terms", "Location", "Memo", "*Item(Product/Service)"),
    *("ItemDescription", "ItemQuantity", "ItemRate", "*ItemAmount", "*Item Tax Code", "Item Tax Amount", "Currency"),
)
MOST_INVOICES = 100
"""That QuickBooks Online takes in one import."""
UNITED_STATES = "US"


def header(country: str) -> Sequence[str]:
    return IN_THE_US if country == UNITED_STATES else ELSEWHERE


def rows(paper: Paper, words: Words, *, country: str) -> Iterator[tuple[Cell, ...]]:
    """The customer and the dates are on the first row of an invoice.

    Raises Refused (``no_credit_notes``) for a credit note: it would be an invoice there.
    """
    if paper.is_credit:
        raise Refused("no_credit_notes", f"You cannot export {paper.number} because this file has invoices only.")
    head, none = _head(paper), (paper.number, *[None] * 6)
    for place, row in enumerate(_lines(paper, words, country=country)):
        yield (*(none if place else head), *row)


def _head(paper: Paper) -> tuple[Cell, ...]:
    document = paper.document
    due = document.due_date if isinstance(document, Invoice) else None
    memo = document.purchase_order if isinstance(document, Invoice) else None
    return (paper.number, paper.parties.buyer.name, document.issue_date, due or document.issue_date, None, None, memo)


def _lines(paper: Paper, words: Words, *, country: str) -> Iterator[tuple[Cell, ...]]:
    """Where a file cannot hold taxes, they stand as lines of their own; so does what was rounded off, everywhere."""
    figures, currency = paper.document.figures, paper.document.currency
    others = [("Rounding", figures.rounding_adjustment)]
    if country == UNITED_STATES:
        for line in sold_on(paper):
            item = words.chart.items.get(line.catalog_code or "") or words.chart.items.get(OTHERWISE)
            yield (item, line.description, line.quantity, line.unit_price, line.net, None)
        taxes = [(tax.name or tax.code, tax.amount) for tax in figures.taxes if not tax.withheld]
        for name, amount in (*taxes, *others):
            if amount:
                yield (words.chart.items.get(name), name, ONE, amount.decimal, amount, None)
        return
    for line in sold_on(paper):
        yield (*_sold(line, words), words.tax_code(line.taxes), line.tax, currency)
    for name, amount in others:
        if amount:
            yield (words.item(None), name, ONE, amount.decimal, amount, words.tax_code(()), _none(currency), currency)


def _sold(line: Sold, words: Words) -> tuple[str, str, Decimal, Decimal, Money]:
    return (words.item(line.catalog_code), line.description, line.quantity, line.unit_price, line.net)


def _none(currency: str) -> Money:
    return Money.zero(currency)
