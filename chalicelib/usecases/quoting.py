"""Quotes: written, sent, answered by the client."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain import quote as quotes
from chalicelib.domain.business import Business, Numbering
from chalicelib.domain.client import Client
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Refused
from chalicelib.domain.events import QuoteDrafted, QuoteRemoved
from chalicelib.domain.marks import must_be_stated
from chalicelib.domain.numbering import Series, opened, take
from chalicelib.domain.quote import OPEN, WON, Invoicing, Quote, QuoteStatus
from chalicelib.domain.quote_document import case_of_quote
from chalicelib.domain.sales import Body, Content, parties_of, worked_out
from chalicelib.domain.schedule import plan
from chalicelib.ports import Add, Advance, Change, Ids, Keep, Remove, Save, Store
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.filing import filed, refiled, sited, title_of
from chalicelib.usecases.invoicing_quotes import convert_quote, must_not_be_invoiced
from chalicelib.usecases.reading import content_of

NUMBERING = Numbering(prefix="Q-", padding=5)


def draft_quote(
    content: Content,
    *,
    client_id: str,
    language: str | None = None,
    template: Template | None = None,
    valid_until: date | None = None,
    invoicing: Invoicing | None = None,
    job_id: str | None = None,
    business: Business,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Quote:
    """A draft quote; without a job it opens one (P31)."""
    client = present_client(client_id, store)
    job, opening = filed(job_id, client=client, title=title_of(content), now=now, ids=ids, store=store)
    content, figures = worked_out(sited(content, job.address))
    quote = Quote(
        id=ids("quo"),
        client_id=client.id,
        client_name=client.name,
        job_id=job.id,
        figures=figures,
        schedule=plan(content.schedule, figures.total),
        language=business.speaks(language or client.language),
        template=template or business.invoice_defaults.template,
        valid_until=valid_until,
        expires_at=expiry(business, valid_until, now),
        invoicing=invoicing,
        created_at=now,
    )
    event = QuoteDrafted(subject=quote.id, version=1, at=now, client_id=client.id, total=figures.total)
    store.commit(Add(quote, event), Keep(Body(id=quote.id, revision=1, content=content)), *opening)
    return quote


def edit_quote(
    quote_id: str,
    change: Callable[[Quote, Content], tuple[Quote, Content]],
    *,
    business: Business,
    if_match: int | None,
    now: datetime,
    store: Store,
) -> Quote:
    """The quote with what ``change`` makes of it; its figures are worked out again."""

    def deed() -> Quote:
        quote = unchanged(store.get(Quote, quote_id), if_match)
        known = content_of(quote, store)
        wanted, content = change(quote, known)
        refiled(quote.job_id, wanted.job_id, client_id=quote.client_id, store=store)
        content, figures = worked_out(content)
        wanted = replace(
            wanted,
            figures=figures,
            schedule=plan(content.schedule, figures.total),
            expires_at=expiry(business, wanted.valid_until, now),
        )
        edition, event = quotes.edited(quote, wanted, at=now)
        store.commit(Save(edition, event), Keep(Body(id=quote.id, revision=edition.revision, content=content)))
        return edition

    return store.persistently(deed)


def remove_quote(quote_id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take away a quote that nobody was shown. Raises Refused otherwise."""

    def deed() -> None:
        quote = unchanged(store.get(Quote, quote_id), if_match)
        if quote.status is not QuoteStatus.DRAFT or quote.delivery.requests:
            raise Refused("quote_not_draft", f"You cannot delete quote {quote_id} because it is {quote.status}.")
        quotes.must_not_have_deposits(quote, "delete")
        if quote.made:
            raise Refused("quote_ordered", f"You cannot delete quote {quote_id} because orders were made of it.")
        store.commit(Remove(quote, QuoteRemoved(subject=quote.id, version=quote.version + 1, at=now)))

    store.persistently(deed)


def send_quote(
    quote_id: str,
    *,
    template: Template | None = None,
    if_match: int | None = None,
    now: datetime,
    store: Store,
) -> Quote:
    """Ask for the quote to be mailed; it gets its number the first time.

    template: of the PDF in this mail; the quote's own stays what it is.
    Raises Refused (``no_email``) when the client has no e-mail address, and for what the law wants on it and nobody has
    said (``mark_missing``).
    """

    def deed() -> Quote:
        quote = unchanged(store.get(Quote, quote_id), if_match)
        business, client = store.get(Business), store.get(Client, quote.client_id)
        must_have_email(client, "send quote", quote.id)
        asked, event = quotes.send_requested(quote, template=template, at=now)
        today = business.today(now)
        parties = parties_of(quote.id, content_of(quote, store), seller=business.as_seller(), buyer=client.as_buyer())
        must_be_stated(case_of_quote(quote, parties, on=today), f"quote {quote.id}", deed="send")
        changes: list[Change] = []
        if asked.number is None:
            series, number = take(
                store.find(Series, "quote") or opened("quote", NUMBERING), document_id=quote.id, on=today
            )
            asked = replace(asked, number=number.id)
            changes = [Advance(series), Keep(number)]
        store.commit(Save(asked, event), *changes)
        return asked

    return store.persistently(deed)


def see_quote(quote_id: str, *, now: datetime, store: Store) -> Quote:
    """The client looked at the quote; only the first look is recorded."""

    def deed() -> Quote:
        quote = store.get(Quote, quote_id)
        if quote.viewed_at or quote.status not in OPEN:
            return quote
        seen, event = quotes.viewed(quote, at=now)
        store.commit(Save(seen, event))
        return seen

    return store.persistently(deed)


def approve_quote(
    quote_id: str,
    *,
    by: str,
    signature: str | None = None,
    revision: int | None = None,
    if_match: int | None = None,
    now: datetime,
    store: Store,
) -> Quote:
    """The quote approved; its drafts follow from the event. Approving it again gives it as it is (C11).

    revision: the one that was read; None asks nothing.
    Raises Refused when it was declined or has expired, or was edited since it was read (``quote_changed``).
    """

    def deed() -> Quote:
        quote = store.get(Quote, quote_id)
        if quote.status in WON:
            return quote
        if revision not in {None, quote.revision}:
            raise Refused("quote_changed", f"You cannot approve quote {quote_id} because it was edited meanwhile.")
        today = store.get(Business).today(now)
        won, event = quotes.approved(unchanged(quote, if_match), by=by, signature=signature, today=today, at=now)
        store.commit(Save(won, event))
        return won

    return store.persistently(deed)


def decline_quote(
    quote_id: str, *, by: str, reason: str | None = None, if_match: int | None = None, now: datetime, store: Store
) -> Quote:
    """The quote declined; declining it again gives it as it is."""

    def deed() -> Quote:
        quote = store.get(Quote, quote_id)
        if quote.status is QuoteStatus.DECLINED:
            return quote
        lost, event = quotes.declined(unchanged(quote, if_match), by=by, reason=reason, at=now)
        store.commit(Save(lost, event))
        return lost

    return store.persistently(deed)


def expire_quote(quote_id: str, *, now: datetime, store: Store) -> bool:
    """End a quote whose last day has passed; answers whether it did."""

    def deed() -> bool:
        quote = store.find(Quote, quote_id)
        if quote is None or quote.expires_at is None or quote.expires_at > now:
            return False
        over, event = quotes.expired(quote, at=now)
        store.commit(Save(over, event))
        return True

    return store.persistently(deed)


def invoice_quote(
    quote_id: str, wanted: Invoicing, *, if_match: int | None = None, now: datetime, store: Store
) -> tuple[str, ...]:
    """Turn a quote into draft invoices in one call (K6); answers their ids.

    Raises Refused when it was turned into invoices before, was declined or has expired.
    """
    quote = unchanged(store.get(Quote, quote_id), if_match)
    must_not_be_invoiced(quote)
    quotes.invoiced(quote, invoice_ids=(), at=now)
    return convert_quote(quote, wanted, business=store.get(Business), now=now, store=store)


def must_have_email(client: Client, deed: str, document: str) -> None:
    """Raise Refused (``no_email``) when there is nobody to mail to."""
    if not client.email:
        raise Refused("no_email", f"You cannot {deed} {document} because client {client.id} has no e-mail address.")


def expiry(business: Business, valid_until: date | None, now: datetime) -> datetime | None:
    """The morning after the last valid day."""
    return max(business.morning_of(valid_until + timedelta(days=1)), now) if valid_until else None
