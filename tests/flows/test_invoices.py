"""Invoices written, edited in their three sections, previewed, deleted, voided."""

import pytest

from tests.flows.desk import HALVES


def issue(world, draft, **more):
    return world.api("POST", f"/v1/invoices/{draft['id']}/issue", {}, **more)


def patch(world, draft, **change):
    return world.ok("PATCH", f"/v1/invoices/{draft['id']}", change).body


@pytest.mark.row("P8", "P9", "K4", "K11", "K14", "A52")
def test_a_draft_is_prefilled_from_the_client_and_the_business(world):
    world.ok(
        "PATCH", "/v1/business", {"invoice_defaults": {"notes": "Merci.", "terms": "Net 30", "template": "classic"}}
    )

    draft = world.draft(world.client(language="en"))

    assert (draft["status"], draft["number"], draft["currency"]) == ("draft", None, "CAD")
    assert (draft["language"], draft["notes"], draft["terms"], draft["template"]) == (
        "en",
        "Merci.",
        "Net 30",
        "classic",
    )
    assert draft["delivery"]["state"] == "none"


@pytest.mark.row("P8", "P9", "P10")
def test_section_one_information_is_edited(world):
    draft = world.draft()

    edited = patch(world, draft, notes="Bonjour", purchase_order="PO-7", due_date="2026-05-01", language="en")

    told = {name: edited[name] for name in ("notes", "purchase_order", "due_date", "language", "total")}
    assert told == {
        "notes": "Bonjour",
        "purchase_order": "PO-7",
        "due_date": "2026-05-01",
        "language": "en",
        "total": "1149.75",
    }
    assert edited["version"] == 2


@pytest.mark.row("P8", "P11", "P13")
def test_section_two_items_are_edited_and_taxes_follow(world):
    draft = world.draft()

    lines = [
        {"description": "Robinet", "quantity": "2", "unit_price": "79.99"},
        {"description": "Rabais", "unit_price": "-10.00"},
    ]
    edited = patch(world, draft, lines=lines, discount_percent="5")

    assert [line["net"] for line in edited["lines"]] == ["159.98", "-10.00"]
    assert (edited["subtotal"], edited["discount_total"], edited["net_total"]) == ("149.98", "7.50", "142.48")
    assert [(tax["code"], tax["amount"]) for tax in edited["taxes"]] == [("TPS", "7.12"), ("TVQ", "14.21")]
    assert edited["total"] == "163.81"


@pytest.mark.row("P8", "P15", "P17")
def test_section_three_the_schedule_of_this_invoice_only(world):
    client = world.client()
    draft, other = world.draft(client), world.draft(client)

    edited = patch(world, draft, schedule=HALVES)

    assert [(part["label"], part["amount"]) for part in edited["schedule"]] == [
        ("Acompte", "574.88"),
        ("Solde", "574.87"),
    ]
    assert [part["amount"] for part in world.see(other)["schedule"]] == ["1149.75"]
    issued = issue(world, draft)
    assert [(part["due_on"], part["status"]) for part in issued["schedule"]] == [
        ("2026-03-02", "due"),
        ("2026-04-01", "upcoming"),
    ]
    assert issued["due_date"] == "2026-04-01"


@pytest.mark.row("K5", "P48")
def test_an_invoice_is_made_directly_for_a_client_and_listed_with_it(world):
    client, other = world.client(), world.client(name="Jean Roy")
    draft = world.draft(client)
    world.draft(other)

    listed = world.ok("GET", f"/v1/invoices?client_id={client['id']}")["data"]

    assert [(invoice["id"], invoice["client_name"]) for invoice in listed] == [(draft["id"], "Marie Gagnon")]


@pytest.mark.row("P11", "P12")
def test_items_come_from_the_catalogue(world):
    tap = {
        "code": "TAP",
        "name": "Robinet",
        "unit": "pièce",
        "unit_price": "79.99",
        "taxes": ["TPS"],
        "kind": "product",
    }
    world.ok("POST", "/v1/catalog", tap)

    draft = world.draft(lines=[{"catalog_code": "TAP", "quantity": "3"}, {"catalog_code": "TAP", "unit_price": "70"}])

    first, second = draft["lines"]
    assert (first["description"], first["unit"], first["net"], first["taxes"]) == (
        "Robinet",
        "pièce",
        "239.97",
        ["TPS"],
    )
    assert second["net"] == "70.00"
    assert (draft["tax_total"], draft["total"]) == ("15.50", "325.47")
    world.ok("PATCH", "/v1/catalog/TAP", {"unit_price": "99.99"})
    assert world.see(draft)["total"] == "325.47"


@pytest.mark.row("P13")
def test_a_preview_shows_the_figures_and_writes_nothing(world):
    before = world.everything()

    shown = world.ok(
        "POST",
        "/v1/invoices/preview",
        {"lines": [{"description": "Heures", "quantity": "3.5", "unit_price": "95.00"}], "schedule": HALVES},
    )

    assert (shown["net_total"], shown["tax_total"], shown["total"]) == ("332.50", "49.80", "382.30")
    assert [part["amount"] for part in shown["schedule"]] == ["191.15", "191.15"]
    assert world.everything() == before


@pytest.mark.row("C17")
def test_a_deleted_draft_is_gone_and_its_story_stays(world):
    draft = world.draft()

    assert world.ok("DELETE", f"/v1/invoices/{draft['id']}").status == 204

    assert world.api("GET", f"/v1/invoices/{draft['id']}").status == 404
    assert world.timeline(draft) == ["invoice.drafted", "invoice.removed"]
    assert world.ok("GET", "/v1/invoices")["data"] == []


@pytest.mark.row("C10", "H31", "G8")
def test_an_issued_invoice_is_neither_edited_nor_deleted(world):
    invoice = world.invoice()
    before = world.everything()
    path = f"/v1/invoices/{invoice['id']}"

    lines = [{"description": "Autre", "unit_price": "1.00"}]
    for refused in (
        world.api("PATCH", path, {"lines": lines}),
        world.api("PATCH", path, {"notes": "Autre"}),
        world.api("DELETE", path),
        world.api("POST", f"{path}/schedule", {"send_on": "2026-04-01"}),
        world.api("POST", f"{path}/issue", {}),
    ):
        assert refused.problem == (409, "invoice_issued")
    assert world.everything() == before


@pytest.mark.row("C10")
def test_an_edit_over_a_newer_version_is_refused(world):
    draft = world.draft()
    patch(world, draft, notes="first")
    before = world.everything()

    for method, path, body in (
        ("PATCH", "", {"notes": "second"}),
        ("DELETE", "", None),
        ("POST", "/issue", {}),
        ("POST", "/schedule", {"send_on": "2026-04-01"}),
        ("POST", "/send", {}),
    ):
        refused = world.api(method, f"/v1/invoices/{draft['id']}{path}", body, If_Match='"1"')
        assert refused.problem == (412, "stale")
    assert world.everything() == before
    current = world.ok("GET", f"/v1/invoices/{draft['id']}").headers["etag"]
    assert world.api("PATCH", f"/v1/invoices/{draft['id']}", {"notes": "second"}, If_Match=current).status == 200


@pytest.mark.row("C18")
def test_void_before_payment_keeps_the_number_and_the_document(world):
    client = world.client()
    draft = world.draft(client)
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()

    void = world.ok("POST", f"/v1/invoices/{draft['id']}/void", {"reason": "Erreur"}).body

    assert (void["status"], void["number"], void["total"], void["amount_due"]) == ("void", "00001", "1149.75", "0.00")
    assert world.balance(client)["amount_due"] == "0.00"
    assert len(world.files()) == 1
    assert world.ok("GET", "/v1/reports/numbers/invoice")["numbers"][0]["status"] == "void"
    assert world.api("POST", f"/v1/invoices/{draft['id']}/void", {}).problem == (409, "invoice_void")
    assert world.api("POST", f"/v1/invoices/{draft['id']}/send", {}).problem == (409, "invoice_void")


@pytest.mark.row("G8")
def test_void_is_refused_once_money_was_received(world):
    client = world.client()
    invoice = world.invoice(client)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "0.01", "method": "cash"})

    refused = world.api("POST", f"/v1/invoices/{invoice['id']}/void", {})

    assert refused.problem == (409, "invoice_has_payments")
    assert world.balance(client)["amount_due"] == "1149.74"
