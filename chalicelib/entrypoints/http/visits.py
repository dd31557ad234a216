"""/v1/visits: work orders, and what is billed on the spot."""

from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.domain.access import require
from chalicelib.domain.visit import Visit, VisitStatus
from chalicelib.entrypoints.http.contents import content_of
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.invoices import made_again, shown
from chalicelib.entrypoints.http.lists import Listed, VisitQuery, listed, matches, within
from chalicelib.entrypoints.http.seeing import only_of
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.timelines import EventOut
from chalicelib.entrypoints.http.shapes.work import (
    AttachmentIn,
    CompletionIn,
    VisitIn,
    VisitInvoiceIn,
    VisitOut,
    VisitPatch,
)
from chalicelib.ports import Filter
from chalicelib.usecases import visiting
from chalicelib.usecases.drafting import Wish
from chalicelib.usecases.sweeping import send_at_once

MAY_CHANGE = {"ends_at", "job_id", "notes", "technician_id"}
"""What a patch gives as it is, null too; without a job it is refused."""
WORKED = {"notes", "status"}
"""What a technician may change of his own visit."""


def _visit(call: Call, visit_id: str) -> VisitOut:
    return VisitOut.of(visiting.visit_of(only_of(call), visit_id, call.store))


def _sent_by_now(call: Call, invoice_id: str) -> InvoiceOut:
    """The invoice, issued if its request fell between writing and sending it."""
    send_at_once(invoice_id, now=call.now, store=call.store.aside(), press=wiring.press())
    return made_again(call, invoice_id)


@operation("GET", "/visits", needs="visits.read", query=VisitQuery, answer=Listed[VisitOut])
def list_visits(call: Call) -> Listed[VisitOut]:
    """The visits, those planned last first; a technician's own."""
    query, own = call.query, only_of(call)

    def fits(visit: Visit) -> bool:
        return (
            own in {None, visit.technician_id}
            and query.technician_id in {None, visit.technician_id}
            and query.client_id in {None, visit.client_id}
            and query.status in {None, visit.status}
            and within(call.business.today(visit.starts_at), query)
            and matches(query, visit.title, visit.client_name, ids=[visit.id])
        )

    return listed(call, Visit, Filter(client_id=query.client_id, job_id=query.job_id, fits=fits), VisitOut.of)


@operation(
    "POST",
    "/visits",
    needs="visits.plan",
    body=VisitIn,
    answer=VisitOut,
    status=201,
    place="/visits",
    refusals=(404, 409, 422),
    again=_visit,
)
def plan_visit(call: Call, body: VisitIn) -> VisitOut:
    """Plan a visit; without a job it opens one."""
    visit = visiting.plan_visit(
        body.client_id,
        job_id=body.job_id,
        title=body.title,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        technician_id=body.technician_id,
        address=body.address.address() if body.address else None,
        notes=body.notes,
        now=call.now,
        ids=call.ids,
        store=call.store,
    )
    return VisitOut.of(visit)


@operation("GET", "/visits/{visit_id}", needs="visits.read", answer=VisitOut, refusals=(404,))
def get_visit(call: Call, visit_id: str) -> VisitOut:
    """One visit."""
    return _visit(call, visit_id)


@operation(
    "PATCH",
    "/visits/{visit_id}",
    needs="visits.work",
    body=VisitPatch,
    answer=VisitOut,
    refusals=(404, 409, 412, 422),
    again=_visit,
)
def change_visit(call: Call, visit_id: str, body: VisitPatch) -> VisitOut:
    """Change a visit, start it (``status: in_progress``) or cancel it; a technician his notes and its start.

    With ``job_id`` it is filed to another job of its client's, unless it is invoiced; its items stay where they are.
    """
    given = _given(body)
    if given.keys() - WORKED or body.status == "cancelled":
        require(call.role, "visits.plan")
    visit = visiting.change_visit(
        visit_id,
        lambda visit: replace(visit, **given),
        fields=tuple(sorted(given)),
        technician_id=only_of(call),
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return VisitOut.of(visit)


@operation("DELETE", "/visits/{visit_id}", needs="visits.plan", status=204, refusals=(404, 409, 412))
def remove_visit(call: Call, visit_id: str) -> Answer:
    """Delete a visit that has not begun."""
    visiting.remove_visit(visit_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation(
    "POST",
    "/visits/{visit_id}/complete",
    needs="visits.work",
    body=CompletionIn,
    answer=VisitOut,
    refusals=(404, 409, 412),
    again=_visit,
)
def complete_visit(call: Call, visit_id: str, body: CompletionIn) -> VisitOut:
    """Say that the work is done."""
    visit = visiting.complete_visit(
        visit_id,
        notes=body.notes,
        technician_id=only_of(call),
        if_match=call.if_match,
        now=call.now,
        store=call.store,
    )
    return VisitOut.of(visit)


@operation(
    "POST",
    "/visits/{visit_id}/invoices",
    needs="visits.invoice",
    body=VisitInvoiceIn,
    answer=InvoiceOut,
    status=201,
    place="/invoices",
    refusals=(404, 409, 412, 422),
    again=_sent_by_now,
    forever=True,
)
def invoice_visit(call: Call, visit_id: str, body: VisitInvoiceIn) -> InvoiceOut:
    """Bill a visit: its published items and the lines given; and send the invoice at once if that is wanted."""
    visit = visiting.visit_of(only_of(call), visit_id, call.store)
    done = visiting.items_of(visit, body.currency or call.business.currency, call.store)
    wish = Wish(
        client_id=visit.client_id,
        content=content_of(call, body, chosen=done, client_id=visit.client_id),
        language=body.language,
        template=body.template,
        purchase_order=body.purchase_order,
        due_date=body.due_date,
    )
    invoice = visiting.invoice_visit(
        visit_id,
        wish,
        send=body.send,
        technician_id=only_of(call),
        if_match=call.if_match,
        business=call.business,
        now=call.now,
        ids=call.ids,
        store=call.store,
        press=wiring.press(),
    )
    return shown(call, invoice)


@operation(
    "PUT",
    "/visits/{visit_id}/invoices",
    needs="visits.invoice",
    body=AttachmentIn,
    answer=InvoiceOut,
    refusals=(404, 409, 412, 422),
    again=_sent_by_now,
    forever=True,
)
def attach_invoice(call: Call, visit_id: str, body: AttachmentIn) -> InvoiceOut:
    """Make a draft that is there already the invoice of a visit, and send it at once if that is wanted."""
    invoice = visiting.attach_invoice(
        visit_id,
        body.invoice_id,
        send=body.send,
        technician_id=only_of(call),
        if_match=call.if_match,
        now=call.now,
        store=call.store,
        press=wiring.press(),
    )
    return shown(call, invoice)


@operation("GET", "/visits/{visit_id}/timeline", needs="visits.read", answer=Listed[EventOut], refusals=(404,))
def get_visit_timeline(call: Call, visit_id: str) -> Listed[EventOut]:
    """Everything that happened to a visit, oldest first; a deleted one's story stays."""
    history = call.store.history(visit_id) if visit_id.startswith("vis_") else ()
    if not history or only_of(call):
        visiting.visit_of(only_of(call), visit_id, call.store)
    return Listed[EventOut](data=[EventOut.of(one) for one in history], next_cursor=None)


def _given(body: VisitPatch) -> dict[str, Any]:
    """What a patch changes; where a visit always has something, null changes nothing."""
    given = {name: getattr(body, name) for name in body.model_fields_set & MAY_CHANGE}
    given |= {name: value for name in ("title", "starts_at") if (value := getattr(body, name)) is not None}
    if body.status:
        given["status"] = VisitStatus(body.status)
    if "address" in body.model_fields_set:
        given["address"] = body.address.address() if body.address else None
    return given
