"""Quotes mailed, approved, declined, expired; and converted by hand."""

import pytest

from tests.flows.desk import MARIE, OFFICE, at_once

DEPOSIT_AND_REST = [
    {"label": "Acompte", "percent": "40", "due": {"days_after": "approval", "days": 7}},
    {"label": "Solde", "remainder": True, "due": {"days_after": "approval", "days": 37}},
]


def test_a_quote_is_mailed_and_numbered_once(world):
    quote = world.quote(valid_until="2026-03-31")

    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle(times=2)
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle()

    assert [mail.subject for mail in world.mails] == ["Plomberie Tremblay : devis Q-00001"] * 2
    assert "31 mars 2026" in world.mails[0].text
    assert (world.see(quote)["number"], world.see(quote)["status"]) == ("Q-00001", "sent")


def test_the_client_approves_in_the_portal_under_a_name(world):
    quote = world.quote(invoicing={"mode": "single"})
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle()

    page = world.portal(world.mails_to(MARIE)[0].portal_link)
    assert "1 149,75 $" in page.text
    page.see()
    assert world.see(quote)["status"] == "viewed"
    page.send("/approve", name="M. Gagnon", signature="Marie")
    world.settle()

    approved = world.see(quote)
    assert (approved["status"], approved["approved_by"]) == ("invoiced", "M. Gagnon")
    assert approved["approved_at"].startswith("2026-03-02T17:00:0")
    assert [mail.subject for mail in world.mails_to(OFFICE)] == ["Marie Gagnon a approuvé le devis Q-00001"]


def test_the_client_declines_in_the_portal_and_the_business_hears_why(world):
    quote = world.quote(invoicing={"mode": "single"})
    world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})
    world.settle()

    world.portal(world.mails_to(MARIE)[0].portal_link).send("/decline", name="Marie Gagnon", reason="Trop cher")
    world.settle(times=2)

    assert (world.see(quote)["status"], world.see(quote)["declined_by"]) == ("declined", "Marie Gagnon")
    (told,) = world.mails_to(OFFICE)
    assert "Trop cher" in told.text
    assert world.api("POST", f"/v1/quotes/{quote['id']}/approve", {"by": "x"}).problem == (409, "quote_not_open")
    assert world.invoices_of(quote) == []


def test_a_quote_expires_the_morning_after_its_last_day_and_not_before(world):
    quote = world.quote(valid_until="2026-03-10")

    world.time.move_to("2026-03-11T03:59:00Z")  # 23:59 on the 10th in Montreal
    world.sweep()
    assert world.see(quote)["status"] == "draft"
    world.time.move_to("2026-03-11T16:00:00Z")
    world.sweep()

    assert world.see(quote)["status"] == "expired"
    refused = world.api("POST", f"/v1/quotes/{quote['id']}/approve", {"by": "Marie"})
    assert refused.problem in {(409, "quote_expired"), (409, "quote_not_open")}


def test_a_quote_is_edited_until_it_is_answered(world):
    quote = world.quote()

    edited = world.ok(
        "PATCH", f"/v1/quotes/{quote['id']}", {"lines": [{"description": "Robinet", "unit_price": "80.00"}]}
    )
    assert edited["total"] == "91.98"
    world.approve(quote)

    refused = world.api("PATCH", f"/v1/quotes/{quote['id']}", {"notes": "Bonjour"})
    assert refused.problem == (409, "quote_not_open")
    assert world.see(quote)["total"] == "91.98"


@pytest.mark.row("K2", "K6", "K10", "P35")
def test_a_quote_is_converted_in_one_call(world):
    quote = world.quote(schedule=DEPOSIT_AND_REST)
    world.approve(quote)

    made = world.ok("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"})

    assert made.status == 201
    assert (made["status"], made["total"], made["quote_id"]) == ("draft", "1149.75", quote["id"])
    assert made.headers["location"] == f"/v1/invoices/{made['id']}"
    again = world.api("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"})
    assert again.problem == (409, "quote_invoiced")
    assert len(world.invoices_of(quote)) == 1


@pytest.mark.row("C11")
def test_ten_conversions_at_once_make_one_invoice(world):
    quote = world.quote()

    answers = at_once(*[lambda: world.api("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"})] * 10)

    assert {answer.status for answer in answers} <= {201, 409}
    (made,) = {answer["id"] for answer in answers if answer.status == 201}
    assert [invoice["id"] for invoice in world.invoices_of(quote)] == [made]


@pytest.mark.row("C11")
def test_converting_by_hand_and_approval_meet_in_one_invoice(world):
    quote = world.quote(invoicing={"mode": "single"})
    world.approve(quote)

    world.ok("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"})
    world.settle()

    assert len(world.invoices_of(quote)) == 1


@pytest.mark.row("K23", "K24", "K25", "K20")
def test_an_agency_converts_adds_travel_costs_and_sends(world):
    quote = world.quote(lines=[{"description": "Site web", "unit_price": "4000.00"}])
    world.approve(quote)
    draft = world.ok("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"}).body

    travel = {"description": "Frais de déplacement", "quantity": "120", "unit": "km", "unit_price": "0.68"}
    lines = [{"description": "Site web", "unit_price": "4000.00"}, travel]
    edited = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"lines": lines}).body
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()

    assert [line["net"] for line in edited["lines"]] == ["4000.00", "81.60"]
    sent = world.see(draft)
    assert (sent["status"], sent["net_total"], sent["tax_total"], sent["total"]) == (
        "sent",
        "4081.60",
        "611.22",
        "4692.82",
    )
    assert list(world.mails_to(MARIE)[0].attachments) == ["00001.pdf"]
