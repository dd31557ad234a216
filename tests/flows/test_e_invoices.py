"""E-invoices over HTTP: what a French business issued, given to machines."""

from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from facturx import get_level
from facturx.facturx import FACTURX_LEVEL2xmp
from lxml import etree

from chalicelib.adapters.e_invoices import FacturXInvoices
from chalicelib.domain.e_invoicing import Profile, Syntax
from tests.e_invoices.building import IBAN
from tests.e_invoices.schematron import broken_rules
from tests.flows.lyon import LINES, in_lyon, xml_of


@pytest.fixture
def lyon(world):
    return in_lyon(world)


@pytest.mark.row("K16", "C56")
@pytest.mark.parametrize("syntax", list(Syntax))
def test_an_invoice_is_given_as_france_s_platforms_take_it(world, lyon, syntax):
    invoice = world.invoice(lyon, lines=LINES, purchase_order="BC-88213", discount_percent="5")

    xml = xml_of(world, f"invoices/{invoice['id']}", syntax)

    assert broken_rules(xml, Profile.EXTENDED_CTC_FR, syntax) == set()
    told = FacturXInvoices().read(xml)
    assert (told.number, told.type_code, told.process) == (invoice["number"], "380", "S1")
    assert (f"{told.sums.net}", f"{told.sums.due}") == (invoice["net_total"], invoice["amount_due"])
    assert (told.purchase_order, told.paying.account) == ("BC-88213", IBAN)
    assert {note.subject for note in told.notes} >= {"PMT", "PMD", "AAB"}
    assert (told.seller.endpoint.value, told.buyer.endpoint.value) == ("404833048", "732829320")
    assert [(line.name, line.unit) for line in told.lines] == [("Pose de carrelage", "HUR"), ("Joints", "KGM")]
    assert xml_of(world, f"invoices/{invoice['id']}", syntax) == xml


@pytest.mark.row("K16", "C57")
def test_a_factur_x_is_the_page_and_the_xml_in_one_file(world, lyon):
    invoice = world.invoice(lyon, lines=LINES)

    answer = world.ok("GET", f"/v1/invoices/{invoice['id']}/facturx")

    assert answer.headers["content-type"] == "application/pdf"
    with pikepdf.open(BytesIO(answer.raw)) as pdf:
        (attached,) = pdf.Root.AF
        assert (str(attached.UF), str(attached.AFRelationship)) == ("factur-x.xml", "/Alternative")
        xml, metadata = attached.EF.UF.read_bytes(), pdf.Root.Metadata.read_bytes()
    of_its_xml = FACTURX_LEVEL2xmp[get_level(etree.fromstring(xml))]
    assert of_its_xml == "EXTENDED"
    assert f"<fx:ConformanceLevel>{of_its_xml}</fx:ConformanceLevel>".encode() in metadata
    alone = xml_of(world, f"invoices/{invoice['id']}", "cii")
    assert xml == alone.replace(b":extended-ctc-fr<", b":extended<").replace(b"urn.cpro.gouv.fr", b"urn:factur-x.eu")
    assert xml != alone
    bill = world.ok("POST", "/v1/e-invoices/preview", answer.raw, content_type="application/pdf")
    assert (bill["number"], bill["adds_up"], bill["broken_rules"]) == (invoice["number"], True, [])


@pytest.mark.row("K16", "C49")
def test_many_are_one_zip_and_what_has_no_e_invoice_fails_alone(world, lyon):
    invoice = world.invoice(lyon, lines=LINES)
    world.invoice(world.client(name="Sans adresse", email=None), lines=LINES)

    asked = world.ok("POST", "/v1/exports", {"format": "facturx_zip"})
    world.settle()

    export = world.ok("GET", f"/v1/exports/{asked['id']}").body
    assert (export["progress"]["count"], [one["code"] for one in export["failures"]]) == (1, ["no_e_invoice"])
    with ZipFile(BytesIO(world.ok("GET", export["file"]["url"]).raw)) as archive:
        assert archive.namelist() == [f"{invoice['number']}.pdf"]
        assert archive.read(archive.namelist()[0]) == world.ok("GET", f"/v1/invoices/{invoice['id']}/facturx").raw


@pytest.mark.row("K16")
def test_a_credit_note_names_the_invoice_that_it_corrects(world, lyon):
    invoice = world.invoice(lyon, lines=LINES)
    note = world.ok(
        "POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Joints repris", "amount": "26.46"}
    ).body

    for syntax in Syntax:
        xml = xml_of(world, f"credit-notes/{note['id']}", syntax)
        assert broken_rules(xml, Profile.EXTENDED_CTC_FR, syntax) == set()
        told = FacturXInvoices().read(xml)
        assert (told.type_code, [one.number for one in told.preceding]) == ("381", [invoice["number"]])
        assert f"{told.sums.due}" == note["total"]
    assert world.ok("GET", f"/v1/credit-notes/{note['id']}/facturx").raw.startswith(b"%PDF-")


@pytest.mark.row("K16")
def test_what_the_norm_cannot_say_has_no_e_invoice_and_is_told_why(world):
    invoice, draft = world.invoice(), world.draft()

    refused = world.api("GET", f"/v1/invoices/{invoice['id']}/e-invoice")
    assert refused.problem == (409, "no_e_invoice")
    assert "/lines/0/taxes: Only one tax can be told of a line." in refused["detail"]
    assert world.api("GET", f"/v1/invoices/{draft['id']}/facturx").problem == (409, "invoice_not_issued")


@pytest.mark.row("C56")
def test_a_rule_that_is_broken_is_named(world, lyon):
    nobody = world.client(name="Sans adresse", email=None)
    refused = world.api("GET", f"/v1/invoices/{world.invoice(nobody, lines=LINES)['id']}/e-invoice")

    assert refused.problem == (409, "no_e_invoice")
    assert "/buyer/endpoint: The buyer has an electronic address." in refused["detail"]


@pytest.mark.parametrize(
    ("account", "at", "code"),
    [
        ({"iban": "FR7630006000011234567890188"}, "/e_invoicing/account/iban", "not_an_iban"),
        ({"iban": "30006000011234567890189"}, "/e_invoicing/account/iban", "not_an_iban"),
        ({"iban": IBAN, "bic": "AGRI"}, "/e_invoicing/account/bic", "not_a_bic"),
    ],
)
def test_an_account_has_check_digits_that_hold(world, account, at, code):
    refused = world.api("PATCH", "/v1/business", {"e_invoicing": {"account": account}})
    assert [(fault["at"], fault["code"]) for fault in refused["errors"]] == [(at, code)]


def test_settings_that_are_left_out_stay_and_null_takes_the_account_away(world, lyon):
    on = world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "ubl"}})["e_invoicing"]
    assert (on["form"], on["profile"], on["account"]["iban"]) == ("ubl", "extended_ctc_fr", IBAN)
    off = world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "off", "account": None}})["e_invoicing"]
    assert off == {"form": "off", "profile": "extended_ctc_fr", "account": None}


@pytest.mark.row("C56")
def test_what_can_be_no_e_invoice_is_refused_before_it_has_a_number(world, lyon):
    world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "factur_x", "profile": "extended_ctc_fr"}})
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "F."}})
    draft = world.draft(lyon, lines=LINES)

    refused = world.api("POST", f"/v1/invoices/{draft['id']}/issue", {})

    assert refused.problem == (422, "e_invoice_invalid")
    assert [(error["code"], error["at"]) for error in refused["errors"]] == [("BR-FR-02", "/number")]
    assert world.see(draft)["number"] is None
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "F-"}})
    assert world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})["number"] == "F-00001"


@pytest.mark.row("C56")
def test_taxes_that_the_norm_cannot_tell_of_are_refused_where_e_invoices_are_due(world):
    world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "ubl"}})
    draft = world.draft()

    refused = world.api("POST", f"/v1/invoices/{draft['id']}/issue", {})

    assert refused.problem == (422, "not_en16931")
    assert world.see(draft)["number"] is None
    world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "off"}})
    assert world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})["number"] == "00001"


@pytest.mark.row("K16", "C56", "C57")
def test_the_kept_pdf_holds_the_xml_and_the_invoice_says_what_was_checked(world, lyon):
    world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "factur_x", "profile": "extended_ctc_fr"}})
    invoice = world.invoice(lyon, lines=LINES)
    world.settle()

    pdf = world.ok("GET", f"/v1/invoices/{invoice['id']}/pdf").raw
    with pikepdf.open(BytesIO(pdf)) as opened:
        (attached,) = opened.Root.AF
        xml = attached.EF.F.read_bytes()
        assert str(attached.AFRelationship) == "/Alternative"
    report = world.see(invoice)["pdf"]["e_invoice"]
    assert broken_rules(xml, Profile.EXTENDED_CTC_FR, Syntax.CII) == set()
    assert (report["syntax"], report["profile"], report["sha256"]) == (
        "cii",
        "extended_ctc_fr",
        sha256(xml).hexdigest(),
    )
    assert report["rules_checked"] > 100
    assert [body for key, body in world.files().items() if key.endswith(f"{report['sha256']}.xml")] == [xml]


def test_an_xml_beside_the_pdf_is_kept_there(world, lyon):
    world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "ubl", "profile": "en16931"}})
    invoice = world.invoice(lyon, lines=LINES)
    world.settle()

    report = world.see(invoice)["pdf"]["e_invoice"]
    xml = xml_of(world, f"invoices/{invoice['id']}", Syntax.UBL)
    assert [body for key, body in world.files().items() if key.endswith(f"{report['sha256']}.xml")] == [xml]
    pdf = world.ok("GET", f"/v1/invoices/{invoice['id']}/pdf").raw
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert "/AF" not in opened.Root
