"""Quotes turned into draft invoices, once: when they are approved, or when somebody asks."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain.business import Business, InvoicingMode
from chalicelib.domain.client import Client
from chalicelib.domain.errors import AlreadyDone, Refused
from chalicelib.domain.figures import shares
from chalicelib.domain.ids import derived_id
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.lines import Line
from chalicelib.domain.quote import (
    WON,
    Invoicing,
    Quote,
    QuoteStatus,
    invoiced,
    must_not_be_ordered,
    must_not_have_deposits,
)
from chalicelib.domain.sales import Body, Content
from chalicelib.domain.schedule import dated
from chalicelib.ports import Add, Change, Keep, Once, Save, Store
from chalicelib.usecases.deducting import deducting, recalling, to_deduct
from chalicelib.usecases.drafting import Wish, coming, drafted
from chalicelib.usecases.reading import content_of

DRAFTS_AT_ONCE = 15
"""How many drafts of one quote share a transaction: six writes each, at most 100."""


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
    at = (quote.approved_at or quote.created_at) + timedelta(milliseconds=place)
    return derived_id("inv", f"{quote.id}/{wish.instalment_id or 'whole'}", at=at)


def must_not_be_invoiced(quote: Quote) -> None:
    """Raise Refused (``quote_invoiced``): a quote is billed once, however it is asked."""
    if quote.status is QuoteStatus.INVOICED:
        raise invoiced_already(quote)


def invoiced_already(quote: Quote) -> Refused:
    """What to say of a quote that was billed (``quote_invoiced``)."""
    return Refused(
        "quote_invoiced", f"You cannot invoice quote {quote.number or quote.id} because it was invoiced already."
    )
