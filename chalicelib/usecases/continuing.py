"""Sales documents made of quotes and of each other, with their lines (K6 to K9)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from chalicelib.domain import quote as quotes
from chalicelib.domain import sales_document as sales
from chalicelib.domain.billing import in_part
from chalicelib.domain.business import Business
from chalicelib.domain.errors import AlreadyDone, Invalid
from chalicelib.domain.figures import not_negative
from chalicelib.domain.lines import Origin
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Content
from chalicelib.domain.sales_document import NOTHING, PREFIXES, SalesDocument, SalesKind
from chalicelib.ports import Change, Ids, Once, Save, Store
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.invoicing_quotes import invoiced_already
from chalicelib.usecases.reading import content_of
from chalicelib.usecases.selling import Sale, drafted, of_kind


def continue_quote(
    quote_id: str, *, if_match: int | None, business: Business, now: datetime, ids: Ids, store: Store
) -> SalesDocument:
    """The order that a quote became; from now on the quote is billed through it.

    Raises Refused when the quote was ordered or invoiced itself, was declined or has expired.
    """
    id = ids(PREFIXES[SalesKind.ORDER])

    def deed() -> SalesDocument:
        quote = unchanged(store.get(Quote, quote_id), if_match)
        return _ordered(quote, id, in_parts=False, business=business, now=now, store=store)

    return store.persistently(deed)


def order_in_parts(
    quote_id: str,
    wanted: Mapping[str, Decimal] | None,
    *,
    if_match: int | None,
    business: Business,
    now: datetime,
    ids: Ids,
    store: Store,
) -> str:
    """The id of the order that keeps what is billed of a quote; it is made when the first part is wanted.

    Raises as ``continue_quote`` does, and Invalid for parts that no invoice can have.
    """
    id = ids(PREFIXES[SalesKind.ORDER])

    def deed() -> str:
        quote = unchanged(store.get(Quote, quote_id), if_match)
        if quote.in_parts is None:
            content = content_of(quote, store)
            not_negative(in_part(content, chosen(content, wanted or {})).figures())
            _ordered(quote, id, in_parts=True, business=business, now=now, store=store)
        return quote.in_parts or id

    return store.persistently(deed)


def continue_sale(
    kind: SalesKind,
    id: str,
    into: SalesKind,
    wanted: Mapping[str, Decimal] | None,
    *,
    if_match: int | None,
    business: Business,
    now: datetime,
    ids: Ids,
    store: Store,
) -> SalesDocument:
    """The document made of another, such as the delivery note of an order.

    wanted: quantities by the ids of the lines; None takes all.
    """
    made_id = ids(PREFIXES[into])

    def deed() -> SalesDocument:
        document = unchanged(of_kind(kind, id, store), if_match)
        after, event = sales.continued(document, by=made_id, at=now)
        made, changes = _made_of(document, into, made_id, wanted, business=business, now=now, store=store)
        store.commit(*changes, Save(after, event))
        return made

    return store.persistently(deed)


def _ordered(
    quote: Quote, id: str, *, in_parts: bool, business: Business, now: datetime, store: Store
) -> SalesDocument:
    """The order made of a quote. The same key lets one through of it and of the quote's own conversion."""
    after, event = quotes.ordered(quote, by=id, in_parts=in_parts, at=now)
    made, changes = _made_of(quote, SalesKind.ORDER, id, None, business=business, now=now, store=store)
    claim = () if quote.ordered else (Once(f"quote:{quote.id}"),)
    try:
        store.commit(*changes, Save(after, event), *claim)
    except AlreadyDone:
        raise invoiced_already(quote) from None
    return made


def _made_of(
    source: Quote | SalesDocument,
    kind: SalesKind,
    id: str,
    wanted: Mapping[str, Decimal] | None,
    *,
    business: Business,
    now: datetime,
    store: Store,
) -> tuple[SalesDocument, tuple[Change, ...]]:
    """A document with the source's lines, each with the line it was made from.

    Raises Invalid for parts that come to less than zero.
    """
    content = content_of(source, store)
    if wanted is not None:
        content = in_part(content, chosen(content, wanted))
        content = replace(content, lines=tuple(line for line in content.lines if line.quantity))
        not_negative(content.figures())
    origins = [(Origin(document_id=source.id, line_id=line.id), *line.origins) for line in content.lines]
    lines = tuple(
        replace(line, id="", item_id=None, item_ids=(), origins=origin)
        for line, origin in zip(content.lines, origins, strict=True)
    )
    sale = Sale(
        kind=kind,
        client_id=source.client_id,
        content=replace(content, lines=lines),
        language=source.language,
        template=source.template,
        purchase_order=source.purchase_order if isinstance(source, SalesDocument) else None,
    )
    client = present_client(source.client_id, store)
    job_id, source_id = source.job_id, source.id
    return drafted(
        sale, id=id, client=client, job_id=job_id, source_id=source_id, business=business, now=now, store=store
    )


def chosen(content: Content, wanted: Mapping[str, Decimal]) -> tuple[Decimal, ...]:
    """The quantity wanted of each line, without its sign.

    Raises Invalid for a line that is not there, or a quantity that is nothing, of the other sign, or more than agreed.
    """
    known = {line.id: line.quantity for line in content.lines}
    for place, (id, quantity) in enumerate(wanted.items()):
        if id not in known:
            raise Invalid("unknown_line", f"There is no line {id!r}.", at=f"/lines/{place}/line_id")
        if not quantity or (quantity < 0) != (known[id] < 0) or abs(quantity) > abs(known[id]):
            detail = f"Of line {id} a quantity up to {known[id]:f} can be taken."
            raise Invalid("quantity_out_of_range", detail, at=f"/lines/{place}/quantity")
    return tuple(abs(wanted.get(line.id, NOTHING)) for line in content.lines)
