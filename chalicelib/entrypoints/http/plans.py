"""/v1/plans: what is billed again and again, each period once (K31)."""

from dataclasses import replace
from typing import Any

from chalicelib import wiring
from chalicelib.domain.plan import Plan
from chalicelib.domain.sales import Content
from chalicelib.entrypoints.http.contents import content_of, patched
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import Listed, PlanQuery, listed, matches, within
from chalicelib.entrypoints.http.searches import searched
from chalicelib.entrypoints.http.shapes.documents import LineIn
from chalicelib.entrypoints.http.shapes.plans import (
    ForeseenOut,
    ForesightIn,
    ForesightOut,
    PlanIn,
    PlanPatch,
    RecurringPlanOut,
    ResumptionIn,
)
from chalicelib.entrypoints.http.shapes.sales import DocumentPatch, Nothing
from chalicelib.entrypoints.http.shapes.timelines import EventOut
from chalicelib.ports import Filter
from chalicelib.usecases import billing_plans, reading, recurring
from chalicelib.usecases.recurring import Agreement

INFORMATION = {"job_id", "language", "name", "purchase_order", "template"}
CONTENT = {"notes", "terms", "addresses", *DocumentPatch.model_fields}


def shown(call: Call, plan: Plan) -> RecurringPlanOut:
    return RecurringPlanOut.of(plan, reading.content_of(plan, call.store))


def shown_again(call: Call, plan_id: str) -> RecurringPlanOut:
    return shown(call, call.store.get(Plan, plan_id))


@operation("GET", "/plans", needs="plans.read", query=PlanQuery, answer=Listed[RecurringPlanOut])
def list_plans(call: Call) -> Listed[RecurringPlanOut]:
    """The recurring plans, newest first, without their lines."""
    query = call.query

    def fits(plan: Plan) -> bool:
        return (
            query.status in {None, plan.status}
            and query.client_id in {None, plan.client_id}
            and within(call.business.today(plan.created_at), query)
            and matches(query, plan.name, plan.client_name, ids=[plan.id])
        )

    wanted = Filter(client_id=query.client_id, job_id=query.job_id, fits=fits)
    return listed(call, Plan, searched(call, wanted), lambda plan: RecurringPlanOut.of(plan, None))


@operation(
    "POST",
    "/plans",
    needs="plans.write",
    body=PlanIn,
    answer=RecurringPlanOut,
    status=201,
    place="/plans",
    refusals=(404, 409, 422),
    again=shown_again,
    forever=True,
)
def create_plan(call: Call, body: PlanIn) -> RecurringPlanOut:
    """Agree to bill a client again and again; a first day that is past is billed at once."""
    agreement = Agreement(
        client_id=body.client_id,
        content=content_of(call, body),
        chosen_taxes=_choosing(body.lines),
        terms=body.plan_terms(),
        **{name: getattr(body, name) for name in INFORMATION},
    )
    plan = recurring.add_plan(
        agreement,
        business=call.business,
        now=call.now,
        ids=call.ids,
        store=call.store,
        wordings=wiring.wording,
    )
    return shown(call, plan)


@operation("GET", "/plans/{plan_id}", needs="plans.read", answer=RecurringPlanOut, refusals=(404,))
def get_plan(call: Call, plan_id: str) -> RecurringPlanOut:
    """One plan with its lines, what it bills next, and what hinders it."""
    return shown_again(call, plan_id)


@operation(
    "PATCH",
    "/plans/{plan_id}",
    needs="plans.write",
    body=PlanPatch,
    answer=RecurringPlanOut,
    refusals=(404, 409, 412, 422),
    again=shown_again,
)
def change_plan(call: Call, plan_id: str, body: PlanPatch) -> RecurringPlanOut:
    """Change a plan from its next period on; ``end_on`` ends it. What was billed stays."""

    def change(plan: Plan, content: Content) -> tuple[Plan, Content]:
        sells = body.model_fields_set & CONTENT
        return _changed(plan, body), patched(call, content, body, client_id=plan.client_id) if sells else content

    plan = recurring.change_plan(
        plan_id,
        change,
        fields=tuple(sorted(body.model_fields_set)),
        if_match=call.if_match,
        now=call.now,
        store=call.store,
        wordings=wiring.wording,
    )
    return shown(call, plan)


@operation("DELETE", "/plans/{plan_id}", needs="plans.write", status=204, refusals=(404, 409, 412))
def remove_plan(call: Call, plan_id: str) -> Answer:
    """Delete a plan that has billed nothing; one that has is ended by its ``end_on``."""
    recurring.remove_plan(plan_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation(
    "POST",
    "/plans/{plan_id}/preview",
    needs="plans.read",
    body=ForesightIn,
    answer=ForesightOut,
    refusals=(404, 409, 422),
    harmless=True,
)
def preview_plan(call: Call, plan_id: str, body: ForesightIn) -> ForesightOut:
    """The next invoices of a plan with their days and figures, as they would be made now; nothing is saved."""
    plan = call.store.get(Plan, plan_id)
    to_come = billing_plans.foreseen(plan, most=body.count, now=call.now, store=call.store, wordings=wiring.wording)
    return ForesightOut(data=[ForeseenOut.of(one, plan) for one in to_come])


@operation(
    "POST",
    "/plans/{plan_id}/pause",
    needs="plans.write",
    body=Nothing,
    answer=RecurringPlanOut,
    refusals=(404, 409, 412),
    again=shown_again,
)
def pause_plan(call: Call, plan_id: str, body: Nothing) -> RecurringPlanOut:  # noqa: ARG001
    """Bill nothing more of a plan until it is resumed."""
    return shown(call, recurring.pause_plan(plan_id, if_match=call.if_match, now=call.now, store=call.store))


@operation(
    "POST",
    "/plans/{plan_id}/resume",
    needs="plans.write",
    body=ResumptionIn,
    answer=RecurringPlanOut,
    refusals=(404, 409, 412),
    again=shown_again,
)
def resume_plan(call: Call, plan_id: str, body: ResumptionIn) -> RecurringPlanOut:
    """Go on with a plan that is paused, or that something hindered; what came due in a pause is left out for ever."""
    plan = recurring.resume_plan(
        plan_id, bill_missed=body.bill_missed, if_match=call.if_match, now=call.now, store=call.store
    )
    return shown(call, plan)


@operation("GET", "/plans/{plan_id}/timeline", needs="plans.read", answer=Listed[EventOut], refusals=(404,))
def get_plan_timeline(call: Call, plan_id: str) -> Listed[EventOut]:
    """Everything that happened to a plan, oldest first; a deleted one's story stays."""
    history = call.store.history(plan_id) if plan_id.startswith("pln_") else ()
    if not history:
        call.store.get(Plan, plan_id)
    return Listed[EventOut](data=[EventOut.of(one) for one in history], next_cursor=None)


def _choosing(lines: list[LineIn]) -> tuple[str, ...]:
    """The lines, by the ids that they get, that name their taxes themselves."""
    return tuple(f"{place}" for place, line in enumerate(lines, start=1) if line.taxes is not None)


def _changed(plan: Plan, patch: PlanPatch) -> Plan:
    given = patch.model_fields_set
    changed: dict[str, Any] = {name: getattr(patch, name) for name in given & INFORMATION}
    if changed.get("name", "") is None:
        del changed["name"]
    if patch.lines is not None:
        changed["chosen_taxes"] = _choosing(patch.lines)
    terms = patch.plan_terms_given()
    if terms.get("anchor_on", "") is None:
        terms["anchor_on"] = terms.get("start_on", plan.terms.start_on)
    return replace(plan, **changed, terms=replace(plan.terms, **terms))
