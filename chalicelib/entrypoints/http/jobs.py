"""/v1/jobs: the folders of what clients ask for, and their spaces."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.job_space import Totals, totals_of
from chalicelib.domain.money import Money
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.visit import Visit
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import (
    JobQuery,
    Listed,
    SpaceQuery,
    cursor_of,
    listed,
    matches,
    position_of,
    within,
)
from chalicelib.entrypoints.http.seeing import seen_credit_notes, seen_items, seen_job, seen_plans, seen_visits
from chalicelib.entrypoints.http.shapes.credit_notes import CreditNoteOut
from chalicelib.entrypoints.http.shapes.items import ItemOut
from chalicelib.entrypoints.http.shapes.orders import SaleOut
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.plans import RecurringPlanOut
from chalicelib.entrypoints.http.shapes.quotes import QuoteOut
from chalicelib.entrypoints.http.shapes.timelines import EventOut
from chalicelib.entrypoints.http.shapes.work import (
    JobFields,
    JobIn,
    JobOut,
    JobPatch,
    SpaceOut,
    TotalsOut,
    VisitOut,
)
from chalicelib.ports import Filter
from chalicelib.usecases import filing
from chalicelib.usecases.claiming import waits_of


def _job(call: Call, job_id: str) -> JobOut:
    return JobOut.of(seen_job(call, job_id))


@operation("GET", "/jobs", needs="jobs.list", query=JobQuery, answer=Listed[JobOut])
def list_jobs(call: Call) -> Listed[JobOut]:
    """The jobs, newest first."""
    query = call.query

    def fits(job: Job) -> bool:
        return (
            job.removed_at is None
            and (query.status is None or job.status == query.status)
            and within(call.business.today(job.created_at), query)
            and matches(query, job.title, job.client_name, ids=[job.id])
        )

    return listed(call, Job, Filter(client_id=query.client_id, fits=fits), JobOut.of)


@operation(
    "POST",
    "/jobs",
    needs="jobs.write",
    body=JobIn,
    answer=JobOut,
    status=201,
    place="/jobs",
    refusals=(404,),
    again=_job,
)
def open_job(call: Call, body: JobIn) -> JobOut:
    """Open a job for a client; quotes, visits and invoices made without one open theirs by themselves."""
    job = filing.open_job(
        body.client_id,
        title=body.title,
        address=body.address.address() if body.address else None,
        notes=body.notes,
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return JobOut.of(job)


@operation("GET", "/jobs/{job_id}", needs="jobs.read", answer=JobOut, refusals=(404,))
def get_job(call: Call, job_id: str) -> JobOut:
    """One job."""
    return _job(call, job_id)


@operation(
    "PATCH",
    "/jobs/{job_id}",
    needs="jobs.write",
    body=JobPatch,
    answer=JobOut,
    refusals=(404, 412),
    again=_job,
)
def change_job(call: Call, job_id: str, body: JobPatch) -> JobOut:
    """Change a job, close it, or open it again; nothing new is filed to a closed one."""
    given: dict[str, Any] = fields_in(body)
    given |= {name: value for name in ("title", "status") if (value := getattr(body, name)) is not None}
    job = filing.change_job(
        job_id,
        lambda job: replace(job, **given),
        fields=tuple(sorted(given)),
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return JobOut.of(job)


@operation("DELETE", "/jobs/{job_id}", needs="jobs.write", status=204, refusals=(404, 409, 412))
def remove_job(call: Call, job_id: str) -> Answer:
    """Delete a job to which nothing is filed."""
    filing.remove_job(job_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation("GET", "/jobs/{job_id}/timeline", needs="jobs.read", answer=Listed[EventOut], refusals=(404,))
def get_job_timeline(call: Call, job_id: str) -> Listed[EventOut]:
    """What happened to a job's record, oldest first."""
    seen_job(call, job_id)
    return Listed[EventOut](data=[EventOut.of(one) for one in call.store.history(job_id)], next_cursor=None)


@operation("GET", "/jobs/{job_id}/space", needs="jobs.read", query=SpaceQuery, answer=SpaceOut, refusals=(404,))
def get_job_space(call: Call, job_id: str) -> SpaceOut:
    """Everything that is filed to a job, with its states and totals, in one answer.

    A folder of more than ``limit`` things goes on behind ``next_cursor``. A technician sees nothing of the visits
    of others in it.
    """
    job, today = seen_job(call, job_id), call.business.today(call.now)
    after, before = _carried(call)
    page = call.store.folder(job_id, limit=call.query.limit, after=after)
    claimants = _claimants(call, page.rows)
    totals = totals_of(page.rows, claimants=claimants, before=before)
    rows: dict[type, list[Any]] = {kind: [] for kind in KINDS}
    for row in page.rows:
        rows[type(row)].append(row)
    return SpaceOut(
        job=JobOut.of(job),
        quotes=[QuoteOut.of(quote, None) for quote in rows[Quote]],
        visits=[VisitOut.of(visit) for visit in seen_visits(call, rows[Visit])],
        items=_items_out(call, seen_items(call, rows[Item]), claimants),
        plans=[RecurringPlanOut.of(plan, None) for plan in seen_plans(call, rows[Plan])],
        documents=[SaleOut.of(document, None) for document in rows[SalesDocument]],
        invoices=[InvoiceOut.of(invoice, None, today=today) for invoice in rows[Invoice]],
        credit_notes=[CreditNoteOut.of(note, None) for note in seen_credit_notes(call, rows[CreditNote])],
        totals=[TotalsOut.of(currency, amounts) for currency, amounts in totals.items()],
        next_cursor=cursor_of(call, _carrying(page.next, totals)) if page.next else None,
    )


def fields_in(body: JobFields) -> dict[str, Any]:
    """The address and the notes, where they are given."""
    given: dict[str, Any] = {"notes": body.notes} if "notes" in body.model_fields_set else {}
    if "address" in body.model_fields_set:
        given["address"] = body.address.address() if body.address else None
    return given


def _items_out(call: Call, items: Sequence[Item], claimants: Mapping[str, Invoice]) -> list[ItemOut]:
    waits = waits_of(items, call.store)
    return [ItemOut.of(item, claimants.get(item.invoice_id or ""), waits_until=waits.get(item.id)) for item in items]


def _claimants(call: Call, rows: tuple[Any, ...]) -> dict[str, Invoice]:
    """The invoices that claim the items among these rows; those that are filed elsewhere are read."""
    here = {row.id: row for row in rows if isinstance(row, Invoice)}
    wanted = {row.invoice_id for row in rows if isinstance(row, Item) and row.invoice_id} - here.keys()
    return here | {invoice.id: invoice for invoice in call.store.many(Invoice, sorted(wanted))}


def _carrying(position: Any, totals: dict[str, Totals]) -> dict[str, str]:  # noqa: ANN401 - a page's position
    """Where the next page begins, and what all pages so far come to."""
    sums = {currency: [amount.minor for amount in _amounts(one)] for currency, one in totals.items()}
    return {**position, "": json.dumps(sums)}


def _carried(call: Call) -> tuple[dict[str, str] | None, dict[str, Totals]]:
    position = dict(position_of(call) or {})
    sums: dict[str, list[int]] = json.loads(position.pop("", "{}"))
    before = {
        currency: Totals(**{name: Money(minor, currency) for name, minor in zip(NAMES, minors, strict=True)})
        for currency, minors in sums.items()
    }
    return position or None, before


KINDS = (Job, Quote, Visit, Item, Plan, SalesDocument, Invoice, CreditNote)
NAMES = ("quoted", "approved", "invoiced", "paid", "due", "unbilled", "credited")


def _amounts(totals: Totals) -> list[Money]:
    return [getattr(totals, name) for name in NAMES]
