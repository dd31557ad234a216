"""What a provider's batches promise beside the main road: days, mails, programs, and answers that are lost."""

import pytest

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain.invoice import Invoice
from chalicelib.ports import Add, Advance
from tests.flows.accounting import connect
from tests.flows.contracting import activated
from tests.flows.faults import Crashed
from tests.flows.test_batches import invoices, issue, lines, looked_up, planned, preview, run, two_clients
from tests.flows.test_contracts_counted import timed, worked
from tests.flows.test_exports import made


@pytest.mark.row("A40")
def test_an_entry_of_the_evening_is_of_that_day_where_the_business_is(world):
    agreed = timed(world)

    evening = worked(world, agreed, 30, occurred_at="2026-04-01T03:30:00Z")  # 31 March, 23:30 in Montréal
    midnight = worked(world, agreed, 30, occurred_at="2026-04-01T04:00:00Z")
    until_march = preview(world, to="2026-03-31")["rows"][0]["total_balance"]
    world.ok("PATCH", "/v1/business", {"time_zone": "Europe/Paris"})
    in_paris = worked(world, agreed, 30, occurred_at="2026-03-31T22:00:00Z")

    ends = [one["clears_on"] for one in (evening, midnight, in_paris)]
    assert ends == ["2026-04-01", "2026-05-01", "2026-05-01"]
    assert until_march == "60.00"


@pytest.mark.row("A4", "A44")
@pytest.mark.parametrize("sandbox", [False, True])
def test_nothing_is_subscribed_to_before_invoices_are_mailed(world, sandbox):
    world.business(sandbox=sandbox)
    activated(world, world.client())
    batch = planned(world)
    run(world, batch)

    issue(world, batch, send=True)

    assert [one["status"] for one in invoices(world, batch)] == ["sent"]
    assert len(world.mails_to("marie@example.com")) == 1


@pytest.mark.row("A47")
def test_a_batch_that_is_issued_is_booked_by_itself_in_the_program_that_is_connected(world, programs):
    connect(world, "xero")
    two_clients(world)
    batch = planned(world, invoice_per="contract")
    run(world, batch)
    assert world.ok("GET", "/v1/exports")["data"] == []

    issue(world, batch)

    assert len(programs.documents("xero")) == 2
    assert [one["status"] for one in invoices(world, batch)] == ["exported"] * 2
    world.replay("shuffled")
    assert len(world.ok("GET", "/v1/exports")["data"]) == 1


@pytest.mark.row("A58", "G6")
def test_what_was_exported_by_hand_is_marked_by_an_export_of_it_alone(world):
    one, other = world.invoice(), world.invoice()

    made(world, filter={"ids": [one["id"]]})

    assert [world.see(each)["status"] for each in (one, other)] == ["exported", "issued"]


@pytest.mark.row("C51")
@pytest.mark.parametrize("wanted", [Add, Advance], ids=["as it is drafted", "as it is issued"])
def test_a_batch_whose_answer_is_lost_looks_up_what_was_done_before_it_goes_on(world, monkeypatch, wanted):
    two_clients(world)
    batch, right, lost = planned(world, invoice_per="contract"), DynamoStore.commit, []

    def commit(store, *changes):
        right(store, *changes)
        of_a_batch = any(getattr(getattr(one, "entity", None), "batch_id", None) for one in changes)
        if of_a_batch and not lost and any(_is(one, wanted) for one in changes):
            lost.append(changes)
            raise Crashed

    monkeypatch.setattr(DynamoStore, "commit", commit)
    for step in ("run", "issue"):
        world.ok("POST", f"/v1/batches/{batch['id']}/{step}", {"send": True} if step == "issue" else {})
        world.pump.settle()
        world.time.pass_(minutes=5)
        world.settle()

    assert len(lost) == 1
    assert looked_up(world, batch)["progress"]["done"] == 2
    assert [line["outcome"] for line in lines(world, batch)] == ["issued"] * 2
    assert sorted(one["number"] for one in invoices(world, batch)) == ["00001", "00002"]
    assert len(world.mails_to("marie@example.com")) == 2


def _is(change, wanted):
    return isinstance(change, wanted) and (wanted is not Add or isinstance(change.entity, Invoice))
