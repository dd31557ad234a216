"""I20: each period once, over all that counts in it; I21: each planned invoice once; and what is late (I13)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain import batch as batches
from chalicelib.domain import contract_life as contracts
from chalicelib.domain import tally as tallies
from chalicelib.domain.accrual import accrued, fees_of
from chalicelib.domain.batch import Step, invoice_id
from chalicelib.domain.batch_plan import BatchPlan, Selection
from chalicelib.domain.books import Books
from chalicelib.domain.contract import Contract, ContractType, Fee, Meter, Timing
from chalicelib.domain.events import InvoiceRemoved
from chalicelib.domain.item import ItemKind, ItemStatus
from chalicelib.domain.journal import Envelope
from chalicelib.domain.money import Money
from chalicelib.domain.recurrence import Period
from chalicelib.domain.sound_batches import of_batches
from chalicelib.domain.sound_contracts import of_contracts, of_turning
from chalicelib.domain.tally import Tally, tally_id
from chalicelib.domain.usage_price import UsageModel, UsagePrice
from chalicelib.domain.usage_record import UsageRecord
from tests import builders as b


def a_contract(**more):
    plain = {"type": ContractType.FLAT, "currency": "CAD", "job_id": "job_1", "client_id": b.CLIENT, "name": "Care"}
    plain |= {"starts_on": date(2026, 3, 1), "every": Period(months=1), "created_at": b.NOON, "activated_at": b.NOON}
    return Contract(id="con_1", client_name="Marie", **plain | more)


def opened(**more):
    """A contract whose first period began, the events of that, and of its fee."""
    contract = a_contract(fees=(Fee(code="fee", description="Care", unit_price=Decimal(10)),), **more)
    business = b.a_business()
    items = fees_of(contract, contract.period(0), Timing.ADVANCE, business=business, at=b.NOON)
    after, event = contracts.opened(contract, amount=Money(1000, "CAD"), business=business, at=b.NOON)
    return after, [event, *(accrued(item, period=0, at=b.NOON) for item in items)]


def told(*events):
    return tuple(Envelope.around(event, b.a_caller()) for event in events)


def found(*others, events=(), usage=None, invoices=(), of=of_contracts):
    by_subject = {}
    for envelope in told(*events):
        by_subject.setdefault(envelope.event.subject, []).append(envelope)
    books = Books(others=others, envelopes=told(*events), usage=usage, invoices=invoices)
    return [(one.invariant, one.subject) for one in of(books, by_subject)]


def worked(**more):
    time = {"kind": ItemKind.TIME, "status": ItemStatus.PUBLISHED, "contract_id": "con_1", "period": 0}
    return b.an_item(**time | more)


def a_tally(*items, **more):
    zero = Money.zero("CAD")
    tally = Tally(id=tally_id("con_1", 0), contract_id="con_1", client_id=b.CLIENT, period=0, worth=zero)
    for item in items:
        tally = tallies.counted(tally, item, day=date(2026, 3, 2))
    return replace(tally, **more)


def test_a_period_that_brought_what_it_tells_of_is_sound():
    contract, events = opened()
    assert found(contract, events=events) == []


def test_a_fee_that_is_accrued_twice_or_never_is_found():
    contract, events = opened()
    again = replace(events[-1], subject="itm_another")
    assert found(contract, events=[*events, again]) == [("I20", "con_1")]
    assert found(contract, events=events[:1]) == [("I20", "con_1")]


def test_a_period_that_nobody_told_of_is_found():
    contract, _ = opened()
    assert found(contract) == [("I20", "con_1")]


def test_time_that_is_in_its_tally_is_sound():
    item = worked()
    assert found(item, a_tally(item)) == []


@pytest.mark.parametrize("change", [{"period": 1}, {"quantity": Decimal(9)}, {"status": ItemStatus.WAIVED}])
def test_time_that_counts_otherwise_than_its_tally_says_is_found(change):
    item = worked()
    assert ("I20", "con_1.00000") in found(replace(item, **change), a_tally(item))


def test_consumption_that_is_not_what_was_told_is_found():
    record = UsageRecord(
        id="con_1/x",
        transaction_id="x",
        contract_id="con_1",
        meter="API",
        quantity=Decimal(2),
        occurred_at=b.NOON,
        period=0,
        recorded_at=b.NOON,
    )
    tally = a_tally(units={"API": Decimal(2)})
    assert found(tally, usage=(record,)) == []
    assert found(tally, usage=(record, replace(record, id="con_1/y"))) == [("I20", tally.id)]
    assert found(tally) == []


def test_a_period_that_is_closed_without_its_tally_or_the_other_way_round_is_found():
    contract, events = opened(included_hours=Decimal(1))
    closed, event = contracts.closed(contract, amount=Money.zero("CAD"), business=b.a_business(), at=b.NOON)
    tally = a_tally(closed_at=b.NOON)
    assert found(closed, tally, events=[*events, event]) == []
    assert found(closed, events=[*events, event]) == [("I20", "con_1")]
    assert found(contract, tally, events=events) == [("I20", "con_1")]


def test_a_period_that_was_closed_before_there_was_a_meter_is_sound():
    contract, events = opened()
    closed, event = contracts.closed(contract, amount=Money.zero("CAD"), business=b.a_business(), at=b.NOON)
    metered = replace(closed, meters=(Meter(code="API", name="API", price=UsagePrice(model=UsageModel.PACKAGE)),))
    assert found(metered, events=[*events, event]) == []


def test_what_was_to_go_on_and_did_not_is_found_once_it_is_late():
    contract = a_contract(look_at=b.NOON)
    assert [one.invariant for one in of_turning(contract, late=b.NOON)] == ["I13"]
    assert list(of_turning(contract, late=b.NOON - timedelta(seconds=1))) == []


def drafted(*, done=1, failed=0):
    """A batch of one invoice whose drafts were written, and its events."""
    plan = BatchPlan(on=date(2026, 3, 2), selection=Selection(), invoices=()).hashed()
    batch, planned = batches.planned("bat_1", "March", plan, amounts=(), at=b.NOON)
    batch, asked = batches.asked(replace(batch, invoices=1), Step.DRAFT, at=b.NOON)
    batch, progressed = batches.progressed(batch, done=done, failed=failed, at=b.NOON)
    return batch, [planned, asked, progressed]


def test_a_batch_whose_drafts_are_there_or_were_taken_out_is_sound():
    batch, events = drafted()
    draft = b.an_invoice(id=invoice_id(batch, 0), batch_id=batch.id)
    removed = InvoiceRemoved(subject=draft.id, version=2, at=b.NOON)
    assert found(batch, events=events, invoices=(draft,), of=of_batches) == []
    assert found(batch, events=[*events, removed], of=of_batches) == []
    failed, events = drafted(done=0, failed=1)
    assert found(failed, events=events, of=of_batches) == []


def test_a_batch_with_an_invoice_that_is_lost_or_that_nobody_planned_is_found():
    batch, events = drafted()
    stranger = b.an_invoice(id="inv_stranger", batch_id=batch.id)
    assert found(batch, events=events, of=of_batches) == [("I21", "bat_1")]
    assert found(batch, events=events, invoices=(stranger,), of=of_batches) == [("I21", "bat_1")]


def test_a_part_that_goes_by_twice_is_found():
    batch, events = drafted()
    draft = b.an_invoice(id=invoice_id(batch, 0), batch_id=batch.id)
    twice = [*events, replace(events[-1], version=4)]
    assert ("I21", "bat_1") in found(batch, events=twice, invoices=(draft,), of=of_batches)
