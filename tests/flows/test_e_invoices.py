"""E-invoices over HTTP: what a French business issued, given to machines; and what others sent, read."""

import base64
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest

from chalicelib.adapters.e_invoices import FacturXInvoices
from chalicelib.domain.e_invoicing import Profile, Syntax
from chalicelib.domain.legal import Legal, Operations
from chalicelib.domain.party import Registration
from tests.builders import a_rate
from tests.e_invoices.building import IBAN, LYON
from tests.e_invoices.schematron import broken_rules

SIREN = {"name": "SIREN", "number": "732829320"}
BUYER = {
    "name": "Copropriété Les Érables",
    "email": "syndic@erables.example",
    "address": {"lines": ["35 rue de la République"], "city": "Lyon", "postal_code": "69001", "country": "FR"},
    "registrations": [SIREN],
}
EXPORT = {
    "code": "EXPORT",
    "name": "TVA",
    "rate_percent": "0",
    "category": "G",
    "exemption_reason": "Exonération, article 262 I du CGI",
}
LINES = [
    {"description": "Pose de carrelage\nSalle de bain", "quantity": "12.5", "unit": "h", "unit_price": "60"},
    {"description": "Joints", "quantity": "3", "unit": "kg", "unit_price": "7.35", "discount_percent": "10"},
]


@pytest.fixture
def lyon(world):
    """A French business on the platforms' profile, from now on spoken of; and a client of its own."""
    world.business(
        name="Rénovation Boréale",
        country="FR",
        currency="EUR",
        time_zone="Europe/Paris",
        locale="fr",
        languages=("fr", "en"),
        address=LYON,
        tax_rates=(a_rate("TVA", "20", registration_number="FR83404833048"),),
        tax_registrations=(Registration(name="SIREN", number="404833048"),),
        legal=Legal(operations=Operations.SERVICES),
    )
    account = {"iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "AGRIFRPPXXX"}
    changed = world.ok("PATCH", "/v1/business", {"e_invoicing": {"profile": "extended_ctc_fr", "account": account}})
    assert changed["e_invoicing"] == {
        "form": "off",
        "profile": "extended_ctc_fr",
        "account": {"iban": IBAN, "bic": "AGRIFRPPXXX", "holder": None},
    }
    return world.client(**BUYER)


def xml_of(world, place, syntax):
    answer = world.ok("GET", f"/v1/{place}/e-invoice?syntax={syntax}")
    assert answer.headers["content-type"] == "application/xml"
    return answer.raw


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
        assert b"<fx:ConformanceLevel>EXTENDED</fx:ConformanceLevel>" in pdf.Root.Metadata.read_bytes()
        xml = attached.EF.UF.read_bytes()
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


@pytest.mark.parametrize("syntax", list(Syntax))
def test_a_bill_that_was_received_is_read_and_reckoned_anew(world, lyon, syntax):
    invoice = world.invoice(lyon, lines=LINES, notes="Merci", terms="30 jours")
    xml = xml_of(world, f"invoices/{invoice['id']}", syntax)
    before = world.everything()

    bill = world.ok("POST", "/v1/e-invoices/preview", {"file": base64.b64encode(xml).decode()}).body

    assert (bill["kind"], bill["number"], bill["currency"], bill["total"]) == (
        "invoice",
        invoice["number"],
        "EUR",
        invoice["total"],
    )
    assert (bill["seller"]["vat_number"], bill["buyer"]["name"]) == ("FR83404833048", "Copropriété Les Érables")
    assert [(line["description"], line["net"]) for line in bill["lines"]] == [
        ("Pose de carrelage\nSalle de bain", "750.00"),
        ("Joints", "19.85"),
    ]
    assert bill["taxes"] == [
        {"category": "S", "rate_percent": "20", "base": "769.85", "amount": "153.97", "exemption_reason": None}
    ]
    assert (bill["adds_up"], bill["differences"], bill["broken_rules"], bill["pay_to"]) == (True, [], [], IBAN)
    assert (bill["payment_reference"], bill["terms"], bill["notes"][-1]) == (invoice["number"], "30 jours", "Merci")
    assert world.everything() == before


def test_a_bill_that_does_not_add_up_says_where(world, lyon):
    invoice = world.invoice(lyon, lines=LINES)
    xml = xml_of(world, f"invoices/{invoice['id']}", "cii").replace(b">19.85<", b">29.85<")

    bill = world.ok("POST", "/v1/e-invoices/preview", xml, content_type="application/xml").body

    assert bill["adds_up"] is False
    assert bill["differences"] == [{"at": "/lines/1/net", "stated": "29.85", "computed": "19.85"}]
    assert [(one["rule"], one["at"]) for one in bill["broken_rules"]] == [
        ("BR-CO-10", "/sums/lines"),
        ("BR-S-08", "/vat/0/base"),
    ]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"<Invoice/>", "e_invoice_unreadable"),
        (b"no XML", "e_invoice_unreadable"),
        (b"%PDF-1.7 that is none", "e_invoice_unreadable"),
        (b"", "e_invoice_unreadable"),
    ],
)
def test_what_is_no_e_invoice_is_refused(world, file, code):
    answer = world.api("POST", "/v1/e-invoices/preview", {"file": base64.b64encode(file).decode()})
    assert answer.problem == (422, code)


def test_a_file_is_base64(world):
    refused = world.api("POST", "/v1/e-invoices/preview", {"file": "<Invoice/>"})
    assert [(fault["at"], fault["code"]) for fault in refused["errors"]] == [("/file", "not_base64")]


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


def switched_on(world, **more):
    world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "factur_x", "profile": "extended_ctc_fr"} | more})


def credited(world, invoice, **more):
    return world.api("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Joints repris"} | more)


def xml_within(pdf):
    with pikepdf.open(BytesIO(pdf)) as opened:
        (attached,) = opened.Root.AF
        return attached.EF.F.read_bytes()


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
