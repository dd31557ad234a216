"""The sections of an invoice: information, addresses, conditions, items in groups; whatever is chosen stays."""

import pytest

from tests.flows.desk import paper, sent, visitor

HOME = {"lines": ["5 Grande Allée"], "city": "Québec", "country": "CA"}
SITE = {"lines": ["12 rue du Chantier"], "city": "Lévis", "country": "CA"}
DEPOT = {"lines": ["Quai 4"], "city": "Montréal", "country": "CA"}
OFFICE = {"lines": ["Case postale 9"], "city": "Laval", "country": "CA"}
GROUPED = [
    {"description": "Chauffe-eau", "unit_price": "800", "group": "Matériel"},
    {"description": "Déplacement", "unit_price": "45"},
    {"description": "Pose", "quantity": "3", "unit_price": "90", "group": "Main-d'oeuvre"},
    {"description": "Robinet", "quantity": "2", "unit_price": "35.50", "group": "Matériel"},
    {"description": "Rabais", "unit_price": "-20", "group": "Main-d'oeuvre"},
]


def add_line(world, draft, *lines):
    return world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"lines": [*map(entered, draft["lines"]), *lines]}).body


def entered(line):
    return {name: line[name] for name in ("description", "quantity", "unit_price", "group", "taxes")}


def at(address):
    return address and (address["lines"], address["city"])


def places(invoice):
    return {name: at(address) for name, address in invoice["addresses"].items()}


@pytest.mark.row("P8", "P9", "P10", "K11", "K12", "K13", "K14", "H6", "H41")
def test_every_section_is_prefilled_and_edited_only_as_needed(world):
    world.ok(
        "PATCH", "/v1/business", {"invoice_defaults": {"notes": "Merci!", "terms": "Net 30 jours", "due_days": 30}}
    )
    client = world.client(address=HOME, tax_number="TVA-7")
    draft = world.draft(client)

    assert (draft["notes"], draft["terms"], draft["language"], draft["template"]) == (
        "Merci!",
        "Net 30 jours",
        "fr",
        "modern",
    )
    assert draft["addresses"] == {"billing": None, "service_site": None, "delivery": None}
    edited = world.ok(
        "PATCH",
        f"/v1/invoices/{draft['id']}",
        {
            "terms": "Net 10 jours",
            "purchase_order": "BC-12",
            "due_date": "2026-03-12",
            "addresses": {"billing": OFFICE, "delivery": DEPOT},
        },
    )
    assert (edited["terms"], edited["notes"], edited["due_date"]) == ("Net 10 jours", "Merci!", "2026-03-12")
    issued = world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})
    said = paper(world, issued)
    for words in (
        "Merci!",
        "Net 10 jours",
        "BC-12",
        "12 mars 2026",
        "Case postale 9",
        "Quai 4",
        "Marie Gagnon",
        "TVA-7",
    ):
        assert words in said
    assert "Grande Allée" not in said
    assert "Plomberie Tremblay" in said


@pytest.mark.row("K12")
def test_addresses_are_given_taken_away_and_kept_from_the_day_of_issue(world):
    client = world.client(address=HOME)
    draft = world.draft(client, addresses={"service_site": SITE, "delivery": DEPOT})
    changed = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"addresses": {"delivery": None}}).body
    assert places(changed) == {"billing": None, "service_site": at(SITE), "delivery": None}

    world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"address": OFFICE})

    kept = {"billing": at(HOME), "service_site": at(SITE), "delivery": None}
    assert places(world.see(draft)) == kept
    said = paper(world, draft)
    assert "Lieu d\N{RIGHT SINGLE QUOTATION MARK}intervention 12 rue du Chantier Lévis" in said
    assert "Grande Allée" in said


@pytest.mark.row("K12", "P9")
def test_the_address_of_the_job_is_where_it_is_done(world):
    client = world.client(address=HOME)
    job = world.ok("POST", "/v1/jobs", {"client_id": client["id"], "title": "Toit", "address": SITE}).body

    draft = world.draft(client, job_id=job["id"])
    other = world.draft(client, job_id=job["id"], addresses={"service_site": DEPOT})

    assert places(draft)["service_site"] == at(SITE)
    assert places(other)["service_site"] == at(DEPOT)


@pytest.mark.row("K12", "P9", "P35")
def test_what_is_made_for_a_job_is_done_at_its_address_whichever_way_it_is_billed(world):
    client = world.client(address=HOME)
    job = world.ok("POST", "/v1/jobs", {"client_id": client["id"], "title": "Toit", "address": SITE}).body
    filed, lines = {"client_id": client["id"], "job_id": job["id"]}, [{"description": "Toit", "unit_price": "9"}]
    documents = [world.ok("POST", f"/v1/{kind}", filed | {"lines": lines}) for kind in ("quotes", "orders")]
    planned = world.ok("POST", "/v1/visits", filed | {"starts_at": "2026-03-03T14:00:00Z"})

    paths = [f"{document.headers['location']}/invoices" for document in (*documents, planned)]
    invoices = [world.ok("POST", path, {"lines": lines} if "visits" in path else {}) for path in paths]

    for one in (*documents, *invoices):
        assert places(one)["service_site"] == at(SITE)


@pytest.mark.row("K12", "P9", "P41")
def test_the_address_of_a_visit_goes_before_that_of_its_job_and_opens_a_job_there(world):
    client = world.client(address=HOME)
    wish = {"client_id": client["id"], "starts_at": "2026-03-03T14:00:00Z", "address": SITE}
    first = world.ok("POST", "/v1/visits", wish)
    second = world.ok("POST", "/v1/visits", wish | {"job_id": first["job_id"], "address": DEPOT})
    third = world.ok("POST", "/v1/visits", wish | {"job_id": first["job_id"], "address": None})

    made = [world.ok("POST", f"/v1/visits/{visit['id']}/invoices", {}) for visit in (first, second, third)]
    own = world.ok("GET", f"/v1/jobs/{first['job_id']}")["address"]

    assert [places(invoice)["service_site"] for invoice in made] == [at(SITE), at(DEPOT), at(SITE)]
    assert at(own) == at(SITE)


@pytest.mark.row("K12", "K6")
def test_addresses_and_groups_of_a_quote_are_those_of_its_invoice(world):
    quote = world.quote(lines=GROUPED, addresses={"delivery": DEPOT})
    assert places(quote)["delivery"] == at(DEPOT)
    world.approve(quote)

    seen = world.see(world.ok("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"}).body)
    assert places(seen)["delivery"] == at(DEPOT)
    assert seen["groups"] == quote["groups"]


@pytest.mark.row("K14", "P8")
def test_items_stand_in_groups_with_their_subtotals(world):
    draft = world.draft(lines=GROUPED)

    assert draft["groups"] == [
        {"name": "Matériel", "subtotal": "871.00"},
        {"name": "Main-d'oeuvre", "subtotal": "250.00"},
    ]
    assert draft["subtotal"] == "1166.00"
    assert world.ok("POST", "/v1/invoices/preview", {"lines": GROUPED})["groups"] == draft["groups"]
    assert world.ok("GET", "/v1/invoices")["data"][0]["groups"] is None
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()
    for said in (paper(world, draft), " ".join(visitor(world).text.split())):
        assert said.index("Déplacement") < said.index("Matériel") < said.index("Chauffe-eau") < said.index("Robinet")
        assert said.index("Robinet") < said.index("Main-d'oeuvre") < said.index("Pose") < said.index("Rabais")
        assert "871,00 $" in said
        assert "250,00 $" in said


@pytest.mark.row("H33", "H35", "H6", "K14")
def test_a_line_is_added_by_hand_beside_those_of_the_catalogue(world):
    world.ok("POST", "/v1/catalog", {"code": "PR", "name": "First meeting", "unit_price": "50", "kind": "intervention"})
    draft = world.draft(lines=[{"catalog_code": "PR"}])

    added = add_line(world, draft, {"description": "Complément alimentaire", "unit_price": "29.90", "taxes": []})

    assert [(line["description"], line["net"]) for line in added["lines"]] == [
        ("First meeting", "50.00"),
        ("Complément alimentaire", "29.90"),
    ]
    assert (added["net_total"], added["tax_total"], added["total"]) == ("79.90", "7.49", "87.39")


@pytest.mark.row("H34", "H38", "H39", "H40", "C28")
def test_a_negative_line_is_a_discount_before_tax(world):
    lines = [
        {"description": "Séance", "quantity": "3", "unit_price": "45.00"},
        {"description": "Rabais", "quantity": "-1", "unit_price": "60"},
    ]
    draft = world.draft(lines=lines)

    assert [line["net"] for line in draft["lines"]] == ["135.00", "-60.00"]
    assert (draft["net_total"], draft["tax_total"], draft["total"]) == ("75.00", "11.23", "86.23")
    refused = world.api("PATCH", f"/v1/invoices/{draft['id']}", {"lines": [lines[1]]})
    assert refused.status == 422


@pytest.mark.row("H36", "H42", "K17", "K18", "K19", "K20")
def test_a_document_type_is_chosen_and_the_paper_is_printed_downloaded_or_mailed(world):
    draft = world.draft(template="modern", language="en")
    assert draft["template"] == "modern"
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()

    shown = world.ok("GET", f"/v1/invoices/{draft['id']}/pdf")
    (mail,) = world.mails
    assert mail.attachments == {"00001.pdf": shown.raw}
    assert shown.headers["content-disposition"] == 'inline; filename="00001.pdf"'
    assert "Invoice" in paper(world, draft)


@pytest.mark.row("H41")
def test_what_is_billed_is_told_to_the_client_on_paper_and_page(world):
    invoice = sent(world, world.client(address=HOME), lines=GROUPED, addresses={"service_site": SITE})

    page = " ".join(visitor(world).text.split())
    for words in ("12 rue du Chantier", "5 Grande Allée", "Plomberie Tremblay"):
        assert words in page
        assert words in paper(world, invoice)
