"""/v1/batches: invoices over many contracts, foreseen, drafted, issued and exported together."""

from chalicelib import wiring
from chalicelib.domain.batch import Batch, Failure, Outcome, Step, invoice_id
from chalicelib.domain.batch_plan import PlannedInvoice
from chalicelib.domain.export import Export
from chalicelib.domain.export_choice import Wanted
from chalicelib.domain.export_format import Target
from chalicelib.domain.invoice import Invoice
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import BatchPartQuery, BatchQuery, Listed, listed, matches, within
from chalicelib.entrypoints.http.shapes.batch_previews import BatchPreviewIn, BatchPreviewOut
from chalicelib.entrypoints.http.shapes.batches import (
    BatchIn,
    BatchIssueIn,
    BatchLineOut,
    BatchLinesOut,
    BatchOut,
    BatchRunIn,
)
from chalicelib.entrypoints.http.shapes.exports import BatchExportIn, ExportOut
from chalicelib.entrypoints.http.shapes.sales import Nothing
from chalicelib.ports import Filter
from chalicelib.usecases import batching, exporting, running


def _batch(call: Call, batch_id: str) -> BatchOut:
    return _out(call, call.store.get(Batch, batch_id))


@operation(
    "POST",
    "/batches/preview",
    needs="batches.run",
    body=BatchPreviewIn,
    answer=BatchPreviewOut,
    refusals=(404, 422),
    harmless=True,
)
def preview_batch(call: Call, body: BatchPreviewIn) -> BatchPreviewOut:
    """Say what a batch would be: every contract, what is due of it, and what all of that comes to."""
    foreseen = batching.preview_batch(body.selection(), now=call.now, real_now=wiring.now(), store=call.store.aside())
    return BatchPreviewOut.of(foreseen, limit=body.limit, after=body.after)


@operation("GET", "/batches", needs="batches.read", query=BatchQuery, answer=Listed[BatchOut])
def list_batches(call: Call) -> Listed[BatchOut]:
    """The batches, newest first."""
    query: BatchQuery = call.query

    def fits(batch: Batch) -> bool:
        return (
            query.status in {None, batch.status}
            and within(call.business.today(batch.created_at), query)
            and matches(query, batch.name, ids=[batch.id])
        )

    return listed(call, Batch, Filter(fits=fits), lambda batch: _out(call, batch))


@operation(
    "POST",
    "/batches",
    needs="batches.run",
    body=BatchIn,
    answer=BatchOut,
    status=201,
    place="/batches",
    refusals=(404, 409, 422),
    again=_batch,
)
def plan_batch(call: Call, body: BatchIn) -> BatchOut:
    """Plan a batch; with a preview's hash that one exactly, or nothing is planned and the changes are told."""
    batch = batching.plan_batch(
        body.name,
        plan_hash=body.plan_hash,
        selection=body.selected(),
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return _out(call, batch)


@operation("GET", "/batches/{batch_id}", needs="batches.read", answer=BatchOut, refusals=(404,))
def get_batch(call: Call, batch_id: str) -> BatchOut:
    """One batch and how far it is."""
    return _batch(call, batch_id)


@operation(
    "GET",
    "/batches/{batch_id}/lines",
    needs="batches.read",
    query=BatchPartQuery,
    answer=BatchLinesOut,
    refusals=(404,),
)
def get_batch_lines(call: Call, batch_id: str) -> BatchLinesOut:
    """What became of each planned invoice, a part of the plan at a time; 24 or less are a part."""
    batch = call.store.get(Batch, batch_id)
    part = batching.part_of(batch.id, call.query.part, call.store)
    places = dict(batching.places_of(part))
    ids = {place: invoice_id(batch, place) for place in places}
    found = {one.id: one for one in call.store.many(Invoice, ids.values())} if ids else {}
    failures = {step: _failures(call, batch, step, part.number) for step in Step}
    lines = []
    for place, planned in places.items():
        invoice = found.get(ids[place])
        failure = failures[Step.ISSUE if invoice else Step.DRAFT].get(place)
        lines.append(_line(call, batch, place, planned, invoice, failure, part.number))
    following = part.number + 1
    return BatchLinesOut(data=lines, next_part=following if following < part.parts else None)


@operation(
    "POST",
    "/batches/{batch_id}/run",
    needs="batches.run",
    body=BatchRunIn,
    answer=BatchOut,
    status=202,
    refusals=(404, 409, 412),
    again=_batch,
    forever=True,
)
def run_batch(call: Call, batch_id: str, body: BatchRunIn) -> BatchOut:
    """Have the drafts written, exactly as planned; where that is not possible any more, the changes are told."""
    batch = batching.run_batch(
        batch_id,
        plan_hash=body.plan_hash,
        confirm=body.confirm,
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return _out(call, batch)


@operation(
    "POST",
    "/batches/{batch_id}/issue",
    needs="batches.run",
    body=BatchIssueIn,
    answer=BatchOut,
    status=202,
    refusals=(404, 409, 412),
    again=_batch,
    forever=True,
)
def issue_batch(call: Call, batch_id: str, body: BatchIssueIn) -> BatchOut:
    """Have every draft of the batch issued under the next numbers, and mailed where that is asked for.

    Asked again once all were tried, those that could not be issued are tried again; with ``send`` what was issued and
    never mailed is mailed.
    """
    batch = batching.issue_batch(batch_id, send=body.send, if_match=call.if_match, now=call.now, store=call.store)
    return _out(call, batch)


@operation(
    "POST",
    "/batches/{batch_id}/pause",
    needs="batches.run",
    body=Nothing,
    answer=BatchOut,
    refusals=(404, 409, 412),
    again=_batch,
)
def pause_batch(call: Call, batch_id: str, body: Nothing) -> BatchOut:  # noqa: ARG001
    """Hold a batch; what is under way in this moment still ends."""
    return _out(call, batching.pause_batch(batch_id, if_match=call.if_match, now=call.now, store=call.store))


@operation(
    "POST",
    "/batches/{batch_id}/resume",
    needs="batches.run",
    body=Nothing,
    answer=BatchOut,
    refusals=(404, 409, 412),
    again=_batch,
)
def resume_batch(call: Call, batch_id: str, body: Nothing) -> BatchOut:  # noqa: ARG001
    """Go on with a batch that was held."""
    return _out(call, batching.resume_batch(batch_id, if_match=call.if_match, now=call.now, store=call.store))


@operation(
    "POST",
    "/batches/{batch_id}/cancel",
    needs="batches.run",
    body=Nothing,
    answer=BatchOut,
    refusals=(404, 409, 412),
    again=_batch,
)
def cancel_batch(call: Call, batch_id: str, body: Nothing) -> BatchOut:  # noqa: ARG001
    """Go on with a batch no more; what was drafted or issued so far stays."""
    return _out(call, batching.cancel_batch(batch_id, if_match=call.if_match, now=call.now, store=call.store))


@operation(
    "POST",
    "/batches/{batch_id}/exports",
    needs="exports.make",
    body=BatchExportIn,
    answer=ExportOut,
    status=202,
    refusals=(404, 409, 422),
    again=lambda call, id: ExportOut.of(call.store.get(Export, id)),
)
def export_batch(call: Call, batch_id: str, body: BatchExportIn) -> ExportOut:
    """Export all invoices of a batch that are issued; each is marked with it."""
    batch = call.store.get(Batch, batch_id)
    export = exporting.ask_for_export(
        format=body.format_(),
        target=Target(body.target),
        wanted=Wanted(batch_id=batch.id, again=body.again),
        options=body.options_(),
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return ExportOut.of(export)


@operation(
    "DELETE",
    "/batches/{batch_id}/invoices/{invoice_id}",
    needs="batches.run",
    status=204,
    refusals=(404, 409, 412),
)
def remove_from_batch(call: Call, batch_id: str, invoice_id: str) -> Answer:
    """Take a draft out of its batch; what it billed can be billed again."""
    running.remove_from_batch(batch_id, invoice_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


def _out(call: Call, batch: Batch) -> BatchOut:
    return BatchOut.of(batch, now=call.now)


def _failures(call: Call, batch: Batch, step: Step, part: int) -> dict[int, Failure]:
    """What failed in a part on a step, by its place."""
    outcome = call.store.find(Outcome, f"{batch.id}/{step}/{part:05d}")
    return {failure.place: failure for failure in outcome.failures} if outcome else {}


def _line(
    call: Call,
    batch: Batch,
    place: int,
    planned: PlannedInvoice,
    invoice: Invoice | None,
    failure: Failure | None,
    part: int,
) -> BatchLineOut:
    drafted = batch.step is Step.ISSUE or batch.next_part > part
    if invoice:
        outcome = "issued" if invoice.issued_at else "failed" if failure else "drafted"
    else:
        outcome = "failed" if failure else "removed" if batch.step and drafted else "planned"
    shown = failure if outcome == "failed" else None
    today = call.business.today(call.now)
    return BatchLineOut.of(place, planned, invoice, shown, outcome=outcome, today=today)
