"""Invoices made of deals, orders and delivery notes, wholly or in parts; and what they give back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from chalicelib.domain import sales_document as sales
from chalicelib.domain.billing import Quantities, claim_of, portion_of
from chalicelib.domain.business import Business, Sending
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Refused
from chalicelib.domain.figures import not_negative
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.sales import Body, Content
from chalicelib.domain.sales_document import SalesDocument, SalesKind, left_of
from chalicelib.domain.schedule import settled
from chalicelib.ports import Add, Change, Ids, Keep, Save, Store
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.continuing import chosen, order_in_parts
from chalicelib.usecases.deducting import without
from chalicelib.usecases.drafting import Wish, coming, drafted
from chalicelib.usecases.reading import content_of
from chalicelib.usecases.selling import of_kind

FIRST = "1"
"""The revision in which an invoice was made; what is edited later does not change what it bills of its order."""

Sold = tuple[SalesDocument, Content]


def invoice_sale(
    kind: SalesKind,
    id: str,
    wanted: Mapping[str, Decimal] | None,
    *,
    send_on: date | None = None,
    if_match: int | None = None,
    business: Business,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Invoice:
    """A draft invoice of a document, in one transaction with what is billed of it, and of all it was made from.

    wanted: quantities by the ids of the lines; None takes all that is left.
    Raises Refused when nothing, or less than wanted, is left (``nothing_left``, ``beyond_quantity``).
    """
    invoice_id = ids("inv")

    def deed() -> Invoice:
        document = unchanged(of_kind(kind, id, store), if_match)
        sold = (document, content_of(document, store))
        lineage = [sold, *_before(document, store)]
        for each, _ in lineage:
            sales.must_be_open(each, "invoice")
        portion = portion_of(*sold, _to_bill(sold, lineage, wanted))
        not_negative(portion.figures())
        invoice, body = drafted(
            _wish(document, portion, lineage, send_on=send_on, business=business),
            id=invoice_id,
            client=store.get(Client, document.client_id),
            business=business,
            now=now,
        )
        billed = [_billed(each, its, body, now) for each, its in lineage]
        store.commit(Add(invoice, coming(invoice, now)), Keep(body), *billed)
        return invoice

    return store.persistently(deed)


def invoice_quote_in_parts(
    quote_id: str,
    wanted: Mapping[str, Decimal] | None,
    *,
    send_on: date | None = None,
    if_match: int | None = None,
    business: Business,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Invoice:
    """A draft invoice of some of a quote's quantities, or of all that is left; its order keeps count of them.

    The order comes first, in a transaction of its own: a request that ends there goes on from it when it is repeated.
    """
    order_id = order_in_parts(
        quote_id, wanted, if_match=if_match, business=business, now=now, ids=ids, store=store.aside()
    )
    return invoice_sale(
        SalesKind.ORDER, order_id, wanted, send_on=send_on, business=business, now=now, ids=ids, store=store
    )


def given_back(invoice: Invoice, *, deleted: bool, now: datetime, store: Store) -> tuple[Change, ...]:
    """What an invoice billed or deducted can be billed or deducted again; to be committed with what ends it."""
    if not invoice.sources:
        return without(invoice, now=now, store=store)
    sold = store.get(Body, invoice.id, FIRST).content
    changes: list[Change] = []
    for id in invoice.sources:
        document = store.get(SalesDocument, id)
        lines = content_of(document, store).lines
        claim = claim_of(invoice.id, sold, id, lines)
        changes.append(Save(*sales.given_back(document, claim, lines=lines, deleted=deleted, at=now)))
    return tuple(changes)


def _billed(document: SalesDocument, content: Content, invoice: Body, now: datetime) -> Save:
    claim = claim_of(invoice.id, invoice.content, document.id, content.lines)
    return Save(*sales.billed(document, claim, lines=content.lines, at=now))


def _before(document: SalesDocument, store: Store) -> list[Sold]:
    """The sales documents that it was made from, the nearest first."""
    found: list[Sold] = []
    while document.source_id and not document.source_id.startswith("quo_"):
        document = store.get(SalesDocument, document.source_id)
        found.append((document, content_of(document, store)))
    return found


def _to_bill(sold: Sold, lineage: list[Sold], wanted: Mapping[str, Decimal] | None) -> Quantities:
    """How much of each line is billed: what is wanted, or all that is left here and in what it was made from."""
    document, content = sold
    left = {
        (each.id, line.id): quantity
        for each, its in lineage
        for line, quantity in zip(its.lines, left_of(each, its.lines), strict=True)
    }
    asked = chosen(content, wanted) if wanted is not None else tuple(abs(line.quantity) for line in content.lines)
    quantities = []
    for line, quantity in zip(content.lines, asked, strict=True):
        places = [(document.id, line.id), *((origin.document_id, origin.line_id) for origin in line.origins)]
        counted = [place for place in places if place in left]
        most = min(left[place] for place in counted)
        if wanted is not None and quantity > most:
            raise Refused(
                "beyond_quantity",
                f"You cannot invoice {quantity:f} of line {line.id} of {document.name} because {most:f} is left.",
            )
        for place in counted:
            left[place] -= min(quantity, most)
        quantities.append(min(quantity, most))
    if not any(quantities):
        raise Refused("nothing_left", f"You cannot invoice {document.name} because nothing of it is left to invoice.")
    return tuple(quantities)


def _wish(
    document: SalesDocument, portion: Content, lineage: list[Sold], *, send_on: date | None, business: Business
) -> Wish:
    day = business.today(document.created_at)
    farthest = lineage[-1][0]
    return Wish(
        client_id=document.client_id,
        content=replace(portion, schedule=tuple(settled(term, approval=day) for term in portion.schedule)),
        language=document.language,
        template=document.template,
        purchase_order=document.purchase_order,
        job_id=document.job_id,
        quote_id=farthest.source_id,
        sources=tuple(each.id for each, _ in lineage),
        send=Sending.ON_DATE if send_on else Sending.MANUAL,
        send_on=send_on,
    )
