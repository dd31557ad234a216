"""What each change writes: the item itself, its event, its links and look-ups."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any, get_args

from chalicelib.adapters.dynamodb import codec, indexes, keys
from chalicelib.adapters.dynamodb.tables import Delete, Increase, Item, Overwrite, Own, Put, Table, Write
from chalicelib.domain.access import ApiKey, PortalLink, User
from chalicelib.domain.batch import Outcome
from chalicelib.domain.batch_plan import PlanPart
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client, ClientBalance
from chalicelib.domain.credit_events import PaymentAllocated, PaymentMatched
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import TooLarge
from chalicelib.domain.event_types import EVENTS
from chalicelib.domain.events import InvoiceVoided
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Caller, Envelope, Event
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.payment import Payment
from chalicelib.domain.posting import Delivery, Progress
from chalicelib.domain.reconciliation import Standing
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder_plan import ReminderPlan
from chalicelib.domain.reporting import voids_of_month
from chalicelib.domain.sales import Body
from chalicelib.ports import Add, Advance, Change, Keep, Move, Note, Once, Point, Remove, Save

CHUNK = 100_000
"""An item may hold 400 KB, and a character takes up to 4 bytes: a longer body is cut into chunks of so many."""

LARGEST_BODY = 3_000_000
"""Bytes; a transaction may hold 4 MB."""

DELIVERIES_ARE_KEPT_S = 30 * 86_400

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""By the type and ``v`` of an event as it was once stored: what makes of its document that of the next ``v``."""


def of_all(changes: Iterable[Change], caller: Caller, *, sandbox: bool) -> list[tuple[Change, Write]]:
    """The writes of all changes, each with its change; those that add to one item become one write.

    A transaction may touch an item once only.
    """
    plan: list[tuple[Change, Write]] = []
    sums: dict[str, tuple[Change, Increase]] = {}
    for change in changes:
        for write in of(change, caller, sandbox=sandbox):
            if isinstance(write, Increase):
                first, before = sums.get(write.key["PK"], (change, replace(write, by={})))
                sums[write.key["PK"]] = first, replace(before, by=_added(before.by, write.by))
            else:
                plan.append((change, write))
    return [*plan, *sums.values()]


def of(change: Change, caller: Caller, *, sandbox: bool) -> list[Write]:
    """The writes of one change; the first is the one whose refusal explains the change's."""
    business = caller.business_id
    match change:
        case Add(entity, because):
            head: Write = Put(table=Table.CORE, item=entity_item(business, entity, sandbox=sandbox))
            lookups = [*_lookups(business, entity), *_changed_lookups(business, entity), *_words(business, entity)]
            return [head, _event(because, caller, entity), *_links(business, entity), *lookups]
        case Save(entity, because):
            item = entity_item(business, entity, sandbox=sandbox)
            head = Put(table=Table.CORE, item=item, version=entity.version - 1)
            lookups = [*_copies(business, entity), *_changed_lookups(business, entity), *_words(business, entity)]
            return [head, _event(because, caller, entity), *lookups, *_new_links(business, entity, because)]
        case Remove(entity, because):
            key = keys.of(business, type(entity), entity.id)
            return [Delete(table=Table.CORE, key=key, version=entity.version), _event(because, caller, entity)]
        case Keep(record):
            return [*_kept(business, record)]
        case Advance(series, steps):
            item = keys.of(business, Series, series.id) | _document(series) | {"version": series.version}
            return [Put(table=Table.CORE, item=item, version=series.version - steps or None)]
        case Move():
            return _moved(business, change)
        case Once(key):
            return [Put(table=Table.CORE, item=keys.once(business, key))]
        case Note(standing):
            item = keys.of(business, Standing, standing.id) | _document(standing) | {"version": standing.version}
            return [Put(table=Table.CORE, item=item, version=standing.version - 1 or None)]
        case Point(progress, delivery):
            return [_progress(business, progress), *(_delivery(business, delivery) if delivery else ())]


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def entity_item(business: str, entity: Any, *, sandbox: bool) -> Item:  # noqa: ANN401 - any entity
    identity = keys.of(business, type(entity), entity.id)
    return (
        identity
        | indexes.of(business, entity, sandbox=sandbox)
        | _document(entity)
        | {"kind": type(entity).__name__, "version": entity.version}
    )


def entity_in(kind: type[Any], item: Item) -> Any:  # noqa: ANN401 - the kind asked for
    return codec.loads(kind, item["doc"])


def filed_in(item: Item) -> Any:  # noqa: ANN401 - any kind that is filed to a job
    return codec.loads(_FILED[str(item["kind"])], item["doc"])


_FILED: dict[str, Any] = {kind.__name__: kind for kind in get_args(indexes.FILED)}


def envelope_in(item: Item) -> Envelope:
    """The event of a journal item; names that a newer version added are passed over.

    Raises KeyError for a type or a ``v`` that only newer code knows: to guess at it would be to lose it.
    """
    kind: Any = EVENTS[item["type"]]
    v, document = int(item["v"]), json.loads(item["doc"])
    while v != kind.v:
        document, v = UPCASTERS[kind.type, v](document), v + 1
    event = codec.decoder(kind)(document)
    return Envelope(event=event, caller=codec.loads(Caller, item["caller"]), id=item["id"])


def moves_account(item: Item) -> bool:
    """Whether an event may have moved what a client owes or has as credit, without reading it.

    Most events tell of no money, and reading them is what takes the time.
    """
    return any(account in item["doc"] for account in _CLIENTS_ACCOUNTS)


_CLIENTS_ACCOUNTS = (f'"{Account.RECEIVABLE}"', f'"{Account.CUSTOMER_CREDIT}"')


def balance_in(item: Item | None, client_id: str, currency: str) -> ClientBalance:
    amounts = {name: Money((item or {}).get(f"{name}:{currency}", 0), currency) for name in _AGGREGATES}
    return ClientBalance(id=client_id, **amounts)


def balances_in(item: Item | None, client_id: str) -> tuple[ClientBalance, ...]:
    parts = [name.partition(":") for name in item or {}]
    currencies = sorted({currency for name, _, currency in parts if name in _AGGREGATES})
    return tuple(balance_in(item, client_id, currency) for currency in currencies)


_AGGREGATES = ("unbilled_total", "amount_due", "credit_total")


def _document(value: Any) -> Item:  # noqa: ANN401
    return {"doc": codec.dumps(value)}


def _event(event: Any, caller: Caller, entity: Any = None) -> Put:  # noqa: ANN401 - any event of any entity
    envelope = Envelope.around(event, caller)
    client_id = entity.id if isinstance(entity, Client) else getattr(entity, "client_id", None)
    item = (
        indexes.of_envelope(envelope)
        | indexes.told_to(caller.business_id, client_id, event)
        | {
            "id": envelope.id,
            "type": event.type,
            "v": event.v,
            "doc": codec.dumps(event),
            "caller": codec.dumps(caller),
        }
    )
    return Put(table=Table.JOURNAL, item=item)


def _links(business: str, entity: Any) -> list[Write]:  # noqa: ANN401
    parents: tuple[str | None, ...] = ()
    if isinstance(entity, Invoice):
        parents = (entity.quote_id, entity.plan_id, *entity.sources)
    if isinstance(entity, CreditNote):
        parents = (entity.invoice_id,)
    if isinstance(entity, Refund):
        parents = (entity.payment_id,)
    if isinstance(entity, Payment):
        allocated = (allocation.invoice_id for allocation in entity.allocations)
        parents = (entity.invoice_id, entity.facts.payment_intent_id if entity.facts else None, *allocated)
    return [Put(table=Table.CORE, item=keys.link(business, parent, entity.id)) for parent in parents if parent]


def _new_links(business: str, entity: Any, because: Event) -> list[Write]:  # noqa: ANN401
    """The links of what belongs to another parent since; they stay, whatever becomes of it."""
    parent = because.invoice_id if isinstance(because, PaymentAllocated | PaymentMatched) else None
    if isinstance(because, InvoiceVoided):
        parent = voids_of_month(because.at.astimezone(UTC).date())
    return [Overwrite(table=Table.CORE, item=keys.link(business, parent, entity.id))] if parent else []


def _lookups(business: str, entity: Any) -> list[Write]:  # noqa: ANN401
    owner = {"business": business}
    match entity:
        case ApiKey():
            return [Put(table=Table.OPS, item=_key_item(business, entity))]
        case User():
            row = keys.user(user_digest(entity.issuer, entity.subject)) | owner | {"user": entity.id}
            return [Put(table=Table.OPS, item=row)]
        case Business(sandbox=True):
            return [Put(table=Table.OPS, item=keys.sandbox(business))]
    return []


def _key_item(business: str, key: ApiKey) -> Item:
    """The look-up row holds the key itself, so that one read tells who is asking."""
    return keys.api_key(key.id) | {"business": business} | _document(key)


def _copies(business: str, entity: Any) -> list[Write]:  # noqa: ANN401
    return [Overwrite(table=Table.OPS, item=_key_item(business, entity))] if isinstance(entity, ApiKey) else []


def _changed_lookups(business: str, entity: Any) -> list[Write]:  # noqa: ANN401
    if not isinstance(entity, Business):
        return []
    accounts = filter(None, (entity.stripe_account, entity.own_endpoint))
    return [Own(table=Table.OPS, item=keys.account(account) | {"business": business}) for account in accounts]


def _words(business: str, entity: Any) -> list[Write]:  # noqa: ANN401
    """What a client is found by; the rows of former words stay, since documents still bear them."""
    words = entity.words if isinstance(entity, Client) and not entity.removed_at else ()
    return [Overwrite(table=Table.CORE, item=keys.word(business, word, entity.id)) for word in words]


def user_digest(issuer: str, subject: str) -> str:
    return hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()


def _kept(business: str, record: Any) -> Sequence[Write]:  # noqa: ANN401 - any record
    match record:
        case PortalLink():
            return [Put(table=Table.OPS, item=_link_item(business, record))]
        case ReminderPlan():
            gone = int(record.kept_until.timestamp())
            item = keys.of(business, ReminderPlan, record.id) | {"ttl": gone} | _document(record)
            return [Put(table=Table.OPS, item=item)]
        case PlanPart():
            key = keys.of(business, PlanPart, record.id)
            if record.kept_until is None:
                return chunked(key, codec.dumps(record))
            passing = {"ttl": int(record.kept_until.timestamp())}
            parts = chunked(key, codec.dumps(record))
            return [Overwrite(table=Table.OPS, item=write.item | passing) for write in parts]  # for a week from now
        case Number():
            key = keys.of(business, Number, record.series, record.id)
            return [Put(table=Table.CORE, item=key | _document(record))]
        case Body():
            key = keys.of(business, Body, record.id, str(record.revision))
            return chunked(key, codec.dumps(record))
    write = Overwrite if isinstance(record, Outcome) else Put  # a step may be done again
    return [write(table=Table.CORE, item=keys.of(business, type(record), record.id) | _document(record))]


def chunked(key: keys.Key, text: str) -> list[Put]:
    """A long document as items that follow each other: the first says how many there are.

    Raises TooLarge for one that no transaction can hold.
    """
    if len(text.encode()) > LARGEST_BODY:
        raise TooLarge("document_too_large", f"A document's texts cannot be longer than {LARGEST_BODY} bytes together.")
    parts = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)] or [""]
    first = Put(table=Table.CORE, item={**key, "doc": parts[0], "chunks": len(parts)})
    rest = [
        Put(table=Table.CORE, item={"PK": key["PK"], "SK": f"{key['SK']}#{n:03d}", "doc": part})
        for n, part in enumerate(parts[1:], start=1)
    ]
    return [first, *rest]


def _link_item(business: str, link: PortalLink) -> Item:
    gone = int(link.expires_at.timestamp()) + 30 * 86_400
    return keys.token(link.id) | {"business": business, "ttl": gone} | _document(link)


def _progress(business: str, progress: Progress) -> Write:
    item = indexes.of_progress(business, progress) | _document(progress) | {"version": progress.version}
    return Put(table=Table.CORE, item=item | {"kind": type(progress).__name__}, version=progress.version - 1 or None)


def _delivery(business: str, delivery: Delivery) -> list[Write]:
    gone = int(delivery.last_attempt_at.timestamp()) + DELIVERIES_ARE_KEPT_S
    return [Overwrite(table=Table.OPS, item=keys.delivery(business, delivery) | _document(delivery) | {"ttl": gone})]


def _moved(business: str, move: Move) -> list[Write]:
    given = {name: getattr(move, name) for name in _AGGREGATES}
    by = {f"{name}:{amount.currency}": amount.minor for name, amount in given.items() if amount}
    return [Increase(table=Table.CORE, key=keys.balance(business, move.client_id), by=by)] if by else []
