"""Deals, orders and delivery notes: written, changed, converted in one call, and made of each other."""

import pytest

from infra.local.visitor import forms
from tests.flows.desk import visitor
from tests.flows.selling import billed, left, made_of, now, place_of, sold, told, tried

NUMBERED = {"deals": None, "orders": "O-00001", "deliveries": "L-00001"}
EVERY_KIND = pytest.mark.parametrize("place", NUMBERED)


@EVERY_KIND
@pytest.mark.row("K10")
def test_one_is_written_read_and_listed_before_it_is_billed(world, place):
    client = world.client()
    other = sold(world, "orders" if place == "deals" else "deals", client)

    document = sold(world, place, client, purchase_order="PO-7")

    assert (document["number"], document["status"], document["total"]) == (NUMBERED[place], "open", "439.55")
    assert [line["net"] for line in document["lines"]] == ["333.33", "53.97"]
    assert (document["purchase_order"], document["source_id"], document["made"]) == ("PO-7", None, [])
    assert now(world, document) == document
    assert document["job_id"] != other["job_id"], "each opened a job of its own (P31)"
    for query in ("", f"?client_id={client['id']}", f"?job_id={document['job_id']}", "?status=open", "?q=gagnon"):
        assert [row["id"] for row in world.ok("GET", f"/v1/{place}{query}")["data"]] == [document["id"]]
    for query in ("?status=invoiced", "?number=X", "?to=2026-03-01", "?q=nobody"):
        assert world.ok("GET", f"/v1/{place}{query}")["data"] == []


@EVERY_KIND
@pytest.mark.row("K7", "K8", "K9")
def test_one_call_turns_it_into_its_draft_invoice(world, place):
    document = sold(world, place)

    draft = billed(world, document)

    assert (draft["status"], draft["total"], draft["number"]) == ("draft", "439.55", None)
    assert (draft["source_id"], draft["job_id"], draft["client_id"]) == (
        document["id"],
        document["job_id"],
        document["client_id"],
    )
    assert [line["net"] for line in draft["lines"]] == ["333.33", "53.97"]
    after = now(world, document)
    assert (after["status"], after["made"]) == ("invoiced", [draft["id"]])
    assert tried(world, document) == (409, "nothing_left")
    assert told(world, document) == ["sale.drafted", "sale.billed"]


@EVERY_KIND
@pytest.mark.row("K10")
def test_what_was_never_written_is_not_billed(world, place):
    answer = world.api("POST", f"/v1/{place}/unknown/invoices", {})

    assert answer.problem == (404, "not_found")
    assert world.ok("GET", "/v1/invoices")["data"] == []


def test_one_kind_is_not_found_among_another(world):
    order = sold(world, "orders")

    for path in (f"/v1/deals/{order['id']}", f"/v1/deals/{order['id']}/timeline"):
        assert world.api("GET", path).problem == (404, "not_found")
    assert world.api("POST", f"/v1/deliveries/{order['id']}/invoices", {}).problem == (404, "not_found")
    assert world.api("DELETE", f"/v1/deals/{order['id']}").problem == (404, "not_found")


def test_lines_are_changed_while_nothing_is_billed_or_made_of_it(world):
    order = sold(world)
    path = place_of(order)
    lines = [{"description": "Joint", "unit_price": "7"}, {"id": "1", "description": "Carreaux", "unit_price": "40"}]

    edited = world.ok("PATCH", path, {"lines": lines, "discount_amount": None}, If_Match='"1"').body

    assert [(line["id"], line["net"]) for line in edited["lines"]] == [("3", "7.00"), ("1", "40.00")]
    assert world.api("PATCH", path, {"notes": "x"}, If_Match='"1"').problem == (412, "stale")
    assert world.api("PATCH", path, {"lines": [lines[1] | {"id": "9"}]}).problem == (422, "unknown_line")
    billed(world, order, _3="1")
    assert world.api("PATCH", path, {"lines": lines}).problem == (409, "sale_invoiced")
    assert world.api("PATCH", path, {"discount_amount": "1.00"}).problem == (409, "sale_invoiced")
    world.ok("PATCH", "/v1/business/tax-rates", {"tax_rates": [{"code": "TPS", "rate_percent": "6"}]})
    told = world.ok("PATCH", path, {"notes": "Merci", "purchase_order": "PO-8"})
    assert (told["notes"], told["total"]) == ("Merci", edited["total"]), "a new rate is not for what was agreed"


def test_it_is_deleted_while_nothing_was_made_of_it(world):
    kept, gone = sold(world), sold(world)
    draft = billed(world, kept, _1="1")

    world.ok("DELETE", place_of(gone))
    assert world.api("GET", place_of(gone)).problem == (404, "not_found")
    assert told(world, gone) == ["sale.drafted", "sale.removed"]
    assert world.api("DELETE", place_of(kept)).problem == (409, "sale_invoiced")
    world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})
    world.ok("POST", f"/v1/invoices/{draft['id']}/void", {})
    assert world.api("DELETE", place_of(kept)).problem == (409, "sale_continued")


def test_of_a_cancelled_one_nothing_more_is_billed(world):
    order = sold(world)
    delivery = made_of(world, order, "deliveries")
    billed(world, order, _1="4")

    ended = world.ok("POST", f"{place_of(order)}/cancel", {}).body

    assert (ended["status"], ended["standing"][0]["billed"]) == ("cancelled", "4")
    assert world.ok("POST", f"{place_of(order)}/cancel", {})["version"] == ended["version"]
    for document in (order, delivery):
        assert tried(world, document) == (409, "sale_cancelled")
    assert world.api("POST", f"{place_of(order)}/deliveries", {}).problem == (409, "sale_cancelled")


@pytest.mark.row("K6", "K7", "K8", "K9")
def test_a_chain_keeps_its_links_both_ways_and_bills_each_quantity_once(world):
    quote = world.quote(discount_amount="100.00")
    world.approve(quote)

    order = made_of(world, quote, "orders")
    delivery = made_of(world, order, "deliveries")

    assert (order["source_id"], delivery["source_id"]) == (quote["id"], order["id"])
    assert (world.see(quote)["made"], now(world, order)["made"]) == ([order["id"]], [delivery["id"]])
    assert order["standing"][0]["source"] == {"document_id": quote["id"], "line_id": "1"}
    assert delivery["standing"][0]["source"] == {"document_id": order["id"], "line_id": "1"}
    assert {order["job_id"], delivery["job_id"]} == {quote["job_id"]}
    assert {order["total"], delivery["total"]} == {quote["total"]}

    draft = billed(world, delivery)

    assert (draft["source_id"], draft["quote_id"], draft["total"]) == (delivery["id"], quote["id"], quote["total"])
    assert [row["id"] for row in world.invoices_of(quote)] == [draft["id"]]
    assert [now(world, one)["status"] for one in (order, delivery)] == ["invoiced", "invoiced"]
    assert tried(world, order) == (409, "nothing_left")
    assert told(world, order) == ["sale.drafted", "sale.continued", "sale.billed"]


@pytest.mark.row("K8", "K9")
def test_what_was_billed_of_an_order_is_not_billed_again_through_its_delivery_notes(world):
    deal = sold(world, "deals")
    order = made_of(world, deal, "orders")
    first, second = (made_of(world, order, "deliveries", _1="6") for _ in range(2))
    assert [line["quantity"] for line in second["lines"]] == ["6"]

    billed(world, first)
    billed(world, deal, _1="1")
    rest = billed(world, second)

    assert [line["quantity"] for line in rest["lines"]] == ["3"], "of 10 were 7 billed before"
    assert tried(world, second) == (409, "nothing_left")
    assert tried(world, second, _1="1") == (409, "beyond_quantity")
    assert [left(world, one) for one in (deal, order, first, second)] == [["0", "3"], ["1", "3"], ["0"], ["3"]]
    assert [line["net"] for line in billed(world, order)["lines"]] == ["53.97"]
    assert [left(world, one) for one in (deal, order)] == [["0", "0"], ["1", "0"]]


def test_a_source_is_free_again_when_what_was_made_of_it_is_deleted(world):
    order = sold(world)
    delivery = made_of(world, order, "deliveries")
    assert world.api("DELETE", place_of(order)).problem == (409, "sale_continued")
    assert world.api("PATCH", place_of(order), {"charges": [{"percent": "1"}]}).problem == (409, "sale_continued")

    world.ok("DELETE", place_of(delivery))

    assert now(world, order)["made"] == []
    world.ok("DELETE", place_of(order))


@pytest.mark.row("K6", "P36")
def test_a_quote_with_an_order_is_billed_through_it_by_nobody_else(world):
    quote = world.quote(invoicing={"mode": "single"})
    order = made_of(world, quote, "orders")

    world.approve(quote)
    world.settle()
    world.replay()

    assert world.invoices_of(quote) == []
    assert world.api("POST", f"/v1/quotes/{quote['id']}/invoices", {}).problem == (409, "quote_ordered")
    assert world.see(quote)["status"] == "approved"
    world.ok("DELETE", place_of(order))
    assert world.api("POST", f"/v1/quotes/{quote['id']}/invoices", {}).problem == (409, "quote_ordered")
    again = made_of(world, quote, "orders")
    assert world.see(quote)["made"] == [again["id"]]
    assert billed(world, again)["total"] == quote["total"]


@pytest.mark.row("K6")
def test_a_quote_stays_what_was_ordered_while_its_order_is_there(world):
    quote = world.quote(valid_until="2026-03-20")
    order = made_of(world, quote, "orders")
    path, lines = f"/v1/quotes/{quote['id']}", [{"description": "Autre", "unit_price": "1"}]
    before = world.everything()

    assert world.api("PATCH", path, {"lines": lines}).problem == (409, "quote_ordered")
    assert world.api("POST", f"{path}/decline", {"by": "Marie"}).problem == (409, "quote_ordered")
    assert world.everything() == before
    world.time.pass_(days=30)
    world.sweep()
    assert world.see(quote)["status"] == "draft", "it does not expire"
    assert billed(world, order)["total"] == quote["total"]

    changing = world.quote()
    world.ok("DELETE", place_of(made_of(world, changing, "orders")))
    assert world.ok("PATCH", f"/v1/quotes/{changing['id']}", {"lines": lines})["net_total"] == "1.00"
    assert world.ok("POST", f"/v1/quotes/{changing['id']}/decline", {"by": "Marie"})["status"] == "declined"


@pytest.mark.row("K6")
def test_a_client_is_asked_to_approve_what_was_ordered_and_not_to_decline_it(world):
    quote = world.quote()
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle()
    page = visitor(world)
    assert [form.action.rpartition("/")[2] for form in forms(page.page)] == ["approve", "decline"]

    made_of(world, quote, "orders")

    page.send("/decline", name="Marie")
    page.visit(f"/portal/quotes/{quote['id']}")
    assert [form.action.rpartition("/")[2] for form in forms(page.page)] == ["approve"]
    page.send("/approve", name="Marie")
    assert world.see(quote)["status"] == "approved"


@pytest.mark.row("K6")
def test_a_quote_that_was_invoiced_or_refused_becomes_no_order(world):
    invoiced, declined = world.quote(), world.quote()
    world.ok("POST", f"/v1/quotes/{invoiced['id']}/invoices", {})
    world.ok("POST", f"/v1/quotes/{declined['id']}/decline", {"by": "Marie"})

    for quote in (invoiced, declined):
        assert world.api("POST", f"/v1/quotes/{quote['id']}/orders", {}).problem == (409, "quote_not_open")
    assert world.ok("GET", "/v1/orders")["data"] == []


def test_who_may_not_write_may_read(world):
    order = sold(world)
    technician = world.key("technician")

    assert world.ok("GET", place_of(order), key=technician)["id"] == order["id"]
    assert world.api("POST", f"{place_of(order)}/invoices", {}, key=technician).problem == (403, "forbidden")
