"""Draft invoices: what is wanted of them, and how they are written down."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.business import Business, Sending
from chalicelib.domain.client import Client
from chalicelib.domain.deposit import Deducted, DepositTax
from chalicelib.domain.document import Template
from chalicelib.domain.events import InvoiceDrafted
from chalicelib.domain.invoice import Invoice, covered
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Body, Content, worked_out
from chalicelib.domain.schedule import dated, plan
from chalicelib.domain.service_period import ServicePeriod
from chalicelib.domain.terms import DueTerms
from chalicelib.domain.values import dataclass
from chalicelib.ports import Add, Ids, Keep, Store
from chalicelib.usecases.checking import present_client
from chalicelib.usecases.claiming import claiming
from chalicelib.usecases.filing import filed, sited, title_of
from chalicelib.usecases.holding import whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants invoiced, and how; what is None follows the client and the business."""

    client_id: str
    content: Content
    language: str | None = None
    template: Template | None = None
    purchase_order: str | None = None
    due_date: date | None = None
    send_on: date | None = None
    send: Sending = Sending.MANUAL
    job_id: str | None = None
    quote_id: str | None = None
    sources: tuple[str, ...] = ()
    instalment_id: str | None = None
    deposit: DepositTax | None = None
    deposits: tuple[Deducted, ...] = ()
    forfeits: str | None = None
    visit_id: str | None = None
    contract_id: str | None = None
    batch_id: str | None = None
    due_terms: DueTerms | None = None
    service_period: ServicePeriod | None = None


def draft_invoice(wish: Wish, *, business: Business, now: datetime, ids: Ids, store: Store) -> Invoice:
    """A draft with all its figures; it has no number. Without a job it opens one (P49); it claims the items it names.

    Raises Invalid for content that cannot be worked out, NotFound for an unknown client.
    More items than one transaction moves are claimed after it is written; if another document takes one of them
    meanwhile, it is gone again and Refused (``items_taken``) is raised.
    """
    client = present_client(wish.client_id, store)
    job, opening = filed(wish.job_id, client=client, title=title_of(wish.content), now=now, ids=ids, store=store)
    wish, id = replace(wish, job_id=job.id, content=sited(wish.content, job.address)), ids("inv")

    def deed() -> Invoice:
        invoice, body = drafted(wish, id=id, client=client, business=business, now=now)
        invoice, claims = claiming(invoice, body.content, now=now, store=store)
        store.commit(Add(invoice, coming(invoice, now)), Keep(body), *opening, *claims)
        return invoice

    return whole(store.persistently(deed), now=now, store=store)


def drafted(wish: Wish, *, id: str, client: Client, business: Business, now: datetime) -> tuple[Invoice, Body]:
    """The head and the body of a new draft."""
    content, figures = worked_out(wish.content)
    zero = Money.zero(content.currency)
    schedule = dated(plan(content.schedule, figures.total))
    invoice = Invoice(
        id=id,
        client_id=client.id,
        client_name=client.name,
        quote_id=wish.quote_id,
        sources=wish.sources,
        instalment_id=wish.instalment_id,
        deposit=wish.deposit,
        deposits=wish.deposits,
        forfeits=wish.forfeits,
        job_id=wish.job_id,
        visit_id=wish.visit_id,
        contract_id=wish.contract_id,
        batch_id=wish.batch_id,
        purchase_order=wish.purchase_order,
        figures=figures,
        schedule=schedule,
        instalments_paid=covered(schedule, figures),
        paid_total=zero,
        credited_total=zero,
        refunded_total=zero,
        disputed_total=zero,
        language=business.speaks(wish.language or client.language),
        template=wish.template or business.invoice_defaults.template,
        due_date=wish.due_date,
        due_terms=wish.due_terms,
        service_period=wish.service_period,
        send=Sending.ON_DATE if wish.send_on else wish.send,
        send_on=wish.send_on,
        scheduled_for=starts(business, wish.send_on, now),
        created_at=now,
    )
    return invoice, Body(id=id, revision=1, content=content)


def coming(invoice: Invoice, at: datetime) -> InvoiceDrafted:
    """The event that says that a draft is there."""
    return InvoiceDrafted(
        subject=invoice.id,
        version=1,
        at=at,
        client_id=invoice.client_id,
        total=invoice.figures.total,
        quote_id=invoice.quote_id,
        claims_left=invoice.claims_left,
    )


def starts(business: Business, day: date | None, now: datetime) -> datetime | None:
    """The instant at which a planned day's work begins; a day that has begun already starts now."""
    return max(business.morning_of(day), now) if day else None
