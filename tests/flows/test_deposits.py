"""Deposits on quotes: taxed as the country wants, deducted by number from the final invoice, to the cent."""

from decimal import Decimal

import pytest

from tests import builders as b
from tests.flows.desk import at_once, paper, standing, take

LINES = [
    {"description": "Pose", "unit_price": "500.00", "taxes": ["20"]},
    {"description": "Isolation", "unit_price": "300.00", "taxes": ["10"]},
    {"description": "Rénovation", "unit_price": "200.00", "taxes": ["5.5"]},
]
SCHEDULE = [
    {"label": "Acompte", "percent": "30", "due": {"days_after": "approval", "days": 0}},
    {"label": "Solde", "remainder": True, "due": {"days_after": "issue", "days": 30}},
]


def in_france(world):
    rates = tuple(b.a_rate(code, code, registration_number="FR40303265045") for code in ("20", "10", "5.5"))
    world.business(country="FR", currency="EUR", time_zone="Europe/Paris", tax_rates=rates, address=b.PARIS)


def ask(world, quote, **wish):
    return world.api("POST", f"/v1/quotes/{quote['id']}/deposit", wish)


def issued(world, deposit):
    return world.ok("POST", f"/v1/invoices/{deposit['id']}/issue", {})


def billed(world, quote):
    return world.ok("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"})


def taxes(document):
    return {tax["code"]: (tax["base"], tax["amount"]) for tax in document["taxes"]}


def summed(*documents):
    """What documents come to together: net, taxes by code, and total."""
    found = {}
    for document in documents:
        for name, amount in (
            ("net", document["net_total"]),
            ("total", document["total"]),
            *((tax["code"], tax["amount"]) for tax in document["taxes"]),
        ):
            found[name] = found.get(name, Decimal(0)) + Decimal(amount)
    return found


@pytest.mark.row("P17", "C33")
def test_in_france_a_deposit_has_its_own_invoice_which_the_final_one_recalls(world):
    in_france(world)
    quote = world.quote(lines=LINES, schedule=SCHEDULE)

    deposit = issued(world, ask(world, quote))

    assert (deposit["deposit"], deposit["total"]) == ("on_receipt", "342.30")
    assert taxes(deposit) == {"20": ("150.00", "30.00"), "10": ("90.00", "9.00"), "5.5": ("60.00", "3.30")}
    assert [(line["taxes"], line["net"]) for line in deposit["lines"]] == [
        (["20"], "150.00"),
        (["10"], "90.00"),
        (["5.5"], "60.00"),
    ]
    final = billed(world, quote)
    assert (final["total"], final["amount_due"]) == ("798.70", "798.70")
    assert summed(deposit, final) == summed(quote)
    assert final["deposits"] == [
        {"invoice_id": deposit["id"], "number": deposit["number"], "issue_date": "2026-03-02", "total": "342.30"}
    ]
    assert [line["net"] for line in final["lines"]] == [
        "500.00", "300.00", "200.00", "-150.00", "-90.00", "-60.00",
    ]  # fmt: skip
    assert deposit["number"] in final["lines"][3]["description"]
    assert [(part["label"], part["amount"]) for part in final["schedule"]] == [("Solde", "798.70")]
    assert world.see(deposit)["deducted_by"] == final["id"]
    whole = issued(world, final)
    assert f"Facture d\N{RIGHT SINGLE QUOTATION MARK}acompte {deposit['number']}" in paper(world, whole)
    assert world.balance({"id": quote["client_id"]})["amount_due"] == "1141.00"


@pytest.mark.row("P17", "C33")
def test_in_canada_a_deposit_bears_no_tax_before_it_is_applied(world):
    quote = world.quote(schedule=SCHEDULE)

    deposit = issued(world, ask(world, quote))
    take(world, deposit, "344.93")

    assert (deposit["deposit"], deposit["total"], deposit["taxes"]) == ("when_applied", "344.93", [])
    assert set(world.booked_taxes().values()) <= {0}
    final = issued(world, billed(world, quote))
    assert (final["total"], final["tax_total"]) == (quote["total"], quote["tax_total"])
    assert (final["prepaid_total"], final["amount_due"]) == ("344.93", "804.82")
    assert [(part["paid"], part["status"]) for part in final["schedule"]] == [("344.93", "paid"), ("0.00", "upcoming")]
    assert final["deposits"][0]["number"] == deposit["number"]
    assert deposit["number"] in paper(world, final)
    take(world, final, "804.82")
    assert standing(world, final) == ("paid", "804.82", "0.00")
    assert world.balance({"id": quote["client_id"]})["amount_due"] == "0.00"


@pytest.mark.row("P17")
def test_the_deposit_of_an_approved_quote_is_due_as_its_first_instalment(world):
    first = {"label": "Acompte", "percent": "30", "due": {"days_after": "approval", "days": 7}}
    quote = world.quote(schedule=[first, SCHEDULE[1]], invoicing={"mode": "off"})
    assert ask(world, quote, percent="5")["due_date"] is None
    world.approve(quote)

    deposit = ask(world, quote)

    assert (deposit["total"], deposit["due_date"]) == ("344.93", "2026-03-09")
    assert deposit["lines"][0]["description"] == "Acompte"


@pytest.mark.row("P17")
def test_a_deposit_is_taxed_as_is_wished(world):
    quote = world.quote()

    taxed = ask(world, quote, percent="30", tax="on_receipt", label="Arrhes")

    assert (taxed["total"], taxed["net_total"]) == ("344.93", "300.00")
    assert {tax["code"]: tax["amount"] for tax in taxed["taxes"]} == {"TPS": "15.00", "TVQ": "29.93"}
    assert taxed["lines"][0]["description"].startswith("Arrhes")
    final = billed_after(world, quote, taxed)
    assert summed(taxed, final) == summed(quote)


def billed_after(world, quote, deposit):
    issued(world, deposit)
    return billed(world, quote)


@pytest.mark.row("P17")
def test_more_than_is_left_is_no_deposit(world):
    quote = world.quote()
    ask(world, quote, percent="80")
    before = world.everything()

    assert ask(world, quote, percent="20.01")["errors"][0]["at"] == "/percent"
    assert ask(world, quote, amount="229.96").problem == (422, "over_total")
    assert ask(world, quote, amount="-1").problem == (422, "not_positive")
    assert ask(world, quote).problem == (422, "not_positive")
    assert ask(world, quote, amount="1", percent="1").status == 422
    assert world.everything() == before
    assert ask(world, quote, amount="229.95").status == 201


@pytest.mark.row("P17")
def test_what_is_deposited_is_billed_by_the_whole_quote_only(world):
    quote = world.quote(schedule=SCHEDULE)
    deposit = ask(world, quote)

    assert world.api("POST", f"/v1/quotes/{quote['id']}/invoices", {}).problem == (409, "deposit_not_issued")
    per_part = {"mode": "per_instalment"}
    assert world.api("POST", f"/v1/quotes/{quote['id']}/invoices", per_part).problem == (409, "quote_has_deposit")
    assert world.api("POST", f"/v1/quotes/{quote['id']}/orders", {}).problem == (409, "quote_has_deposit")
    assert world.api("PATCH", f"/v1/quotes/{quote['id']}", {"notes": "x"}).problem == (409, "quote_has_deposit")
    assert world.api("DELETE", f"/v1/quotes/{quote['id']}").problem == (409, "quote_has_deposit")
    world.ok("DELETE", f"/v1/invoices/{deposit['id']}")
    assert billed(world, quote)["prepaid_total"] == "0.00"
    assert ask(world, quote, percent="5").problem == (409, "quote_invoiced")


@pytest.mark.row("P17")
def test_a_deposit_is_cancelled_by_a_credit_note_before_it_is_deducted(world):
    in_france(world)
    quote, other = world.quote(lines=LINES), world.quote(lines=LINES)
    deposit = issued(world, ask(world, quote, percent="30"))
    take(world, deposit, "342.30")

    note = world.ok("POST", f"/v1/invoices/{deposit['id']}/credit-notes", {"reason": "Annulation"})

    assert note["total"] == "342.30"
    assert world.balance({"id": quote["client_id"]})["credit_total"] == "342.30"
    assert billed(world, quote)["total"] == "1141.00"
    again = issued(world, ask(world, other, percent="30"))
    final = issued(world, billed(world, other))
    refused = world.api("POST", f"/v1/invoices/{again['id']}/credit-notes", {"reason": "Annulation"})
    assert refused.problem == (409, "deposit_deducted")
    assert world.api("POST", f"/v1/invoices/{again['id']}/void", {}).problem == (409, "deposit_deducted")
    world.ok("POST", f"/v1/invoices/{final['id']}/void", {})
    world.ok("POST", f"/v1/invoices/{again['id']}/void", {})
    assert world.see(again)["status"] == "void"


@pytest.mark.row("P17", "C33")
def test_a_deposit_asked_for_while_the_quote_is_invoiced_is_deducted_or_refused(world):
    for _ in range(3):
        quote = world.quote()
        asked, made = at_once(
            lambda quote=quote: ask(world, quote, percent="30"),
            lambda quote=quote: world.api("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"}),
        )
        assert sorted((asked.status, made.status)) in ([201, 201], [201, 409]), (asked, made)
        assert (asked.status, made.status) != (201, 201) or made["deposits"]
