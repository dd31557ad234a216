"""Whether every version has its event, and every event balances (I10, I11)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.contract_events import ContractRemoved
from chalicelib.domain.entity import Entity
from chalicelib.domain.events import CatalogueChanged, InvoiceRemoved, QuoteRemoved
from chalicelib.domain.journal import Envelope
from chalicelib.domain.letter_events import LetterRemoved
from chalicelib.domain.letter_text import OwnLetter
from chalicelib.domain.money import Money
from chalicelib.domain.plan_events import PlanRemoved
from chalicelib.domain.sales_events import SaleRemoved
from chalicelib.domain.webhook_events import WebhookRemoved
from chalicelib.domain.work_events import ItemRemoved, VisitRemoved

REMOVED = (
    *(ContractRemoved, InvoiceRemoved, ItemRemoved, LetterRemoved, PlanRemoved, QuoteRemoved),
    *(SaleRemoved, VisitRemoved, WebhookRemoved),
)
GONE = (CatalogueChanged, *REMOVED)
"""The last events of what was taken away."""


def of_entity(subject: str, version: int | None, envelopes: Iterable[Envelope]) -> Iterator[Violation]:
    """An entity and its own events.

    version: None for what is not there any more; it must have been taken away.
    """
    thing = Thing(subject, subject)
    own = sorted((e.event for e in envelopes if e.event.subject == subject), key=lambda event: event.version)
    holes = sorted(set(range(1, (version or len(own)) + 1)) ^ {event.version for event in own})
    yield from thing.unless(not holes, "I11", f"it is at version {version} and the journal differs at {holes}")
    last = own[-1] if own else None
    if version is None:
        taken = isinstance(last, GONE)
        yield from thing.unless(taken, "I11", f"it is not there and none of its {len(own)} events took it away")
    else:
        gone = isinstance(last, REMOVED)
        yield from thing.unless(not gone, "I11", f"it is at version {version} and was taken away")


def of_journal(envelopes: Iterable[Envelope]) -> Iterator[Violation]:
    """Every event's postings sum to zero in each currency (I10)."""
    for envelope in envelopes:
        sums: Counter[str] = Counter()
        for posting in envelope.event.postings:
            sums[posting.amount.currency] += posting.amount.minor
        for currency, minor in sums.items():
            thing = Thing(envelope.event.subject, f"event {envelope.id}")
            yield from thing.unless_equal(
                "I10", ("its postings sum to", Money(minor, currency)), ("they should sum to", Money.zero(currency))
            )


def subject_of(entity: Entity) -> str:
    """What an entity is called in the journal."""
    if isinstance(entity, OwnLetter):
        return f"letter:{entity.id}"
    return f"catalog:{entity.id}" if isinstance(entity, CatalogueEntry) else entity.id


def subjects(envelopes: Sequence[Envelope], *kinds: str) -> set[str]:
    """The ids of what some kinds of events are about, e.g. ``invoice``."""
    events = (envelope.event for envelope in envelopes)
    return {event.subject for event in events if event.type.partition(".")[0] in kinds}
