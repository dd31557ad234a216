"""QuickBooks Desktop's Intuit Interchange Format: transactions of which each sums to zero, between tabs.

Windows-1252, as the program reads it; it does not look whether it has a transaction already.
"""

import unicodedata
from datetime import date

from chalicelib.domain.accounting import OTHERWISE, Words
from chalicelib.domain.errors import Refused
from chalicelib.domain.export_cells import Cell, in_one_line, written
from chalicelib.domain.export_entries import Side, sides
from chalicelib.domain.export_lines import Paper
from chalicelib.domain.invoice import Invoice

ENCODING = "cp1252"
HEAD = ("TRNSID", "TRNSTYPE", "DATE", "ACCNT", "NAME", "AMOUNT", "DOCNUM", "MEMO", "DUEDATE", "TERMS")
SPLIT = (
    *("SPLID", "TRNSTYPE", "DATE", "ACCNT", "NAME", "AMOUNT", "DOCNUM", "MEMO", "QNTY", "PRICE", "INVITEM", "TAXABLE"),
    "EXTRA",
)


def opening() -> str:
    return "".join(f"{line}\r\n" for line in ("!TRNS\t" + "\t".join(HEAD), "!SPL\t" + "\t".join(SPLIT), "!ENDTRNS"))


def text(paper: Paper, words: Words) -> str:
    """A transaction: the client's side on top, then what was sold and the taxes, with the other sign.

    Raises Refused (``name_not_written``) for a client who would be called as others are: a name finds the customer.
    """
    _must_be_written(paper)
    client, *others = sides(paper, words)
    rows = [_row("TRNS", _head(client, paper)), *(_row("SPL", _split(side, paper, words)) for side in others)]
    return "".join(f"{row}\r\n" for row in (*rows, "ENDTRNS"))


def _must_be_written(paper: Paper) -> None:
    try:
        _composed(paper.parties.buyer.name).encode(ENCODING)
    except UnicodeEncodeError as error:
        detail = f"You cannot export {paper.number} because QuickBooks Desktop cannot write the name of its client."
        raise Refused("name_not_written", detail) from error


def _composed(text: str) -> str:
    """Letters with their accents, as the encoding has them."""
    return unicodedata.normalize("NFC", text)


def _head(side: Side, paper: Paper) -> tuple[Cell, ...]:
    document = paper.document
    due = document.due_date if isinstance(document, Invoice) else None
    return (*_side(side, paper, with_name=True), None, due, None)


def _split(side: Side, paper: Paper, words: Words) -> tuple[Cell, ...]:
    line = side.line
    head = _side(side, paper, with_name=False)
    if line is None:
        return (*head, side.label, None, None, None, "N", None)
    items = words.chart.items
    item = items.get(line.catalog_code or "") or items.get(OTHERWISE)
    return (*head, line.description, -paper.sign * line.quantity, line.unit_price, item, "N", None)


def _side(side: Side, paper: Paper, *, with_name: bool) -> tuple[Cell, ...]:
    """What both kinds of row begin with; the ids are QuickBooks's to give."""
    return (
        None,
        "CREDIT MEMO" if paper.is_credit else "INVOICE",
        paper.document.issue_date,
        side.account,
        paper.parties.buyer.name if with_name else None,
        side.amount,
        paper.number,
    )


def _row(kind: str, cells: tuple[Cell, ...]) -> str:
    return "\t".join((kind, *(_written(cell) for cell in cells)))


def _written(cell: Cell) -> str:
    return written(_composed(in_one_line(cell)) if isinstance(cell, str) else cell, day=_day)


def _day(day: date) -> str:
    return f"{day:%m/%d/%y}"
