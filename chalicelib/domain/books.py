"""One business's books as a check reads them, and what it says of those that are not sound."""

from collections.abc import Iterable, Iterator, Mapping

from chalicelib.domain.access import ApiKey, User
from chalicelib.domain.balance import Movement
from chalicelib.domain.batch import Batch
from chalicelib.domain.business import Automation, Business
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client, ClientBalance
from chalicelib.domain.connection import Connection
from chalicelib.domain.contract import Contract
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.export import Export
from chalicelib.domain.feed import Told
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.journal import Account, Envelope
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales import Body, Parties
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.tally import Tally
from chalicelib.domain.usage_record import UsageRecord
from chalicelib.domain.values import dataclass
from chalicelib.domain.visit import Visit
from chalicelib.domain.webhook import Webhook

Other = (
    ApiKey
    | Batch
    | Business
    | CatalogueEntry
    | Connection
    | Contract
    | Export
    | Item
    | Job
    | Payout
    | Plan
    | Refund
    | Reminder
    | Tally
    | User
    | Visit
    | Webhook
)

LONGEST_DETAIL = 280
"""In characters: a long history's holes, or an invoice's payments, are not all listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Something that never may be, and is.

    invariant: its id, ``I1`` to ``I22``; subject: the id of what cannot be trusted.
    detail:    a sentence with both figures, or the beginning of it.
    """

    invariant: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """A business's state at one moment. What is None is not at hand, and what needs it is not judged.

    bodies:     by document and revision; each document must have one, and one that bills sales documents its first.
    parties:    those frozen at issue, by document.
    movements:  all lines of the provider's report; automation: what the business's quotes turn into by themselves.
    others:     whatever else has a version and a history, items among it.
    told:       the feed; usage: every event of consumption.
    """

    invoices: tuple[Invoice, ...] = ()
    credit_notes: tuple[CreditNote, ...] = ()
    quotes: tuple[Quote, ...] = ()
    payments: tuple[Payment, ...] = ()
    clients: tuple[Client, ...] = ()
    sales: tuple[SalesDocument, ...] = ()
    others: tuple[Other, ...] = ()
    bodies: Mapping[tuple[str, int], Body] | None = None
    parties: Mapping[str, Parties] | None = None
    balances: tuple[ClientBalance, ...] | None = None
    series: tuple[Series, ...] | None = None
    numbers: tuple[Number, ...] = ()
    envelopes: tuple[Envelope, ...] | None = None
    movements: tuple[Movement, ...] | None = None
    automation: Automation | None = None
    told: tuple[Told, ...] | None = None
    usage: tuple[UsageRecord, ...] | None = None

    @property
    def refunds(self) -> tuple[Refund, ...]:
        return tuple(one for one in self.others if isinstance(one, Refund))

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(one for one in self.others if isinstance(one, Item))


@dataclass(frozen=True, slots=True)
class Thing:
    """What is being judged: its id, and what people call it."""

    id: str
    name: str

    def unless(self, holds: object, invariant: str, reason: str) -> Iterator[Violation]:
        """The violation, if something does not hold."""
        if not holds:
            detail = _shortened(f"You cannot trust {self.name} because {reason}.")
            yield Violation(invariant=invariant, subject=self.id, detail=detail)

    def unless_equal(self, invariant: str, one: tuple[str, object], other: tuple[str, object]) -> Iterator[Violation]:
        """The violation, if two figures differ that must be the same; each after the words that tell where it is."""
        (here, this), (there, that) = one, other
        if this != that:  # asked before the words are made: nearly all figures are equal
            yield from self.unless(False, invariant, f"{here} {_told(this)} and {there} {_told(that)}")


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of those amounts that are of a currency."""
    return Money(sum(amount.minor for amount in amounts if amount.currency == currency), currency)


def booked(envelopes: Iterable[Envelope], account: Account, currency: str) -> Money:
    """What events have moved on one account."""
    postings = (posting for envelope in envelopes for posting in envelope.event.postings)
    return total((posting.amount for posting in postings if posting.account is account), currency)


def _shortened(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST_DETAIL else f"{sentence[: LONGEST_DETAIL - 3]}..."


def _told(value: object) -> str:
    if isinstance(value, Money):
        return f"{value} {value.currency}"
    return "nothing" if value is None else f"{value}"
