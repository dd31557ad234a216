"""/v1/contracts/{id}/prices: what was agreed in a contract for things sold."""

from chalicelib.domain.catalogue import AgreedPrice
from chalicelib.domain.contract import Contract
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import Listed, PageQuery, listed
from chalicelib.entrypoints.http.shapes.catalogue import PriceIn, PriceOut
from chalicelib.ports import Filter
from chalicelib.usecases import pricing


def _price(call: Call, id: str) -> PriceOut:
    return PriceOut.of(call.store.get(AgreedPrice, id))


@operation(
    "GET",
    "/contracts/{contract_id}/prices",
    needs="contracts.read",
    query=PageQuery,
    answer=Listed[PriceOut],
    refusals=(404,),
)
def list_contract_prices(call: Call, contract_id: str) -> Listed[PriceOut]:
    """The prices agreed in a contract; they go before those of its client."""
    contract = call.store.get(Contract, contract_id)
    return listed(call, AgreedPrice, Filter(parent=contract.id), PriceOut.of)


@operation(
    "PUT",
    "/contracts/{contract_id}/prices/{code}",
    needs="contracts.write",
    body=PriceIn,
    answer=PriceOut,
    refusals=(404, 412),
    again=_price,
)
def agree_on_contract_price(call: Call, contract_id: str, code: str, body: PriceIn) -> PriceOut:
    """Agree on a price in a contract: items of it that name the code bear it from now on."""
    price = pricing.agree_in_contract(
        contract_id, code, unit_price=body.unit_price, if_match=call.if_match, now=call.now, store=call.store
    )
    return PriceOut.of(price)


@operation("DELETE", "/contracts/{contract_id}/prices/{code}", needs="contracts.write", status=204, refusals=(404, 412))
def end_contract_price(call: Call, contract_id: str, code: str) -> Answer:
    """End a price that was agreed in a contract."""
    pricing.end_in_contract(contract_id, code, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()
