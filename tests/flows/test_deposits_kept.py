"""Deposits kept because the client withdrew: the tax that is in them, and what can be done with them after."""

import pytest

from tests.flows.desk import paper, standing, take
from tests.flows.test_crediting import credit
from tests.flows.test_deposits import LINES, ask, billed, in_france, issued, taxes


def paid_deposit(world, quote, **wish):
    deposit = issued(world, ask(world, quote, **wish))
    take(world, deposit, deposit["total"])
    return deposit


def keep(world, deposit):
    return world.api("POST", f"/v1/invoices/{deposit['id']}/forfeit", {})


@pytest.mark.row("P17")
def test_a_deposit_that_is_kept_holds_each_tax_by_itself(world):
    quote = world.quote(lines=[{"description": "Toiture", "unit_price": "1000.00"}])
    deposit = paid_deposit(world, quote, amount="50")

    kept = issued(world, keep(world, deposit))

    assert taxes(kept) == {"TPS": ("47.62", "2.38"), "TVQ": ("45.46", "4.54")}
    assert (kept["net_total"], kept["total"], kept["prepaid_total"]) == ("43.08", "50.00", "50.00")
    assert standing(world, kept) == ("paid", "0.00", "0.00")
    assert world.booked_taxes() == {"TPS": 238, "TVQ": 454}
    assert kept["deposits"][0]["number"] == deposit["number"]
    assert world.see(deposit)["deducted_by"] == kept["id"]
    assert world.balance({"id": quote["client_id"]})["credit_total"] == "0.00"
    said = paper(world, kept)
    assert f"Acompte conservé : {deposit['number']}" in said
    assert "2,38" in said


@pytest.mark.row("P17")
def test_what_was_not_taxed_on_the_quote_is_not_in_what_is_kept(world):
    mixed = [
        {"description": "Pièces", "unit_price": "300.00", "taxes": []},
        {"description": "Pose", "unit_price": "700.00", "taxes": ["TPS"]},
    ]
    kept = keep(world, paid_deposit(world, world.quote(lines=mixed), amount="100"))

    assert taxes(kept) == {"TPS": ("66.67", "3.33")}
    assert [(line["taxes"], line["net"]) for line in kept["lines"]] == [([], "30.00"), (["TPS"], "66.67")]


@pytest.mark.row("P17", "C33")
def test_a_deposit_is_kept_once_and_can_be_freed_again(world):
    quote = world.quote()
    deposit = paid_deposit(world, quote, percent="30")
    kept = keep(world, deposit)

    assert keep(world, deposit).problem == (409, "deposit_deducted")
    assert credit(world, deposit).problem == (409, "deposit_deducted")
    world.ok("DELETE", f"/v1/invoices/{kept['id']}")
    again = issued(world, keep(world, deposit))
    world.ok("POST", f"/v1/invoices/{again['id']}/void", {"reason": "Le client revient"})
    assert world.booked_taxes() == {"TPS": 0, "TVQ": 0}
    assert billed(world, quote)["prepaid_total"] == "344.93"


@pytest.mark.row("P17", "C33")
def test_a_quote_whose_deposit_was_kept_is_billed_without_it(world):
    quote = world.quote()
    issued(world, keep(world, paid_deposit(world, quote, percent="30")))

    assert billed(world, quote)["prepaid_total"] == "0.00"


@pytest.mark.row("P17")
def test_what_was_not_paid_is_credited_before_the_rest_is_kept(world):
    deposit = issued(world, ask(world, world.quote(), percent="30"))
    assert keep(world, deposit).problem == (409, "deposit_unpaid")
    take(world, deposit, "200")
    assert keep(world, deposit).problem == (409, "deposit_unpaid")
    credit(world, deposit, amount="144.93")

    assert keep(world, deposit)["total"] == "200.00"


@pytest.mark.row("P17")
def test_what_is_no_deposit_or_is_not_there_is_not_kept(world):
    quote, invoice = world.quote(), world.invoice()
    draft, lost = ask(world, quote, percent="10"), issued(world, ask(world, quote, percent="10"))
    credit(world, lost)
    before = world.everything()
    for deposit, code in ((draft, "invoice_not_issued"), (invoice, "not_a_deposit"), (lost, "nothing_kept")):
        assert keep(world, deposit).problem == (409, code)
    assert keep(world, {"id": "inv_none"}).problem == (404, "not_found")
    assert world.everything() == before


@pytest.mark.row("P17")
def test_in_france_a_deposit_that_is_kept_stays_taxed_or_becomes_an_indemnity_by_a_credit_note(world):
    in_france(world)
    quote = world.quote(lines=LINES)
    deposit = paid_deposit(world, quote, percent="30")
    assert keep(world, deposit).problem == (409, "deposit_taxed")
    assert world.booked_taxes() == {"20": 3000, "10": 900, "5.5": 330}

    credit(world, deposit)
    line = {"description": "Arrhes conservées", "unit_price": "342.30", "taxes": []}
    indemnity = world.invoice({"id": quote["client_id"]}, lines=[line])
    (payment,) = world.ok("GET", f"/v1/payments?client_id={quote['client_id']}")["data"]
    world.ok("POST", f"/v1/payments/{payment['id']}/allocations", {"invoice_id": indemnity["id"]})

    assert standing(world, indemnity) == ("paid", "342.30", "0.00")
    assert world.booked_taxes() == {"20": 0, "10": 0, "5.5": 0}
