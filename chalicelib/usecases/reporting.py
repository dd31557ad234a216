"""Reports, read in one pass some documents at a time: what is kept of them is the sums.

Documents of a period are found by the register of numbers: each number there has its day of issue. Its order is that
of the numbers as printed, which a change of prefix or a longer number puts out of the order of days, so that the whole
register is read; a row of it is some 200 bytes.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import TypeVar

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import SERIES as CREDIT_NOTE
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import Invalid
from chalicelib.domain.export_lines import Paper
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.numbering import Number
from chalicelib.domain.reporting import Days, Entry, issue_of, months_of_voids, voiding_of
from chalicelib.domain.reporting_aging import AgingReport
from chalicelib.domain.reporting_revenue import By, RevenueReport, earns
from chalicelib.domain.reporting_taxes import TaxReport
from chalicelib.domain.sales import Parties
from chalicelib.domain.statement import Ledger
from chalicelib.ports import Filter, Store, Unfinished
from chalicelib.usecases.reading import bodies_of, every
from chalicelib.usecases.stating import bookings_of, end_of

R = TypeVar("R")

MOST_DOCUMENTS = 20_000
"""Of one report by heads, each some 3 KB: a request has 29 seconds."""
MOST_READ_WHOLE = 5_000
"""Of one report by lines: of each its body and its parties are read, too."""
MOST_CLIENTS = 1_000
"""Of whom it is told what they owed on a day that is over: each takes a query."""
MOST_BOOKINGS = 20_000
AT_ONCE = 100
"""Documents that are read with one request, and held at a time."""
ROWS_AT_ONCE = 500
INVOICE = "invoice"
SERIES: tuple[tuple[str, type[Invoice] | type[CreditNote]], ...] = ((INVOICE, Invoice), (CREDIT_NOTE, CreditNote))


def report_taxes(days: Days, *, business: Business, store: Store) -> TaxReport:
    """Raises Invalid (``period_too_long``) for too many documents; so do the other reports."""
    report = TaxReport()
    for entries in _entries(days, business=business, store=store, most=MOST_DOCUMENTS):
        report.take(entries)
    return report


def report_revenue(days: Days, by: By, *, business: Business, store: Store) -> RevenueReport:
    report = RevenueReport()
    most = MOST_READ_WHOLE if by is By.CATALOG_CODE else MOST_DOCUMENTS
    for entries in _entries(days, business=business, store=store, most=most):
        if by is By.CATALOG_CODE:
            _count_lines([entry for entry in entries if earns(entry)], report, store)
        else:
            report.take(entries, by)
    return report


def report_aging(on: date, *, client_id: str | None, business: Business, now: datetime, store: Store) -> AgingReport:
    """What is owed as the index of open invoices tells it: what was booked a moment ago may not be in it yet.

    On a day that is over it is told from the accounts of the clients, as their statements are.
    Raises Invalid (``too_many``) for more than is read for one answer.
    """
    if on < business.today(now):
        return _aging_of_the_past(on, client_id=client_id, business=business, store=store)
    report = AgingReport(on)
    wanted = Filter(account_of=client_id, unfinished=Unfinished.DUE)
    for invoice in every(Invoice, wanted, store, at_once=ROWS_AT_ONCE):
        report.take([invoice])
        if report.invoices > MOST_DOCUMENTS:
            raise _too_many(f"{MOST_DOCUMENTS} invoices are open")
    return report


def _aging_of_the_past(on: date, *, client_id: str | None, business: Business, store: Store) -> AgingReport:
    report, read = AgingReport(on), 0
    clients = store.many(Client, [client_id]) if client_id else every(Client, Filter(), store, at_once=ROWS_AT_ONCE)
    for place, client in enumerate(clients):
        if place >= MOST_CLIENTS:
            raise _too_many(f"{MOST_CLIENTS} clients have accounts")
        ledgers = {
            currency: Ledger(currency=currency, since=on, day_of=business.today)
            for currency in (one.amount_due.currency for one in store.balances(client.id))
        }
        read += _booked(client, ledgers.values(), before=end_of(on, business), store=store)
        if read > MOST_BOOKINGS and not client_id:
            raise _too_many(f"{MOST_BOOKINGS} events moved the accounts")
        for ledger in ledgers.values():
            owed = [id for id, amount in ledger.owed.items() if amount]
            report.take_owed(client, ledger, store.many(Invoice, owed) if owed else ())
    return report


def _booked(client: Client, ledgers: Collection[Ledger], *, before: datetime, store: Store) -> int:
    """Books on a client's ledgers, one for each currency, what moved its account before; answers how many events."""
    read = 0
    for envelope in bookings_of(client.id, before, store) if ledgers else ():
        read += 1
        for ledger in ledgers:
            ledger.take(envelope.event)
    return read


def _too_many(what: str) -> Invalid:
    return Invalid("too_many", f"More than {what}; ask for one client after the other.", at="/client_id")


def _entries(days: Days, *, business: Business, store: Store, most: int) -> Iterator[Sequence[Entry]]:
    """What counts on these days, some documents at a time."""
    read = 0
    for entries in chain(_issued(days, store), _voided(days, business, store)):
        read += len(entries)
        if read > most:
            detail = f"A report of this kind is of {most} documents at most; choose a shorter period."
            raise Invalid("period_too_long", detail, at="/from")
        yield entries


def _issued(days: Days, store: Store) -> Iterator[Sequence[Entry]]:
    for series, kind in SERIES:
        wanted = Filter(series=series, fits=lambda number: number.issue_date in days)
        ids = (number.document_id for number in every(Number, wanted, store, at_once=ROWS_AT_ONCE))
        for some in _some_at_a_time(ids):
            found: Iterable[Invoice | CreditNote] = store.many(kind, some)
            yield [issue_of(document) for document in found]


def _voided(days: Days, business: Business, store: Store) -> Iterator[Sequence[Entry]]:
    for month in months_of_voids(days):
        void = every(Invoice, Filter(parent=month, fits=_is_ours), store, at_once=AT_ONCE)
        for some in _some_at_a_time(void):
            entries = [voiding_of(invoice, day_of=business.today) for invoice in some]
            yield [entry for entry in entries if entry.day in days]


def _is_ours(invoice: Invoice) -> bool:
    """What a former system issued was never charged, or earned, here."""
    return invoice.series == INVOICE


def _some_at_a_time(rows: Iterator[R]) -> Iterator[list[R]]:
    return iter(lambda: list(islice(rows, AT_ONCE)), [])


def _count_lines(entries: Sequence[Entry], report: RevenueReport, store: Store) -> None:
    documents = [entry.document for entry in entries]
    bodies = bodies_of(documents, store)
    frozen = {one.id: one for one in store.many(Parties, [document.id for document in documents])} if documents else {}
    for entry in entries:
        body = bodies[entry.document.id]
        parties = frozen.get(body.id) or body.parties or store.get(Parties, body.id)
        report.take_lines(entry, Paper(document=entry.document, content=body.content, parties=parties))
