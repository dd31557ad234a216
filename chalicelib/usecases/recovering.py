"""What is told of an account that no key opens any more: kept, and asked for again once one does."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from chalicelib.domain import own_key
from chalicelib.domain.business import Business
from chalicelib.domain.checkout import PaymentAccount
from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.events import BusinessChanged
from chalicelib.domain.letter import Letter, to_business
from chalicelib.domain.own_key import OwnKey, Waiting
from chalicelib.ports import Filter, Keep, Save, Store
from chalicelib.usecases.mailing import Post

PAGE = 250


def await_key(
    account: PaymentAccount,
    *,
    payment_intent_id: str | None = None,
    session_id: str | None = None,
    customer_id: str | None = None,
    now: datetime,
    store: Store,
) -> None:
    """Keep what was told of an account whose key the provider refused; the business hears of it once an outage.

    account: with the key that was refused. customer_id: whose card; otherwise it was a page, or a payment.
    Raises Conflict when a key was given, or found to open, at the same moment: what it opens must be read.
    """
    endpoint = account.account_id
    outage = store.persistently(lambda: _out(account, now=now, store=store))
    if outage:
        told = own_key.waiting(
            endpoint,
            outage=outage,
            payment_intent_id=payment_intent_id,
            session_id=session_id,
            customer_id=customer_id,
        )
        with suppress(AlreadyDone):
            store.commit(Keep(told))
    key = _now(store).key_at(endpoint)  # whoever ended the outage before this was kept did not see it
    if not (outage and key and key.refused and key.outages == outage):
        raise Conflict("key_changed", "A key of this account was given at the same moment.")


def end_outage(endpoint: str, *, now: datetime, store: Store) -> None:
    """The key that was refused opens its account again, though nobody gave another."""

    def deed() -> None:
        business = _now(store)
        if (key := business.key_at(endpoint)) and key.refused:
            _save(business, replace(key, refused=False), fields=("payments",), now=now, store=store)

    store.persistently(deed)


def recover(
    endpoint: str,
    *,
    until: int,
    queue: Callable[[Waiting], None],
    after: Mapping[str, str] | None,
    now: datetime,
    store: Store,
) -> Mapping[str, str] | None:
    """Queue a page of what waited for the key at an endpoint; answers where the next begins.

    until: the last outage that is over; with the last page it is written down as recovered.
    """
    key = _now(store).key_at(endpoint)
    recovered = key.recovered if key else until
    page = store.page(
        Waiting,
        Filter(fits=lambda row: row.endpoint == endpoint and recovered < row.outage <= until),
        limit=PAGE,
        after=after,
    )
    for row in page.rows:
        queue(row)
    if page.next is None:
        store.persistently(lambda: _note(endpoint, until, now=now, store=store))
    return page.next


def announce_outage(*, store: Store, post: Post) -> None:
    """Tell the business that a key of its own is not taken any more, once an outage."""
    business = store.get(Business)
    for key in business.own_keys if business.email else ():
        if key.refused:
            post.send_once(f"key_refused:{key.endpoint}:{key.outages}", partial(_told, key, business), store=store)


def _told(key: OwnKey, business: Business) -> Letter:
    return to_business(
        "key_refused",
        business,
        values={"last4": key.last4},
    )


def _out(account: PaymentAccount, *, now: datetime, store: Store) -> int:
    """The outage that lasts, begun if need be; 0 when the key is another by now."""
    business = _now(store)
    key = business.key_at(account.account_id)
    if key is None or key.sealed_key != account.sealed_key:
        return 0
    if not key.refused:
        key = replace(key, refused=True, outages=key.outages + 1)
        _save(business, key, fields=("payments",), now=now, store=store)
    return key.outages


def _note(endpoint: str, until: int, *, now: datetime, store: Store) -> None:
    business = _now(store)
    key = business.key_at(endpoint)
    if key and key.recovered < until:
        _save(business, replace(key, recovered=until), fields=(), now=now, store=store)


def _now(store: Store) -> Business:
    """The business as it is now: the store itself may remember it as it was when it entered."""
    return store.aside().get(Business)


def _save(business: Business, key: OwnKey, *, fields: tuple[str, ...], now: datetime, store: Store) -> None:
    keys = tuple(key if other.endpoint == key.endpoint else other for other in business.own_keys)
    wanted = replace(business, own_keys=keys, version=business.version + 1)
    store.commit(Save(wanted, BusinessChanged(subject=wanted.id, version=wanted.version, at=now, fields=fields)))
