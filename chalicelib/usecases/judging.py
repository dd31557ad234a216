"""What is wrong with one thing of a business, read anew and exactly each time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from chalicelib.domain import feed, invariants
from chalicelib.domain.batch import Batch, invoice_id
from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.contract_events import ItemAccrued
from chalicelib.domain.credit_note import SERIES, CreditNote
from chalicelib.domain.export import Export
from chalicelib.domain.feed import Told
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, in_force, is_in_balance
from chalicelib.domain.journal import Envelope
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import IMPORTED, Number, Series
from chalicelib.domain.payment import Payment
from chalicelib.domain.plan import Plan
from chalicelib.domain.plan_events import PlanBilled
from chalicelib.domain.quote import Quote
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales import Body, Parties
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.sound_batches import was_taken_out
from chalicelib.domain.tally import Tally, tally_id
from chalicelib.domain.visit import Visit
from chalicelib.ports import Filter, Store
from chalicelib.usecases.batching import parts_of, places_of
from chalicelib.usecases.claiming import named_by
from chalicelib.usecases.projecting import asked_of, holders_of
from chalicelib.usecases.reading import every

CHUNK = 500


def business(listed: Business, *, now: datetime, store: Store) -> Iterator[Violation]:  # noqa: ARG001
    """The business itself, and its numbers as a whole."""
    anew = store.aside()  # the store itself may remember the business as it was when it entered
    told = anew.history(listed.id)
    yield from invariants.of_entity(listed.id, anew.get(Business).version, told)
    yield from invariants.of_journal(told)
    for id in ("invoice", SERIES):
        numbers = every(Number, Filter(series=id), store, at_once=CHUNK)
        yield from invariants.of_series(store.find(Series, id), numbers, changes=told)


def number(listed: Number, *, now: datetime, store: Store) -> Iterator[Violation]:  # noqa: ARG001
    """A number, and the document that the register names."""
    kind: type[CreditNote | Invoice] = CreditNote if listed.series == SERIES else Invoice
    yield from invariants.of_number(listed, store.find(kind, listed.document_id))
    if listed.series == IMPORTED:
        yield from invariants.of_imported(listed, store.find(Number, "invoice", listed.id))


def quote(listed: Quote, *, now: datetime, store: Store) -> Iterator[Violation]:
    one, told = store.find(Quote, listed.id), store.history(listed.id)
    yield from _of_history(listed, one, told)
    if one is None:
        return
    body = store.find(Body, one.id, str(one.revision))
    yield from invariants.of_body(one.id, body)
    made = tuple(every(Invoice, Filter(parent=one.id), store, at_once=CHUNK))
    yield from invariants.of_quote(one, body=body, invoices=made, envelopes=told)
    yield from invariants.of_quote_work(one, now=now, asked_at=invariants.asked_at(told))


def sale(listed: SalesDocument, *, now: datetime, store: Store) -> Iterator[Violation]:  # noqa: ARG001
    """A deal, an order or a delivery note, beside the invoices that bill it."""
    one, told = store.find(SalesDocument, listed.id), store.history(listed.id)
    yield from _of_history(listed, one, told)
    if one is None:
        return
    body = store.find(Body, one.id, str(one.revision))
    yield from invariants.of_body(one.id, body)
    made = tuple(every(Invoice, Filter(parent=one.id), store, at_once=CHUNK))
    firsts = {each.id: first for each in made if (first := store.find(Body, each.id, "1"))}
    yield from invariants.of_sale(one, body=body, invoices=made, firsts=firsts)


def invoice(listed: Invoice, *, now: datetime, store: Store) -> Iterator[Violation]:
    one, told = store.find(Invoice, listed.id), store.history(listed.id)
    yield from _of_history(listed, one, told)
    if one is None:
        return
    body = store.find(Body, one.id, str(one.revision))
    yield from invariants.of_body(one.id, body)
    paid = tuple(every(Payment, Filter(parent=one.id), store, at_once=CHUNK))
    notes = tuple(every(CreditNote, Filter(parent=one.id), store, at_once=CHUNK))
    ids = [*(payment.id for payment in paid), *(note.id for note in notes)]
    theirs = [envelope for id in ids for envelope in store.history(id)]
    yield from invariants.of_invoice(one, body=body, payments=paid, envelopes=[*told, *theirs])
    bodies = {note.id: first for note in notes if (first := store.find(Body, note.id, str(note.revision)))}
    yield from invariants.of_credits(one, notes, body=body, bodies=bodies)
    items = {item.id: item for item in store.many(Item, named_by(one, store))}
    yield from invariants.of_claims(one, items, body=body)
    yield from _of_number(one, body, told, store)
    yield from invariants.of_invoice_work(one, now=now, asked_at=invariants.asked_at(told))
    yield from invariants.of_steps(one, told)
    yield from invariants.of_exported(one, told)


def export(listed: Export, *, now: datetime, store: Store) -> Iterator[Violation]:
    """What says that it is in it is judged with each document."""
    one = store.find(Export, listed.id)
    yield from _of_history(listed, one, store.history(listed.id))
    if one is not None:
        yield from invariants.of_export_work(one, late=now - invariants.GRACE)


def credit_note(listed: CreditNote, *, now: datetime, store: Store) -> Iterator[Violation]:
    one, told = store.find(CreditNote, listed.id), store.history(listed.id)
    yield from _of_history(listed, one, told)
    if one is None:
        return
    body = store.find(Body, one.id, str(one.revision))
    yield from invariants.of_body(one.id, body)
    yield from invariants.of_credit_note(one, body=body, envelopes=told)
    yield from _of_number(one, body, told, store)
    yield from invariants.of_exported(one, told)
    yield from invariants.of_credit_note_work(one, now=now, asked_at=invariants.asked_at(told))


def _of_number(
    one: CreditNote | Invoice, body: Body | None, told: Sequence[Envelope], store: Store
) -> Iterator[Violation]:
    """The number that a document bears, and what was issued under it."""
    register = store.find(Number, one.series, one.number) if one.number else None
    yield from invariants.of_numbered(one, register)
    if register and register.link:
        parties = store.find(Parties, one.id)
        yield from invariants.of_issued(one, register, body=body, parties=parties, envelopes=told)


def reminder(listed: Reminder, *, now: datetime, store: Store) -> Iterator[Violation]:
    """A reminder; of a client and a day there is one, since its id says them."""
    one, told = store.find(Reminder, listed.id), store.history(listed.id)
    yield from _of_history(listed, one, told)
    if one is not None:
        yield from invariants.of_reminder(one, told)
        yield from invariants.of_reminder_work(one, late=now - invariants.GRACE)


def visit(listed: Visit, *, now: datetime, store: Store) -> Iterator[Violation]:  # noqa: ARG001
    """A visit, beside the invoices of its job that name it."""
    one = store.find(Visit, listed.id)
    yield from _of_history(listed, one, store.history(listed.id))
    if one is not None:
        billing = Filter(job_id=one.job_id, fits=lambda invoice: invoice.visit_id == one.id)
        yield from invariants.of_visit(one, _exactly(Invoice, billing, store))


def contract(listed: Contract, *, now: datetime, store: Store) -> Iterator[Violation]:
    """A contract, beside its tallies and the items that it made."""
    one, told = store.find(Contract, listed.id), store.history(listed.id)
    yield from _of_history(listed, one, told)
    if one is None:
        return
    made = Filter(job_id=one.job_id, fits=lambda item: item.contract_id == one.id and item.accrued)
    accrued = [each for item in every(Item, made, store, at_once=CHUNK) for each in store.history(item.id)]
    events = [each.event for each in accrued if isinstance(each.event, ItemAccrued)]
    yield from invariants.of_contract(one, told, events)
    ids = [tally_id(one.id, period) for period in range(one.opened)]
    yield from invariants.of_closing(one, {known.id: known for known in store.many(Tally, ids)} if ids else {})
    yield from invariants.of_turning(one, late=now - invariants.GRACE)
    if one.project:
        items = asked_of(one, store)
        yield from invariants.of_project(one, items, holders_of(items, store))


def tally(listed: Tally, *, now: datetime, store: Store) -> Iterator[Violation]:  # noqa: ARG001
    """A tally, beside the items that count in it."""
    one = store.find(Tally, listed.id)
    yield from _of_history(listed, one, store.history(listed.id))
    if one is not None:
        of_period = Filter(client_id=one.client_id, fits=lambda item: (item.contract_id, item.period) == _of(one))
        yield from invariants.of_tally(one.id, one, items=_exactly(Item, of_period, store), records=None)


def batch(listed: Batch, *, now: datetime, store: Store) -> Iterator[Violation]:
    """A batch, beside its invoices."""
    one, told = store.find(Batch, listed.id), store.history(listed.id)
    yield from _of_history(listed, one, told)
    if one is None:
        return
    places = (place for part in parts_of(one.id, store) for place, _ in places_of(part))
    ids = [invoice_id(one, place) for place in places]
    there = store.many(Invoice, ids) if ids else ()
    missing = set(ids) - {each.id for each in there} if one.drafted_at else ()
    removed = {id for id in missing if was_taken_out(store.history(id))}
    yield from invariants.of_batch(one, there, told, removed=removed)
    yield from invariants.of_turning(one, late=now - invariants.GRACE)


def plan(listed: Plan, *, now: datetime, store: Store) -> Iterator[Violation]:
    """A recurring plan, beside its invoices and what it told of them."""
    one, told = store.find(Plan, listed.id), store.history(listed.id)
    yield from _of_history(listed, one, told)
    if one is None:
        return
    yield from invariants.of_body(one.id, store.find(Body, one.id, str(one.revision)))
    ids = [each.event.invoice_id for each in told if isinstance(each.event, PlanBilled)]
    invoices = store.many(Invoice, ids)
    removed = {id for id in set(ids) - {made.id for made in invoices} if invariants.ending_of(store.history(id))}
    yield from invariants.of_plan(one, invoices=invoices, envelopes=told, removed=removed)
    yield from invariants.of_plan_work(one, late=now - invariants.GRACE)


def payment(listed: Payment, *, now: datetime, store: Store) -> Iterator[Violation]:  # noqa: ARG001
    one, told = store.find(Payment, listed.id), store.history(listed.id)
    yield from _of_history(listed, one, told)
    if one is not None:
        yield from invariants.of_payment(one, envelopes=told)
        yield from invariants.of_refunds(one, tuple(every(Refund, Filter(parent=one.id), store, at_once=CHUNK)))


def refund(listed: Refund, *, now: datetime, store: Store) -> Iterator[Violation]:
    """A refund, and whether the provider was asked for it."""
    one = store.find(Refund, listed.id)
    yield from _of_history(listed, one, store.history(listed.id))
    if one is not None:
        yield from invariants.of_refund_work(one, now=now)


def client(listed: Client, *, now: datetime, store: Store) -> Iterator[Violation]:  # noqa: ARG001
    """A client, and its aggregates in every currency in which they moved or something is owed."""
    yield from _of_history(listed, store.find(Client, listed.id), store.history(listed.id))
    due: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    unbilled: Counter[str] = Counter()
    documents: dict[str, Invoice] = {}
    for one in _exactly(Invoice, Filter(client_id=listed.id), store):
        documents[one.id] = one
        due[one.currency] += one.amount_due.minor if one.issued_at else 0
    for paid in _exactly(Payment, Filter(client_id=listed.id), store):
        credit[paid.credited.currency] += paid.credited.minor
    for done in _exactly(Item, Filter(client_id=listed.id), store):
        if is_in_balance(done, documents.get(done.invoice_id or "")):
            unbilled[done.amount.currency] += done.amount.minor
    balances = {balance.amount_due.currency: balance for balance in store.balances(listed.id)}
    for currency in sorted({*balances, *due, *credit, *unbilled}):
        yield from invariants.of_totals(
            balances.get(currency) or store.balance(listed.id, currency),
            unbilled=Money(unbilled[currency], currency),
            due=Money(due[currency], currency),
            credit=Money(credit[currency], currency),
        )


def item(listed: Item, *, now: datetime, store: Store) -> Iterator[Violation]:
    """An item, and the document that claims it."""
    one = store.find(Item, listed.id)
    yield from _of_history(listed, one, store.history(listed.id))
    if one is not None:
        holder = store.find(Invoice, one.invoice_id) if one.invoice_id else None
        named = named_by(holder, store) if holder else ()
        ending = (
            invariants.ending_of(store.history(one.invoice_id)) if one.invoice_id and not in_force(holder) else None
        )
        yield from invariants.of_item(one, holder, named=named, ending=ending)
        yield from invariants.of_item_work(one, ending, late=now - invariants.GRACE)


def told(listed: Told, *, now: datetime, store: Store) -> Iterator[Violation]:  # noqa: ARG001
    """An event of the feed, and that there is one before it."""
    row = store.get(Told, listed.id)
    history = store.history(row.subject)
    yield from invariants.of_told(row, next((each for each in history if each.event.version == row.version), None))
    if row.sequence > 1:
        before = store.find(Told, feed.place(row.sequence - 1))
        thing = Thing("feed", f"event {row.sequence} of the feed")
        yield from thing.unless(before, "I15", "there is none before it")


def other(listed: Any, *, now: datetime, store: Store) -> Iterator[Violation]:  # noqa: ANN401, ARG001 - any entity
    """Whatever has nothing but a version and a history."""
    subject = invariants.subject_of(listed)
    yield from _of_history(listed, store.find(type(listed), listed.id), store.history(subject))


def _of_history(listed: Any, now: Any, told: tuple[Envelope, ...]) -> Iterator[Violation]:  # noqa: ANN401 - any entity
    subject = invariants.subject_of(listed)
    yield from invariants.of_entity(subject, now.version if now else None, told)
    yield from invariants.of_journal(told)


def _of(tally: Tally) -> tuple[str, int]:
    return tally.contract_id, tally.period


def _exactly(kind: type[Any], wanted: Filter, store: Store) -> Iterator[Any]:
    """Every row of a list as it is now, a chunk at a time."""
    rows = every(kind, wanted, store, at_once=CHUNK)
    while ids := [row.id for row in islice(rows, CHUNK)]:
        yield from store.many(kind, ids)
