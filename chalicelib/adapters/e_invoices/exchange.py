"""E-invoices written to XML and read from it."""

from importlib.metadata import version

from facturx import generate_cii_xml, generate_ubl_xml
from lxml import etree

from chalicelib.adapters.e_invoices.files import xml_in
from chalicelib.adapters.e_invoices.reading import invoice_in, parsed
from chalicelib.adapters.e_invoices.schemas import EXTENDED, NORM, schema_faults, schema_of
from chalicelib.adapters.e_invoices.terms import terms_of
from chalicelib.domain.e_invoice import EInvoice
from chalicelib.domain.e_invoicing import Profile, Syntax

LEVEL = "en16931"
EXTENDED_CTC_FR = f"{NORM}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
GUIDELINES = {
    Profile.EN16931: NORM,
    Profile.EN16931_FR: NORM,
    Profile.EXTENDED_CTC_FR: EXTENDED_CTC_FR,
    Profile.PEPPOL: f"{NORM}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
}
"""What a document says it follows (BT-24)."""
WITHIN_PDF = GUIDELINES | {Profile.EXTENDED_CTC_FR: EXTENDED}
"""The same in a Factur-X, whose XMP knows its own profiles only: France's is a part of EXTENDED there. One that names
France's is taken for a bare CII whose XMP is wrong (fnfempe/France_RFE, issue 66)."""
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
GUIDELINE = {
    Syntax.CII: f".//{{{RAM}}}GuidelineSpecifiedDocumentContextParameter/{{{RAM}}}ID",
    Syntax.UBL: f"{{{CBC}}}CustomizationID",
}


class FacturXInvoices:
    """Writes, checks and reads e-invoices; the same e-invoice always gives the same bytes."""

    @property
    def engine(self) -> str:
        return f"factur-x {version('factur-x')}"

    def write(self, invoice: EInvoice, *, syntax: Syntax, within_pdf: bool = False) -> bytes:
        generate = generate_cii_xml if syntax is Syntax.CII else generate_ubl_xml
        xml = generate(terms_of(invoice), level=LEVEL, check_xsd=False, check_schematron=False)
        names = WITHIN_PDF if within_pdf else GUIDELINES
        return _mended(xml, invoice, syntax, guideline=names[invoice.profile])

    def schema_faults(self, xml: bytes) -> tuple[str, ...]:
        return tuple(schema_faults(parsed(xml)))

    def schema(self, xml: bytes) -> str:
        return schema_of(parsed(xml)).name

    def read(self, file: bytes) -> EInvoice:
        return invoice_in(parsed(xml_in(file)))


def _mended(xml: bytes, invoice: EInvoice, syntax: Syntax, *, guideline: str) -> bytes:
    """As its profile wants it, where factur-x 7.8 does not.

    It does not know Peppol's name; for France's it leaves out contacts and the tax number of whoever has no VAT
    number; beside what is rounded in UBL it writes EUR whatever the currency; what is empty it marks as nil, which the
    schema of CII does not allow.
    """
    root = etree.fromstring(xml)
    for empty in root.iterfind(f".//*[@{NIL}]"):
        del empty.attrib[NIL]
    root.find(GUIDELINE[syntax]).text = guideline
    for rounding in root.iter(f"{{{CBC}}}PayableRoundingAmount"):
        rounding.set("currencyID", invoice.currency)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
