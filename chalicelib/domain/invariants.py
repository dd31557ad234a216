"""What always holds in a business's books; the simulator, the nightly audit and the report ask the same functions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.batch import Batch
from chalicelib.domain.books import Books, Violation
from chalicelib.domain.contract import Contract
from chalicelib.domain.credit_events import CreditNoteIssued, CreditNoteSendRequested
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.entity import Entity
from chalicelib.domain.events import InvoiceIssued, InvoiceSendRequested, QuoteSendRequested
from chalicelib.domain.export import Export
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.numbering import IMPORTED
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import Payout
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.refund import Refund
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.sound_batches import of_batch, of_batches
from chalicelib.domain.sound_chains import of_issued
from chalicelib.domain.sound_clients import of_client, of_totals
from chalicelib.domain.sound_contracts import of_closing, of_contract, of_contracts, of_tally, of_turning
from chalicelib.domain.sound_credits import of_credit_note, of_credit_note_work, of_credits
from chalicelib.domain.sound_exports import of_export_work, of_exported, of_exports
from chalicelib.domain.sound_feed import of_feed, of_telling, of_told
from chalicelib.domain.sound_invoices import of_body, of_invoice
from chalicelib.domain.sound_items import ending_of, ids_of, of_claims, of_item, of_item_work, unbilled
from chalicelib.domain.sound_journal import of_entity, of_journal, subject_of, subjects
from chalicelib.domain.sound_numbers import INVOICES, of_imported, of_number, of_numbered, of_series
from chalicelib.domain.sound_payments import of_clearing, of_payment
from chalicelib.domain.sound_plans import of_plan, of_plan_work, of_plans
from chalicelib.domain.sound_projects import of_project, of_projects
from chalicelib.domain.sound_quotes import of_quote
from chalicelib.domain.sound_refunds import of_refund_work, of_refunds
from chalicelib.domain.sound_reminders import of_days, of_reminder, of_reminder_work, of_steps
from chalicelib.domain.sound_sales import of_sale
from chalicelib.domain.sound_visits import of_visit, of_visits
from chalicelib.domain.sound_work import GRACE, of_invoice_work, of_quote_work

__all__ = [
    "GRACE",
    "asked_at",
    "check",
    "ending_of",
    "of_batch",
    "of_body",
    "of_claims",
    "of_clearing",
    "of_client",
    "of_closing",
    "of_contract",
    "of_credit_note",
    "of_credit_note_work",
    "of_credits",
    "of_entity",
    "of_export_work",
    "of_exported",
    "of_imported",
    "of_invoice",
    "of_invoice_work",
    "of_issued",
    "of_item",
    "of_item_work",
    "of_journal",
    "of_number",
    "of_numbered",
    "of_payment",
    "of_plan",
    "of_plan_work",
    "of_project",
    "of_quote",
    "of_quote_work",
    "of_refund_work",
    "of_refunds",
    "of_reminder",
    "of_reminder_work",
    "of_sale",
    "of_series",
    "of_steps",
    "of_tally",
    "of_told",
    "of_totals",
    "of_turning",
    "of_visit",
    "subject_of",
]


def check(books: Books, *, now: datetime | None = None, grace: timedelta = GRACE) -> tuple[Violation, ...]:
    """Everything that is wrong in a business's books.

    now: by the business's clock; without it nothing is judged as left undone (I13).
    """
    by_subject: dict[str, list[Envelope]] = defaultdict(list)
    for envelope in books.envelopes or ():
        by_subject[envelope.event.subject].append(envelope)
    return (
        *_of_bodies(books),
        *_of_documents(books, by_subject),
        *_of_sales(books),
        *_of_numbers(books, by_subject),
        *_of_items(books, by_subject),
        *of_visits(books),
        *of_plans(books, by_subject),
        *of_projects(books),
        *of_contracts(books, by_subject),
        *of_batches(books, by_subject),
        *of_exports(books, by_subject),
        *_of_clients(books),
        *_of_history(books, by_subject),
        *_of_feed(books, now=now, grace=grace),
        *_of_reminders(books, by_subject, now=now, grace=grace),
        *_of_work(books, by_subject, now=now, grace=grace),
    )


def asked_at(envelopes: Iterable[Envelope]) -> datetime | None:
    """When a document was last asked to be sent, by its own events."""
    asking = (InvoiceIssued, InvoiceSendRequested, QuoteSendRequested, CreditNoteIssued, CreditNoteSendRequested)
    return max((each.event.at for each in envelopes if isinstance(each.event, asking)), default=None)


def _of_bodies(books: Books) -> Iterator[Violation]:
    if books.bodies is None:
        return
    documents: tuple[CreditNote | Invoice | Quote | SalesDocument, ...] = (
        *books.invoices,
        *books.credit_notes,
        *books.quotes,
        *books.sales,
    )
    for document in documents:
        yield from of_body(document.id, books.bodies.get((document.id, document.revision)))


def _of_documents(books: Books, by_subject: Mapping[str, Sequence[Envelope]]) -> Iterator[Violation]:
    judged = books.envelopes is not None
    meant: dict[str, list[Payment]] = defaultdict(list)
    asked: dict[str, list[Refund]] = defaultdict(list)
    for refund in books.refunds:
        asked[refund.payment_id].append(refund)
    for payment in books.payments:
        for invoice_id in {payment.invoice_id or "", *(one.invoice_id for one in payment.allocations)}:
            meant[invoice_id].append(payment)
        yield from of_payment(payment, envelopes=by_subject.get(payment.id, ()) if judged else None)
        yield from of_refunds(payment, asked.get(payment.id, ()))
    credited: dict[str, list[CreditNote]] = defaultdict(list)
    for note in books.credit_notes:
        credited[note.invoice_id].append(note)
        body = (books.bodies or {}).get((note.id, note.revision))
        yield from of_credit_note(note, body=body, envelopes=by_subject.get(note.id, ()) if judged else None)
    for invoice in books.invoices:
        paid = meant.get(invoice.id, [])
        notes = credited.get(invoice.id, [])
        ids = [invoice.id, *(payment.id for payment in paid), *(note.id for note in notes)]
        told = [envelope for id in ids for envelope in by_subject.get(id, ())]
        body = (books.bodies or {}).get((invoice.id, invoice.revision))
        yield from of_invoice(invoice, body=body, payments=paid, envelopes=told if judged else None)
        firsts = {note.id: one for note in notes if (one := (books.bodies or {}).get((note.id, note.revision)))}
        yield from of_credits(invoice, notes, body=body, bodies=firsts)
    made: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in books.invoices:
        made[invoice.quote_id or ""].append(invoice)
    for quote in books.quotes:
        told = [*by_subject.get(quote.id, ())]
        body = (books.bodies or {}).get((quote.id, quote.revision))
        yield from of_quote(quote, body=body, invoices=made.get(quote.id, ()), envelopes=told if judged else None)


def _of_sales(books: Books) -> Iterator[Violation]:
    bodies = books.bodies or {}
    billing = [invoice for invoice in books.invoices if invoice.sources]
    firsts = {invoice.id: bodies[invoice.id, 1] for invoice in billing if (invoice.id, 1) in bodies}
    for document in books.sales:
        body = bodies.get((document.id, document.revision))
        yield from of_sale(document, body=body, invoices=billing, firsts=firsts)


def _of_numbers(books: Books, by_subject: Mapping[str, Sequence[Envelope]]) -> Iterator[Violation]:
    if books.series is None:
        return
    counters = {series.id: series for series in books.series}
    changes = [envelope for told in by_subject.values() for envelope in told]
    for id in sorted({*counters, *(number.series for number in books.numbers)}):
        given = [number for number in books.numbers if number.series == id]
        yield from of_series(counters.get(id), given, changes=changes)
    numbered: tuple[CreditNote | Invoice, ...] = (*books.invoices, *books.credit_notes)
    documents = {one.id: one for one in numbered}
    register = {(number.series, number.id): number for number in books.numbers}
    for number in books.numbers:
        yield from of_number(number, documents.get(number.document_id))
        if number.series == IMPORTED:
            yield from of_imported(number, register.get((INVOICES, number.id)))
    for one in numbered:
        row = register.get((one.series, one.number or ""))
        yield from of_numbered(one, row)
        if books.bodies is not None and books.parties is not None:
            body = books.bodies.get((one.id, one.revision))
            parties, told = books.parties.get(one.id), by_subject.get(one.id, ())
            yield from of_issued(one, row, body=body, parties=parties, envelopes=told)


def _of_clients(books: Books) -> Iterator[Violation]:
    worth = unbilled(books.items, books.invoices)
    for balance in books.balances or ():
        yield from of_client(balance, books.invoices, books.payments, unbilled=worth.get(balance.id, ()))


def _of_items(books: Books, by_subject: Mapping[str, Sequence[Envelope]]) -> Iterator[Violation]:
    items, invoices = {item.id: item for item in books.items}, {invoice.id: invoice for invoice in books.invoices}
    bodies = books.bodies or {}
    named = {one.id: ids_of(bodies.get((one.id, one.revision))) for one in books.invoices if one.items_in_body}
    for item in books.items:
        holder = item.invoice_id or ""
        ending = ending_of(by_subject.get(holder, ()))
        yield from of_item(item, invoices.get(holder), named=named.get(holder), ending=ending)
    for invoice in books.invoices:
        yield from of_claims(invoice, items, body=(books.bodies or {}).get((invoice.id, invoice.revision)))


def _of_history(books: Books, by_subject: Mapping[str, Sequence[Envelope]]) -> Iterator[Violation]:
    if books.envelopes is None:
        return
    entities: tuple[Entity, ...] = (
        *books.invoices,
        *books.credit_notes,
        *books.quotes,
        *books.sales,
        *books.payments,
        *books.clients,
        *books.others,
    )
    versions = {subject_of(entity): entity.version for entity in entities}
    kinds = (
        *("invoice", "credit_note", "quote", "payment", "client"),
        *("batch", "contract", "export", "job", "visit", "item", "plan"),
        *("sale", "tally", "refund", "reminder", "webhook"),
    )
    expected = subjects(books.envelopes, *kinds)
    for subject in sorted(expected | set(versions)):
        yield from of_entity(subject, versions.get(subject), by_subject.get(subject, ()))
    yield from of_journal(books.envelopes)
    if books.movements is not None:
        payouts = [one for one in books.others if isinstance(one, Payout)]
        yield from of_clearing(books.payments, books.envelopes, books.movements, payouts)


def _of_feed(books: Books, *, now: datetime | None, grace: timedelta) -> Iterator[Violation]:
    if books.told is None:
        return
    yield from of_feed(books.told, books.envelopes)
    if now is not None and books.envelopes is not None:
        yield from of_telling(books.told, books.envelopes, now=now, grace=grace)


def _of_reminders(
    books: Books, by_subject: Mapping[str, Sequence[Envelope]], *, now: datetime | None, grace: timedelta
) -> Iterator[Violation]:
    reminders = [one for one in books.others if isinstance(one, Reminder)]
    yield from of_days(reminders)
    if books.envelopes is None:
        return
    for reminder in reminders:
        yield from of_reminder(reminder, by_subject.get(reminder.id, ()))
        if now is not None:
            yield from of_reminder_work(reminder, late=now - grace)
    for invoice in books.invoices:
        yield from of_steps(invoice, by_subject.get(invoice.id, ()))


def _of_work(
    books: Books, by_subject: Mapping[str, Sequence[Envelope]], *, now: datetime | None, grace: timedelta
) -> Iterator[Violation]:
    if now is None:
        return
    for invoice in books.invoices:
        asked = asked_at(by_subject.get(invoice.id, ()))
        yield from of_invoice_work(invoice, now=now, grace=grace, asked_at=asked)
    for note in books.credit_notes:
        asked = asked_at(by_subject.get(note.id, ()))
        yield from of_credit_note_work(note, now=now, grace=grace, asked_at=asked)
    for refund in books.refunds:
        yield from of_refund_work(refund, now=now, grace=grace)
    for item in books.items:
        yield from of_item_work(item, ending_of(by_subject.get(item.invoice_id or "", ())), late=now - grace)
    for one in books.others:
        yield from _of_waiting(one, late=now - grace)
    for quote in books.quotes:
        asked = asked_at(by_subject.get(quote.id, ()))
        yield from of_quote_work(quote, now=now, grace=grace, asked_at=asked, automation=books.automation)


def _of_waiting(one: Entity, *, late: datetime) -> Iterator[Violation]:
    """What goes on by itself, and should have by then."""
    if isinstance(one, Plan):
        yield from of_plan_work(one, late=late)
    if isinstance(one, Batch | Contract):
        yield from of_turning(one, late=late)
    if isinstance(one, Export):
        yield from of_export_work(one, late=late)
