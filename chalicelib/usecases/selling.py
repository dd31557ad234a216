"""Deals, orders and delivery notes: written, changed, cancelled, and made of each other and of quotes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import quote as quotes
from chalicelib.domain import sales_document as sales
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.document import Template
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.numbering import Series, opened, take
from chalicelib.domain.party import Addresses
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Body, Content, worked_out
from chalicelib.domain.sales_document import PREFIXES, SERIES, SalesDocument, SalesKind
from chalicelib.domain.sales_events import SaleDrafted, SaleRemoved
from chalicelib.domain.schedule import plan
from chalicelib.domain.values import dataclass
from chalicelib.ports import Add, Advance, Change, Ids, Keep, Remove, Save, Store
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.filing import filed, refiled, sited, title_of
from chalicelib.usecases.quoting import expiry
from chalicelib.usecases.reading import content_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What somebody wants written down; what is None follows the client and the business."""

    kind: SalesKind
    client_id: str
    content: Content
    language: str | None = None
    template: Template | None = None
    purchase_order: str | None = None
    job_id: str | None = None


def draft_sale(sale: Sale, *, business: Business, now: datetime, ids: Ids, store: Store) -> SalesDocument:
    """A new deal, order or delivery note; the latter two get their numbers at once.

    Raises Invalid for content that cannot be worked out, NotFound for an unknown client or job.
    """
    id, known_ids = ids(PREFIXES[sale.kind]), _remembered(ids)

    def deed() -> SalesDocument:
        client = present_client(sale.client_id, store)
        title = title_of(sale.content)
        job, opening = filed(sale.job_id, client=client, title=title, now=now, ids=known_ids, store=store)
        wanted = replace(sale, content=sited(sale.content, job.address))
        document, changes = drafted(
            wanted, id=id, client=client, job_id=job.id, business=business, now=now, store=store
        )
        store.commit(*changes, *opening)
        return document

    return store.persistently(deed)


def edit_sale(
    kind: SalesKind,
    id: str,
    change: Callable[[SalesDocument, Content], tuple[SalesDocument, Content]],
    *,
    if_match: int | None,
    now: datetime,
    store: Store,
) -> SalesDocument:
    """The document with what ``change`` makes of it.

    Raises Refused for other lines or amounts once something of it is billed, or was made of it.
    """

    def deed() -> SalesDocument:
        document = unchanged(of_kind(kind, id, store), if_match)
        known = content_of(document, store)
        wanted, content = change(document, known)
        content, figures = worked_out(content)
        if _sold(content) != _sold(known):
            sales.must_be_untouched(document, "edit")
        refiled(document.job_id, wanted.job_id, client_id=document.client_id, store=store)
        wanted = replace(wanted, figures=figures, schedule=plan(content.schedule, figures.total))
        edition, event = sales.edited(document, wanted, at=now)
        store.commit(Save(edition, event), Keep(Body(id=id, revision=edition.revision, content=content)))
        return edition

    return store.persistently(deed)


def cancel_sale(kind: SalesKind, id: str, *, if_match: int | None, now: datetime, store: Store) -> SalesDocument:
    """The document of which nothing more will be billed; cancelling it again gives it as it is."""

    def deed() -> SalesDocument:
        document = of_kind(kind, id, store)
        if document.cancelled_at:
            return document
        ended, event = sales.cancelled(unchanged(document, if_match), at=now)
        store.commit(Save(ended, event))
        return ended

    return store.persistently(deed)


def remove_sale(kind: SalesKind, id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take a document away of which nothing was made. Raises Refused otherwise."""

    def deed() -> None:
        document = unchanged(of_kind(kind, id, store), if_match)
        sales.must_be_untouched(document, "delete")
        if document.made:
            raise Refused("sale_continued", f"You cannot delete {document.name} because invoices were made of it.")
        gone = SaleRemoved(subject=id, version=document.version + 1, at=now)
        store.commit(Remove(document, gone), *_source_without(document, now, store))

    store.persistently(deed)


def of_kind(kind: SalesKind, id: str, store: Store) -> SalesDocument:
    """The document, provided it is of that kind. Raises NotFound."""
    document = store.find(SalesDocument, id)
    if document is None or document.kind is not kind:
        raise NotFound(kind, id)
    return document


def _sold(content: Content) -> Content:
    """What bills are made from."""
    return replace(content, notes=None, terms=None, schedule=(), addresses=Addresses())


def drafted(
    sale: Sale,
    *,
    id: str,
    client: Client,
    job_id: str | None,
    business: Business,
    now: datetime,
    store: Store,
    source_id: str | None = None,
) -> tuple[SalesDocument, tuple[Change, ...]]:
    """A new document, and what writes it under its number."""
    content, figures = worked_out(sale.content)
    document = SalesDocument(
        id=id,
        kind=sale.kind,
        client_id=client.id,
        client_name=client.name,
        job_id=job_id,
        source_id=source_id,
        purchase_order=sale.purchase_order,
        figures=figures,
        schedule=plan(content.schedule, figures.total),
        language=business.speaks(sale.language or client.language),
        template=sale.template or business.invoice_defaults.template,
        created_at=now,
    )
    numbered: tuple[Change, ...] = ()
    if sale.kind in SERIES:
        series = store.find(Series, sale.kind) or opened(sale.kind, SERIES[sale.kind])
        series, number = take(series, document_id=id, on=business.today(now))
        document, numbered = replace(document, number=number.id), (Advance(series), Keep(number))
    event = SaleDrafted(subject=id, version=1, at=now, client_id=client.id, total=figures.total, source_id=source_id)
    return document, (Add(document, event), Keep(Body(id=id, revision=1, content=content)), *numbered)


def _source_without(document: SalesDocument, now: datetime, store: Store) -> tuple[Change, ...]:
    if document.source_id is None:
        return ()
    if document.source_id.startswith("quo_"):
        quote = store.get(Quote, document.source_id)
        expires_at = expiry(store.get(Business), quote.valid_until, now)
        return (Save(*quotes.taken_back(quote, by=document.id, expires_at=expires_at, at=now)),)
    source = store.get(SalesDocument, document.source_id)
    return (Save(*sales.taken_back(source, by=document.id, at=now)),)


def _remembered(ids: Ids) -> Ids:
    """The same id for a prefix however often it is asked for, so that a deed run again means the same."""
    given: dict[str, str] = {}

    def remember(prefix: str) -> str:
        return given.setdefault(prefix, ids(prefix))

    return remember
