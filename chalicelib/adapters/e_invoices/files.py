"""The XML in a file that was received: the file itself, or what a Factur-X or ZUGFeRD PDF holds."""

from io import BytesIO

from chalicelib.domain.errors import Invalid

PDF = b"%PDF-"
HEAD = 1024
LARGEST_XML = 5_000_000
"""What unfolds to more is not looked at; pypdf itself stops at 75 MB."""
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml")
"""What the XML is called in a PDF: Factur-X and ZUGFeRD since 2.1, ZUGFeRD 2.0, its XRechnung."""


def xml_in(file: bytes) -> bytes:
    """Raises Invalid for a PDF that cannot be read, or has no e-invoice in it."""
    return _attached(file) if PDF in file[:HEAD] else file


def _attached(file: bytes) -> bytes:
    from pypdf import PdfReader  # noqa: PLC0415 - half of what this adapter costs, and seldom needed
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        for attached in PdfReader(BytesIO(file)).attachment_list:
            if attached.name in NAMES:
                return _sized(attached.content)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid("e_invoice_unreadable", "This PDF cannot be read.") from error
    raise Invalid("no_e_invoice", "There is no e-invoice in this PDF.")


def _sized(xml: bytes) -> bytes:
    if len(xml) > LARGEST_XML:
        raise Invalid("e_invoice_unreadable", f"The XML in this PDF has more than {LARGEST_XML} bytes.")
    return bytes(xml)
