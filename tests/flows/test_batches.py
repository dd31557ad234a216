"""Batches: foreseen, run exactly so, held and gone on with, edited, issued, each invoice alone in its failure."""

import pytest

from tests.flows.contracting import activated, collected, contract
from tests.flows.desk import at_once


def preview(world, **selection):
    return world.ok("POST", "/v1/batches/preview", selection).body


def planned(world, **wanted):
    return world.ok("POST", "/v1/batches", {"name": "Mars"} | wanted).body


def run(world, batch, **body):
    answer = world.api("POST", f"/v1/batches/{batch['id']}/run", body)
    assert answer.status == 202, answer.text
    world.settle()
    return looked_up(world, batch)


def issue(world, batch, **body):
    answer = world.api("POST", f"/v1/batches/{batch['id']}/issue", body)
    assert answer.status == 202, answer.text
    world.settle()
    return looked_up(world, batch)


def looked_up(world, batch):
    return world.ok("GET", f"/v1/batches/{batch['id']}").body


def lines(world, batch):
    return world.ok("GET", f"/v1/batches/{batch['id']}/lines")["data"]


def invoices(world, batch):
    return world.ok("GET", f"/v1/invoices?batch_id={batch['id']}&limit=100")["data"]


def two_clients(world):
    """Marie with two contracts, one of them not taxable, and Luc with one that has an open period."""
    marie, luc = world.client(), world.client(name="Luc Roy", email="luc@example.com")
    first, free = activated(world, marie), activated(world, marie, name="Sauvegarde", taxable=False)
    timed = activated(world, luc, name="Assistance", type="time", fees=[])
    collected(world, timed, quantity="2", unit="h")
    return first, free, timed


@pytest.mark.row("A7", "A8", "A9", "A10", "A11", "A19", "A20", "A21", "A31", "A35")
def test_the_list_shows_every_contract_with_all_that_is_due_selected_and_says_what_waits(world):
    first, free, timed = two_clients(world)
    collected(world, first)

    shown = {row["contract_id"]: row for row in preview(world)["rows"]}

    plain = ("contract_name", "contract_type", "client_name", "billable_state", "total_balance", "selected_balance")
    assert [shown[first["id"]][name] for name in plain] == [
        *("Infogérance", "flat", "Marie Gagnon", "partly_ready", "600.00", "500.00")
    ]
    assert [shown[free["id"]][name] for name in plain[3:]] == ["ready", "500.00", "500.00"]
    assert [shown[timed["id"]][name] for name in plain[3:]] == ["locked", "200.00", "0.00"]
    states = {item["description"]: (item["billable_state"], item["selected"]) for item in shown[first["id"]]["items"]}
    assert set(states.values()) == {("ready", True), ("open_period", False)}
    assert shown[timed["id"]]["clears_on"] == "2026-04-01"


@pytest.mark.row("A12", "A13", "A14", "A15", "A16", "A17", "A18", "A32")
def test_the_totals_follow_what_is_selected(world):
    first, free, timed = two_clients(world)
    world.ok("POST", f"/v1/contracts/{timed['id']}/close-period", {})
    job = world.ok("POST", "/v1/jobs", {"client_id": timed["client_id"], "title": "Billet 7"}).body
    collected(world, timed, job_id=job["id"], quantity="1.5", unit="h")

    (totals,) = preview(world)["totals"]
    assert (totals["invoices_to_create"], totals["unbilled_tickets"], totals["hours_worked"]) == (2, 1, "3.5")
    assert (totals["billable_amount"], totals["tax"], totals["total"]) == ("1350.00", "127.29", "1477.29")

    (fewer,) = preview(world, exclude_contracts=[timed["id"]])["totals"]
    assert (fewer["billable_amount"], fewer["tax"], fewer["hours_worked"]) == ("1000.00", "74.88", "0")
    assert preview(world, contracts=[free["id"]])["totals"][0]["tax"] == "0.00"
    assert (
        preview(world, invoice_per="contract", contracts=[first["id"], free["id"]])["totals"][0]["invoices_to_create"]
        == 2
    )


@pytest.mark.row("A22", "A23", "A25", "A26", "A27", "A28", "A33", "A34")
def test_the_list_is_narrowed_by_type_tax_client_days_and_balance_and_single_items_are_left_out(world):
    first, free, timed = two_clients(world)

    def shown(**selection):
        return {row["contract_id"] for row in preview(world, **selection)["rows"]}

    assert shown(types=["time"]) == {timed["id"]}
    assert shown(taxable=False) == {free["id"]}
    assert shown(client_ids=[first["client_id"]]) == {first["id"], free["id"]}
    assert shown(min_balance="0.01") == {first["id"], free["id"]}
    assert shown(max_balance="499.99") == {timed["id"]}
    assert shown(**{"from": "2026-03-02"}) == {timed["id"]}
    assert shown(to="2026-03-01") == {first["id"], free["id"]}
    for turned in ({"from": "2026-03-02", "to": "2026-03-01"}, {"min_balance": "2", "max_balance": "1.99"}):
        assert world.api("POST", "/v1/batches/preview", turned).status == 422
    item = preview(world, contracts=[first["id"]])["rows"][0]["items"][0]
    narrowed = preview(world, contracts=[first["id"]], exclude_items=[item["id"]])
    assert (narrowed["totals"], narrowed["rows"][0]["selected"]) == ([], False)


@pytest.mark.row("A1", "A2", "A3", "A36", "A38", "A41")
def test_a_batch_that_is_run_drafts_one_invoice_for_each_client(world):
    two_clients(world)
    foreseen = preview(world)

    batch = planned(world, plan_hash=foreseen["plan_hash"])
    assert (batch["status"], batch["invoices_planned"]) == ("planned", 1)
    done = run(world, batch, plan_hash=foreseen["plan_hash"])

    assert (done["status"], done["progress"]["done"], done["progress"]["failed"]) == ("drafted", 1, 0)
    (draft,) = [world.see(one) for one in invoices(world, batch)]
    assert (draft["status"], draft["total"], draft["batch_id"]) == ("draft", "1074.88", batch["id"])
    assert draft["service_period"] == {"start": "2026-03-01", "end": "2026-03-31"}
    assert [(line["group"], line["taxes"]) for line in draft["lines"]] == [
        ("Infogérance", ["TPS", "TVQ"]),
        ("Sauvegarde", []),
    ]
    assert preview(world)["totals"] == []


@pytest.mark.row("A42", "A43", "A45", "A46", "A54")
def test_drafts_of_a_batch_are_edited_then_issued_and_sent_together(world):
    two_clients(world)
    batch = planned(world, invoice_per="contract")
    run(world, batch)
    first = invoices(world, batch)[0]
    world.ok("PATCH", f"/v1/invoices/{first['id']}", {"notes": "Merci"})

    done = issue(world, batch, send=True)

    assert (done["status"], done["progress"]["done"]) == ("issued", 2)
    made = invoices(world, batch)
    assert sorted((one["number"], one["status"]) for one in made) == [("00001", "sent"), ("00002", "sent")]
    assert world.see(first)["notes"] == "Merci"
    assert len(world.mails_to("marie@example.com")) == 2


@pytest.mark.row("A37", "G4")
def test_an_invoice_taken_out_of_its_batch_gives_back_what_it_billed(world):
    two_clients(world)
    batch = planned(world, invoice_per="contract")
    run(world, batch)
    gone = invoices(world, batch)[0]
    (item,) = world.see(gone)["lines"]
    state = world.ok("GET", f"/v1/items/{item['item_id']}").body
    assert state["billable_state"] == "in_batch"
    assert batch["id"] in state["billable_reason"]

    world.ok("DELETE", f"/v1/batches/{batch['id']}/invoices/{gone['id']}")

    assert sorted(line["outcome"] for line in lines(world, batch)) == ["drafted", "removed"]
    assert world.ok("GET", f"/v1/items/{item['item_id']}")["billable_state"] == "ready"
    assert preview(world)["totals"][0]["invoices_to_create"] == 1
    assert issue(world, batch)["progress"]["done"] == 1
    other = world.draft(world.client(name="Autre", email="a@example.com"))
    assert world.api("DELETE", f"/v1/batches/{batch['id']}/invoices/{other['id']}").problem == (404, "not_found")


def test_a_plan_that_would_be_otherwise_now_does_nothing_and_tells_what_changed(world):
    first, _, _ = two_clients(world)
    foreseen = preview(world)
    other = activated(world, world.client(name="Ève", email="eve@example.com"), name="Réseau")

    refused = world.api("POST", "/v1/batches", {"name": "Mars", "plan_hash": foreseen["plan_hash"]})
    assert refused.problem == (409, "plan_changed")
    assert [error["detail"] for error in refused["errors"]] == [f"Ève: {other['id']} can be billed since"]

    batch = planned(world)
    world.ok("POST", f"/v1/contracts/{first['id']}/invoices", {})
    late = world.api("POST", f"/v1/batches/{batch['id']}/run", {})
    assert late.problem == (409, "plan_changed")
    assert any("Marie Gagnon" in error["detail"] for error in late["errors"])
    assert invoices(world, batch) == []


def test_one_that_cannot_be_billed_any_more_fails_alone(world):
    first, free, _ = two_clients(world)
    batch = planned(world, invoice_per="contract")
    world.ok("POST", f"/v1/batches/{batch['id']}/run", {})
    world.ok("POST", f"/v1/contracts/{first['id']}/invoices", {})  # somebody is quicker than the worker

    world.settle()

    outcomes = {line["contracts"][0]: (line["outcome"], line["code"]) for line in lines(world, batch)}
    assert outcomes == {first["id"]: ("failed", "item_changed"), free["id"]: ("drafted", None)}
    progress = looked_up(world, batch)["progress"]
    assert progress == {"step": "draft", "done": 1, "failed": 1, "planned": 2, "ends_at": None}


@pytest.mark.row("C51")
def test_one_that_cannot_be_issued_fails_alone_and_leaves_no_gap(world):
    two_clients(world)
    batch = planned(world, invoice_per="contract")
    run(world, batch)
    bad, good = invoices(world, batch)
    world.ok("PATCH", f"/v1/invoices/{bad['id']}", {"lines": []})

    done = issue(world, batch)

    assert (done["status"], done["progress"]["done"], done["progress"]["failed"]) == ("issued", 1, 1)
    shown = {line["invoice_id"]: (line["outcome"], line["code"], line["number"]) for line in lines(world, batch)}
    assert shown == {bad["id"]: ("failed", "invoice_empty", None), good["id"]: ("issued", None, "00001")}
    assert world.invoice()["number"] == "00002"


def test_a_batch_is_held_gone_on_with_and_given_up(world):
    two_clients(world)
    batch = planned(world)
    path = f"/v1/batches/{batch['id']}"
    world.ok("POST", f"{path}/run", {})
    assert world.ok("POST", f"{path}/pause", {})["status"] == "paused"
    assert world.api("POST", f"{path}/pause", {}).problem == (409, "batch_not_running")
    world.settle()
    assert invoices(world, batch) == []

    world.ok("POST", f"{path}/resume", {})
    world.settle()
    assert looked_up(world, batch)["status"] == "drafted"
    assert world.ok("POST", f"{path}/cancel", {})["status"] == "cancelled"
    assert world.api("POST", f"{path}/issue", {}).problem == (409, "batch_not_ready")
    assert len(invoices(world, batch)) == 1


def test_a_batch_of_more_than_three_times_the_last_one_asks_first(world):
    two_clients(world)
    run(world, planned(world, contracts=[]), confirm=True)
    small = activated(world, world.client(name="A", email="a@example.com"))
    run(world, planned(world, contracts=[small["id"]]))
    activated(world, world.client(name="B", email="b@example.com"), fees=[{"description": "x", "unit_price": "9000"}])

    large = planned(world)
    refused = world.api("POST", f"/v1/batches/{large['id']}/run", {})
    assert refused.problem == (409, "batch_unusual")
    assert run(world, large, confirm=True)["status"] == "drafted"


def test_a_batch_that_is_asked_for_at_once_runs_once(world):
    two_clients(world)
    batch = planned(world)

    answers = at_once(*[lambda: world.api("POST", f"/v1/batches/{batch['id']}/run", {})] * 5)
    world.settle(times=3)

    assert sorted(answer.status for answer in answers) == [202, 409, 409, 409, 409]
    assert len(invoices(world, batch)) == 1


def test_fifty_invoices_take_three_parts_and_their_numbers_have_no_gap(world):
    client = world.client()
    for n in range(50):
        activated(world, client, name=f"Poste {n:02d}", fees=[{"description": "Poste", "unit_price": "10.00"}])
    batch = planned(world, invoice_per="contract")
    run(world, batch)

    done = issue(world, batch)

    assert (done["progress"]["done"], done["progress"]["failed"]) == (50, 0)
    numbers = sorted(one["number"] for one in invoices(world, batch))
    assert numbers == [f"{n:05d}" for n in range(1, 51)]
    last = world.ok("GET", f"/v1/batches/{batch['id']}/lines?part=2")["data"]
    assert len(last) == 2
    assert world.api("GET", f"/v1/batches/{batch['id']}/lines?part=3").status == 404


def test_a_contract_that_is_not_in_force_is_in_no_list(world):
    draft = contract(world, world.client())
    assert preview(world)["rows"] == []
    assert draft["status"] == "draft"


@pytest.mark.row("A46", "A51", "A53", "A59")
def test_the_invoices_of_a_batch_are_exported_together_and_marked(world):
    two_clients(world)
    batch = planned(world, invoice_per="contract")
    run(world, batch)
    issue(world, batch)
    other = world.invoice()

    export = world.ok("POST", f"/v1/batches/{batch['id']}/exports", {"format": "csv"}).body
    world.settle()

    shown = world.ok("GET", f"/v1/exports/{export['id']}").body
    assert (shown["status"], shown["progress"]) == ("ready", {"count": 2, "total": 2, "left_out": 0, "failed": 0})
    assert {one["status"] for one in invoices(world, batch)} == {"exported"}
    assert world.see(other)["exported_at"] is None
