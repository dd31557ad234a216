"""E-invoices as files: the same bytes each time, read again as they were, and nothing in them is obeyed."""

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from chalicelib.adapters.e_invoices import FacturXInvoices
from chalicelib.domain.e_invoice import Identifier, Level, Levy, Paying, Preceding, TaxPoint
from chalicelib.domain.e_invoice_bill import differences
from chalicelib.domain.e_invoice_checks import violations
from chalicelib.domain.e_invoicing import FRENCH, Profile, Syntax
from chalicelib.domain.errors import Invalid
from chalicelib.domain.lines import MOST_LINES
from tests.e_invoices.building import IBAN, LYON, MARCH, a_trader, an_e_invoice, an_e_line

ROOT = Path(__file__).parents[2]
EXCHANGE = FacturXInvoices()
RICH = an_e_invoice(
    seller=a_trader(
        trading_name="Boréale",
        identifiers=(Identifier(value="99999999800019", scheme="0009"),),
        email="a@b.example",
        phone="+33 4 00 00 00 00",
    ),
    tax_point=TaxPoint.PAYMENT,
    purchase_order="BC-1",
    terms="30 jours",
    preceding=(Preceding(number="F-1", issued_on=MARCH.start),),
    delivered_to=LYON,
    period=MARCH,
    paying=Paying(code="58", reference="F-2026-0148", account=IBAN, holder="Boréale", bic="AGRIFRPPXXX"),
    lines=(
        an_e_line(
            description="Salle de bain\nSol",
            code="P1",
            base_quantity=Decimal(10),
            allowances=(Levy(amount=Decimal("2.00"), base=Decimal("20.00"), percent=Decimal(10), reason="Remise"),),
        ),
    ),
)
END = b"</cac:InvoiceLine>"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&c;</Invoice>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&a;</Invoice>"""


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("syntax", list(Syntax))
def test_what_is_written_is_read_again_as_it_was(syntax, profile):
    one = replace(RICH, profile=profile, process="S1" if profile in FRENCH else "")
    assert EXCHANGE.read(EXCHANGE.write(one, syntax=syntax)) == one


@pytest.mark.row("C57")
@pytest.mark.parametrize(
    ("profile", "follows", "schema"),
    [
        (Profile.EN16931, b"urn:cen.eu:en16931:2017", "Factur-X 1.09 EN 16931"),
        (
            Profile.EXTENDED_CTC_FR,
            b"urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
            "Factur-X 1.09 EXTENDED",
        ),
    ],
)
def test_within_a_pdf_a_profile_has_factur_x_s_own_name_and_schema(profile, follows, schema):
    one = replace(RICH, profile=profile, process="S1" if profile in FRENCH else "")
    xml = EXCHANGE.write(one, syntax=Syntax.CII, within_pdf=True)
    assert b"<ram:ID>" + follows + b"</ram:ID>" in xml
    assert (EXCHANGE.schema(xml), EXCHANGE.schema_faults(xml)) == (schema, ())
    assert EXCHANGE.read(xml) == one


@pytest.mark.row("C57")
def test_alone_france_s_profile_has_its_own_name_and_the_schema_of_all_of_cii():
    xml = EXCHANGE.write(RICH, syntax=Syntax.CII)
    assert b"#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr</ram:ID>" in xml
    assert EXCHANGE.schema(xml) == "UN/CEFACT CII D22B"
    assert EXCHANGE.schema(EXCHANGE.write(RICH, syntax=Syntax.UBL)) == "UBL 2.1 Invoice"


@pytest.mark.parametrize(
    ("named", "level", "left_out"),
    [
        (b"urn:factur-x.eu:1p0:minimum", Level.TOTALS, (b"IncludedSupplyChainTradeLineItem", b"ApplicableTradeTax")),
        (b"urn:factur-x.eu:1p0:basicwl", Level.NO_LINES, (b"IncludedSupplyChainTradeLineItem",)),
        (b"urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", Level.EXTENDED, ()),
    ],
)
def test_a_profile_that_tells_less_or_more_is_asked_for_no_more_than_it_tells(named, level, left_out):
    german = replace(an_e_invoice(), profile=Profile.EN16931, process="", notes=())
    xml = EXCHANGE.write(german, syntax=Syntax.CII).replace(b">urn:cen.eu:en16931:2017<", b">" + named + b"<")
    for element in left_out:
        xml = re.sub(b"<ram:" + element + b">.*?</ram:" + element + b">", b"", xml, flags=re.DOTALL)
    one = EXCHANGE.read(xml)
    assert (one.level, violations(one), differences(one)) == (level, (), ())


def test_factur_x_s_own_extended_profile_is_not_france_s():
    german = replace(RICH, process="", profile=Profile.EXTENDED_CTC_FR)
    xml = EXCHANGE.write(german, syntax=Syntax.CII, within_pdf=True)
    assert EXCHANGE.read(xml).profile is Profile.EN16931


def test_the_same_e_invoice_is_the_same_bytes_in_any_process():
    probe = "from tests.adapters.test_e_invoices import fingerprints; print(*fingerprints())"
    told = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.split() == fingerprints() == fingerprints()


def fingerprints():
    return [hashlib.sha256(EXCHANGE.write(RICH, syntax=syntax)).hexdigest() for syntax in Syntax]


def test_what_is_rounded_is_in_the_invoice_s_own_currency():
    one = replace(RICH, currency="SEK", sums=replace(RICH.sums, rounding=Decimal("0.40"), due=Decimal("240.40")))
    assert b'PayableRoundingAmount currencyID="SEK">0.40' in EXCHANGE.write(one, syntax=Syntax.UBL)


@pytest.mark.parametrize("syntax", list(Syntax))
def test_what_xml_cannot_hold_is_left_out(syntax):
    one = replace(RICH, lines=(an_e_line(name="Pose\x0b & <joints>\ufffe"),))
    (line,) = EXCHANGE.read(EXCHANGE.write(one, syntax=syntax)).lines
    assert line.name == "Pose & <joints>"


@pytest.mark.parametrize("syntax", list(Syntax))
def test_the_schema_says_what_it_does_not_allow(syntax):
    xml = EXCHANGE.write(RICH, syntax=syntax)
    assert EXCHANGE.schema_faults(xml) == ()
    assert EXCHANGE.schema_faults(xml.replace(b"2026-03-31", b"today").replace(b">20260331<", b">a<b/><"))


@pytest.mark.parametrize("file", [BOMB, OUTSIDE], ids=["a bomb of entities", "a file of the server"])
def test_entities_are_refused_and_never_looked_up(file):
    with pytest.raises(Invalid, match="does not define entities"):
        EXCHANGE.read(file)


@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        (b"", "neither XML nor a PDF"),
        (b"<a>", "neither XML nor a PDF"),
        (b"<a/>", "neither a CII nor a UBL"),
        (b"<a>" * 300 + b"</a>" * 300, "neither XML nor a PDF"),
        (b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>', "lacks a term"),
        (b"%PDF-1.7", "This PDF cannot be read"),
    ],
)
def test_what_is_no_e_invoice_is_refused(file, complaint):
    with pytest.raises(Invalid, match=complaint):
        EXCHANGE.read(file)


@pytest.mark.parametrize("figure", [b"NaN", b"Infinity", b"1e999999", b"many"])
def test_a_figure_that_is_none_is_refused(figure):
    end = b"</cbc:PayableAmount"
    xml = EXCHANGE.write(RICH, syntax=Syntax.UBL).replace(b">240.00" + end, b">" + figure + end)
    with pytest.raises(Invalid, match="cannot be read"):
        EXCHANGE.read(xml)


@pytest.mark.parametrize("syntax", list(Syntax))
@pytest.mark.parametrize("currency", [b"EUR'] or count(//*)>'1", b"eur", b"", b"EURO"])
def test_a_currency_that_is_none_is_refused_and_never_part_of_a_question(syntax, currency):
    xml = EXCHANGE.write(RICH, syntax=syntax).replace(b"CurrencyCode>EUR<", b"CurrencyCode>" + currency + b"<")
    with pytest.raises(Invalid, match="cannot be read"):
        EXCHANGE.read(xml)


@pytest.mark.parametrize(
    ("term", "twice"),
    [
        (b"<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", True),
        (b"<cbc:IssueDate>2026-03-31</cbc:IssueDate>", False),
    ],
)
def test_a_term_that_is_told_twice_or_not_at_all_has_no_second_meaning(term, twice):
    xml = EXCHANGE.write(RICH, syntax=Syntax.UBL)
    assert term in xml
    with pytest.raises(Invalid, match="cannot be read"):
        EXCHANGE.read(xml.replace(term, b""))
    if twice:
        with pytest.raises(Invalid, match="cannot be read"):
            EXCHANGE.read(xml.replace(term, term * 2))
    else:
        assert EXCHANGE.read(xml.replace(term, term * 2)).issued_on == RICH.issued_on


def test_a_tax_point_that_is_told_twice_is_refused():
    xml = EXCHANGE.write(RICH, syntax=Syntax.UBL)
    code = b"<cbc:DescriptionCode>432</cbc:DescriptionCode>"
    assert code in xml
    with pytest.raises(Invalid, match="cannot be read"):
        EXCHANGE.read(xml.replace(code, code * 2))


def test_a_price_for_a_quantity_of_nothing_is_refused():
    xml = EXCHANGE.write(RICH, syntax=Syntax.UBL)
    with pytest.raises(Invalid, match="BT-149 is 0"):
        EXCHANGE.read(xml.replace(b">10</cbc:BaseQuantity>", b">0</cbc:BaseQuantity>"))


def test_more_groups_of_vat_than_there_can_be_are_not_read():
    xml = EXCHANGE.write(replace(RICH, vat=RICH.vat * 201), syntax=Syntax.UBL)
    with pytest.raises(Invalid, match="more than 200 groups"):
        EXCHANGE.read(xml)


@pytest.mark.parametrize("name", ["factur-x.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml"])
def test_the_e_invoice_within_a_pdf_is_read(name):
    assert EXCHANGE.read(a_pdf_with(name, EXCHANGE.write(RICH, syntax=Syntax.CII))).number == RICH.number


def test_the_e_invoice_is_found_among_other_files():
    xml, other = EXCHANGE.write(RICH, syntax=Syntax.CII), EXCHANGE.write(replace(RICH, number="X"), syntax=Syntax.CII)
    pdf = a_pdf(("bon-de-commande.xml", b"<a/>"), ("xrechnung.xml", other), ("factur-x.xml", xml), ("a.txt", b""))
    assert EXCHANGE.read(pdf).number == RICH.number


def test_of_two_e_invoices_under_one_name_neither_is_read():
    xml, other = EXCHANGE.write(RICH, syntax=Syntax.CII), EXCHANGE.write(replace(RICH, number="X"), syntax=Syntax.CII)
    with pytest.raises(Invalid, match="several different files"):
        EXCHANGE.read(a_pdf(("factur-x.xml", xml), ("Factur-X.xml", other)))
    assert EXCHANGE.read(a_pdf(("factur-x.xml", xml), ("Factur-X.xml", xml))).number == RICH.number


def test_an_encrypted_pdf_is_read_where_everybody_may_and_refused_where_not():
    xml = EXCHANGE.write(RICH, syntax=Syntax.CII)
    open_to_all, closed = (
        a_pdf(("factur-x.xml", xml), encryption=pikepdf.Encryption(owner="owner", user=user)) for user in ("", "secret")
    )
    assert EXCHANGE.read(open_to_all).number == RICH.number
    with pytest.raises(Invalid, match="This PDF cannot be read"):
        EXCHANGE.read(closed)


@pytest.mark.parametrize("broken", [b"/Filter /Nothing", b"/Filter /Fl", b"/Filter (", b"/Filter 99 0 R"])
def test_a_broken_pdf_is_refused_however_it_is_broken(broken):
    pdf = a_pdf_with("factur-x.xml", EXCHANGE.write(RICH, syntax=Syntax.CII))
    assert b"/Filter /FlateDecode" in pdf
    with pytest.raises(Invalid, match="This PDF cannot be read"):
        EXCHANGE.read(pdf.replace(b"/Filter /FlateDecode", broken))


@pytest.mark.parametrize(
    ("named", "encoding"), [("UTF-16", "utf-16"), ("ISO-8859-1", "iso-8859-1"), ("UTF-8", "utf-8-sig")]
)
def test_xml_is_read_in_the_encoding_that_it_names(named, encoding):
    xml = EXCHANGE.write(replace(RICH, number="Été"), syntax=Syntax.CII).decode().replace("UTF-8", named)
    assert EXCHANGE.read(xml.encode(encoding)).number == "Été"


def test_xml_in_another_encoding_than_it_names_is_refused():
    xml = EXCHANGE.write(replace(RICH, number="Été"), syntax=Syntax.CII).decode()
    for wrong in (xml.encode("iso-8859-1"), xml.replace("UTF-8", "x-none").encode()):
        with pytest.raises(Invalid, match="neither XML nor a PDF"):
            EXCHANGE.read(wrong)


def test_a_pdf_without_one_has_none():
    with pytest.raises(Invalid, match="no e-invoice in this PDF"):
        EXCHANGE.read(a_pdf_with("other.xml", b"<a/>"))


def test_a_pdf_that_unfolds_beyond_all_measure_is_refused():
    with pytest.raises(Invalid, match="more than 5000000 bytes"):
        EXCHANGE.read(a_pdf_with("factur-x.xml", b" " * 6_000_000))


def a_pdf_with(name, body):
    return a_pdf((name, body))


def a_pdf(*attached, **saved):
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for name, body in attached:
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, body)
    file = BytesIO()
    pdf.save(file, **saved)
    return file.getvalue()


def test_more_lines_than_a_document_may_have_are_not_read():
    before, line, after = EXCHANGE.write(RICH, syntax=Syntax.UBL).partition(b"<cac:InvoiceLine>")
    line += after[: after.index(END) + len(END)]
    with pytest.raises(Invalid, match=f"up to {MOST_LINES} lines"):
        EXCHANGE.read(before + line * (MOST_LINES + 1) + b"</Invoice>")
