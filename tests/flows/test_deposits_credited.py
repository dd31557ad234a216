"""Credit notes of deposits and of the invoices that deduct them: every tax where it was charged, the deposit last."""

import pytest

from tests.flows.desk import standing, take
from tests.flows.test_crediting import credit
from tests.flows.test_deposits import LINES, SCHEDULE, ask, billed, in_france, issued, taxes

TWO = [{"description": "Chaudière", "unit_price": "600.00"}, {"description": "Pose", "unit_price": "400.00"}]


def final_after(world, quote, **wish):
    deposit = issued(world, ask(world, quote, **wish))
    take(world, deposit, deposit["total"])
    return deposit, issued(world, billed(world, quote))


def told(note):
    return note["total"], note["prepaid_total"], note["amount_due"]


@pytest.mark.row("C25", "P17")
@pytest.mark.parametrize(("discount", "net", "vat"), [("0", "500.00", "100.00"), ("10", "450.00", "90.00")])
def test_a_line_of_a_final_invoice_is_credited_with_its_own_tax(world, discount, net, vat):
    in_france(world)
    _, final = final_after(world, world.quote(lines=LINES, discount_percent=discount), percent="30")

    note = credit(world, final, lines=[{"line_id": "1"}])

    assert taxes(note) == {"20": (net, vat)}
    beyond = credit(world, final, lines=[{"line_id": "2"}])
    assert (beyond.problem, beyond["errors"][0]["at"]) == ((422, "more_than_left"), "/lines")
    assert credit(world, final).status == 201
    assert standing(world, final)[2] == "0.00"
    deposit_vat = {"0": {"20": 3000, "10": 900, "5.5": 330}, "10": {"20": 2700, "10": 810, "5.5": 297}}
    assert world.booked_taxes() == deposit_vat[discount]


@pytest.mark.row("C25", "P17")
def test_the_one_line_of_an_instalment_is_credited_with_its_part_of_every_tax(world):
    in_france(world)
    quote = world.quote(lines=LINES, schedule=SCHEDULE, invoicing={"mode": "per_instalment"})
    world.approve(quote)
    world.settle()
    first = issued(world, world.invoices_of(quote)[0])

    note = credit(world, first, lines=[{"line_id": "1", "amount": "150.00"}])

    assert taxes(note) == {"20": ("75.00", "15.00"), "10": ("45.00", "4.50"), "5.5": ("30.00", "1.65")}


@pytest.mark.row("C31", "P17")
def test_what_was_prepaid_is_given_back_after_what_is_due(world):
    quote = world.quote(lines=TWO, schedule=SCHEDULE)
    deposit, final = final_after(world, quote)

    first = credit(world, final, lines=[{"line_id": "1"}])
    assert told(first) == ("689.85", "0.00", "689.85")
    second = credit(world, final, amount="300")
    assert told(second) == ("300.00", "185.03", "114.97")
    assert credit(world, deposit).problem == (409, "deposit_deducted")
    assert told(credit(world, final)) == ("159.90", "159.90", "0.00")

    assert standing(world, final) == ("paid", "0.00", "0.00")
    assert credit(world, deposit)["freed_total"] == "344.93"
    assert world.balance({"id": quote["client_id"]})["credit_total"] == "344.93"


@pytest.mark.row("C25")
def test_a_line_is_not_credited_beyond_what_the_invoice_comes_to(world):
    discounted = [{"description": "Pose", "unit_price": "500.00"}, {"description": "Remise", "unit_price": "-100.00"}]
    invoice = world.invoice(lines=discounted)

    beyond = credit(world, invoice, lines=[{"line_id": "1"}])

    assert beyond.problem == (422, "more_than_left")
    assert "459.90" in beyond["errors"][0]["detail"]
    assert credit(world, invoice, lines=[{"line_id": "1"}, {"line_id": "2"}])["total"] == "459.90"
