"""/v1/contracts/{id}/usage: consumption told by programs, and what was counted of it."""

from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import Invalid
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.lists import PeriodQuery
from chalicelib.entrypoints.http.shapes.usage import MeteredOut, UsageEventOut, UsageIn, UsageOut
from chalicelib.usecases import metering
from chalicelib.usecases.counting import tally_of


@operation(
    "POST",
    "/contracts/{contract_id}/usage",
    needs="contracts.meter",
    body=UsageIn,
    answer=MeteredOut,
    refusals=(404, 409, 422),
    harmless=True,
)
def record_usage(call: Call, contract_id: str, body: UsageIn) -> MeteredOut:
    """Tell of consumption; each event counts once, by its own ``transaction_id``, and late ones in a later period."""
    events = [event.consumption() for event in body.events]
    metered = metering.record_usage(contract_id, events, now=call.now, store=call.store.aside())
    return MeteredOut(recorded=[UsageEventOut.of(one) for one in metered.recorded], repeated=metered.repeated)


@operation(
    "GET",
    "/contracts/{contract_id}/usage",
    needs="contracts.read",
    query=PeriodQuery,
    answer=UsageOut,
    refusals=(404, 422),
)
def get_usage(call: Call, contract_id: str) -> UsageOut:
    """What was counted in a period, the open one unless another is named, and what it costs so far."""
    contract = call.store.get(Contract, contract_id)
    number = contract.closed if call.query.period is None else call.query.period
    if contract.period(number) is None:
        raise Invalid("no_such_period", f"Contract {contract_id} has no period {number}.", at="/period")
    return UsageOut.of(contract, tally_of(contract, number, call.store))
