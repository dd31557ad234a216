"""/v1/contracts/{id}: how a project goes on, and its billing plan."""

from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.contracts import shown_contract
from chalicelib.entrypoints.http.shapes.contracts import ContractOut
from chalicelib.entrypoints.http.shapes.projects import AcceptIn, BillingPlanOut, ProgressIn
from chalicelib.entrypoints.http.shapes.sales import Nothing
from chalicelib.usecases import projecting


@operation(
    "GET", "/contracts/{contract_id}/billing-plan", needs="contracts.read", answer=BillingPlanOut, refusals=(404, 409)
)
def get_billing_plan(call: Call, contract_id: str) -> BillingPlanOut:
    """Every part of a project with its state: planned, due, on a draft, billed, paid, waived or withheld."""
    return BillingPlanOut.of(projecting.plan_shown(contract_id, store=call.store))


@operation(
    "POST",
    "/contracts/{contract_id}/progress",
    needs="contracts.bill",
    body=ProgressIn,
    answer=ContractOut,
    refusals=(404, 409, 412, 422),
    again=shown_contract,
    forever=True,
)
def tell_progress(call: Call, contract_id: str, body: ProgressIn) -> ContractOut:
    """Tell how much of each line is done by now: what that comes to, less what was asked for it, can be billed.

    Less than before gives items below zero. They are taken off what is billed next; an invoice cannot come to less
    than nothing, so where nothing else is billed a credit note is given on what was, and the items are waived.
    """
    projecting.tell_progress(contract_id, body.progress, if_match=call.if_match, now=call.now, store=call.store)
    return shown_contract(call, contract_id)


@operation(
    "POST",
    "/contracts/{contract_id}/milestones/{milestone_id}/complete",
    needs="contracts.bill",
    body=Nothing,
    answer=ContractOut,
    refusals=(404, 409, 412),
    again=shown_contract,
    forever=True,
)
def complete_milestone(call: Call, contract_id: str, milestone_id: str, body: Nothing) -> ContractOut:  # noqa: ARG001
    """Tell that a milestone was reached: what it comes to can be billed, once."""
    projecting.complete_milestone(contract_id, milestone_id, if_match=call.if_match, now=call.now, store=call.store)
    return shown_contract(call, contract_id)


@operation(
    "POST",
    "/contracts/{contract_id}/accept",
    needs="contracts.bill",
    body=AcceptIn,
    answer=ContractOut,
    refusals=(404, 409, 412, 422),
    again=shown_contract,
    forever=True,
)
def accept_work(call: Call, contract_id: str, body: AcceptIn) -> ContractOut:
    """Tell when the client accepted the work; what is withheld is released on the day that the law gives, by itself."""
    projecting.accept_work(contract_id, on=body.on, if_match=call.if_match, now=call.now, store=call.store)
    return shown_contract(call, contract_id)


@operation(
    "POST",
    "/contracts/{contract_id}/release-retainage",
    needs="contracts.bill",
    body=Nothing,
    answer=ContractOut,
    refusals=(404, 409, 412),
    again=shown_contract,
    forever=True,
)
def release_retainage(call: Call, contract_id: str, body: Nothing) -> ContractOut:  # noqa: ARG001
    """Release all that is withheld: it can be billed, also once the contract has ended."""
    projecting.release_retainage(contract_id, if_match=call.if_match, now=call.now, store=call.store)
    return shown_contract(call, contract_id)
