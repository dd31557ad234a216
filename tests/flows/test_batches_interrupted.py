"""Batches whose worker ends in the middle, is never woken, or leaves something to be issued later."""

import pytest

from chalicelib.entrypoints import batcher
from chalicelib.usecases import claiming, holding, running
from tests.flows.accounting import connect
from tests.flows.contracting import activated, collected
from tests.flows.test_batches import invoices, issue, lines, looked_up, planned, run


@pytest.mark.row("A43", "A47", "A53", "A59", "C51")
def test_what_could_not_be_issued_is_mended_issued_and_exported_with_the_same_batch(world, programs):
    connect(world, "xero")
    for name in ("a", "b", "c"):
        activated(world, world.client(name=name, email=f"{name}@example.com"))
    batch = planned(world)
    run(world, batch)
    good, bad, gone = (line["invoice_id"] for line in lines(world, batch))
    for id in (bad, gone):
        world.ok("PATCH", f"/v1/invoices/{id}", {"lines": []})
    assert issue(world, batch)["progress"]["failed"] == 2
    assert world.see(good)["status"] == "exported"
    world.ok("PATCH", f"/v1/invoices/{bad}", {"lines": [{"description": "Reste", "unit_price": "20.00"}]})
    world.ok("DELETE", f"/v1/batches/{batch['id']}/invoices/{gone}")

    done = issue(world, batch)

    assert (done["status"], done["progress"]["done"], done["progress"]["failed"]) == ("issued", 2, 0)
    told = [(line["outcome"], line["number"], line["code"]) for line in lines(world, batch)]
    assert told == [("issued", "00001", None), ("issued", "00002", None), ("removed", None, None)]
    assert {one["status"] for one in invoices(world, batch)} == {"exported"}
    assert len(programs.documents("xero")) == 2
    assert world.api("POST", f"/v1/batches/{batch['id']}/issue", {}).problem == (409, "batch_not_ready")


def test_the_sweep_wakes_a_batch_whose_wake_up_was_lost_whatever_the_clock_of_its_sandbox_says(world, monkeypatch):
    world.business(sandbox=True)
    activated(world, world.client())
    world.move_clock("2027-03-02T12:00:00Z")
    batch = planned(world)
    world.ok("POST", f"/v1/batches/{batch['id']}/run", {})
    with monkeypatch.context() as lost:
        lost.setattr(batcher, "ask", lambda *_, **__: None)
        world.settle()
    assert looked_up(world, batch)["status"] == "drafting"

    world.sweep()
    world.settle()

    assert looked_up(world, batch)["status"] == "drafted"


def test_a_draft_that_ends_for_want_of_an_item_failed_and_says_which(world, monkeypatch):
    monkeypatch.setattr(claiming, "AT_ONCE", 1)
    agreed = activated(world, world.client(), type="time", fees=[], billing_period=None)
    items = sorted(collected(world, agreed)["id"] for _ in range(3))
    batch = planned(world)
    claim = holding.claim_rest

    def take_the_last(invoice_id, **how):
        monkeypatch.setattr(holding, "claim_rest", claim)
        world.ok("POST", "/v1/invoices", {"client_id": agreed["client_id"], "items": items[-1:]})
        return claim(invoice_id, **how)

    monkeypatch.setattr(holding, "claim_rest", take_the_last)

    progress = run(world, batch)["progress"]

    assert (progress["done"], progress["failed"]) == (0, 1)
    (line,) = lines(world, batch)
    assert (line["outcome"], line["code"], line["invoice_id"]) == ("failed", "items_taken", None)
    assert items[-1] in line["detail"]


@pytest.mark.row("A3", "A43", "A54")
def test_a_batch_that_was_issued_is_mailed_later_each_invoice_once(world):
    for name in ("a", "b", "c"):
        activated(world, world.client(name=name, email=f"{name}@example.com"))
    batch = planned(world)
    run(world, batch)
    issue(world, batch)
    mailed, void, _ = (line["invoice_id"] for line in lines(world, batch))
    world.ok("POST", f"/v1/invoices/{mailed}/send", {})
    world.ok("POST", f"/v1/invoices/{void}/void", {})
    world.settle()

    done = issue(world, batch, send=True)

    assert (done["status"], done["send"], done["progress"]["done"]) == ("issued", True, 3)
    assert [line["status"] for line in lines(world, batch)] == ["sent", "void", "sent"]
    assert [len(world.mails_to(f"{name}@example.com")) for name in "abc"] == [1, 0, 1]
    assert world.api("POST", f"/v1/batches/{batch['id']}/issue", {"send": True}).problem == (409, "batch_not_ready")


def test_a_batch_that_is_cancelled_while_a_part_is_drafted_counts_the_drafts_that_are_there(world, monkeypatch):
    for name in ("a", "b"):
        activated(world, world.client(name=name))
    batch = planned(world)
    commit = running._commit

    def cancel(*what, **how):
        monkeypatch.setattr(running, "_commit", commit)
        world.ok("POST", f"/v1/batches/{batch['id']}/cancel", {})
        return commit(*what, **how)

    monkeypatch.setattr(running, "_commit", cancel)

    done = run(world, batch)

    assert (done["status"], done["progress"]["done"], len(invoices(world, batch))) == ("cancelled", 2, 2)
    assert world.api("POST", f"/v1/batches/{batch['id']}/issue", {}).problem == (409, "batch_not_ready")
