"""The key schema of the three tables, and who asks for what. ``t`` is a business's id.

core            PK                  SK
business        T#t                 META
catalogue       T#t                 PRICE#<code>
agreed price    T#t#AP#<holder>     PRICE#<code>            the holder is a client, or a contract
API key, user   T#t                 KEY#<id>, USER#<id>
audit           T#t                 AUDIT#audit             the latest
waiting         T#t                 WAIT#<endpoint>#<outage>#<payment or page>
own letter      T#t                 LETTER#<kind>/<language>
webhook         T#t                 HOOK#<id>
connection      T#t                 BOOKS#<id>              of an accounting program
standing        T#t                 STANDING#<account>      how far a payment account was compared
finding         T#t                 FOUND#<id>              what came to light by that
  progress      T#t#HOOK#<id>       PROGRESS                where it stands in the feed
client          T#t#C#<id>          META
  aggregates    T#t#C#<id>          BALANCE
word            T#t#W#0             <word>#<client>         what clients are, or were, called
job             T#t#J#<id>          META
visit           T#t#V#<id>          META
item            T#t#IT#<id>         META
contract        T#t#K#<id>          META
  usage         T#t#K#<id>          USE#<sha256>            an event of consumption
tally           T#t#TLY#<id>        META                    what is counted in a period of a contract
batch           T#t#B#<id>          META
  plan          T#t#B#<id>          PART#<part>             before a batch takes it over: in ops, by its hash
  outcome       T#t#B#<id>          OUT#<step>/<part>       what failed
plan            T#t#PL#<id>         META                    what is billed again and again
quote           T#t#Q#<id>          META
sales document  T#t#O#<id>          META                    a deal, an order, a delivery note
invoice         T#t#I#<id>          META
credit note     T#t#CN#<id>         META
payment         T#t#P#<id>          META
refund          T#t#R#<id>          META
payout          T#t#PO#<id>         META                    by the provider's id
export          T#t#EX#<id>         META
reminder        T#t#RM#<id>         META                    of a client, of a day
body            T#t#D#<document>    BODY#<revision>
parties         T#t#D#<document>    PARTIES
number series   T#t#SER#<series>    CTR
number          T#t#SER#<series>    N#<number as printed>
link            T#t#L#<parent>      <child>                 a quote's invoices; an invoice's payments, and
                                                           its credit notes; a provider's; the invoices
                                                           voided in a month
feed            T#t#FEED#0          <12-digit sequence>     -> an event of the journal
once            T#t#UQ#<key>        UQ

journal         T#t#<entity>        E#<8-digit version>

ops             PK                  SK
idempotency     IK#t#<sha256>       IK                      the first answer to a request
API key         AK#<key id>         AK                      -> business, and a copy of the key
user            US#<sha256>         US                      issuer and subject -> business
portal link     TOK#<sha256>        TOK
Stripe account  ACC#<account>       ACC                     -> business; an own key's by its endpoint
Stripe event    WH#<account>#<id>   WH
reminder plan   T#t#RP#<hash>       META                    what a run of reminders was shown to do
lease           LEASE#t#<work>      LEASE
delivery        DLV#t#<webhook>     <12-digit sequence>     what became of an event there, for a month
sandbox         SANDBOXES           <business>              the sweep asks each of them

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

question                                answered by
one entity or record                    GetItem, strongly consistent
the clients with a word that begins so  Query T#t#W#0, then BatchGetItem
the invoices of a quote                 Query T#t#L#<quote>, then BatchGetItem
the history of an entity                Query journal T#t#<entity>
a number, or each number's fate         GetItem / Query T#t#SER#<series>
what happened after a sequence          Query T#t#FEED#0, then BatchGetItem of the journal

The ``#0`` are shards, to be raised for a business that outgrows one partition; index keys cannot be changed later.
"""

import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from operator import itemgetter
from typing import Any

from chalicelib.domain.access import ApiKey, User
from chalicelib.domain.audit import Audit
from chalicelib.domain.batch import Batch, Outcome
from chalicelib.domain.batch_plan import PlanPart
from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import AgreedPrice, CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.connection import Connection
from chalicelib.domain.contract import Contract
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.export import Export
from chalicelib.domain.feed import Told
from chalicelib.domain.follow_up import is_followed
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, ItemStatus
from chalicelib.domain.job import Job
from chalicelib.domain.journal import Envelope, Event
from chalicelib.domain.letter_text import OwnLetter
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.own_key import Waiting
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.plan import Plan
from chalicelib.domain.posting import Delivery, Progress
from chalicelib.domain.quote import Quote
from chalicelib.domain.reconciliation import Finding, Standing
from chalicelib.domain.refund import ASKED_AGAIN, Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.reminder_plan import ReminderPlan
from chalicelib.domain.sales import Body, Parties
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.tally import Tally
from chalicelib.domain.usage_record import UsageRecord
from chalicelib.domain.visit import Visit
from chalicelib.domain.webhook import Webhook
from chalicelib.ports import Unfinished

Key = dict[str, str]

DUE_SHARDS = BUSINESS_SHARDS = 16

ROOTED: dict[type, str] = {
    CatalogueEntry: "PRICE",
    ApiKey: "KEY",
    User: "USER",
    Audit: "AUDIT",
    OwnLetter: "LETTER",
    Waiting: "WAIT",
    Webhook: "HOOK",
    Connection: "BOOKS",
    Standing: "STANDING",
    Finding: "FOUND",
}
"""Kinds that live in the business's own collection."""

COLLECTED: dict[type, str] = {
    Client: "C",
    Job: "J",
    Visit: "V",
    Item: "IT",
    Contract: "K",
    Plan: "PL",
    Quote: "Q",
    SalesDocument: "O",
    Invoice: "I",
    CreditNote: "CN",
    Payment: "P",
    Refund: "R",
    Payout: "PO",
    Export: "EX",
    Reminder: "RM",
    ReminderPlan: "RP",
    Batch: "B",
    Tally: "TLY",
}
"""Kinds that have a collection of their own."""

FILED = Job | Visit | Item | Plan | Quote | SalesDocument | Invoice | CreditNote
"""What a job's folder holds, the job itself among it."""

TO_BILL = "ITEM"
"""What a client's items to be billed are sorted by before the instant at which they were done."""

PASSING = "bpl_"
"""What the ids of plans begin with that no batch has taken over."""

SOME_DAY = date.max
"""When money is due for which no day is known yet: after all other."""

OPEN: dict[Unfinished, str] = {
    Unfinished.DRAFT: "DRAFT",
    Unfinished.SCHEDULED: "SCHED",
    Unfinished.DUE: "DUE",
    Unfinished.UNMATCHED: "UNMATCHED",
}
"""What the unfinished are sorted by before their day."""


def _key(pk: str, sk: str) -> Key:
    return {"PK": pk, "SK": sk}


def of(business: str, kind: type, *key: str) -> Key:
    """The primary key of an entity or record.

    key: its id; a number: series and number; a body: document and revision, or both with a slash between.
    """
    if kind is Business:
        return _key(f"T#{business}", "META")
    if kind in ROOTED:
        return _key(f"T#{business}", f"{ROOTED[kind]}#{key[0]}")
    if kind is AgreedPrice:
        holder, _, code = key[0].partition("/")
        return _key(agreed_partition(business, holder), f"PRICE#{code}")
    if kind in COLLECTED:
        return _key(f"T#{business}#{COLLECTED[kind]}#{key[0]}", "META")
    if kind in RECORDS:
        return RECORDS[kind](business, *key)
    if kind in OUTGOING:
        return OUTGOING[kind](business, key[0])
    raise TypeError(f"{kind.__name__} has no key in core")


def _body(business: str, *key: str) -> Key:
    document, revision = key if len(key) > 1 else key[0].split("/")
    return _key(f"T#{business}#D#{document}", f"BODY#{int(revision):06d}")


def _of_batch(said: str, business: str, id: str) -> Key:
    holder, _, place = id.partition("/")
    return _key(f"T#{business}#B#{holder}", f"{said}#{place}")


RECORDS: dict[type, Callable[..., Key]] = {
    Body: _body,
    Parties: lambda business, document: _key(f"T#{business}#D#{document}", "PARTIES"),
    PlanPart: partial(_of_batch, "PART"),
    Outcome: partial(_of_batch, "OUT"),
    UsageRecord: lambda business, id: _key(f"T#{business}#K#{id.partition('/')[0]}", f"USE#{id.partition('/')[2]}"),
    Series: lambda business, series: _key(f"T#{business}#SER#{series}", "CTR"),
    Number: lambda business, series, number: _key(f"T#{business}#SER#{series}", f"N#{number}"),
}
"""What has no list of its own."""


def is_passing(kind: type, *key: str) -> bool:
    """Whether a record is kept for a while only: a plan that nobody has run yet."""
    return kind is ReminderPlan or (kind is PlanPart and key[0].startswith(PASSING))


def balance(business: str, client_id: str) -> Key:
    return _key(f"T#{business}#C#{client_id}", "BALANCE")


def once(business: str, key: str) -> Key:
    return _key(f"T#{business}#UQ#{key}", "UQ")


def word(business: str, word: str, client_id: str) -> Key:
    return _key(word_partition(business), f"{word}#{client_id}")


def word_partition(business: str) -> str:
    return f"T#{business}#W#0"


def word_of(sk: str) -> tuple[str, str]:
    """The word and the client of a word row."""
    word, _, client_id = sk.partition("#")
    return word, client_id


def link(business: str, parent: str, child: str) -> Key:
    return _key(f"T#{business}#L#{parent}", child)


def event(business: str, subject: str, version: int) -> Key:
    return _key(f"T#{business}#{subject}", f"E#{version:08d}")


def event_of(partition: str, sort: str) -> tuple[str, str, int]:
    """The business, the subject and the version of an event's key."""
    _, business, subject = partition.split("#", 2)
    return business, subject, int(sort.removeprefix("E#"))


def idempotency(business: str, digest: str) -> Key:
    return _key(f"IK#{business}#{digest}", "IK")


def api_key(key_id: str) -> Key:
    return _key(f"AK#{key_id}", "AK")


def user(digest: str) -> Key:
    return _key(f"US#{digest}", "US")


def token(digest: str) -> Key:
    return _key(f"TOK#{digest}", "TOK")


def account(account_id: str) -> Key:
    return _key(f"ACC#{account_id}", "ACC")


def notice(key: str) -> Key:
    return _key(f"WH#{key}", "WH")


def lease(business: str, key: str) -> Key:
    return _key(f"LEASE#{business}#{key}", "LEASE")


def delivery(business: str, one: Delivery) -> Key:
    return _key(deliveries_partition(business, one.webhook_id), f"{one.sequence:012d}")


def deliveries_partition(business: str, webhook_id: str) -> str:
    return f"DLV#{business}#{webhook_id}"


def feed_partition(business: str) -> str:
    return f"T#{business}#FEED#0"


def sandbox(business: str) -> Key:
    return _key("SANDBOXES", business)


def agreed_partition(business: str, holder: str) -> str:
    return f"T#{business}#AP#{holder}"


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
    return event(business, happened.subject, happened.version) | {
        "activity_pk": activity_partition(business, happened.at),
        "activity_sk": f"{instant(happened.at)}#{envelope.id}",
    }


def told_to(business: str, client_id: str | None, happened: Event) -> Key:
    """The index keys of an event in the timeline of the client that it concerns."""
    if client_id is None:
        return {}
    place = f"{instant(happened.at)}#{happened.subject}#{happened.version:08d}"
    return {"client_pk": client_partition(business, client_id), "client_sk": place}


def indexes(business: str, entity: Any, *, sandbox: bool) -> Key:  # noqa: ANN401 - any entity or record
    """The index keys that an entity bears in its present state."""
    keys: Key = {}
    if type(entity) in COLLECTED:
        keys |= {"list_pk": list_partition(business, type(entity)), "list_sk": _listed(entity)}
    if isinstance(entity, Business):
        keys |= {"list_pk": businesses_partition(_shard(entity.id, BUSINESS_SHARDS)), "list_sk": entity.id}
    if isinstance(entity, FILED | Contract | Payment | Refund | Reminder) and entity.client_id:
        keys |= {"client_pk": client_partition(business, entity.client_id), "client_sk": _kinded(entity)}
    if isinstance(entity, FILED) and (job_id := entity.id if isinstance(entity, Job) else entity.job_id):
        keys |= {"job_pk": job_partition(business, job_id), "job_sk": _kinded(entity)}
    if isinstance(entity, Invoice) and (unfinished := _unfinished(entity)):
        keys |= {"open_pk": open_partition(business), "open_sk": f"{unfinished}#{entity.id}"}
    if isinstance(entity, Payment) and entity.quarantine:
        keys |= {"open_pk": open_partition(business), "open_sk": f"{OPEN[Unfinished.UNMATCHED]}#{entity.id}"}
    if isinstance(entity, Item) and entity.contract_id and _is_free(entity):
        collected = f"{collected_prefix(entity.contract_id)}{instant(entity.occurred_at)}#{entity.id}"
        keys |= {"open_pk": open_partition(business), "open_sk": collected}
    if isinstance(entity, Item | Invoice) and (standing := _on_account(entity)):
        keys |= {"account_pk": client_partition(business, entity.client_id), "account_sk": f"{standing}#{entity.id}"}
    if planned := _planned(entity):
        kind, at = planned
        keys |= _due(business, kind, entity.id, at, sandbox=sandbox)
    return keys


def of_progress(business: str, progress: Progress) -> Key:
    """Its keys, and while somebody has to look at it those of the index, by the real time: posts are of this world."""
    key = of(business, Progress, progress.id)
    return key | _due(business, "post", progress.id, progress.due_at, sandbox=False) if progress.due_at else key


def _told(business: str, place: str) -> Key:
    return _key(feed_partition(business), place)


def _progress(business: str, webhook_id: str) -> Key:
    return _key(f"T#{business}#HOOK#{webhook_id}", "PROGRESS")


OUTGOING: dict[type, Callable[[str, str], Key]] = {Told: _told, Progress: _progress}
"""What is told to the outside, and how far."""


def kinded_prefix(kind: type, begins: str | None = None) -> str:
    return f"{COLLECTED[kind]}#{begins or ''}"


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
