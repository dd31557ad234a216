"""Clients who are not charged tax: their documents say so, with the reason, and keep saying it."""

from decimal import Decimal

import pytest

from tests.flows.counter import billed, catalogued, published
from tests.flows.desk import paper
from tests.flows.selling import billed as billed_sale
from tests.flows.selling import made_of, sold
from tests.flows.visiting import LINES, bill, visit

REASON = "Loi sur les Indiens, art. 87"
EXEMPT = {"reason": REASON, "certificate": "7501234567"}
EXEMPTION = {
    "code": "exemption",
    "name": "Exempt from tax",
    "rate_percent": "0",
    "base": "1000.00",
    "amount": "0.00",
    "category": "E",
    "exemption_reason": REASON,
    "exemption_certificate": "7501234567",
    "registration_number": None,
    "withheld": False,
}


@pytest.fixture
def client(world):
    return world.client(tax_exempt=EXEMPT)


def taxed(document):
    return [(tax["code"], tax["amount"]) for tax in document["taxes"]]


def line(**more):
    return {"description": "Séance", "unit_price": "100"} | more


def test_a_client_is_exempt_for_a_reason_until_that_is_cleared(world, client):
    path = f"/v1/clients/{client['id']}"
    assert client["tax_exempt"] == EXEMPT | {"category": "E"}
    assert world.ok("PATCH", path, {"phone": "514 555-0100"})["tax_exempt"] == client["tax_exempt"]
    abroad = {"reason": "Art. 196 Directive 2006/112/CE", "category": "AE"}
    assert world.ok("PATCH", path, {"tax_exempt": abroad})["tax_exempt"] == abroad | {"certificate": None}

    assert world.ok("PATCH", path, {"tax_exempt": None})["tax_exempt"] is None
    assert world.ok("GET", path)["tax_exempt"] is None
    assert world.draft(client)["total"] == "1149.75"


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        pytest.param({}, "/tax_exempt/reason", id="no reason"),
        pytest.param({"reason": "x", "category": "Z"}, "/tax_exempt/category", id="zero rated is taxed"),
    ],
)
def test_an_exemption_has_a_reason_and_a_category_that_is_one(world, wrong, at):
    refused = world.api("POST", "/v1/clients", {"name": "Marie", "tax_exempt": wrong})

    assert (refused.status, refused["errors"][0]["at"]) == (422, at)
    assert world.ok("GET", "/v1/clients")["data"] == []


@pytest.mark.row("H43", "H44")
def test_an_exempt_client_is_billed_no_tax_and_told_why(world, client):
    invoice = world.invoice(client)

    assert invoice["taxes"] == [EXEMPTION]
    assert (invoice["tax_total"], invoice["total"]) == ("0.00", "1000.00")
    page = paper(world, invoice)
    assert "Exonéré de taxes" in page
    assert REASON in page
    assert "Certificat 7501234567" in page
    assert "TPS" not in page.split("Sous-total")[1].split("Total")[0]


@pytest.mark.parametrize(
    ("category", "name"),
    [("AE", "Autoliquidation"), ("K", "Livraison intracommunautaire"), ("G", "Exportation"), ("O", "Non assujetti")],
)
def test_the_category_is_said_in_words(world, category, name):
    invoice = world.invoice(world.client(tax_exempt={"reason": "Texte", "category": category}))

    assert [(tax["category"], tax["amount"]) for tax in invoice["taxes"]] == [(category, "0.00")]
    assert name in paper(world, invoice)


@pytest.mark.row("H43")
def test_a_line_may_say_otherwise(world, client):
    draft = world.draft(client, lines=[line(), line(taxes=["TPS"]), line(taxes=[])])

    assert taxed(draft) == [("exemption", "0.00"), ("TPS", "5.00")]
    assert [one["taxes"] for one in draft["lines"]] == [["exemption"], ["TPS"], []]
    again = world.ok(
        "PATCH", f"/v1/invoices/{draft['id']}", {"lines": [line(taxes=["TPS"]), line(taxes=["exemption"])]}
    )
    assert taxed(again) == [("TPS", "5.00"), ("exemption", "0.00")]


def test_the_taxes_of_the_catalogue_and_of_the_groups_are_left_out_and_what_is_withheld_stays(world, client):
    rates = world.ok("GET", "/v1/business")["tax_rates"]
    withheld = {"code": "RET", "rate_percent": "10", "withheld": True}
    kept = [{name: rate[name] for name in ("code", "rate_percent", "registration_number")} for rate in rates]
    world.ok("PATCH", "/v1/business", {"tax_rates": [*kept, withheld]})
    world.ok("PATCH", "/v1/business", {"tax_groups": [{"name": "Local", "codes": ["TPS", "RET"]}]})
    world.ok("POST", "/v1/catalog", {"code": "A", "name": "Pose", "unit_price": "100", "taxes": ["TVQ", "RET"]})

    for sold_line in ({"catalog_code": "A"}, line()):
        draft = world.draft(client, lines=[sold_line])
        assert taxed(draft) == [("exemption", "0.00"), ("RET", "10.00")]
        assert (draft["total"], draft["payable"]) == ("100.00", "90.00")


def test_a_preview_says_what_the_draft_will(world, client):
    body = {"client_id": client["id"], "lines": [line(unit_price="1000")]}

    shown = world.ok("POST", "/v1/invoices/preview", body)

    assert (shown["taxes"], shown["total"]) == ([EXEMPTION], "1000.00")
    assert world.ok("POST", "/v1/invoices/preview", {"lines": body["lines"]})["total"] == "1149.75"


def test_a_business_without_taxes_or_a_number_says_it_too(world):
    world.business(tax_rates=())

    invoice = world.invoice(world.client(tax_exempt=EXEMPT))

    assert (invoice["taxes"], invoice["total"]) == ([EXEMPTION], "1000.00")


def test_no_tax_of_a_business_is_called_as_the_exemption_is(world):
    refused = world.api("PATCH", "/v1/business/tax-rates", {"tax_rates": [{"code": "exemption", "rate_percent": "5"}]})

    assert refused.problem == (422, "reserved_code")


@pytest.mark.row("C28")
def test_a_document_keeps_what_held_when_it_was_written(world, client):
    path, before = f"/v1/clients/{client['id']}", world.draft(client)
    world.ok("PATCH", path, {"tax_exempt": None})

    world.ok("PATCH", f"/v1/invoices/{before['id']}", {"notes": "Merci"})
    assert world.ok("POST", f"/v1/invoices/{before['id']}/issue", {})["taxes"] == [EXEMPTION]

    taxes = world.draft(client)
    world.ok("PATCH", path, {"tax_exempt": EXEMPT})
    assert world.ok("POST", f"/v1/invoices/{taxes['id']}/issue", {})["total"] == "1149.75"


def test_lines_written_anew_follow_the_client_as_it_is_now(world, client):
    draft = world.draft(client)
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"tax_exempt": {"reason": "Exporté", "category": "G"}})

    after = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"lines": [line()]})

    assert [(tax["category"], tax["exemption_reason"]) for tax in after["taxes"]] == [("G", "Exporté")]


@pytest.mark.parametrize("mode", ["single", "per_instalment"])
def test_the_invoices_of_a_quote_keep_its_exemption(world, client, mode):
    halves = [{"label": "Acompte", "percent": "50"}, {"label": "Solde", "remainder": True}]
    invoicing = {"mode": mode, "send": "manual"}
    quote = world.quote(client, schedule=halves, invoicing=invoicing)
    assert quote["taxes"] == [EXEMPTION]
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"tax_exempt": None})
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle()

    world.approve(quote)
    world.settle()

    made = world.invoices_of(quote)
    bases = ["1000.00"] if mode == "single" else ["500.00", "500.00"]
    assert [invoice["taxes"] for invoice in made] == [[EXEMPTION | {"base": base}] for base in bases]


def test_an_order_made_of_a_deal_and_its_parts_keep_the_exemption(world, client):
    order = made_of(world, sold(world, "deals", client), "orders")
    assert taxed(order) == [("exemption", "0.00")]
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"tax_exempt": None})

    parts = [billed_sale(world, order, _1="4"), billed_sale(world, order)]

    assert [taxed(part) for part in parts] == [[("exemption", "0.00")]] * 2
    assert sum(Decimal(part["total"]) for part in parts) == Decimal(order["total"])


def test_the_invoice_of_a_visit_bears_it(world, client):
    assert taxed(bill(world, visit(world, client), lines=LINES)) == [("exemption", "0.00")]


@pytest.mark.row("H43")
def test_items_are_billed_as_their_client_is_unless_they_say_otherwise(world):
    client = catalogued(world)
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"tax_exempt": EXEMPT})
    world.ok("POST", "/v1/catalog", {"code": "TX", "name": "Taxé", "unit_price": "10", "taxes": ["TVQ"]})
    plain, coded = published(world, client), published(world, client, catalog_code="TX")
    said = published(world, client, taxes=["TPS"])

    draft = billed(world, client, plain, coded, said)

    assert [one["taxes"] for one in draft["lines"]] == [["exemption"], ["exemption"], ["TPS"]]
    world.ok("PATCH", f"/v1/items/{said['id']}", {"taxes": None})
    world.ok("PATCH", f"/v1/items/{plain['id']}", {"taxes": ["TVQ"]})
    after = world.see(draft)
    assert [one["taxes"] for one in after["lines"]] == [["TVQ"], ["exemption"], ["exemption"]]
    assert taxed(after) == [("TVQ", "4.99"), ("exemption", "0.00")]
