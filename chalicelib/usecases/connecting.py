"""Being paid by a restricted key of one's own, or again on the account connected to the platform's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.business import Business
from chalicelib.domain.checkout import AccountMode, PaymentAccount
from chalicelib.domain.errors import Invalid, NotFound, Refused
from chalicelib.domain.events import BusinessChanged
from chalicelib.domain.own_key import ENDPOINT_PREFIX, OwnKey, livemode_of
from chalicelib.ports import Gateway, Ids, Save, Seal, Store
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.checkouts import account_named

KEY = "/restricted_key"
MOST_KEYS = 5
"""Of different accounts at the provider; what was paid by the key of an older one is followed no more."""


def use_own_key(
    *,
    restricted_key: str | None,
    webhook_secrets: Sequence[str] | None,
    live: bool,
    if_match: int | None,
    now: datetime,
    ids: Ids,
    store: Store,
    gateway: Gateway,
    seal: Seal,
) -> Business:
    """The business, paid by a key of its own as soon as there is a secret to check its events with.

    A key that opens the account of an earlier one takes its place, and the endpoint stays. None leaves the key, or
    the secrets, as they are. The key is tried before anything is written, sealed as it is going to be used.
    live: whether real money moves in this installation.
    Raises Invalid (``not_a_restricted_key``, ``key_of_other_mode``, ``key_refused``, ``key_lacks_permissions``,
    ``key_missing``).
    """
    sealed = seal.seal(restricted_key, of=store.caller.business_id) if restricted_key else None
    livemode = livemode_of(restricted_key, here=live) if restricted_key else live
    secrets = None if webhook_secrets is None else _sealed(webhook_secrets, store, seal)

    def deed() -> Business:
        business = unchanged(store.get(Business), if_match)
        key = business.own_key
        if restricted_key and sealed:
            _must_open(sealed, business, gateway)
            key = _known(sealed, business, gateway=gateway, seal=seal) or OwnKey(endpoint=ids(ENDPOINT_PREFIX))
            key = replace(key, sealed_key=sealed, last4=restricted_key[-4:], livemode=livemode, refused=False)
        if key is None:
            raise Invalid("key_missing", "You cannot set secrets because there is no key yet.", at=KEY)
        key = key if secrets is None else replace(key, sealed_secrets=secrets)
        others = (other for other in business.own_keys if other.endpoint != key.endpoint)
        keys = (key, *others)[:MOST_KEYS]
        return _saved(replace(business, own_endpoint=key.endpoint, own_keys=keys), now=now, store=store)

    return store.persistently(deed)


def leave_own_key(*, if_match: int | None, now: datetime, store: Store) -> Business:
    """The business, paid on its connected account again, if it has one.

    The key stays sealed, so that an open page can be closed and a refund be seen; who ends it at the provider ends
    that too. Raises NotFound if none is in use.
    """

    def deed() -> Business:
        business = unchanged(store.get(Business), if_match)
        if business.own_endpoint is None:
            raise NotFound("key", "of its own in use")
        return _saved(replace(business, own_endpoint=None), now=now, store=store)

    return store.persistently(deed)


def _sealed(secrets: Sequence[str], store: Store, seal: Seal) -> tuple[str, ...]:
    return tuple(seal.seal(secret, of=store.caller.business_id) for secret in secrets)


def _must_open(sealed: str, business: Business, gateway: Gateway) -> None:
    try:
        lacking = gateway.lacking(_account(sealed, business))
    except Refused as refused:
        raise Invalid(refused.code, "You cannot use this key because Stripe does not take it.", at=KEY) from refused
    if lacking:
        detail = f"You cannot use this key because it does not allow {', '.join(lacking)}."
        raise Invalid("key_lacks_permissions", detail, at=KEY)


def _known(sealed: str, business: Business, *, gateway: Gateway, seal: Seal) -> OwnKey | None:
    """The earlier key that this one replaces, as its account is known: where nothing tells, the secrets are not kept.

    An ended key tells nothing any more; that the last one was ended, to be rolled, is what happens most. One that
    surely opens the same account goes before any of which that is only likely.
    """
    likely: OwnKey | None = None
    for n, earlier in enumerate(business.own_keys):
        try:
            same = _is_same(earlier, sealed, business, gateway=gateway, seal=seal)
        except Refused:
            likely = likely or (earlier if n == 0 else None)
            continue
        if same:
            return earlier
        if same is None:
            likely = likely or replace(earlier, sealed_secrets=())
    return likely


def _is_same(earlier: OwnKey, sealed: str, business: Business, *, gateway: Gateway, seal: Seal) -> bool | None:
    if seal.open(earlier.sealed_key, of=business.id) == seal.open(sealed, of=business.id):
        return True
    return gateway.is_same(account_named(earlier.endpoint, business), _account(sealed, business))


def _account(sealed: str, business: Business) -> PaymentAccount:
    return PaymentAccount(mode=AccountMode.OWN_KEY, business_id=business.id, sealed_key=sealed)


def _saved(business: Business, *, now: datetime, store: Store) -> Business:
    wanted = replace(business, version=business.version + 1)
    store.commit(Save(wanted, BusinessChanged(subject=wanted.id, version=wanted.version, at=now, fields=("payments",))))
    return wanted
