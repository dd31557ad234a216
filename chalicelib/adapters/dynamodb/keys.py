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

question                                answered by
one entity or record                    GetItem, strongly consistent
the clients with a word that begins so  Query T#t#W#0, then BatchGetItem
the invoices of a quote                 Query T#t#L#<quote>, then BatchGetItem
the history of an entity                Query journal T#t#<entity>
a number, or each number's fate         GetItem / Query T#t#SER#<series>
what happened after a sequence          Query T#t#FEED#0, then BatchGetItem of the journal

Which keys the indexes have, says ``indexes``. The ``#0`` are shards, to be raised for a business that outgrows one
partition.
"""

from collections.abc import Callable
from functools import partial

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
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.letter_text import OwnLetter
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.own_key import Waiting
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.plan import Plan
from chalicelib.domain.posting import Delivery, Progress
from chalicelib.domain.quote import Quote
from chalicelib.domain.reconciliation import Finding, Standing
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.reminder_plan import ReminderPlan
from chalicelib.domain.sales import Body, Parties
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.tally import Tally
from chalicelib.domain.usage_record import UsageRecord
from chalicelib.domain.visit import Visit
from chalicelib.domain.webhook import Webhook

Key = dict[str, str]

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

PASSING = "bpl_"
"""What the ids of plans begin with that no batch has taken over."""


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


def _told(business: str, place: str) -> Key:
    return _key(feed_partition(business), place)


def _progress(business: str, webhook_id: str) -> Key:
    return _key(f"T#{business}#HOOK#{webhook_id}", "PROGRESS")


OUTGOING: dict[type, Callable[[str, str], Key]] = {Told: _told, Progress: _progress}
"""What is told to the outside, and how far."""
