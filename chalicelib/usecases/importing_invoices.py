"""A former system's open invoices."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import AlreadyDone, Conflict, Invalid, Refused
from chalicelib.domain.follow_up import follow_up_of, next_look, owed
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.numbering import IMPORTED, Number, Place, place_of
from chalicelib.domain.opening_invoice import Former, Opening, must_be_the_same, opening
from chalicelib.domain.sales import parties_of
from chalicelib.ports import Add, Change, Ids, Keep, Move, Store
from chalicelib.usecases.continuing_series import INVOICE, continuing, series_of
from chalicelib.usecases.line_by_line import Became, Outcome, Row, taken_in
from chalicelib.usecases.naming_clients import by_email, by_name, by_reference

NAMED_BY = {"client_reference": by_reference, "client_email": by_email, "client_name": by_name}
"""The fields of a row that name its client; the first that is given does."""


def import_invoices(
    rows: Sequence[Row],
    *,
    remind: bool,
    dry_run: bool,
    enough: Callable[[], bool],
    now: datetime,
    ids: Ids,
    store: Store,
) -> tuple[Outcome, ...]:
    """The invoices of a list under their old numbers; they are owed from now on, and their own series goes on beyond.

    Done again it changes nothing. Nothing is written by a dry run.
    remind: whether clients are reminded of them; what was to be told before today is not caught up.
    """
    aside = store.aside()
    client_of = cache(partial(_client, store=aside))
    deed = partial(_opened, client_of=client_of, remind=remind, dry_run=dry_run, now=now, ids=ids, store=aside)
    numbering = aside.get(Business).numbering

    def place(row: Row) -> tuple[int, int]:
        found = place_of(numbering, row.name) or Place(None, 0)
        return (found.year or 0, found.seq)

    return taken_in(sorted(rows, key=place, reverse=True), deed, enough=enough)  # so the series is moved on once


def _opened(
    row: Row,
    *,
    client_of: Callable[[str, str], Client],
    remind: bool,
    dry_run: bool,
    now: datetime,
    ids: Ids,
    store: Store,
) -> tuple[Became, str | None]:
    named = next(((field, row.given[field]) for field in NAMED_BY if field in row.given), None)
    if named is None:
        raise Invalid("missing", f"An invoice needs one of {', '.join(NAMED_BY)}.")
    former, id = Former(**{name: value for name, value in row.given.items() if name not in NAMED_BY}), ids("inv")

    def deed() -> tuple[Became, str | None]:
        business, client = store.get(Business), client_of(*named)
        if number := store.find(Number, IMPORTED, former.number):
            known = store.get(Invoice, number.document_id)
            must_be_the_same(known, former, client, business)
            return Became.SAME, known.id
        beyond = _beyond(former.number, business=business, now=now, store=store)
        _must_not_be_given(former, store)  # asked after the series was read: what it gives from now on is in the way
        one = opening(former, id=id, client=client, business=business, remind=remind, at=now)
        if not dry_run:
            _commit(one, beyond, client=client, business=business, now=now, store=store)
        return Became.CREATED, None if dry_run else id

    return store.persistently(deed)


def _commit(
    one: Opening, beyond: Sequence[Change], *, client: Client, business: Business, now: datetime, store: Store
) -> None:
    followed = _followed(one.invoice, client, business, now)
    parties = parties_of(one.body.id, one.body.content, seller=business.as_seller(), buyer=client.as_buyer())
    try:
        store.commit(
            Add(followed, one.event),
            Keep(one.body),
            Keep(one.number),
            Keep(parties),
            Move(client_id=client.id, amount_due=followed.amount_due),
            *beyond,
        )
    except AlreadyDone:
        raise Conflict("conflict", "Somebody else imported this invoice at the same moment; try again.") from None


def _followed(invoice: Invoice, client: Client, business: Business, now: datetime) -> Invoice:
    """With the steps of the ladder behind it that were due before it came, and the next one before it."""
    follow_up = follow_up_of(client, business)
    watched = replace(invoice, reminders_off=False)  # so that none is caught up when they are switched on one day
    behind = owed(watched, follow_up.ladder, on=follow_up.today(now), older=True)
    reached = replace(invoice, reached=behind.marks) if behind else invoice
    return replace(reached, remind_at=next_look(reached, follow_up, now=now))


def _beyond(number: str, *, business: Business, now: datetime, store: Store) -> Sequence[Change]:
    """What moves our own series beyond a number that it would give one day."""
    place = place_of(business.numbering, number)
    if place is None:
        return ()
    return continuing(series_of(INVOICE, business, store), place, on=None, business=business, now=now)[1]


def _client(field: str, said: str, *, store: Store) -> Client:
    """Raises Refused (``unknown_client``) for nobody."""
    client = NAMED_BY[field](said, store)
    if client is None:
        raise Refused("unknown_client", f"There is no client called {said!r}; import the clients first.")
    return client


def _must_not_be_given(former: Former, store: Store) -> None:
    if store.find(Number, INVOICE, former.number):
        raise Refused("number_given", f"You cannot import invoice {former.number} because the number was given here.")
