"""The e-invoice of a document is one: kept with it, in whatever page is shown of it, and credited as it was."""

from io import BytesIO

import pikepdf
import pytest

from chalicelib.domain.e_invoicing import Profile, Syntax
from tests.e_invoices.schematron import broken_rules
from tests.flows.lyon import BUYER, EXPORT, LINES, credited, in_lyon, switched_on, xml_within


@pytest.fixture
def lyon(world):
    return in_lyon(world)


@pytest.mark.row("C56")
def test_a_credit_note_that_can_be_no_e_invoice_is_refused_before_its_number_with_a_way_out(world, lyon):
    switched_on(world)
    invoice = world.invoice(lyon, lines=LINES)
    world.ok("PATCH", f"/v1/clients/{lyon['id']}", {"registrations": [], "email": None})

    refused = credited(world, invoice, amount="26.46")

    assert refused.problem == (422, "e_invoice_invalid")
    assert {error["code"] for error in refused["errors"]} == {"BR-FR-12"}
    assert refused["detail"].endswith("credit it while the business's e_invoicing.form is off.")
    assert world.ok("GET", "/v1/credit-notes")["data"] == []
    world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "off"}})
    world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Joints repris", "amount": "26.46"})


@pytest.mark.row("K16", "C56")
def test_a_credit_note_is_an_e_invoice_as_its_invoice_was_whatever_was_chosen_since(world, lyon):
    switched_on(world)
    invoice = world.invoice(lyon, lines=LINES)
    switched_on(world, profile="peppol", form="ubl")

    note = credited(world, invoice, amount="26.46").body
    world.settle()

    report = world.ok("GET", f"/v1/credit-notes/{note['id']}")["pdf"]["e_invoice"]
    assert (report["form"], report["profile"]) == ("ubl", "extended_ctc_fr")
    (xml,) = [body for key, body in world.files().items() if key.endswith(f"{report['sha256']}.xml")]
    assert broken_rules(xml, Profile.EXTENDED_CTC_FR, Syntax.UBL) == set()


@pytest.mark.row("K16")
def test_what_was_no_e_invoice_is_credited_as_one_where_that_can_be_and_says_why_where_not(world):
    invoice = world.invoice()
    world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "factur_x"}})

    note = credited(world, invoice, amount="1").body
    world.settle()

    report = world.ok("GET", f"/v1/credit-notes/{note['id']}")["pdf"]["e_invoice"]
    assert report["lacking"] == ["/lines/0/taxes: Only one tax can be told of a line."]
    assert (report["sha256"], report["rules_checked"]) == (None, 0)


@pytest.mark.row("K16", "K17", "C57")
def test_whatever_page_is_shown_of_a_factur_x_holds_the_xml_of_the_kept_one(world, lyon):
    switched_on(world)
    invoice = world.invoice(lyon, lines=LINES)
    place = f"/v1/invoices/{invoice['id']}"
    world.settle()
    kept = world.ok("GET", f"{place}/pdf").raw

    assert world.ok("GET", f"{place}/facturx").raw == kept
    for other in ("template=classic", "language=en", "template=compact&language=en"):
        shown = world.ok("GET", f"{place}/pdf?{other}").raw
        assert shown != kept
        assert xml_within(shown) == xml_within(kept)
    world.ok("POST", f"{place}/send", {"template": "classic"})
    world.settle()
    (mailed,) = world.mails[-1].attachments.values()
    assert mailed != kept
    assert xml_within(mailed) == xml_within(kept)


@pytest.mark.row("K16", "C56")
def test_the_report_says_by_which_books_and_against_which_schema_it_was_checked(world, lyon):
    switched_on(world)
    invoice = world.invoice(lyon, lines=LINES)
    world.settle()
    report = world.see(invoice)["pdf"]["e_invoice"]
    assert report["form"] == "factur_x"
    assert report["schema_checked"] == "Factur-X 1.09 EXTENDED"
    assert report["rule_sets"] == ["EN 16931 1.3", "BR-FR-Flux2 1.4.0", "EXTENDED-CTC-FR 1.4.0"]
    assert report["lacking"] == []


@pytest.mark.row("K16")
def test_a_client_abroad_is_on_no_platform_of_france_and_billed_in_the_norm_s_own_profile(world, lyon):
    switched_on(world)
    new_york = {"lines": ["1 Main St"], "city": "New York", "country": "US"}
    abroad = world.client(name="Acme Inc.", email=None, address=new_york)
    world.ok("PATCH", "/v1/business", {"tax_rates": [*world.ok("GET", "/v1/business")["tax_rates"], EXPORT]})
    invoice = world.invoice(abroad, lines=[LINES[0] | {"taxes": ["EXPORT"]}], currency="USD")
    world.settle()

    pdf = world.ok("GET", f"/v1/invoices/{invoice['id']}/facturx").raw
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert b"<fx:ConformanceLevel>EN 16931<" in opened.Root.Metadata.read_bytes()
    assert world.see(invoice)["pdf"]["e_invoice"]["profile"] == "en16931"
    assert broken_rules(xml_within(pdf), Profile.EN16931, Syntax.CII) == set()


@pytest.mark.row("K16")
def test_a_consumer_is_billed_at_prices_with_tax_in_them_though_that_can_be_no_e_invoice(world, lyon):
    switched_on(world, profile="en16931")
    rates = world.ok("GET", "/v1/business")["tax_rates"]
    world.ok("PATCH", "/v1/business", {"tax_rates": [*rates, rates[0] | {"code": "TTC", "included": True}]})
    lines = [{"description": "Baguette", "unit_price": "1.20", "taxes": ["TTC"]}]
    person = world.client(name="Mme Roy", email=None, consumer=True, address=BUYER["address"])

    invoice = world.invoice(person, lines=lines)
    world.settle()

    report = world.see(invoice)["pdf"]["e_invoice"]
    assert report["lacking"] == ["/lines/0/taxes: A tax that prices include cannot be told; give prices without it."]
    draft = world.draft(lyon, lines=lines)
    assert world.api("POST", f"/v1/invoices/{draft['id']}/issue", {}).problem == (422, "not_en16931")


@pytest.mark.row("K16")
def test_a_consumer_is_on_no_platform_and_has_a_page_alone(world, lyon):
    switched_on(world)
    person = world.client(name="Mme Roy", email=None, consumer=True, address=BUYER["address"])
    invoice = world.invoice(person, lines=LINES)
    world.settle()

    assert world.see(invoice)["pdf"]["e_invoice"] is None
    refused = world.api("GET", f"/v1/invoices/{invoice['id']}/facturx")
    assert refused.problem == (409, "no_e_invoice")
    assert refused["detail"].endswith("it is for a consumer, or no invoice yet.")
