"""Batches whose invoices are many contracts', or meet somebody who bills by hand."""

from datetime import datetime, timedelta
from itertools import count

import pytest

from chalicelib import wiring
from chalicelib.domain import batch_plan
from chalicelib.domain.journal import Caller
from chalicelib.entrypoints.http.shapes import batch_previews
from chalicelib.usecases import batching, claiming
from chalicelib.usecases.running import go_on
from tests.flows.contracting import activated, bill, collected, contract
from tests.flows.test_batches import invoices, issue, lines, planned, preview, run


def test_a_draft_of_several_contracts_claims_its_items_in_the_order_of_its_lines(world):
    client = world.client()
    for name in ("Zèle", "Accueil"):
        collected(world, activated(world, client, name=name))

    batch = run(world, planned(world))

    assert (batch["status"], len(lines(world, batch))) == ("drafted", 1)
    (draft,) = invoices(world, batch)
    assert issue(world, batch)["status"] == "issued"
    assert world.ok("GET", f"/v1/invoices/{draft['id']}")["net_total"] == "1000.00"


def test_a_contract_that_was_deleted_as_a_draft_leaves_sound_books(world):
    draft = contract(world, world.client())
    world.ok("DELETE", f"/v1/contracts/{draft['id']}")

    assert world.api("GET", f"/v1/contracts/{draft['id']}").status == 404


def rates(world, **changed):
    """The business's tax rates, some of them changed, or gone where it says None."""
    known = world.ok("GET", "/v1/business")["tax_rates"]
    kept = [rate for rate in known if changed.get(rate["code"], "") is not None]
    told = [{name: value for name, value in rate.items() if value is not None} for rate in kept]
    for rate in told:
        rate["rate_percent"] = changed.get(rate["code"], rate["rate_percent"])
    world.ok("PATCH", "/v1/business", {"tax_rates": told})


def test_an_invoice_that_would_come_to_something_else_than_planned_is_not_drafted(world):
    taxed, free = activated(world, world.client()), activated(world, world.client(name="B"), taxable=False)
    batch = planned(world)
    world.ok("POST", f"/v1/batches/{batch['id']}/run", {})
    rates(world, TPS="7")  # before the worker comes to it

    world.settle()

    told = {line["contracts"][0]: (line["outcome"], line["code"]) for line in lines(world, batch)}
    assert told == {taxed["id"]: ("failed", "plan_changed"), free["id"]: ("drafted", None)}
    assert [one["total"] for one in invoices(world, batch)] == ["500.00"]
    assert preview(world)["totals"][0]["total"] == "584.88"


@pytest.mark.row("A39")
def test_each_ticket_and_each_contract_is_a_line_of_its_own_though_another_bears_its_name(world):
    client = world.client()
    contracts = [activated(world, client, type="time", fees=[], billing_period=None) for _ in range(2)]
    for one, title in zip(contracts, ("Panne", "Panne"), strict=True):
        job = world.ok("POST", "/v1/jobs", {"client_id": client["id"], "title": title}).body
        collected(world, one, job_id=job["id"])
        visit = {"client_id": client["id"], "job_id": job["id"], "title": title, "starts_at": "2026-03-02T14:00:00Z"}
        for _ in range(2):
            collected(world, one, visit_id=world.ok("POST", "/v1/visits", visit)["id"])

    def drafted(grouping):
        batch = planned(world, group_by=grouping)
        run(world, batch, confirm=True)
        (draft,) = invoices(world, batch)
        said = [(line["description"], line["quantity"], line["group"]) for line in world.see(draft)["lines"]]
        world.ok("DELETE", f"/v1/batches/{batch['id']}/invoices/{draft['id']}")
        return said

    assert preview(world)["totals"][0]["unbilled_tickets"] == 6
    assert drafted("ticket") == [("Panne", "1", "Infogérance")] * 6
    assert drafted("contract") == [("Infogérance", "3", None)] * 2


def test_a_contract_that_cannot_be_billed_is_told_and_the_others_are_billed(world):
    marie, luc, eve = (world.client(name=name) for name in ("Marie", "Luc", "Ève"))
    good, renamed = activated(world, marie), activated(world, luc, taxes=["TPS"])
    less = activated(world, eve, type="time", fees=[], billing_period=None)
    collected(world, less, unit_price="-50.00")
    rates(world, TPS=None)

    foreseen = preview(world)

    rows = {row["contract_id"]: row for row in foreseen["rows"]}
    told = {id: (row["code"], row["selected"], row["selected_balance"]) for id, row in rows.items()}
    assert told == {
        good["id"]: (None, True, "500.00"),
        renamed["id"]: ("unknown_tax", False, "0.00"),
        less["id"]: ("negative_total", False, "0.00"),
    }
    assert "-54.99 CAD" in rows[less["id"]]["detail"]
    (totals,) = foreseen["totals"]
    assert (totals["invoices_to_create"], totals["billable_amount"], totals["hours_worked"]) == (1, "500.00", "0")
    batch = run(world, planned(world, plan_hash=foreseen["plan_hash"]))
    assert (batch["progress"]["done"], batch["progress"]["failed"]) == (1, 0)


def test_what_one_invoice_does_not_take_is_left_for_the_next_batch_and_told(world, monkeypatch):
    monkeypatch.setattr(claiming, "MOST_ITEMS", 2)
    many, few = activated(world, world.client()), activated(world, world.client(name="B"))
    for _ in range(2):
        collected(world, many, kind="product")
    collected(world, many, kind="product", unit_price="-30.00")
    world.ok("POST", f"/v1/contracts/{many['id']}/close-period", {})

    def told():
        rows = {row["contract_id"]: row for row in preview(world)["rows"]}
        return {id: (row["detail"], row["selected_balance"], row["total_balance"]) for id, row in rows.items()}

    why = "2 items are left for the next batch because one invoice does not take them all."
    assert told() == {many["id"]: (why, "470.00", "670.00"), few["id"]: (None, "500.00", "500.00")}
    run(world, planned(world))
    assert told()[many["id"]] == (None, "200.00", "200.00")
    assert bill(world, many)["net_total"] == "200.00"


def test_a_plan_that_leaves_out_ten_thousand_items_is_kept_and_run(world):
    left_out = [f"itm_01ARZ3NDEKTSV4RRFFQ6{n:06d}" for n in range(10_000)]
    activated(world, world.client())
    foreseen = preview(world, exclude_items=left_out, exclude_contracts=left_out)

    batch = run(world, planned(world, plan_hash=foreseen["plan_hash"]))

    assert (batch["status"], batch["progress"]["done"]) == ("drafted", 1)
    heads = [row for row in world.aws.rows("core") if row["PK"]["S"].endswith(batch["id"]) and row["SK"]["S"] == "META"]
    assert [len(row["doc"]["S"]) < 1_000 for row in heads] == [True]


def test_a_plan_foreseen_again_is_kept_as_a_whole_for_another_week(world):
    for n in range(25):
        activated(world, world.client(name=f"{n}"))
    first = preview(world)
    kept = [row for row in world.aws.rows("ops") if first["plan_hash"] in row["PK"]["S"]]
    assert len(kept) == 2
    ops, table = world.aws.client("dynamodb"), world.aws.environment["OPS_TABLE"]
    ops.delete_item(TableName=table, Key={name: kept[1][name] for name in ("PK", "SK")})  # its time ran out
    world.time.pass_(hours=6)

    again = preview(world)

    assert again["plan_hash"] == first["plan_hash"]
    later = [row for row in world.aws.rows("ops") if first["plan_hash"] in row["PK"]["S"]]
    assert {int(row["ttl"]["N"]) - int(kept[0]["ttl"]["N"]) for row in later} == {6 * 3600}
    world.ok("POST", f"/v1/contracts/{first['rows'][0]['contract_id']}/invoices", {})
    changed = world.api("POST", "/v1/batches", {"name": "Mars", "plan_hash": first["plan_hash"]})
    assert changed.problem == (409, "plan_changed")


def test_what_is_usual_is_what_the_last_batch_of_its_currency_came_to_and_how_many_it_had(world):
    def asked(**selection):
        return world.api("POST", f"/v1/batches/{planned(world, **selection)['id']}/run", {})

    small = activated(world, world.client())
    run(world, planned(world, contracts=[small["id"]]))
    foreign = activated(world, world.client(), currency="USD")
    run(world, planned(world, contracts=[foreign["id"]]))
    run(world, planned(world, contracts=[]))
    large = activated(world, world.client(), fees=[{"description": "x", "unit_price": "1500.02"}])
    cheap = {"fees": [{"description": "x", "unit_price": "1.00"}]}
    many = [activated(world, world.client(), **cheap)["id"] for _ in range(4)]

    refused = asked(contracts=[large["id"]])
    assert refused.problem == (409, "batch_unusual")
    assert "1724.65 CAD, more than 3 times the 574.88" in refused["detail"]
    refused = asked(contracts=many)
    assert refused.problem == (409, "batch_unusual")
    assert "4 invoices, more than 3 times the 1" in refused["detail"]
    assert asked(contracts=many[:3]).status == 202


def test_the_time_for_which_a_batch_was_held_does_not_count_for_its_pace(world, monkeypatch):
    for n in range(4):
        activated(world, world.client(name=f"{n}"))
    monkeypatch.setattr(batch_plan, "AT_ONCE", 1)
    monkeypatch.setattr(batching, "AT_ONCE", 1)
    batch = planned(world)
    path = f"/v1/batches/{batch['id']}"
    world.ok("POST", f"{path}/run", {})
    store = wiring.store(Caller(business_id=world.house.id, actor="quittance"))
    world.time.pass_(minutes=10)
    began = count()
    go_on(
        batch["id"],
        enough=lambda: next(began) >= 2,
        breathe=lambda: None,
        clock=world.time,
        store=store,
        press=wiring.press(),
    )
    world.ok("POST", f"{path}/pause", {})
    world.time.pass_(days=3)

    told = world.ok("POST", f"{path}/resume", {})["progress"]

    assert (told["done"], told["planned"]) == (2, 4)
    left = datetime.fromisoformat(told["ends_at"]) - world.time.instant
    assert timedelta(minutes=9) < left < timedelta(minutes=11)
    world.settle()


def test_what_a_contract_bills_was_done_where_its_job_is(world):
    client, lake = world.client(), {"lines": ["8 rue du Lac"], "city": "Magog", "country": "CA"}
    job = world.ok("POST", "/v1/jobs", {"client_id": client["id"], "title": "Lac", "address": lake}).body
    alone = activated(world, client, job_id=job["id"])
    assert site_of(world.ok("POST", f"/v1/contracts/{alone['id']}/invoices", {})) == "Magog"
    both = [activated(world, client, job_id=job["id"]), activated(world, client, job_id=job["id"])]
    elsewhere = activated(world, world.client(name="B"), job_id=None)

    for contracts, city in ((both, "Magog"), ([elsewhere], None)):
        batch = planned(world, contracts=[one["id"] for one in contracts])
        run(world, batch, confirm=True)
        assert [site_of(world.see(one)) for one in invoices(world, batch)] == [city]


def site_of(invoice):
    site = invoice["addresses"]["service_site"]
    return site and site["city"]


def test_the_list_is_shown_in_pages_of_so_many_contracts_and_items(world, monkeypatch):
    monkeypatch.setattr(batch_previews, "MOST_ITEMS", 2)
    agreed = [activated(world, world.client(name=f"{n}")) for n in range(4)]
    for _ in range(2):
        collected(world, agreed[1])
    pages, after = [], {}
    while True:
        shown = preview(world, limit=3, **after)
        assert shown["totals"][0]["invoices_to_create"] == 4
        pages.append([row["contract_id"] for row in shown["rows"]])
        if shown["next_after"] is None:
            break
        after = {"after": shown["next_after"]}

    first, second, *others = (one["id"] for one in agreed)
    assert pages == [[first], [second], others]
    assert world.api("POST", "/v1/batches/preview", {"after": "con_x"}).problem == (422, "unknown_place")


def test_what_changed_since_a_plan_is_told_client_by_client(world):
    def told():
        return [error["detail"] for error in world.api("POST", "/v1/batches", asked)["errors"]]

    timed = {"type": "time", "fees": [], "billing_period": None}
    marie, luc = world.client(name="Marie"), world.client(name="Luc")
    first, named, _ = activated(world, marie, **timed), activated(world, luc, **timed, name="A"), activated(world, luc)
    item, _ = collected(world, first), collected(world, named, unit_price="0.00")
    asked = {"name": "Mars", "plan_hash": preview(world)["plan_hash"]}

    world.ok("PATCH", f"/v1/contracts/{named['id']}", {"name": "Z"})
    assert told() == ["its invoices are in another order because a client or a contract has another name"]
    world.ok("PATCH", f"/v1/items/{item['id']}", {"unit_price": "90.00"})
    assert told() == [f"Marie: {item['id']} changed"]
    rates(world, TPS="7")
    dearer = "Luc: it comes to 584.88 CAD now, 84.88 of it tax, not to 574.88 with 74.88"
    assert sorted(told()) == [dearer, f"Marie: {item['id']} changed"]
    second = activated(world, marie)
    (due,) = world.ok("GET", f"/v1/items?contract_id={second['id']}")["data"]
    come = {f"Marie: {second['id']} can be billed since", f"Marie: {due['id']} can be billed, too"}
    assert come < set(told())
    world.ok("POST", f"/v1/items/{item['id']}/waive", {})
    gone = f"Marie: nothing is to be billed any more of {first['id']}"
    assert set(told()) == {*come, dearer, gone, f"Marie: {item['id']} cannot be billed any more"}


def test_the_invoices_of_a_batch_are_found_at_once_however_many_came_since(world):
    client = world.client()
    for _ in range(2):
        activated(world, client)
    batch = planned(world, invoice_per="contract")
    run(world, batch)
    later = [world.draft(client) for _ in range(5)]
    asked = world.faults.watch("dynamodb", "Query")

    path = f"/v1/invoices?batch_id={batch['id']}"
    found = world.ok("GET", f"{path}&limit=2")["data"]

    assert ({one["batch_id"] for one in found}, len(found), len(asked)) == ({batch["id"]}, 2, 1)
    assert len(world.ok("GET", f"{path}&status=draft&client_id={client['id']}")["data"]) == 2
    assert world.ok("GET", f"{path}&status=overdue")["data"] == []
    assert len(world.ok("GET", f"{path}&q=gagnon")["data"]) == 2
    assert world.ok("GET", f"/v1/invoices?batch_id={later[0]['id']}")["data"] == []
