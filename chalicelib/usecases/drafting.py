"""Making draft invoices: by hand, and by themselves when a quote is approved."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.business import Business, InvoicingMode, Sending
from chalicelib.domain.client import Client
from chalicelib.domain.deposit import Deducted, DepositTax
from chalicelib.domain.document import Template
from chalicelib.domain.errors import AlreadyDone, Refused
from chalicelib.domain.events import InvoiceDrafted
from chalicelib.domain.figures import shares
from chalicelib.domain.ids import new_id
from chalicelib.domain.invoice import Invoice, covered
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.quote import (
    WON,
    Invoicing,
    Quote,
    QuoteStatus,
    invoiced,
    must_not_be_ordered,
    must_not_have_deposits,
)
from chalicelib.domain.sales import Body, Content, worked_out
from chalicelib.domain.schedule import dated, plan
from chalicelib.domain.terms import DueTerms
from chalicelib.ports import Add, Change, Ids, Keep, Once, Save, Store
from chalicelib.usecases.checking import present_client
from chalicelib.usecases.claiming import claiming
from chalicelib.usecases.deducting import deducting, recalling, to_deduct
from chalicelib.usecases.filing import filed, sited, title_of
from chalicelib.usecases.holding import whole
from chalicelib.usecases.reading import content_of

DRAFTS_AT_ONCE = 15
"""How many drafts of one quote share a transaction: six writes each, at most 100."""


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


def from_approved_quote(quote_id: str, *, now: datetime, store: Store) -> tuple[str, ...]:
    """Make the drafts that a quote's approval is set to make; answers their ids.

    Run again, at once or later, it makes nothing twice: each draft's id follows from the quote,
    and each is let through once for ever, also after it was deleted.
    """
    business, quote = store.get(Business), store.get(Quote, quote_id)
    wanted = quote.invoicing_under(business.automation)
    if quote.status not in WON or wanted.mode is InvoicingMode.OFF:
        return ()
    try:
        return convert_quote(quote, wanted, business=business, now=now, store=store)
    except Refused:
        return ()  # somebody was quicker, and has invoiced it by hand in another way


def convert_quote(
    quote: Quote, wanted: Invoicing, *, business: Business, now: datetime, store: Store
) -> tuple[str, ...]:
    """The drafts of a quote, and the quote marked as invoiced; answers the drafts' ids.

    Raises Refused when the quote was invoiced in another way, or changed, at the same moment.
    """
    client = store.get(Client, quote.client_id)
    content = content_of(quote, store)
    approval = business.today(quote.approved_at or now)
    deposits: tuple[Invoice, ...] = ()
    if wanted.mode is InvoicingMode.PER_INSTALMENT and quote.figures.total:  # nothing has no parts
        must_not_have_deposits(quote, "invoice the instalments of")
        wishes = _per_instalment(quote, content, wanted, approval)
    else:
        content, deposits = to_deduct(quote, content, approval=approval, store=store)
        wishes = (_single(quote, content, wanted, deposits),)
    drafts = [
        drafted(wish, id=_id_of(quote, wish, place), client=client, business=business, now=now)
        for place, wish in enumerate(wishes)
    ]
    for start in range(0, len(drafts), DRAFTS_AT_ONCE):
        chunk = drafts[start : start + DRAFTS_AT_ONCE]
        last = chunk[-1] is drafts[-1]
        _commit_once(
            chunk,
            quote,
            first=start == 0,
            last=last,
            ids=tuple(d.id for d, _ in drafts),
            deposits=deposits,
            now=now,
            store=store if last else store.aside(),
        )
    return tuple(draft.id for draft, _ in drafts)


def _commit_once(
    drafts: list[tuple[Invoice, Body]],
    quote: Quote,
    *,
    first: bool,
    last: bool,
    ids: tuple[str, ...],
    deposits: tuple[Invoice, ...],
    now: datetime,
    store: Store,
) -> None:
    """Write some drafts of a quote unless they were written before.

    Each is let through once, and so is the quote: in whichever way it was invoiced first, whole or in parts.
    """
    just_read = [quote]

    def deed() -> None:
        changes: list[Change] = [Once(f"quote:{quote.id}")] if first else []
        for draft, body in drafts:
            changes += [Add(draft, coming(draft, now)), Keep(body), _once(quote, draft)]
        if last:
            current = just_read.pop() if just_read else store.get(Quote, quote.id)
            _must_be_as_read(current, quote)
            if current.status is not QuoteStatus.INVOICED:
                changes += deducting(deposits, ids[0], now=now, store=store)
                changes.append(Save(*invoiced(current, invoice_ids=ids, at=now)))
        try:
            store.commit(*changes)
        except AlreadyDone:
            if not store.seen(_once(quote, drafts[0][0])):
                must_not_be_ordered(store.get(Quote, quote.id))
                raise invoiced_already(quote) from None

    store.persistently(deed)


def _once(quote: Quote, draft: Invoice) -> Once:
    return Once(f"quote:{quote.id}:{draft.instalment_id or 'whole'}")


def _must_be_as_read(current: Quote, read: Quote) -> None:
    """Raise Refused (``quote_changed``): what was drafted would not be what the quote says."""
    if (current.revision, current.deposits) != (read.revision, read.deposits):
        raise Refused("quote_changed", f"You cannot invoice quote {read.number or read.id} because it just changed.")


def _single(quote: Quote, content: Content, wanted: Invoicing, deposits: tuple[Invoice, ...]) -> Wish:
    """One invoice for the whole quote less its deposits, with its schedule (C33)."""
    return Wish(
        client_id=quote.client_id,
        content=content,
        language=quote.language,
        template=quote.template,
        job_id=quote.job_id,
        quote_id=quote.id,
        deposits=recalling(deposits),
        send=wanted.send,
        send_on=wanted.send_on,
    )


def _per_instalment(quote: Quote, content: Content, wanted: Invoicing, approval: date) -> tuple[Wish, ...]:
    """One invoice for each instalment: its share of every tax to the cent, and its due date as the day it goes out."""
    instalments = dated(quote.schedule, approval=approval, issue=approval)
    parts = shares(quote.figures, [instalment.amount for instalment in instalments])
    taxes = tuple(dict.fromkeys(tax.code for tax in quote.figures.taxes))
    wishes = []
    for place, (instalment, part) in enumerate(zip(instalments, parts, strict=True), start=1):
        label = instalment.label or f"{place}/{len(instalments)}"
        line = Line(
            description=f"{label} \N{EN DASH} {quote.number or quote.id}",
            unit_price=part.net_total.decimal,
            taxes=taxes,
        )
        wishes.append(
            Wish(
                client_id=quote.client_id,
                content=replace(
                    content,
                    lines=(line,),
                    allowances=(),
                    charges=(),
                    prepaid=None,
                    rounding_adjustment=None,
                    schedule=(),
                    given=replace(part, line_nets=(part.net_total,)),
                ),
                language=quote.language,
                template=quote.template,
                job_id=quote.job_id,
                quote_id=quote.id,
                instalment_id=instalment.id,
                send=wanted.send,
                send_on=instalment.due_on,
            )
        )
    return tuple(wishes)


def _id_of(quote: Quote, wish: Wish, place: int) -> str:
    """The same draft of the same quote always has the same id; ids keep the instalments' order."""
    digest = hashlib.sha256(f"{quote.id}/{wish.instalment_id or 'whole'}".encode()).digest()
    at = (quote.approved_at or quote.created_at) + timedelta(milliseconds=place)
    return new_id("inv", at=at, random=digest[:10])


def must_not_be_invoiced(quote: Quote) -> None:
    """Raise Refused (``quote_invoiced``): a quote is billed once, however it is asked."""
    if quote.status is QuoteStatus.INVOICED:
        raise invoiced_already(quote)


def invoiced_already(quote: Quote) -> Refused:
    """What to say of a quote that was billed (``quote_invoiced``)."""
    return Refused(
        "quote_invoiced", f"You cannot invoice quote {quote.number or quote.id} because it was invoiced already."
    )
