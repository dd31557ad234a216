"""What a thing sold costs whom: the catalogue's price, or the one agreed with a client or in a contract."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.catalogue import AgreedPrice, CatalogueEntry, at_price, price_id
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound, Stale
from chalicelib.domain.price_events import PriceAgreed, PriceEnded
from chalicelib.ports import Add, Remove, Save, Store
from chalicelib.usecases.checking import present_client, unchanged

CONTRACT = "con_"
"""What the ids of contracts begin with: nobody sells at another client's price by calling it a contract."""


def holders_for(client_id: str, contract_id: str | None) -> list[str]:
    """Whose prices count where a client is sold something under a contract, or under none: the contract's go first."""
    return [id for id in (contract_id, client_id) if id and (id == client_id or id.startswith(CONTRACT))]


def sold_to(codes: Iterable[str], *, holders: Sequence[str], store: Store) -> dict[str, CatalogueEntry]:
    """The catalogue's entries under these codes, each at the price that is asked of the holders.

    holders: the contract and the client that it is sold to, as far as they are known; the first that agreed on a
    price goes before the others. Codes that are not in the catalogue are left out.
    """
    wanted = sorted(set(codes))
    entries = store.many(CatalogueEntry, wanted) if wanted else ()
    asked = [price_id(holder, entry.id) for holder in holders for entry in entries]
    agreed = {price.id: price for price in store.many(AgreedPrice, asked)} if asked else {}
    best: dict[str, AgreedPrice] = {}
    for price_of in asked:
        if price_of in agreed:
            best.setdefault(agreed[price_of].code, agreed[price_of])
    return {entry.id: at_price(entry, best.get(entry.id)) for entry in entries}


def has_price(holder: str, code: str, store: Store) -> bool:
    """Whether a price of its own is agreed with a client, or in a contract, for one thing sold."""
    return store.find(AgreedPrice, price_id(holder, code)) is not None


def present_price(client_id: str, code: str, store: Store) -> AgreedPrice:
    """What was agreed with a client for one thing sold. Raises NotFound, also for an unknown client."""
    return _found(present_client(client_id, store).id, code, store)


def _found(holder: str, code: str, store: Store) -> AgreedPrice:
    price = store.find(AgreedPrice, price_id(holder, code))
    if price is None:
        raise NotFound("agreed price", code)
    return price


def agree_on_price(
    client_id: str, code: str, *, unit_price: Decimal, if_match: int | None, now: datetime, store: Store
) -> AgreedPrice:
    """The client's own price of a thing sold, from the next line that names it; written lines keep theirs.

    Raises NotFound for an unknown client or code, Stale where a price is to be changed that there is not any more.
    """
    holder = present_client(client_id, store).id
    return _agreed(holder, code, unit_price=unit_price, if_match=if_match, now=now, store=store)


def agree_in_contract(
    contract_id: str, code: str, *, unit_price: Decimal, if_match: int | None, now: datetime, store: Store
) -> AgreedPrice:
    """A contract's own price, from the next item of it that names the code; raises like ``agree_on_price``."""
    holder = store.get(Contract, contract_id).id
    return _agreed(holder, code, unit_price=unit_price, if_match=if_match, now=now, store=store)


def end_in_contract(contract_id: str, code: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Let the client's price, or the catalogue's, hold again in a contract. Raises NotFound."""
    _ended(store.get(Contract, contract_id).id, code, if_match=if_match, now=now, store=store)


def _agreed(
    holder: str, code: str, *, unit_price: Decimal, if_match: int | None, now: datetime, store: Store
) -> AgreedPrice:
    def deed() -> AgreedPrice:
        entry = store.get(CatalogueEntry, code)
        id = price_id(holder, entry.id)
        known = store.find(AgreedPrice, id)
        if known is None and if_match is not None:
            raise Stale("stale", f"You cannot change the price of {code} because none is agreed now.")
        before = unchanged(known, if_match).version if known else len(store.history(_subject(id)))
        price = AgreedPrice(id=id, version=before + 1, unit_price=unit_price)
        event = PriceAgreed(subject=_subject(id), version=price.version, at=now, unit_price=unit_price)
        try:
            store.commit(Save(price, event) if known else Add(price, event))
        except AlreadyDone as error:  # agreed on for the first time, twice at once
            raise Conflict("conflict", "Somebody else changed this at the same moment; try again.") from error
        return price

    return store.persistently(deed)


def end_price(client_id: str, code: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Let the client pay the catalogue's price again."""
    _ended(present_client(client_id, store).id, code, if_match=if_match, now=now, store=store)


def _ended(holder: str, code: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    def deed() -> None:
        price = unchanged(_found(holder, code, store), if_match)
        gone = PriceEnded(subject=_subject(price.id), version=price.version + 1, at=now)
        store.commit(Remove(price, gone))

    store.persistently(deed)


def _subject(id: str) -> str:
    return f"price:{id}"
