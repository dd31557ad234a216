"""Classic billing: the ways into an invoice, the ways out of the house, and what it says (K1 to K16)."""

import pytest

from tests.flows.desk import HALVES, MARIE

DESIGN = [{"description": "Identité visuelle", "unit_price": "1000.00"}]
OFFICE = {"lines": ["Case postale 9"], "city": "Laval", "country": "CA"}
DEPOT = {"lines": ["Quai 4"], "city": "Montréal", "country": "CA"}


def made_of(world, client, kind):
    """A document of this kind and the draft invoice that one call makes of it."""
    source = world.ok("POST", f"/v1/{kind}", {"client_id": client["id"], "lines": DESIGN}).body
    if kind == "quotes":
        world.approve(source)
    return source, world.ok("POST", f"/v1/{kind}/{source['id']}/invoices", {}).body


@pytest.mark.row("K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9")
def test_every_way_of_classic_billing_ends_in_the_one_list_of_invoices(world):
    client = world.client()
    direct = world.ok("POST", "/v1/invoices", {"client_id": client["id"], "lines": DESIGN}).body
    pairs = [made_of(world, client, kind) for kind in ("quotes", "deals", "orders", "deliveries")]

    listed = world.ok("GET", "/v1/invoices")["data"]

    assert [row["id"] for row in reversed(listed)] == [direct["id"], *(invoice["id"] for _, invoice in pairs)]
    assert [row["source_id"] for row in reversed(listed)] == [None, *(source["id"] for source, _ in pairs)]
    assert {(row["status"], row["total"], row["number"]) for row in listed} == {("draft", "1149.75", None)}
    assert world.ok("GET", f"/v1/invoices?client_id={client['id']}")["data"] == listed


@pytest.mark.row("K2")
def test_what_is_billed_by_hand_waits_for_a_hand_however_long(world):
    client = world.client()
    drafts = [made_of(world, client, kind)[1] for kind in ("quotes", "deals", "orders", "deliveries")]

    for _ in range(3):
        world.time.pass_(days=40)
        world.sweep()
        world.settle()

    assert {world.see(draft)["status"] for draft in drafts} == {"draft"}
    assert len(world.ok("GET", "/v1/invoices")["data"]) == len(drafts), "and none comes again by itself"
    assert world.mails_to(MARIE) == []


@pytest.mark.row("K16", "K18", "K19", "K20", "K21")
def test_an_invoice_leaves_on_paper_by_hand_on_its_day_or_by_itself(world):
    client = world.client()
    printed, mailed, planned = (world.draft(client) for _ in range(3))
    world.ok("POST", f"/v1/invoices/{printed['id']}/issue", {})
    world.settle()
    assert world.ok("GET", f"/v1/invoices/{printed['id']}/pdf").raw.startswith(b"%PDF")
    assert (world.see(printed)["status"], world.mails_to(MARIE)) == ("issued", [])

    world.ok("POST", f"/v1/invoices/{mailed['id']}/send", {})
    world.ok("POST", f"/v1/invoices/{planned['id']}/schedule", {"send_on": "2026-03-20"})
    quote = world.quote(client, invoicing={"mode": "single", "send": "at_once"})
    world.approve(quote)
    world.settle()
    assert list(world.mails_to(MARIE)[0].attachments) == ["00002.pdf"]
    (automatic,) = world.invoices_of(quote)
    assert [world.see(one)["status"] for one in (mailed, automatic, planned)] == ["sent", "sent", "scheduled"]

    world.time.pass_(days=19)
    world.sweep()
    world.settle()

    assert (world.see(planned)["status"], world.see(planned)["issue_date"]) == ("sent", "2026-03-21")
    assert [list(mail.attachments) for mail in world.mails_to(MARIE)] == [["00002.pdf"], ["00003.pdf"], ["00004.pdf"]]


@pytest.mark.row("G11", "K11", "K12", "K13", "K14")
def test_the_four_sections_hold_what_a_european_invoice_must_tell(world):
    world.ok("PATCH", "/v1/business", {"address": OFFICE, "legal_name": "Plomberie Tremblay inc."})
    client = world.client(address=DEPOT, tax_number="TVA-7")
    lines = [
        {"description": "Pose", "quantity": "3", "unit": "h", "unit_price": "90", "group": "Main-d'oeuvre"},
        {"description": "Rabais", "unit_price": "-20", "taxes": ["TPS"]},
    ]
    wish = {
        "client_id": client["id"],
        "lines": lines,
        "purchase_order": "BC-12",
        "terms": "Net 10 jours",
        "notes": "Merci!",
        "addresses": {"delivery": DEPOT},
        "schedule": HALVES,
        "prepaid_total": "50.00",
    }
    draft = world.ok("POST", "/v1/invoices", wish)

    invoice = world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {}).body

    details = ("number", "issue_date", "due_date", "currency", "purchase_order", "language")
    assert [invoice[name] for name in details] == ["00001", "2026-03-02", "2026-04-01", "CAD", "BC-12", "fr"]
    assert {name: place and place["lines"] for name, place in invoice["addresses"].items()} == {
        "billing": ["Quai 4"],
        "service_site": None,
        "delivery": ["Quai 4"],
    }
    assert (invoice["terms"], invoice["notes"]) == ("Net 10 jours", "Merci!")
    assert [(part["due_on"], part["amount"], part["paid"]) for part in invoice["schedule"]] == [
        ("2026-03-02", "144.72", "50.00"),
        ("2026-04-01", "144.71", "0.00"),
    ]
    told = ("description", "quantity", "unit", "unit_price", "net", "taxes", "group")
    assert [tuple(line[name] for name in told) for line in invoice["lines"]] == [
        ("Pose", "3", "h", "90", "270.00", ["TPS", "TVQ"], "Main-d'oeuvre"),
        ("Rabais", "1", None, "-20", "-20.00", ["TPS"], None),
    ]
    taxes = [tuple(tax[name] for name in ("category", "rate_percent", "base", "amount")) for tax in invoice["taxes"]]
    assert taxes == [("S", "5", "250.00", "12.50"), ("S", "9.975", "270.00", "26.93")]
    totals = ("subtotal", "net_total", "tax_total", "total", "prepaid_total", "amount_due")
    assert [invoice[name] for name in totals] == ["250.00", "250.00", "39.43", "289.43", "50.00", "239.43"]


@pytest.mark.row("G8", "H31")
def test_an_invoice_is_edited_until_it_is_issued_and_then_only_ended(world):
    client = world.client()
    invoice = world.draft(client)
    path = f"/v1/invoices/{invoice['id']}"
    assert world.ok("PATCH", path, {"notes": "Un"})["notes"] == "Un"
    world.ok("POST", f"{path}/issue", {})

    refused = world.api("PATCH", path, {"notes": "Deux"})

    assert refused.problem == (409, "invoice_issued")
    assert world.see(invoice)["notes"] == "Un"
    assert world.ok("POST", f"{path}/void", {"reason": "Erreur"})["status"] == "void"
    assert world.api("PATCH", path, {"notes": "Deux"}).problem[0] == 409
