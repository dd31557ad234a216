"""A document as an accounting program that is connected takes it, and what it answers."""

from datetime import date
from decimal import Decimal

from chalicelib.domain.accounting import Words
from chalicelib.domain.export_lines import ONE, Paper, Sold, plainly_sold_on
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.party import Party
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """account, item and tax_code as the program calls them; net: without taxes."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    net: Money
    account: str
    item: str
    tax_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An invoice or a credit note.

    external_id: ours, by which it is found again; the same document always has the same.
    """

    external_id: str
    number: str
    is_credit: bool
    buyer: Party
    issued_on: date
    due_on: date
    purchase_order: str | None
    lines: tuple[BillLine, ...]
    total: Money

    @property
    def currency(self) -> str:
        return self.total.currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What the program has of a bill: under its own id, and at the total that it worked out; found: it was there."""

    remote_id: str
    total: Money
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What lets us in for so many seconds, and what is traded for the next ones."""

    access: str
    refresh: str
    seconds: int


def bill_of(paper: Paper, words: Words, *, with_items: bool) -> Bill:
    """The document in the program's words; with_items: what is sold is named by items there, else by accounts."""
    document = paper.document
    on = document.issue_date or document.created_at.date()
    lines = [_line(line, words, with_items=with_items) for line in plainly_sold_on(paper)]
    rounding = document.figures.rounding_adjustment
    if rounding:
        lines.append(_rounding(rounding, words, with_items=with_items))
    return Bill(
        external_id=document.id,
        number=paper.number,
        is_credit=paper.is_credit,
        buyer=paper.parties.buyer,
        issued_on=on,
        due_on=(document.due_date if isinstance(document, Invoice) else None) or on,
        purchase_order=document.purchase_order if isinstance(document, Invoice) else document.invoice_number,
        lines=tuple(lines),
        total=document.figures.total + rounding,
    )


def _line(line: Sold, words: Words, *, with_items: bool) -> BillLine:
    return BillLine(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        net=line.net,
        account="" if with_items else words.account(line.catalog_code),
        item=words.item(line.catalog_code) if with_items else "",
        tax_code=words.tax_code(line.taxes),
    )


def _rounding(amount: Money, words: Words, *, with_items: bool) -> BillLine:
    return BillLine(
        description="Rounding",
        quantity=ONE,
        unit_price=amount.decimal,
        net=amount,
        account="" if with_items else words.account(booked_as="rounding"),
        item=words.item(None) if with_items else "",
        tax_code=words.tax_code(()),
    )
