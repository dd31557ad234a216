"""Billing by hand, as an office does it: direct entry, a quote accepted, converted, completed and mailed."""

import pytest

from tests.flows.desk import MARIE

DESIGN = [{"description": "Identité visuelle", "unit_price": "1000.00"}]
TRAVEL = {"description": "Déplacement", "quantity": "2", "unit_price": "40.00"}


@pytest.mark.row("K4")
def test_a_simple_sale_is_entered_as_an_invoice_with_no_order(world):
    client = world.client()

    draft = world.ok("POST", "/v1/invoices", {"client_id": client["id"], "lines": DESIGN}).body

    assert (draft["status"], draft["total"], draft["quote_id"], draft["source_id"]) == ("draft", "1149.75", None, None)
    issued = world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})
    assert (issued["number"], issued["status"]) == ("00001", "issued")


@pytest.mark.row("K5")
def test_a_client_s_invoices_are_listed_and_added_to_at_the_client(world):
    client, other = world.client(), world.client(name="Luc Roy")
    world.draft(other)
    assert world.ok("GET", f"/v1/invoices?client_id={client['id']}")["data"] == []

    draft = world.ok("POST", "/v1/invoices", {"client_id": client["id"], "lines": DESIGN})

    listed = world.ok("GET", f"/v1/invoices?client_id={client['id']}")["data"]
    assert [(row["id"], row["client_name"]) for row in listed] == [(draft["id"], "Marie Gagnon")]


@pytest.mark.row("K6", "K20", "K23", "K24", "K25")
def test_an_agency_s_quote_is_accepted_converted_completed_and_mailed_as_pdf(world):
    quote = world.quote(lines=DESIGN)
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle()
    world.portal(world.mails_to(MARIE)[-1].portal_link).send("/approve", name="Marie Gagnon")
    assert (world.see(quote)["status"], world.see(quote)["approved_by"]) == ("approved", "Marie Gagnon")

    draft = world.ok("POST", f"/v1/quotes/{quote['id']}/invoices", {}).body
    assert (draft["total"], draft["quote_id"], draft["source_id"]) == ("1149.75", quote["id"], quote["id"])
    kept = {name: draft["lines"][0][name] for name in ("description", "quantity", "unit_price")}
    completed = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"lines": [kept, TRAVEL]})
    assert [line["net"] for line in completed["lines"]] == ["1000.00", "80.00"]
    assert (completed["total"], world.see(quote)["total"]) == ("1241.73", "1149.75")

    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()

    mail = world.mails_to(MARIE)[-1]
    (pdf,) = mail.attachments.values()
    assert pdf.startswith(b"%PDF")
    assert pdf == world.ok("GET", f"/v1/invoices/{draft['id']}/pdf").raw
    assert world.see(draft)["status"] == "sent"
    assert world.see(quote)["status"] == "invoiced"
