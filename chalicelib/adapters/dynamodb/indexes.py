"""The keys of the indexes, and which question each answers; they cannot be changed later. ``t`` is a business's id.

index of core   partition / sort                            question
list            T#t#<KIND>#0 / <id>                         a grid, newest first (ids sort by time)
                BUSINESSES#<shard> / <id>                   every business, for the nightly audit
client          T#t#C#<client> / <kind>#<id>                what belongs to a client, kind by kind
job             T#t#J#<job> / <kind>#<id>                   a job's whole folder, in one query
account         T#t#C#<client> / ITEM#<done>#<id>           a client's items to be billed and on no document
                               / DRAFT#<id>                 its drafts that claim items
                               / DUE#<day>#<id>             its invoices not wholly paid, by the day money is due
open            T#t#OPEN#0 / DRAFT#<id>                     the drafts without a day, newest first
                           / SCHED#<day>#<id>               the drafts that go out by themselves, by that day
                           / DUE#<day>#<id>                 the invoices not wholly paid, by the day money is due
                           / ITEM#<contract>#<done>#<id>    the items to be billed of contracts, contract by contract
                           / UNMATCHED#<id>                 the payments that belong to nobody we know
due             DUE#<shard> / <instant>#<kind>#t#<id>       what the sweep must do; a sandbox has its own: DUE#t

index of journal
activity        T#t#<yyyymm>#0 / <instant>#<event id>       the business's feed
client          T#t#C#<client> / <instant>#<entity>#<version>   what happened to a client and all that belongs to it
"""

import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any

from chalicelib.adapters.dynamodb import keys
from chalicelib.adapters.dynamodb.keys import Key
from chalicelib.domain.batch import Batch
from chalicelib.domain.business import Business
from chalicelib.domain.contract import Contract
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.export import Export
from chalicelib.domain.follow_up import is_followed
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, ItemStatus
from chalicelib.domain.job import Job
from chalicelib.domain.journal import Envelope, Event
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.plan import Plan
from chalicelib.domain.posting import Progress
from chalicelib.domain.quote import Quote
from chalicelib.domain.refund import ASKED_AGAIN, Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.visit import Visit
from chalicelib.ports import Unfinished

DUE_SHARDS = BUSINESS_SHARDS = 16

FILED = Job | Visit | Item | Plan | Quote | SalesDocument | Invoice | CreditNote
"""What a job's folder holds, the job itself among it."""

TO_BILL = "ITEM"
"""What a client's items to be billed are sorted by before the instant at which they were done."""

SOME_DAY = date.max
"""When money is due for which no day is known yet: after all other."""

OPEN: dict[Unfinished, str] = {
    Unfinished.DRAFT: "DRAFT",
    Unfinished.SCHEDULED: "SCHED",
    Unfinished.DUE: "DUE",
    Unfinished.UNMATCHED: "UNMATCHED",
}
"""What the unfinished are sorted by before their day."""


def list_partition(business: str, kind: type) -> str:
    return f"T#{business}#{kind.__name__.upper()}#0"


def client_partition(business: str, client_id: str | None) -> str:
    return f"T#{business}#C#{client_id}"


def job_partition(business: str, job_id: str) -> str:
    return f"T#{business}#J#{job_id}"


def open_partition(business: str) -> str:
    return f"T#{business}#OPEN#0"


def open_range(unfinished: Unfinished, before: date | None) -> tuple[str, str]:
    """The first and the last sort key of those that wait for one thing, and of days earlier than one."""
    first = f"{OPEN[unfinished]}#"
    return first, first + (before.isoformat() if before else "\U0010ffff")


def collected_prefix(contract_id: str) -> str:
    """What the items to be billed of a contract are sorted by; of all contracts where it is empty."""
    return f"{TO_BILL}#{contract_id}#" if contract_id else f"{TO_BILL}#"


def account_prefix(kind: type, unfinished: Unfinished | None) -> str:
    """What is open on a client's account of one kind."""
    return f"{TO_BILL if kind is Item or unfinished is None else OPEN[unfinished]}#"


def activity_partition(business: str, at: datetime) -> str:
    return f"T#{business}#{at.astimezone(UTC):%Y%m}#0"


def of_envelope(envelope: Envelope) -> Key:
    business, happened = envelope.caller.business_id, envelope.event
    return keys.event(business, happened.subject, happened.version) | {
        "activity_pk": activity_partition(business, happened.at),
        "activity_sk": f"{instant(happened.at)}#{envelope.id}",
    }


def told_to(business: str, client_id: str | None, happened: Event) -> Key:
    """The index keys of an event in the timeline of the client that it concerns."""
    if client_id is None:
        return {}
    place = f"{instant(happened.at)}#{happened.subject}#{happened.version:08d}"
    return {"client_pk": client_partition(business, client_id), "client_sk": place}


def of(business: str, entity: Any, *, sandbox: bool) -> Key:  # noqa: ANN401 - any entity or record
    """The index keys that an entity bears in its present state."""
    found: Key = {}
    if type(entity) in keys.COLLECTED:
        found |= {"list_pk": list_partition(business, type(entity)), "list_sk": _listed(entity)}
    if isinstance(entity, Business):
        found |= {"list_pk": businesses_partition(_shard(entity.id, BUSINESS_SHARDS)), "list_sk": entity.id}
    if isinstance(entity, FILED | Contract | Payment | Refund | Reminder) and entity.client_id:
        found |= {"client_pk": client_partition(business, entity.client_id), "client_sk": _kinded(entity)}
    if isinstance(entity, FILED) and (job_id := entity.id if isinstance(entity, Job) else entity.job_id):
        found |= {"job_pk": job_partition(business, job_id), "job_sk": _kinded(entity)}
    if isinstance(entity, Invoice) and (unfinished := _unfinished(entity)):
        found |= {"open_pk": open_partition(business), "open_sk": f"{unfinished}#{entity.id}"}
    if isinstance(entity, Payment) and entity.quarantine:
        found |= {"open_pk": open_partition(business), "open_sk": f"{OPEN[Unfinished.UNMATCHED]}#{entity.id}"}
    if isinstance(entity, Item) and entity.contract_id and _is_free(entity):
        collected = f"{collected_prefix(entity.contract_id)}{instant(entity.occurred_at)}#{entity.id}"
        found |= {"open_pk": open_partition(business), "open_sk": collected}
    if isinstance(entity, Item | Invoice) and (standing := _on_account(entity)):
        found |= {"account_pk": client_partition(business, entity.client_id), "account_sk": f"{standing}#{entity.id}"}
    if planned := _planned(entity):
        kind, at = planned
        found |= _due(business, kind, entity.id, at, sandbox=sandbox)
    return found


def of_progress(business: str, progress: Progress) -> Key:
    """Its keys, and while somebody has to look at it those of the index, by the real time: posts are of this world."""
    key = keys.of(business, Progress, progress.id)
    return key | _due(business, "post", progress.id, progress.due_at, sandbox=False) if progress.due_at else key


def kinded_prefix(kind: type, begins: str | None = None) -> str:
    return f"{keys.COLLECTED[kind]}#{begins or ''}"


def businesses_partition(shard: int) -> str:
    return f"BUSINESSES#{shard:02d}"


def due_partition(shard: int) -> str:
    return f"DUE#{shard:02d}"


def sandbox_due_partition(business: str) -> str:
    return f"DUE#{business}"


def instant(at: datetime) -> str:
    """An instant as text that sorts by time."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _listed(entity: Any) -> str:  # noqa: ANN401
    """Ids sort by time, but for the provider's."""
    return f"{entity.arrives_on}#{entity.id}" if isinstance(entity, Payout) else str(entity.id)


def _planned(entity: Any) -> tuple[str, datetime] | None:  # noqa: ANN401
    if isinstance(entity, Invoice):
        return min(_plans(entity), key=itemgetter(1), default=None)
    if isinstance(entity, Quote) and entity.expires_at:
        return "expire_quote", entity.expires_at
    if isinstance(entity, Batch) and entity.look_at:
        return "go_on_batch", entity.look_at
    if isinstance(entity, Contract) and entity.look_at:
        return "turn_period", entity.look_at
    if isinstance(entity, Plan) and entity.due_at:
        return "bill_plan", entity.due_at
    if isinstance(entity, Refund) and entity.is_to_be_asked:
        return "ask_refund", entity.created_at + ASKED_AGAIN
    if isinstance(entity, Export) and entity.look_at:
        return "go_on_export", entity.look_at
    return None


def _plans(invoice: Invoice) -> Iterator[tuple[str, datetime]]:
    """All that is planned of an invoice; the index holds what comes first."""
    if invoice.scheduled_for and not invoice.issued_at:
        yield "send_invoice", invoice.scheduled_for
    if invoice.remind_at and is_followed(invoice):
        yield "remind_client", invoice.remind_at
    if invoice.fee_at and not invoice.voided_at and not invoice.disputed_total:
        yield "charge_late_fee", invoice.fee_at
    if invoice.charging and invoice.charging.look_at and (invoice.amount_due.minor > 0 or invoice.checkout):
        yield "charge_client", invoice.charging.look_at


def _due(business: str, kind: str, id: str, at: datetime, *, sandbox: bool) -> Key:
    partition = sandbox_due_partition(business) if sandbox else due_partition(_shard(id, DUE_SHARDS))
    return {"due_pk": partition, "due_sk": f"{instant(at)}#{kind}#{business}#{id}"}


def _shard(id: str, shards: int) -> int:
    return zlib.crc32(id.encode()) % shards


def _unfinished(invoice: Invoice) -> str | None:
    if not invoice.issued_at:
        on = invoice.send_on
        return f"{OPEN[Unfinished.SCHEDULED]}#{on.isoformat()}" if on else OPEN[Unfinished.DRAFT]
    due = invoice.next_due()
    if invoice.amount_due.minor <= 0:  # nothing is due of a void one
        return None
    return f"{OPEN[Unfinished.DUE]}#{(due or SOME_DAY).isoformat()}"


def _on_account(entity: Item | Invoice) -> str | None:
    """What is still to come of it for its client: to be billed, or to be paid."""
    if isinstance(entity, Item):
        return f"{TO_BILL}#{instant(entity.occurred_at)}" if _is_free(entity) else None
    if entity.issued_at:
        return _unfinished(entity)
    return OPEN[Unfinished.DRAFT] if entity.item_ids or entity.items_in_body else None


def _is_free(item: Item) -> bool:
    return item.status is ItemStatus.PUBLISHED and item.invoice_id is None


def _kinded(entity: FILED | Contract | Payment | Refund | Reminder) -> str:
    return f"{kinded_prefix(type(entity))}{entity.id}"
