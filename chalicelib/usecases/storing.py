"""A client's card kept at the payment provider: stored on its page, followed, forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.business import Business
from chalicelib.domain.card import Card, CardSetup, Decline, StoredCard
from chalicelib.domain.card_events import CardRefused, CardRemoved, CardStored, CardUpdated
from chalicelib.domain.checkout import PaymentAccount
from chalicelib.domain.client import Client
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.wording import Wording, first_of
from chalicelib.ports import Gateway, Save, Store
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.checkouts import account_named, account_of, lets_us_in_no_more

LONGEST_CONSENT = 500
"""In characters: what the provider keeps with a card."""

_TOLD_OF_A_CARD = ("brand", "last4", "exp_month", "exp_year")
"""What changes when a bank renews a card, and the provider keeps it on."""


def ask_for_card(
    client_id: str,
    *,
    allowed_automatic: bool,
    wordings: Callable[[str, str | None], Wording],
    success_url: str,
    cancel_url: str,
    store: Store,
    gateway: Gateway,
) -> str:
    """The address of the provider's page on which the client stores a card, and agrees to what it is used for.

    Raises Refused when online payment is off.
    """
    business, client = store.get(Business), present_client(client_id, store)
    account = account_of(business)
    known = client.card if client.card and client.card.account_id == account.account_id else None
    language = first_of(business.speaks(client.language))
    setup = CardSetup(
        business_id=business.id,
        client_id=client.id,
        name=client.name,
        email=client.email or "",
        customer_id=known.customer_id if known else "",
        consent=consent(business, wordings(language, business.country), allowed_automatic=allowed_automatic),
        allowed_automatic=allowed_automatic,
        success_url=success_url,
        cancel_url=cancel_url,
        locale=language,
    )
    return gateway.open_setup(setup, account=account).url


def consent(business: Business, wording: Wording, *, allowed_automatic: bool) -> str:
    """What a client agrees to who stores a card."""
    name = business.name[:200]
    asked = "{business} keeps this card with Stripe and may charge it for invoices that you owe."
    also = "Each invoice is charged by itself on the day it is due, until you take this back."
    told = wording.text(asked, business=name) + (f" {wording.text(also)}" if allowed_automatic else "")
    return f"{told} {wording.text('You get a mail about every charge.')}"[:LONGEST_CONSENT]


def learn_of_customer(
    customer_id: str, *, account: PaymentAccount, now: datetime, store: Store, gateway: Gateway
) -> None:
    """Read what card the provider keeps of a customer, and keep the same; whatever event asked for it, and how often.

    An older card never replaces a newer one, and one that was forgotten does not come back. One that a newer
    replaces is kept at the provider no more.
    """
    try:
        said = gateway.stored_card(customer_id, account=account)
    except NotFound:
        return  # deleted at the provider, or never ours
    if said.business_id != store.caller.business_id:
        return
    if replaced := _replaced_elsewhere(said, store):
        _detach(replaced.payment_method_id, replaced.account_id, store, gateway)
    for payment_method_id in said.older:
        _detach(payment_method_id, account.account_id, store, gateway)
    store.persistently(lambda: _learned(said, customer_id, now=now, store=store))


def forget_card(
    client_id: str, *, if_match: int | None, now: datetime, store: Store, gateway: Callable[[], Gateway]
) -> None:
    """Keep the client's card no more: at the provider first, then here. Raises NotFound if there is none."""
    card = unchanged(present_client(client_id, store), if_match).card
    if card is None:
        raise NotFound("card", "of this client")
    _let_go(client_id, card, now=now, store=store, gateway=gateway)


def forget_with_client(client_id: str, *, now: datetime, store: Store, gateway: Callable[[], Gateway]) -> None:
    """Keep the card of a client that was deleted no more."""
    client = store.get(Client, client_id)
    if client.removed_at and client.card:
        _let_go(client_id, client.card, now=now, store=store, gateway=gateway)


def refused_for_good(client: Client, payment_method_id: str, decline: Decline, *, at: datetime) -> tuple[Save, ...]:
    """The change that marks a card as one to be replaced, if it is the client's still."""
    card = client.card
    if card is None or card.payment_method_id != payment_method_id or card.refused:
        return ()
    marked = replace(client, version=client.version + 1, card=replace(card, refused=decline.code))
    event = CardRefused(subject=client.id, version=marked.version, at=at, last4=card.last4, reason=decline.reason)
    return (Save(marked, event),)


def _replaced_elsewhere(said: StoredCard, store: Store) -> Card | None:
    """The card that is kept, where a newer was stored by another customer of the provider's, or on another account."""
    client = store.find(Client, said.client_id)
    if client is None or client.card is None or said.card is None or not _is_newer(said.card, client):
        return None
    return client.card if client.card.customer_id != said.card.customer_id else None


def _learned(said: StoredCard, customer_id: str, *, now: datetime, store: Store) -> None:
    client = store.find(Client, said.client_id)
    if client is None or client.removed_at:
        return
    card = client.card
    if said.card and _is_newer(said.card, client):
        store.commit(Save(*_stored(client, said.card, at=now)))
    elif card and card.customer_id == customer_id and _is_gone(card, said.card):
        store.commit(Save(*_removed(client, card, at=now)))
    elif card and said.card and _is_renewed(card, said.card):
        store.commit(Save(*_updated(client, card, said.card, at=now)))


def _let_go(client_id: str, card: Card, *, now: datetime, store: Store, gateway: Callable[[], Gateway]) -> None:
    _detach(card.payment_method_id, card.account_id, store, gateway())

    def deed() -> None:
        client = store.get(Client, client_id)
        if client.card and client.card.payment_method_id == card.payment_method_id:
            store.commit(Save(*_removed(client, card, at=now)))

    store.persistently(deed)


def _detach(payment_method_id: str, account_id: str, store: Store, gateway: Gateway) -> None:
    """Have the provider keep a card no more; on an account that lets us in no more nobody here can charge it either."""
    account = account_named(account_id, store.get(Business))
    try:
        gateway.forget_card(payment_method_id, account=account)
    except Refused as refused:
        if not lets_us_in_no_more(account, refused):
            raise


def _stored(client: Client, card: Card, *, at: datetime) -> tuple[Client, CardStored]:
    after = replace(client, version=client.version + 1, card=card, card_taken_at=card.stored_at)
    event = CardStored(
        subject=client.id,
        version=after.version,
        at=at,
        brand=card.brand,
        last4=card.last4,
        allowed_automatic=card.allowed_automatic,
    )
    return after, event


def _updated(client: Client, card: Card, said: Card, *, at: datetime) -> tuple[Client, CardUpdated]:
    """The client with the card as its bank renewed it; what the bank refused, it refused to the card before."""
    told = {name: getattr(said, name) for name in _TOLD_OF_A_CARD}
    after = replace(client, version=client.version + 1, card=replace(card, refused=None, **told))
    return after, CardUpdated(subject=client.id, version=after.version, at=at, brand=said.brand, last4=said.last4)


def _removed(client: Client, card: Card, *, at: datetime) -> tuple[Client, CardRemoved]:
    after = replace(client, version=client.version + 1, card=None)
    return after, CardRemoved(subject=client.id, version=after.version, at=at, last4=card.last4)


def _is_newer(card: Card, client: Client) -> bool:
    """The provider counts seconds: of two cards taken in one it is the newest that it tells."""
    if client.card_taken_at is None or card.stored_at > client.card_taken_at:
        return True
    known = client.card
    same_second = known is not None and known.stored_at == card.stored_at and known.customer_id == card.customer_id
    return same_second and known is not None and known.payment_method_id != card.payment_method_id


def _is_gone(card: Card, said: Card | None) -> bool:
    return said is None or said.payment_method_id != card.payment_method_id


def _is_renewed(card: Card, said: Card) -> bool:
    same = card.payment_method_id == said.payment_method_id
    return same and any(getattr(card, name) != getattr(said, name) for name in _TOLD_OF_A_CARD)
