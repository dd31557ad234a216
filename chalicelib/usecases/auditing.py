"""Auditing a business's books, a page at a time: whoever goes on may be another than who began."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.domain.access import ApiKey, User
from chalicelib.domain.audit import Audit, noted
from chalicelib.domain.batch import Batch
from chalicelib.domain.books import Violation
from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.connection import Connection
from chalicelib.domain.contract import Contract
from chalicelib.domain.credit_note import SERIES, CreditNote
from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.events import BusinessAudited
from chalicelib.domain.export import Export
from chalicelib.domain.feed import Told
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.letter_text import OwnLetter
from chalicelib.domain.numbering import IMPORTED, Number
from chalicelib.domain.payment import Payment
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.tally import Tally
from chalicelib.domain.values import dataclass
from chalicelib.domain.visit import Visit
from chalicelib.domain.webhook import Webhook
from chalicelib.ports import Add, Filter, Page, Save, Store
from chalicelib.usecases import judging

PAGE = 25
READINGS = 3
"""What looks wrong is read so often: a write between two reads is no violation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One kind of thing to go through, how each is judged, and by which invariants.

    page: how many are judged before it is asked whether that is enough for now.
    """

    kind: type[Any]
    judge: Callable[..., Iterator[Violation]]
    invariants: frozenset[str]
    wanted: Filter = field(default_factory=Filter)
    page: int = PAGE


def _by(*invariants: str) -> frozenset[str]:
    return frozenset(invariants)


STEPS: dict[str, Step] = {
    "business": Step(kind=Business, judge=judging.business, invariants=_by("I1", "I10", "I11", "I22")),
    "keys": Step(kind=ApiKey, judge=judging.other, invariants=_by("I11")),
    "users": Step(kind=User, judge=judging.other, invariants=_by("I11")),
    "catalogue": Step(kind=CatalogueEntry, judge=judging.other, invariants=_by("I11")),
    "letters": Step(kind=OwnLetter, judge=judging.other, invariants=_by("I11")),
    "jobs": Step(kind=Job, judge=judging.other, invariants=_by("I11")),
    "visits": Step(kind=Visit, judge=judging.visit, invariants=_by("I7", "I10", "I11")),
    "items": Step(kind=Item, judge=judging.item, invariants=_by("I5", "I7", "I11", "I13")),
    "contracts": Step(kind=Contract, judge=judging.contract, invariants=_by("I11", "I13", "I19", "I20")),
    "tallies": Step(kind=Tally, judge=judging.tally, invariants=_by("I11", "I20")),
    "batches": Step(kind=Batch, judge=judging.batch, invariants=_by("I11", "I13", "I21")),
    "sales": Step(kind=SalesDocument, judge=judging.sale, invariants=_by("I2", "I7", "I10", "I11")),
    "plans": Step(kind=Plan, judge=judging.plan, invariants=_by("I2", "I10", "I11", "I13", "I14")),
    "numbers": Step(kind=Number, judge=judging.number, invariants=_by("I1"), wanted=Filter(series="invoice")),
    "imported numbers": Step(kind=Number, judge=judging.number, invariants=_by("I1"), wanted=Filter(series=IMPORTED)),
    "credit note numbers": Step(kind=Number, judge=judging.number, invariants=_by("I1"), wanted=Filter(series=SERIES)),
    "quotes": Step(kind=Quote, judge=judging.quote, invariants=_by("I2", "I7", "I10", "I11", "I13", "I14")),
    "invoices": Step(
        kind=Invoice,
        judge=judging.invoice,
        invariants=_by("I1", "I2", "I3", "I4", "I5", "I7", "I8", "I9", "I10", "I11", "I13", "I16", "I17", "I18", "I22"),
    ),
    "credit notes": Step(
        kind=CreditNote, judge=judging.credit_note, invariants=_by("I1", "I2", "I4", "I10", "I11", "I13", "I18", "I22")
    ),
    "exports": Step(kind=Export, judge=judging.export, invariants=_by("I11", "I13")),
    "connections": Step(kind=Connection, judge=judging.other, invariants=_by("I11")),
    "payments": Step(kind=Payment, judge=judging.payment, invariants=_by("I3", "I4", "I10", "I11")),
    "refunds": Step(kind=Refund, judge=judging.refund, invariants=_by("I10", "I11", "I13")),
    "webhooks": Step(kind=Webhook, judge=judging.other, invariants=_by("I11")),
    "feed": Step(kind=Told, judge=judging.told, invariants=_by("I15"), page=250),
    "reminders": Step(kind=Reminder, judge=judging.reminder, invariants=_by("I11", "I13", "I17")),
    "clients": Step(
        kind=Client,
        judge=judging.client,
        invariants=_by("I5", "I6", "I11"),
        page=1,  # each is judged by all its invoices
    ),
}
_AFTER = dict(zip(STEPS, [*list(STEPS)[1:], ""], strict=True))


def audit_on(audit: Audit, *, enough: Callable[[Audit], bool], now: datetime, store: Store) -> Audit:
    """The audit gone on with, at least for one page, until it is complete or that is enough.

    now: by the business's clock.
    """
    while not audit.complete:
        audit = _next_page(audit, now=now, store=store)
        if enough(audit):
            break
    return audit


def keep_audit(audit: Audit, *, now: datetime, store: Store) -> Audit:
    """Keep a complete audit as the business's latest, in the place of the one before."""

    def deed() -> Audit:
        before = store.find(Audit, audit.id)
        kept = replace(audit, version=before.version + 1 if before else 1)
        event = BusinessAudited(subject=kept.id, version=kept.version, at=now, violated=kept.violated)
        try:
            store.commit(Save(kept, event) if before else Add(kept, event))
        except AlreadyDone as error:  # the very first, twice at once
            raise Conflict("conflict", "Another audit was kept at the same moment.") from error
        return kept

    return store.persistently(deed)


def _next_page(audit: Audit, *, now: datetime, store: Store) -> Audit:
    step = STEPS[audit.step]
    page, judged = _page(step, audit, store), _judged(step, store)
    for row in page.rows:
        found = _lasting(partial(step.judge, row, now=now, store=store))
        audit = noted(audit, judged, found)
    if page.next is None:
        return replace(audit, step=_AFTER[audit.step], after=None)
    return replace(audit, after=dict(page.next))


def _judged(step: Step, store: Store) -> frozenset[str]:
    """A clock moved by hand jumps over the time in which work is done: what is late by it may be a second old."""
    return step.invariants - {"I13"} if store.get(Business).clock else step.invariants


def _page(step: Step, audit: Audit, store: Store) -> Page:
    if step.kind is Business:
        return Page(rows=(store.get(Business),))
    return store.page(step.kind, step.wanted, limit=step.page, after=audit.after)


def _lasting(judge: Callable[[], Iterable[Violation]]) -> tuple[Violation, ...]:
    """What is found wrong at every reading: both figures the same, so nobody was writing in between."""
    found = tuple(judge())
    for _ in range(READINGS - 1):
        if not found:
            return ()
        again = set(judge())
        found = tuple(violation for violation in found if violation in again)
    return found
