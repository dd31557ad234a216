"""E-invoices that others sent, read over HTTP and reckoned anew."""

import base64

import pytest

from chalicelib.domain.e_invoicing import Syntax
from tests.e_invoices.building import IBAN
from tests.flows.lyon import LINES, in_lyon, xml_of


@pytest.fixture
def lyon(world):
    return in_lyon(world)


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
