"""/v1/imports: what a former system kept, taken in from CSV line by line."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib import wiring
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.shapes.catalogue import ImportQuery
from chalicelib.entrypoints.http.shapes.imported_lists import clients_in, invoices_in, numbers_in
from chalicelib.entrypoints.http.shapes.imports import (
    ClientsReport,
    InvoicesQuery,
    InvoicesReport,
    ListIn,
    NumbersReport,
)
from chalicelib.usecases import importing_clients, importing_invoices, importing_numbers

AT_MOST = timedelta(seconds=20)
"""A request has 29 seconds."""


@operation(
    "POST",
    "/imports/clients",
    needs="clients.write",
    body=ListIn,
    query=ImportQuery,
    answer=ClientsReport,
    refusals=(400, 413),
    harmless=True,
)
def import_clients(call: Call, body: ListIn) -> ClientsReport:
    """Take a former system's clients in, line by line: what is wrong with one line stops no other.

    The list is CSV in UTF-8, as the body (text/csv) or as ``csv`` in JSON, with up to 2,000 lines below the names of
    the columns: reference, name, email, phone, contact, line1 to line3, city, region, postal_code, country, language,
    tax_number, notes and time_zone. A client is known by its reference, else by its address for mail, else by its
    name; an empty cell leaves what is there. With ``dry_run=true`` nothing is written. Taken in again, a list changes
    nothing more; lines for which there was no time (``not_reached``) are taken in so.
    """
    outcomes = importing_clients.import_clients(
        clients_in(body.csv),
        dry_run=call.query.dry_run,
        enough=_enough(),
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return ClientsReport.of(outcomes, dry_run=call.query.dry_run)


@operation(
    "POST",
    "/imports/invoices",
    needs="invoices.issue",
    body=ListIn,
    query=InvoicesQuery,
    answer=InvoicesReport,
    refusals=(400, 413),
    harmless=True,
)
def import_invoices(call: Call, body: ListIn) -> InvoicesReport:
    """Take a former system's open invoices in, under their old numbers, to be paid here.

    The columns are number, client_reference or client_email or client_name, issue_date, due_date, currency, total,
    taxes (such as ``TPS=5.00 TVQ=9.98``), and amount_due or amount_paid. They are never issued again nor mailed, and
    their numbers are never given here; revenue and taxes stay in the books of the former system. With ``remind=true``
    clients are reminded of them from now on. Otherwise as for clients.
    """
    outcomes = importing_invoices.import_invoices(
        invoices_in(body.csv),
        remind=call.query.remind,
        dry_run=call.query.dry_run,
        enough=_enough(),
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return InvoicesReport.of(outcomes, dry_run=call.query.dry_run)


@operation(
    "POST",
    "/imports/numbers",
    needs="business.write",
    body=ListIn,
    query=ImportQuery,
    answer=NumbersReport,
    refusals=(400, 413),
    harmless=True,
)
def import_numbers(call: Call, body: ListIn) -> NumbersReport:
    """Take a former system's last numbers in: each series goes on after its own.

    The columns are series (invoice, credit_note, quote, order or delivery), last_number as it was printed, or its
    count, and issue_date, before which no later number is dated. The prefix and the year must be those of the
    business's rules, so set these first. Otherwise as for clients.
    """
    outcomes = importing_numbers.import_last_numbers(
        numbers_in(body.csv), dry_run=call.query.dry_run, enough=_enough(), now=call.now, store=call.store
    )
    return NumbersReport.of(outcomes, dry_run=call.query.dry_run)


def _enough() -> Callable[[], bool]:
    began = wiring.now()
    return lambda: wiring.now() - began >= AT_MOST
