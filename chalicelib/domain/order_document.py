"""What a deal and an order say on paper, and what a delivery note does: that one without prices, for the goods."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from chalicelib.domain.document import Document, Fact, Group, Panel, Passage
from chalicelib.domain.invoice_document import columns_of, groups_of, passages_of
from chalicelib.domain.invoice_totals import schedule_offered
from chalicelib.domain.letterhead import buyer_of, letterhead, places_of, seller_of
from chalicelib.domain.mark import Case, PaperKind
from chalicelib.domain.marks import legal_notices
from chalicelib.domain.quote_document import totals_offered
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.sales_document import SalesDocument, SalesKind, SalesStatus
from chalicelib.domain.wording import Wording

TITLES = {SalesKind.DEAL: "Agreement", SalesKind.ORDER: "Order", SalesKind.DELIVERY: "Delivery note"}
NUMBERED = {
    SalesKind.DEAL: "Agreement",
    SalesKind.ORDER: "Order {number}",
    SalesKind.DELIVERY: "Delivery note {number}",
}


def order_document(
    sale: SalesDocument, content: Content, parties: Parties, *, dated: date, wording: Wording
) -> Document:
    """A deal, an order or a delivery note as a document in one language; one that was cancelled is stamped so.

    dated: the day on which it was written.
    """
    text, number = wording.text, sale.number or ""
    plain = Document(
        **letterhead(parties.seller, wording),
        template=sale.template,
        dated=dated,
        title=text(TITLES[sale.kind]),
        number=text("No. {number}", number=number) if number else "",
        heading=text(NUMBERED[sale.kind], number=number),
        stamp=text("Cancelled").upper() if sale.status is SalesStatus.CANCELLED else "",
        parties=(
            seller_of(sale.figures, parties, wording),
            buyer_of(parties, text("For"), wording),
            *places_of(parties, wording),
        ),
        facts=tuple(_facts(sale, dated, wording)),
        columns=columns_of(content, parties.seller, wording),
        groups=groups_of(_goods(content) if sale.kind is SalesKind.DELIVERY else content, parties.seller, wording),
        totals=totals_offered(sale.figures, wording),
        passages=(*passages_of(content, wording), *_notices(sale, parties, dated, wording)),
    )
    return _without_prices(plain) if sale.kind is SalesKind.DELIVERY else _priced(plain, sale, wording)


def _facts(sale: SalesDocument, dated: date, wording: Wording) -> Iterator[Fact]:
    yield Fact(label=wording.text("Date"), value=wording.day(dated))
    if sale.purchase_order:
        yield Fact(label=wording.text("Purchase order"), value=sale.purchase_order)


def _priced(document: Document, sale: SalesDocument, wording: Wording) -> Document:
    panel = Panel(label=wording.text("Total"), amount=wording.money(sale.figures.total))
    return replace(document, panel=panel, schedule=schedule_offered(sale.schedule, wording))


def _without_prices(document: Document) -> Document:
    """Who carries goods, or receives them, is not told what they cost."""
    columns = replace(document.columns, unit_price="", taxes="", net="")
    groups = tuple(_unpriced(group) for group in document.groups)
    return replace(document, columns=columns, groups=groups, totals=())


def _goods(content: Content) -> Content:
    """The lines without what is taken off their prices or added to them."""
    return replace(content, lines=tuple(replace(line, allowances=(), charges=()) for line in content.lines))


def _unpriced(group: Group) -> Group:
    rows = (replace(row, unit_price="", taxes="", net="") for row in group.rows)
    return replace(group, subtotal="", rows=tuple(rows))


def _notices(sale: SalesDocument, parties: Parties, dated: date, wording: Wording) -> tuple[Passage, ...]:
    kind = PaperKind.DELIVERY if sale.kind is SalesKind.DELIVERY else PaperKind.ORDER
    return legal_notices(Case(kind=kind, figures=sale.figures, parties=parties, on=dated), wording)
