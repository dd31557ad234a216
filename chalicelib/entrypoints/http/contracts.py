"""/v1/contracts: what is agreed with clients to be billed period by period."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.contract import Contract, ContractType
from chalicelib.domain.contract_state import standing_of
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.money import Money
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.contract_checks import codes_must_exist, must_make_sense, taxes_must_exist
from chalicelib.entrypoints.http.lists import ContractQuery, Listed, listed, matches, within
from chalicelib.entrypoints.http.shapes.contracts import (
    ActivateIn,
    BillIn,
    ClosePeriodIn,
    ContractIn,
    ContractOut,
    ContractPatch,
    ContractTerms,
    EndIn,
)
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.timelines import EventOut
from chalicelib.ports import Filter
from chalicelib.usecases import billing, contracting
from chalicelib.usecases.reading import content_of, every

MAY_BE_EMPTY = {
    "taxes",
    "time_rounding",
    "included_hours",
    "included_amount",
    "ends_on",
    "due_terms",
    "purchase_order",
    "notes",
    "billing_period",
    "anchor",
    "project",
}
NAMED = {"due_terms": "due", "billing_period": "every"}
"""What a field is called in a contract, where that is not what it is called here."""


def _turned(call: Call, contract_id: str) -> ContractOut:
    """The contract, gone on with where a request broke off."""
    contracting.turn_periods(contract_id, now=call.now, store=call.store.aside())
    return shown_contract(call, contract_id)


def shown_contract(call: Call, contract_id: str) -> ContractOut:
    contract = call.store.get(Contract, contract_id)
    items = tuple(every(Item, Filter(collected=contract.id), call.store, at_once=500))
    days = {item.id: call.business.today(item.occurred_at) for item in items}
    return ContractOut.of(contract, standing_of(contract, items, days))


@operation("GET", "/contracts", needs="contracts.read", query=ContractQuery, answer=Listed[ContractOut])
def list_contracts(call: Call) -> Listed[ContractOut]:
    """The contracts, newest first; what collected on one is told where it is asked for alone."""
    query: ContractQuery = call.query

    def fits(contract: Contract) -> bool:
        return (
            query.status in {None, contract.status}
            and query.type in {None, contract.type}
            and query.taxable in {None, contract.taxable}
            and within(contract.starts_on, query)
            and matches(query, contract.name, contract.client_name, ids=[contract.id])
        )

    return listed(call, Contract, Filter(client_id=query.client_id, fits=fits), ContractOut.of)


@operation(
    "POST",
    "/contracts",
    needs="contracts.write",
    body=ContractIn,
    answer=ContractOut,
    status=201,
    place="/contracts",
    refusals=(404, 409, 422),
    again=shown_contract,
)
def draft_contract(call: Call, body: ContractIn) -> ContractOut:
    """Write a contract; it bills nothing until it is activated."""
    plain: dict[str, Any] = {
        "type": ContractType.FLAT,
        "currency": call.business.currency,
        "starts_on": call.business.today(call.now),
    }
    wanted = Contract(
        id=call.ids("con"),
        client_id=body.client_id,
        client_name="",
        job_id="",
        created_at=call.now,
        **plain | _given(call, body, currency=call.business.currency),
    )
    must_make_sense(wanted, call.business.country)
    contract = contracting.draft_contract(wanted, job_id=body.job_id, now=call.now, ids=call.ids, store=call.store)
    return ContractOut.of(contract)


@operation("GET", "/contracts/{contract_id}", needs="contracts.read", answer=ContractOut, refusals=(404,))
def get_contract(call: Call, contract_id: str) -> ContractOut:
    """One contract, and how much of what collected on it can be billed now."""
    return shown_contract(call, contract_id)


@operation(
    "PATCH",
    "/contracts/{contract_id}",
    needs="contracts.write",
    body=ContractPatch,
    answer=ContractOut,
    refusals=(404, 409, 412, 422),
    again=shown_contract,
)
def edit_contract(call: Call, contract_id: str, body: ContractPatch) -> ContractOut:
    """Change a contract: what a period costs in advance from the next on, what it costs at its end from this one on."""
    known = call.store.get(Contract, contract_id)
    given = _given(call, body, currency=known.currency)

    def change(contract: Contract) -> Contract:
        wanted = replace(contract, **given)
        must_make_sense(wanted, call.business.country)
        return wanted

    contracting.edit_contract(
        contract_id, change, fields=tuple(sorted(given)), if_match=call.if_match, now=call.now, store=call.store
    )
    return shown_contract(call, contract_id)


@operation("DELETE", "/contracts/{contract_id}", needs="contracts.write", status=204, refusals=(404, 409, 412))
def remove_contract(call: Call, contract_id: str) -> Answer:
    """Delete a draft; a contract in force can be ended."""
    contracting.remove_contract(contract_id, if_match=call.if_match, now=call.now, store=call.store)
    return Answer()


@operation(
    "POST",
    "/contracts/{contract_id}/activate",
    needs="contracts.write",
    body=ActivateIn,
    answer=ContractOut,
    refusals=(404, 409, 412),
    again=_turned,
    forever=True,
)
def activate_contract(call: Call, contract_id: str, body: ActivateIn) -> ContractOut:
    """Put a contract in force; with ``invoice`` what is due at once is drafted, once however often it is asked."""
    contracting.activate_contract(
        contract_id, invoice=body.invoice, if_match=call.if_match, now=call.now, store=call.store
    )
    billing.open_contract(contract_id, invoice=body.invoice, now=call.now, ids=call.ids, store=call.store.aside())
    return shown_contract(call, contract_id)


@operation(
    "POST",
    "/contracts/{contract_id}/end",
    needs="contracts.write",
    body=EndIn,
    answer=ContractOut,
    refusals=(404, 409, 412, 422),
    again=_turned,
    forever=True,
)
def end_contract(call: Call, contract_id: str, body: EndIn) -> ContractOut:
    """Agree on the last day of a contract; what was billed in advance beyond it is credited by hand."""
    contracting.end_contract(contract_id, on=body.on, if_match=call.if_match, now=call.now, store=call.store)
    return shown_contract(call, contract_id)


@operation(
    "POST",
    "/contracts/{contract_id}/close-period",
    needs="contracts.bill",
    body=ClosePeriodIn,
    answer=ContractOut,
    refusals=(404, 409, 412),
    again=shown_contract,
    forever=True,
)
def close_period(call: Call, contract_id: str, body: ClosePeriodIn) -> ContractOut:
    """Close the open period before its time, so that what collected in it can be billed now."""
    contracting.close_period(contract_id, number=body.period, if_match=call.if_match, now=call.now, store=call.store)
    return shown_contract(call, contract_id)


@operation(
    "POST",
    "/contracts/{contract_id}/invoices",
    needs="contracts.bill",
    body=BillIn,
    answer=InvoiceOut,
    status=201,
    place="/invoices",
    refusals=(404, 409, 422),
    again=lambda call, id: _invoice(call, call.store.get(Invoice, id)),
)
def bill_contract(call: Call, contract_id: str, body: BillIn) -> InvoiceOut:
    """Draft an invoice for what can be billed of a contract; of a period once, however often it is asked.

    It takes 1,000 items at most; what is left can be billed by the next, and is the contract's ``ready_balance``.
    """
    invoice = billing.bill_contract(
        contract_id, period=body.period, grouping=body.group_by, now=call.now, ids=call.ids, store=call.store
    )
    return _invoice(call, invoice)


@operation("GET", "/contracts/{contract_id}/timeline", needs="contracts.read", answer=Listed[EventOut], refusals=(404,))
def get_contract_timeline(call: Call, contract_id: str) -> Listed[EventOut]:
    """Everything that happened to a contract, oldest first."""
    call.store.get(Contract, contract_id)
    return Listed[EventOut](data=[EventOut.of(one) for one in call.store.history(contract_id)], next_cursor=None)


def _invoice(call: Call, invoice: Invoice) -> InvoiceOut:
    return InvoiceOut.of(invoice, content_of(invoice, call.store), today=call.business.today(call.now))


def _given(call: Call, body: ContractTerms, *, currency: str) -> dict[str, Any]:
    """What a request says of a contract. Raises Invalid for an unknown tax."""
    names = body.model_fields_set & set(ContractTerms.model_fields)
    said = {name: getattr(body, name) for name in names}
    said = {name: value for name, value in said.items() if value is not None or name in MAY_BE_EMPTY}
    taxes_must_exist(call, body)
    codes_must_exist(call, body)
    currency = body.currency or currency
    shaped: dict[str, Any] = {
        "taxes": tuple,
        "rates": lambda rates: tuple(rate.rate() for rate in rates),
        "time_rounding": lambda rounding: rounding.rounding(),
        "included_amount": lambda amount: Money.exactly(amount, currency, at="/included_amount"),
        "meters": lambda meters: tuple(meter.meter(place) for place, meter in enumerate(meters)),
        "fees": lambda fees: tuple(fee.fee() for fee in fees),
        "project": lambda project: project.project(currency),
        "due_terms": lambda terms: terms.due_terms(),
        "billing_period": lambda period: period.period(),
    }
    return {
        NAMED.get(name, name): shaped[name](value) if name in shaped and value is not None else value
        for name, value in said.items()
    }
