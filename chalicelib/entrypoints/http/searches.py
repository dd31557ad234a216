"""What of a list is read when something is searched for: by index where one leads there, row by row where none does."""

from dataclasses import replace
from datetime import date
from typing import Final

from chalicelib.domain.batch import Batch, beginning_of_ids
from chalicelib.domain.invoice_status import InvoiceStatus
from chalicelib.domain.numbering import IMPORTED, Number
from chalicelib.domain.words import words_in
from chalicelib.entrypoints.http.contract import Call
from chalicelib.entrypoints.http.lists import InvoiceQuery, position_of
from chalicelib.ports import Filter, Unfinished

FEW, MOST = 8, 100
"""So many clients' documents are read side by side; once begun, a walk goes on however many clients there are now."""
BELOW: Final = "below"
NUMBER_ROW: Final = "N#"
WAITING = {InvoiceStatus.DRAFT: Unfinished.DRAFT, InvoiceStatus.SCHEDULED: Unfinished.SCHEDULED}


def few_among(query: InvoiceQuery, call: Call, today: date) -> Filter:
    """Where the invoices asked for are few among all: those of a batch, or the unfinished alone."""
    if query.batch_id:
        batch = call.store.find(Batch, query.batch_id)
        return Filter(begins=beginning_of_ids(batch) if batch else query.batch_id)
    if query.due_before or query.status is InvoiceStatus.OVERDUE:
        days = (query.due_before, today if query.status is InvoiceStatus.OVERDUE else None)
        return Filter(unfinished=Unfinished.DUE, due_day_before=min(day for day in days if day))
    return Filter(unfinished=WAITING.get(query.status) if query.status else None)


def searched(call: Call, wanted: Filter, *, series: str | None = None, prefix: str = "") -> Filter:
    """The filter with the way that leads soonest to what ``q`` asks for; ``fits`` still has the last word.

    series, prefix: whose numbers the documents bear, and how these begin.
    A walk goes on in the way that it began: its cursor tells which.
    """
    asked = words_in(call.query.q)
    if not asked or _is_narrow(wanted):
        return wanted
    position, longest = position_of(call) or {}, max(asked, key=len)
    if BELOW in position:
        return replace(wanted, client_ids=call.store.called(longest, most=MOST) or ())
    if position.get("SK", "").startswith(NUMBER_ROW):
        return _numbered(call, wanted, series, prefix)
    if position:
        return wanted
    clients = call.store.called(longest, most=FEW)
    if clients == ():
        return _numbered(call, wanted, series, prefix)
    if clients is None or _may_be_number(longest, prefix):
        return wanted
    return replace(wanted, client_ids=clients)


def series_bearing(number: str | None, call: Call) -> str | None:
    """The series of what a former system gave, where it gave this number; else our own."""
    return IMPORTED if number and call.store.find(Number, IMPORTED, number) else None


def _is_narrow(wanted: Filter) -> bool:
    narrowed = (wanted.client_id, wanted.job_id, wanted.parent, wanted.number)
    return any(narrowed) or wanted.unfinished in {Unfinished.SCHEDULED, Unfinished.DUE}


def _may_be_number(word: str, prefix: str) -> bool:
    return any(letter.isdigit() for letter in word) or any(part.startswith(word) for part in words_in(prefix))


def _numbered(call: Call, wanted: Filter, series: str | None, prefix: str) -> Filter:
    """The numbers that begin as it was typed, or so behind the prefix of today; else every row is asked."""
    typed = call.query.q.strip()
    if typed.casefold().startswith(prefix.casefold()):
        typed = prefix + typed[len(prefix) :]
    for begins in dict.fromkeys((typed, prefix + typed)) if series else ():
        found = Filter(series=series, number_begins=begins)
        if call.store.page(Number, found, limit=1).rows:
            return replace(wanted, series=series, number_begins=begins)
    return wanted
